import { describe, expect, test } from "vitest";
import type { Inputs } from "../src/ir/compiled.ts";
import { core } from "./core.ts";

const INTENTS = `apiVersion: plumbline.dev/v1alpha1
kind: Fabric
metadata: {name: lan}
spec:
  clusters: [main]
  uplinks: [{name: lan, interface: eno1, vlans: ["10-99"]}]
  pools: [{name: zones, cidr: 10.200.0.0/16, prefixLength: 24}]
---
apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: media}
spec:
  namespaces: [media]
  network: {separation: vlan, uplink: lan}
`;

const RELEASE = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: player, namespace: media}
spec:
  chart: {spec: {chart: player, sourceRef: {kind: HelmRepository, name: charts}}}
`;

const PLAYER =
  "{namespace: media, kind: StatefulSet, name: player, podLabels: {app: player}, containers: [main], initContainers: [{name: first, drop: [ALL]}], release: {kind: HelmRelease, name: player}}";

function inputsOf(patches: string, declared: readonly string[], manifests: readonly string[]): Inputs {
  const list = declared.length > 0 ? `  declared:\n${declared.map((one) => `    - ${one}\n`).join("")}` : "";
  const project = `apiVersion: plumbline.dev/v1alpha1
kind: Project
metadata: {name: home}
spec:
  clusters: [{name: main, platform: {multiNetworkPolicy: {plugins: [macvlan]}, adminPolicy: ClusterNetworkPolicy}}]
  delivery: {patches: ${patches}}
${list}`;
  const workloads = manifests.map((text, index) => ({
    file: { path: `workloads/${index}.yaml`, text },
    namespace: undefined,
  }));
  const intents = [{ path: "intents/all.yaml", text: INTENTS }];
  return { project: { path: "plumbline.yaml", text: project }, intents, workloads, lock: undefined, templates: [] };
}

function compiled(patches: string, declared: readonly string[], manifests: readonly string[]) {
  const { files, diagnostics } = core.compile(inputsOf(patches, declared, manifests));
  const text = (path: string) => files.find((file) => file.path === path)?.text ?? "";
  return { text, codes: diagnostics.map((one) => `${one.severity} ${one.code}`), diagnostics };
}

describe("delivery helmRelease", () => {
  const path = "main/patches/media/helmrelease-player/kustomization.yaml";

  test("adds a post-renderer that finds the workload by kind and name", () => {
    const { text, codes } = compiled("helmRelease", [PLAYER], [RELEASE]);
    expect(codes).toEqual([]);
    expect(text(path)).toContain("postRenderers:\n          - kustomize:");
    expect(text(path)).toContain(
      "version: v1\n                    kind: StatefulSet\n                    name: player",
    );
    // The init container drops everything already, and is left alone.
    expect(text(path)).not.toContain("initContainers");
    expect(text("main/guards.yaml")).toContain('media: \'[{"name":"zone-media"');
  });

  test("adds to the post-renderers that the HelmRelease has", () => {
    const { text, codes } = compiled(
      "helmRelease",
      [PLAYER],
      [`${RELEASE}  postRenderers: [{kustomize: {images: [{name: a, newTag: b}]}}]\n`],
    );
    expect(codes).toEqual([]);
    expect(text(path)).toContain("path: /spec/postRenderers/-");
  });

  test("follows the namespace where the chart makes its objects", () => {
    const elsewhere = RELEASE.replace("namespace: media", "namespace: flux-system");
    const declared = PLAYER.replace("name: player}}", "name: player, namespace: flux-system}}");
    const { text, codes } = compiled("helmRelease", [declared], [`${elsewhere}  targetNamespace: media\n`]);
    expect(codes).toEqual([]);
    expect(text("main/patches/flux-system/helmrelease-player/kustomization.yaml")).toContain("namespace: flux-system");
  });

  test("serves two workloads of a release with one component, and manifests with components of their own", () => {
    const second = PLAYER.replace("StatefulSet, name: player", "Deployment, name: web");
    const own = `apiVersion: apps/v1
