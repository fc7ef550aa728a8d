// Command flux applies or prunes objects as Flux's kustomize-controller does, with the engine that it uses
// (github.com/fluxcd/pkg/ssa) and the options that it gives it: the same normalization, the same annotations that skip,
// merge or force, the same cleaning of other managers' fields, the same owner labels.
//
//	flux apply|prune -kubeconfig FILE [-as USER] [-name NAME] < objects.yaml
//
// One line for each object on stdout: its subject and what was done (created, configured, unchanged, skipped, deleted).
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/polling"
	"github.com/fluxcd/pkg/ssa"
	"github.com/fluxcd/pkg/ssa/normalize"
	"github.com/fluxcd/pkg/ssa/utils"
	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
)

const (
	group      = "kustomize.toolkit.fluxcd.io"
	controller = "kustomize-controller"
	namespace  = "flux-system"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("apply or prune?")
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	kubeconfig := flags.String("kubeconfig", "", "the cluster")
	as := flags.String("as", "", "the user to act as")
	name := flags.String("name", "plumbline", "the name of the Kustomization that owns the objects")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	ctrl.SetLogger(logr.Discard())
	manager, err := newManager(*kubeconfig, *as)
	if err != nil {
		return err
	}
	objects, err := utils.ReadObjects(os.Stdin)
	if err != nil {
		return err
	}
	var changes *ssa.ChangeSet
	switch args[0] {
	case "apply":
		changes, err = apply(ctx, manager, objects, *name)
	case "prune":
		changes, err = prune(ctx, manager, objects, *name)
	default:
		err = fmt.Errorf("apply or prune, not %s", args[0])
	}
	if changes != nil {
		for _, entry := range changes.Entries {
			fmt.Println(entry.String())
		}
	}
	return err
}

func newManager(kubeconfig, as string) (*ssa.ResourceManager, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	if as != "" {
		config.Impersonate = rest.ImpersonationConfig{UserName: as, Groups: []string{"system:authenticated"}}
	}
	config.QPS, config.Burst = 100, 200
	http, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, err
	}
	mapper, err := apiutil.NewDynamicRESTMapper(config, http)
	if err != nil {
		return nil, err
	}
	kube, err := client.New(config, client.Options{HTTPClient: http, Mapper: mapper})
	if err != nil {
		return nil, err
	}
	poller := polling.NewStatusPoller(kube, mapper, polling.Options{})
	return ssa.NewResourceManager(kube, poller, ssa.Owner{Field: controller, Group: group}), nil
}

func key(name string) string { return group + "/" + name }

func apply(
	ctx context.Context, manager *ssa.ResourceManager, objects []*unstructured.Unstructured, name string,
) (*ssa.ChangeSet, error) {
	if err := normalize.UnstructuredList(objects); err != nil {
		return nil, err
	}
	manager.SetOwnerLabels(objects, name, namespace)
	options := ssa.DefaultApplyOptions()
	options.WaitInterval, options.WaitTimeout = 200*time.Millisecond, 20*time.Second
	options.ExclusionSelector = map[string]string{key("reconcile"): "Disabled", key("ssa"): "Ignore"}
	options.IfNotPresentSelector = map[string]string{key("ssa"): "IfNotPresent"}
	options.ForceSelector = map[string]string{key("force"): "Enabled"}
	options.Cleanup = ssa.ApplyCleanupOptions{
		Annotations: []string{corev1.LastAppliedConfigAnnotation},
		FieldManagers: []ssa.FieldManager{
			{Name: "kubectl", OperationType: metav1.ManagedFieldsOperationApply},
			{Name: "kubectl", OperationType: metav1.ManagedFieldsOperationUpdate},
			{Name: "before-first-apply", OperationType: metav1.ManagedFieldsOperationUpdate},
			{Name: controller, OperationType: metav1.ManagedFieldsOperationUpdate},
		},
		Exclusions: map[string]string{key("ssa"): "Merge"},
	}
	return manager.ApplyAllStaged(ctx, objects, options)
}

func prune(
	ctx context.Context, manager *ssa.ResourceManager, objects []*unstructured.Unstructured, name string,
) (*ssa.ChangeSet, error) {
	return manager.DeleteAll(ctx, objects, ssa.DeleteOptions{
		PropagationPolicy: metav1.DeletePropagationBackground,
		Inclusions:        manager.GetOwnerLabels(name, namespace),
		Exclusions:        map[string]string{key("prune"): "Disabled", key("reconcile"): "Disabled"},
	})
}
