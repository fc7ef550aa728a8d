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
metadata: {name: shop}
spec:
  namespaces: [prod]
  network: {separation: vlan, uplink: lan}
`;

const workload = (namespace: string | undefined) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web${namespace === undefined ? "" : `, namespace: ${namespace}`}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: registry.example.com/web:1}]}
`;

const HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";

/** A project with one manifest at `base/web.yaml`, and kustomizations by folder. */
function inputsOf(
  manifest: string,
  kustomizations: Readonly<Record<string, string>>,
  more: readonly string[] = [],
  chosen?: string,
): Inputs {
  const project = `apiVersion: plumbline.dev/v1alpha1
kind: Project
metadata: {name: shop}
spec:
  clusters: [{name: main, platform: {multiNetworkPolicy: {plugins: [macvlan]}, adminPolicy: ClusterNetworkPolicy}}]
  delivery: {flux: {pathPrefix: teams/shop}}
`;
  return {
    project: { path: "plumbline.yaml", text: project },
    intents: [{ path: "intents/all.yaml", text: INTENTS }],
    workloads: [manifest, ...more].map((text, index) => ({
      file: { path: index === 0 ? "base/web.yaml" : `more/${index}.yaml`, text },
      namespace: chosen,
    })),
    lock: undefined,
    templates: [],
    kustomizations: Object.entries(kustomizations).map(([folder, text]) => ({
      path: `${folder}/kustomization.yaml`,
      text: HEAD + text,
    })),
  };
}

/** Folders of patches of a compile, and the codes of its errors. */
function patchesOf(inputs: Inputs) {
  const { files, diagnostics } = core.compile(inputs);
  const patches = files.flatMap(({ path }) => /^main\/patches\/(.+)\/kustomization\.yaml$/.exec(path)?.[1] ?? []);
  const codes = diagnostics.filter((one) => one.severity === "error").map((one) => one.code);
  return { patches, codes, files, diagnostics };
}

const BASE = { base: "resources: [web.yaml]\n" };

describe("a workload is where its kustomizations put it", () => {
  test("the outermost namespace stays, and the patch names the one of the manifest", () => {
    const kustomizations = {
      ...BASE,
      middle: "namespace: staging\nresources: [../base]\n",
      overlay: "namespace: prod\nresources: [../middle]\n",
    };
    const { patches, codes, files } = patchesOf(inputsOf(workload("dev"), kustomizations));
    expect(codes).toEqual([]);
    expect(patches).toEqual(["prod/deployment-web"]);
    const patch = files.find(({ path }) => path.includes("/patches/"))?.text;
    expect(patch).toContain("        namespace: dev\n");
    expect(patch).toContain('"namespace":"prod"');
  });

  test("each of several overlays makes a workload of its own, and one in a zone is enough", () => {
    const kustomizations = {
      ...BASE,
      test: "namespace: test\nresources: [../base]\n",
      prod: "namespace: prod\nresources: [../base]\n",
    };
    const { patches, codes, diagnostics } = patchesOf(inputsOf(workload(undefined), kustomizations));
    expect(codes).toEqual([]);
    expect(patches).toEqual(["prod/deployment-web"]);
    const named = diagnostics.find((one) => one.code === "delivery/component-not-named");
    expect(named?.place && "doc" in named.place && named.place.doc.file.path).toBe("prod/kustomization.yaml");
  });

  test.each([
    [
      "of a component",
      { ...BASE, base: "resources: [web.yaml]\ncomponents: [../part]\n", part: "namespace: prod\n" },
      [],
    ],
    [
      "of Flux",
      BASE,
      [
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: web, namespace: flux-system}\nspec: {path: ./teams/shop/base, targetNamespace: prod}\n",
      ],
    ],
    [
      "of Flux, without a kustomization",
      {},
      [
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: web, namespace: flux-system}\nspec: {path: teams/shop/base, targetNamespace: prod}\n",
      ],
    ],
    [
      "of Argo CD",
      BASE,
      [
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web, namespace: argocd}\nspec: {source: {path: teams/shop/base, kustomize: {namespace: prod}}}\n",
      ],
    ],
  ])("the namespace is that %s", (_what, kustomizations, more) => {
    expect(patchesOf(inputsOf(workload("dev"), kustomizations, more)).patches).toEqual(["prod/deployment-web"]);
  });

  test("a namespace in plumbline.yaml chooses among overlays", () => {
    const kustomizations = {
      ...BASE,
      test: "namespace: test\nresources: [../base]\n",
      prod: "namespace: prod\nresources: [../base]\n",
    };
    const workloads = core.listWorkloadFiles(inputsOf(workload(undefined), kustomizations, [], "prod"));
    expect(workloads.map((one) => one.placed)).toEqual(["prod"]);
  });

  test("a manifest of the zone's namespace that ends elsewhere is an error", () => {
    const kustomizations = { ...BASE, overlay: "namespace: other\nresources: [../base]\n" };
    expect(patchesOf(inputsOf(workload("prod"), kustomizations)).codes).toEqual(["zone/moved-away"]);
  });

  test("kustomizations that take each other in end, and an unknown namespace is none", () => {
    const kustomizations = {
      base: "resources: [web.yaml, ../overlay]\n",
      overlay: "namespace: $" + "{WHERE}\nresources: [../base]\n",
    };
    expect(patchesOf(inputsOf(workload("prod"), kustomizations)).patches).toEqual(["prod/deployment-web"]);
  });

  test("what else a kustomization changes is known to the model", () => {
    const kustomizations = {
      ...BASE,
      overlay: "namespace: prod\nresources: [../base]\nlabels: [{pairs: {team: shop}, includeTemplates: true}]\n",
    };
    const workloads = core.listWorkloadFiles(inputsOf(workload("prod"), kustomizations));
    expect(workloads.map((one) => one.changedBy)).toEqual([["`labels` of overlay/kustomization.yaml"]]);
  });
});