kind: Deployment
metadata: {name: plain, namespace: media}
spec: {selector: {matchLabels: {app: plain}}, template: {metadata: {labels: {app: plain}}, spec: {containers: [{name: main}]}}}
`;
    const { text, codes } = compiled("helmRelease", [PLAYER, second], [RELEASE, own]);
    expect(codes).toEqual([]);
    expect(text(path).match(/- target:/g)).toHaveLength(2);
    expect(text("main/patches/media/deployment-plain/kustomization.yaml")).toContain("zone-media");
  });
});

describe("verify reads post-renderers back", () => {
  function codesAfter(from: string | RegExp, to: string): readonly string[] {
    const inputs = inputsOf("helmRelease", [PLAYER], [RELEASE]);
    const { files, plans, instances } = core.compile(inputs);
    const edited = files.map((file) => ({ ...file, text: file.text.replace(from, to) }));
    expect(edited.some((file, index) => file.text !== files[index]?.text)).toBe(true);
    const [plan] = plans;
    if (!plan) throw new Error("it does not compile");
    const known = { plan, instances: instances.get("main") ?? [] };
    const { diagnostics } = core.verifyCluster(known, edited, core.listWorkloadFiles(inputs));
    return [...new Set(diagnostics.filter((one) => one.severity === "error").map((one) => one.code))];
  }

  test.each([
    ["another workload", "name: player\n                  patch", "name: other\n                  patch"],
    [
      "another kind",
      "kind: StatefulSet\n                    name: player\n                  patch",
      "kind: Deployment\n                    name: player\n                  patch",
    ],
    ["many workloads", "name: player\n                  patch", "name: pl.*\n                  patch"],
    ["another HelmRelease", "name: player\n        namespace: media", "name: other\n        namespace: media"],
    ["a change of the HelmRelease itself", "        postRenderers:", "        suspend: true\n        postRenderers:"],
    ["another network", '"name":"zone-media"', '"name":"zone-other"'],
    ["NET_RAW kept", "- NET_RAW", "- CHOWN"],
  ])("%s", (_title, from, to) => {
    expect(codesAfter(from, to)).not.toEqual([]);
  });
});

describe("releases and operators' objects whose pods nobody declares", () => {
  test.each([
    ["HelmRelease", RELEASE],
    [
      "Cluster",
      "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: player, namespace: media}\nspec: {}\n",
    ],
    [
      "Application",
      "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: player, namespace: argocd}\nspec: {source: {chart: player}, destination: {namespace: media}}\n",
    ],
  ])("%s is told once, and never after it is declared", (kind, manifest) => {
    expect(compiled("component", [], [manifest]).codes).toContain("warning member/unread");
    const where = kind === "Application" ? ", namespace: argocd" : "";
    const declared = PLAYER.replace("kind: HelmRelease, name: player", `kind: ${kind}, name: player${where}`);
    expect(compiled("admission", [declared], [manifest]).codes).toEqual([]);
  });
});

test("a policy finds a port of a declared workload by its name", () => {
  const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: media}
spec: {podSelector: {matchLabels: {app: player}}, policyTypes: [Ingress], ingress: [{ports: [{port: web}]}]}
`;
  const withPort = PLAYER.replace("containers: [main]", "containers: [main], ports: [{name: web, port: tcp/8080}]");
  const messages = compiled("helmRelease", [withPort], [RELEASE, policy]).diagnostics.map((one) => one.message);
  expect(messages.join("\n")).toContain("tcp/8080");
});

describe("delivery admission", () => {
  const chart = `apiVersion: apps/v1
kind: Deployment
metadata: {name: player, namespace: media}
spec:
  selector: {matchLabels: {app.kubernetes.io/name: player, app.kubernetes.io/instance: player}}
  template:
    metadata:
      labels: {app.kubernetes.io/name: player, app.kubernetes.io/instance: player, app.kubernetes.io/version: "1.0", helm.sh/chart: player-0.1.0}
    spec: {containers: [{name: main}]}
`;
  const hook = `apiVersion: v1
kind: Pod
metadata:
  name: player-test
  namespace: media
  labels: {app.kubernetes.io/name: player, app.kubernetes.io/instance: player, app.kubernetes.io/version: "1.0", helm.sh/chart: player-0.1.0}
  annotations: {helm.sh/hook: test}
spec: {containers: [{name: wget}]}
`;

  test("binds by the selector, which no version of a chart changes, and leaves test hooks out", () => {
    const { text, codes } = compiled("admission", [], [chart, hook]);
    expect(codes).toEqual([]);
    const written = text("main/admission/media/deployment-player.yaml");
    expect(written).toContain("app.kubernetes.io/instance: player");
    expect(written).not.toContain("helm.sh/chart");
    expect(written).not.toContain("version: ");
    expect(text("main/admission/media/pod-player-test.yaml")).toBe("");
  });

  test("a pod without a selector is bound by the labels that no chart changes", () => {
    const pod = hook.replace("\n  annotations: {helm.sh/hook: test}", "");
    const { text } = compiled("admission", [], [pod]);
    const written = text("main/admission/media/pod-player-test.yaml");
    expect(written).toContain("app.kubernetes.io/instance: player");
    expect(written).not.toContain("helm.sh/chart");
  });
});
