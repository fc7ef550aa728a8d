import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Inputs } from "../src/ir/compiled.ts";
import { core } from "./core.ts";

const { compile } = core;

function filesOf(delivery: string, out = "out"): ReadonlyMap<string, string> {
  const project = `apiVersion: plumbline.dev/v1alpha1
kind: Project
metadata: {name: shop}
spec:
  out: ${out}
  clusters: [{name: east}, {name: west}]
  delivery: ${delivery}
`;
  const fabric = `apiVersion: plumbline.dev/v1alpha1
kind: Fabric
metadata: {name: dc1}
spec: {clusters: [east, west], uplinks: [{name: data, interface: bond1}]}
`;
  const inputs: Inputs = {
    project: { path: "plumbline.yaml", text: project },
    intents: [{ path: "intents/fabric.yaml", text: fabric }],
    workloads: [],
    lock: undefined,
    templates: [],
  };
  const compiled = compile(inputs);
  expect(compiled.diagnostics).toEqual([]);
  return new Map(compiled.files.map((file) => [file.path, file.text]));
}

const REPO = "repoURL: https://git.example.org/team/platform.git";

describe("an ApplicationSet", () => {
  const files = filesOf(`{gitops: argocd, argocd: {${REPO}, applicationSet: true, pathPrefix: a/net}}`, "./build/out/");

  test("is one for all clusters, beside the first one", () => {
    expect([...files.keys()].filter((path) => path.includes("/gitops/"))).toEqual([
      "east/gitops/applicationset.yaml",
      "east/gitops/kustomization.yaml",
    ]);
  });

  test("looks for the clusters' folders, from the root of the repository on", () => {
    const { spec } = parse(files.get("east/gitops/applicationset.yaml") ?? "");
    expect(spec.generators[0].git.directories).toEqual([{ path: "a/net/build/out/*" }]);
    // The step of the path that is the cluster: a, net, build, out, *.
    expect(spec.template.metadata.name).toBe("plumbline-shop-{{index .path.segments 4}}");
    expect(spec.template.spec.destination).toEqual({ name: "{{index .path.segments 4}}" });
    expect(spec.template.spec.source.path).toBe("{{.path.path}}");
  });

  test("has one beside it for parts of workloads, that never prunes", () => {
    const parts = filesOf(`{patches: serverSideApply, gitops: argocd, argocd: {${REPO}, applicationSet: true}}`);
    const { spec } = parse(parts.get("east/gitops/patches.yaml") ?? "");
    expect(spec.generators[0].git.directories).toEqual([{ path: "out/*/patches" }]);
    expect(spec.template.metadata.name).toBe("plumbline-shop-{{index .path.segments 1}}-patches");
    expect(spec.template.spec.syncPolicy.automated.prune).toBe(false);
  });
});

test.each(["{gitops: flux}", `{gitops: argocd, argocd: {${REPO}}}`])("%s: kustomize takes the folder", (delivery) => {
  const files = filesOf(delivery);
  for (const cluster of ["east", "west"]) {
    const folder = `${cluster}/gitops/`;
    const beside = [...files.keys()].filter((path) => path.startsWith(folder)).map((path) => path.slice(folder.length));
    const kustomization = parse(files.get(`${folder}kustomization.yaml`) ?? "");
    expect(kustomization.apiVersion).toBe("kustomize.config.k8s.io/v1beta1");
    expect(kustomization.resources).toEqual(beside.filter((name) => name !== "kustomization.yaml"));
  }
});
