import { expect, test } from "vitest";
import { isControlFile, isControlObject } from "../src/yaml/control-files.ts";

test.each([
  ["kustomize.config.k8s.io/v1alpha1", "Component", true],
  ["kustomize.toolkit.fluxcd.io/v1", "Kustomization", true],
  ["source.toolkit.fluxcd.io/v1", "GitRepository", true],
  ["argoproj.io/v1alpha1", "ApplicationSet", true],
  ["argoproj.io/v1alpha1", "Rollout", false],
  ["app.k8s.io/v1beta1", "Application", false],
  ["apps/v1", "Kustomization", false],
  ["v1", "Component", false],
  ["notkustomize.config.k8s.io/v1", "Kustomization", false],
])("%s %s: %s", (apiVersion, kind, expected) => {
  expect(isControlObject(apiVersion, kind)).toBe(expected);
});

const KUSTOMIZATION =
  "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nlabels: [{includeSelectors: no}]\n";
const DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: yes}\n";

test.each([
  ["values of a chart", "# values\nimage: {tag: 1.0}\nenabled: yes\ndeployment:\n  kind: Deployment\n", true],
  ["a kustomization", KUSTOMIZATION, true],
  ["a kustomization with quotes", KUSTOMIZATION.replace("Kustomization", '"Kustomization" # ours'), true],
  ["two of them", `---\n${KUSTOMIZATION}---\n${KUSTOMIZATION}`, true],
  ["nothing", "", true],
  ["a manifest behind one", `${KUSTOMIZATION}---\n${DEPLOYMENT}`, false],
  ["a manifest that is indented", DEPLOYMENT.replace(/^/gm, "  "), false],
  ["JSON", '{"apiVersion": "apps/v1", "kind": "Deployment"}', false],
  ["a quoted key", DEPLOYMENT.replace("kind", '"kind"'), false],
  ["an explicit key", "image: x\n? kind\n: Deployment\n", false],
  ["a merge key", "<<: *deployment\nimage: yes\n", false],
  ["the kind twice", KUSTOMIZATION.replace("kind:", "kind: Deployment\nkind:"), false],
  ["a document behind its mark", "--- {kind: Deployment}\n", false],
])("%s", (_what, text, expected) => {
  expect(
    isControlFile({ path: _what.startsWith("values") ? "apps/shop/values-prod.yaml" : "apps/shop/x.yaml", text }),
  ).toBe(expected);
});
