import type { WorkloadState } from "./endpoint-state.ts";

/** How the pods of a workload are stopped and started again. */
export interface DrainCommands {
  readonly stop: readonly string[];
  readonly start: readonly string[];
  /** Waits until a rollout is done. */
  readonly ready: readonly string[];
}

/** Labels of no node: a DaemonSet that asks for it has no pods. */
const NOWHERE = "plumbline.dev/nowhere";

/** With kubectl, for whoever has no GitOps. Every one of them waits until the pods are gone, or there. */
export function buildDrainCommands(one: WorkloadState): DrainCommands {
  const kubectl = `kubectl -n ${one.namespace}`;
  const ref = `${one.kind.toLowerCase()}/${one.name}`;
  const selector = Object.entries(one.labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(",");
  const gone = selector === "" ? [] : [`${kubectl} wait --for=delete pod -l ${selector} --timeout=10m`];
  const rolls = ["Deployment", "StatefulSet", "DaemonSet"].includes(one.kind);
  const ready = rolls ? [`${kubectl} rollout status ${ref} --timeout=10m`] : [];
  switch (one.kind) {
    case "Deployment":
    case "StatefulSet":
    case "ReplicaSet":
      return {
        stop: [`${kubectl} scale ${ref} --replicas=0`, ...gone],
        start: [`${kubectl} scale ${ref} --replicas=${one.replicas}`, ...ready],
        ready,
      };
    case "DaemonSet": {
      const patch = (value: string) =>
        `${kubectl} patch ${ref} -p '{"spec":{"template":{"spec":{"nodeSelector":{"${NOWHERE}":${value}}}}}}'`;
      return { stop: [patch('"true"'), ...gone], start: [patch("null"), ...ready], ready };
    }
    case "CronJob": {
      const patch = (value: boolean) => `${kubectl} patch ${ref} -p '{"spec":{"suspend":${value}}}'`;
      return { stop: [patch(true), ...gone], start: [patch(false)], ready };
    }
    case "VirtualMachine": {
      const patch = (value: string) => `${kubectl} patch ${ref} --type merge -p '{"spec":{"runStrategy":"${value}"}}'`;
      return {
        stop: [patch("Halted"), `${kubectl} wait --for=delete vmi/${one.name} --timeout=10m`],
        start: [`${patch("Always")}  # or what it was before`],
        ready,
      };
    }
    default:
      return {
        stop: [`${kubectl} delete ${ref} --wait --timeout=10m`],
        start: [`# apply ${ref} again, with its new patch`],
        ready,
      };
  }
}

/** The same as a Kustomize component; undefined for what can only be deleted. */
export function buildDrainPatch(one: WorkloadState | undefined): unknown {
  const spec = one && specs[one.kind];
  if (!spec) return undefined;
  const apiVersion = one.value.apiVersion;
  const object = { apiVersion, kind: one.kind, metadata: { name: one.name }, spec };
  return {
    apiVersion: "kustomize.config.k8s.io/v1alpha1",
    kind: "Component",
    patches: [{ target: { kind: one.kind, name: one.name }, patch: JSON.stringify(object) }],
  };
}

const specs: Readonly<Record<string, unknown>> = {
  Deployment: { replicas: 0 },
  StatefulSet: { replicas: 0 },
  ReplicaSet: { replicas: 0 },
  CronJob: { suspend: true },
  DaemonSet: { template: { spec: { nodeSelector: { [NOWHERE]: "true" } } } },
  VirtualMachine: { runStrategy: "Halted" },
};
