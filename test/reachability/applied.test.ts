import { describe, expect, test } from "vitest";
import { caseOf, example } from "./tampered.ts";

const list = "out\\/east\\/kustomization\\.yaml";

describe("what is applied is what was proved", () => {
  test.each<[string, RegExp, string, RegExp]>([
    [
      "guards are left out",
      / {2}- guards\.yaml\n/,
      "",
      new RegExp(`${list} is not applied .*: it leaves out guards\\.yaml`),
    ],
    ["a zone is left out", / {2}- zones\/pci\.yaml\n/, "", /it leaves out zones\/pci\.yaml/],
    [
      "something else is listed",
      / {2}- guards\.yaml\n/,
      "$&  - https://example.com/x\n",
      /it lists https:\/\/example\.com\/x/,
    ],
    ["a file is listed twice", / {2}- guards\.yaml\n/, "$&$&", /it lists guards\.yaml/],
    ["images are replaced", /^resources:\n {2}- guards/m, "images: [{name: a, newTag: b}]\n$&", /`images` in it/],
    ["a patch is added", /^resources:\n {2}- guards/m, "patches: []\n$&", /`patches` in it/],
    [
      "no kustomization",
      /kind: Kustomization/g,
      "kind: Kustomisation",
      /no kustomization lists it|has no kind Kustomisation/,
    ],
    ["a component adds an object", /^kind: Component$/gm, "$&\nresources: [x.yaml]", /`resources` in it/],
    [
      "a patch has options",
      /^ {2}- patch: \|/gm,
      "  - options: {allowNameChange: true}\n    patch: |",
      /`options` in a patch/,
    ],
    [
      "a patch is for another version",
      /^( +)apiVersion: batch\/v1$/gm,
      "$1apiVersion: batch/v2",
      /a patch is for CronJob/,
    ],
    ["an object of another version", /policy\/v1$/gm, "policy/v1beta1", /policy\/v1beta1 has no PodDisruptionBudget/],
    ["an object of no kind", /kind: ServiceAccount/g, "kind: ServiceAcount", /v1 has no kind ServiceAcount/],
    [
      "a policy in another namespace",
      /(zone-corp-default-deny\n {2}namespace: )web/g,
      "$1wob",
      /no intent is for the namespace wob/,
    ],
    [
      "a namespace that is not made",
      /(kind: Namespace\nmetadata:\n {2}name: )fw-edge/g,
      "$1fw-egde",
      /no intent is for the namespace fw-egde/,
    ],
    ["a tier that there is not", /tier: Admin/g, "tier: Other", /the tier `Other`/],
  ])("%s", (_title, from, to, says) => expect(example(from, to)).toMatch(says));

  const heeded = (key: string) => new RegExp(`is not applied as it was verified: appliers heed its \`${key}\``);
  const keys = [
    "config.kubernetes.io/local-config",
    "config.kubernetes.io/function",
    "internal.config.kubernetes.io/path",
    "kustomize.config.k8s.io/behavior",
    "argocd.argoproj.io/hook",
    "argocd.argoproj.io/hook-delete-policy",
    "argocd.argoproj.io/sync-options",
    "argocd.argoproj.io/skip-reconcile",
    "kustomize.toolkit.fluxcd.io/reconcile",
    "kustomize.toolkit.fluxcd.io/ssa",
    "kustomize.toolkit.fluxcd.io/prune",
    "helm.sh/hook",
    "helm.sh/resource-policy",
    "kapp.k14s.io/noop",
    "configmanagement.gke.io/managed",
    "client.lifecycle.config.k8s.io/mutation",
  ];
  test.each(keys)("an annotation %s on a policy", (key) =>
    expect(example(/(name: zone-pci-default-deny\n[\s\S]*? annotations:\n)/, `$1    ${key}: "x"\n`)).toMatch(
      heeded(key),
    ),
  );

  test.each([
    ["NetworkAttachmentDefinition", "k8s.cni.cncf.io/v1"],
    ["ConfigMap", "v1"],
    ["Deployment", "apps/v1"],
    ["ValidatingAdmissionPolicy", "admissionregistration.k8s.io/v1"],
    ["ValidatingAdmissionPolicyBinding", "admissionregistration.k8s.io/v1"],
    ["Namespace", "v1"],
  ])("an annotation on a %s", (kind, version) => {
    const first = new RegExp(
      `(apiVersion: ${version}\\nkind: ${kind}\\nmetadata:\\n(?:(?!---)[\\s\\S])*? annotations:\\n)`,
    );
    expect(example(first, '$1    argocd.argoproj.io/hook: "Skip"\n')).toMatch(heeded("argocd.argoproj.io/hook"));
  });

  test("a label, which Flux heeds as well", () =>
    expect(example(/( labels:\n)/, "$1    kustomize.toolkit.fluxcd.io/reconcile: disabled\n")).toMatch(
      heeded("kustomize.toolkit.fluxcd.io/reconcile"),
    ));

  test.each([
    ["Prune=false", "Prune=false,SkipDryRunOnMissingResource=true"],
    ["Prune=false", "Replace=true"],
  ])("another option than %s of a Namespace", (from, to) =>
    expect(example(new RegExp(`(sync-options: )"?${from}"?`), `$1${to}`)).toMatch(
      heeded("argocd.argoproj.io/sync-options"),
    ),
  );

  test("what a part is applied by", () => {
    const part = caseOf("output/server-side-flux");
    expect(part(/ssa: "?Merge"?/, "ssa: Ignore")).toMatch(heeded("kustomize.toolkit.fluxcd.io/ssa"));
    expect(part(/ssa: "?Merge"?/, "reconcile: disabled")).toMatch(heeded("kustomize.toolkit.fluxcd.io/reconcile"));
  });

  test("nothing of what appliers write themselves", () =>
    expect(
      example(
        /(name: zone-pci-default-deny\n[\s\S]*? annotations:\n)/,
        "$1    argocd.argoproj.io/tracking-id: a\n    kustomize.toolkit.fluxcd.io/name: b\n    team: c\n",
      ),
    ).not.toMatch(/appliers heed/));

  test("parts that are applied by themselves", () =>
    expect(caseOf("output/server-side-flux")(/ {2}- payments\/statefulset-statefulset\.yaml\n/, "")).toMatch(
      /out\/main\/patches\/kustomization\.yaml is not applied .*: it leaves out payments\/statefulset-statefulset\.yaml/,
    ));
});

describe("what is no object", () => {
  test.each<[string, RegExp, string, RegExp]>([
    [
      "a list",
      /^apiVersion: v1\nkind: Namespace/m,
      "[1]\n---\n$&",
      /edge\.yaml` cannot be read.*: it is a list and no object @ .*edge\.yaml:2$/m,
    ],
    ["a text", /$/, "---\nkubectl get pods\n", /: it is a text and no object @ out\/east\/guards\.yaml:\d\d+$/m],
    ["no metadata", /$/, "---\napiVersion: v1\nkind: ConfigMap\nmetadata: null\n", /: its metadata is null @ /],
    ["no name", /^ {2}name: zone-pci-default-deny\n/m, "", /: it has no name @ out\/east\/zones\/pci\.yaml:\d+$/m],
    ["a name to come", /^( {2})name: zone-pci-default-deny$/m, "$1generateName: a-", /: it has no name @ /],
    ["a number for a name", /^( {2}name: )zone-pci-default-deny$/m, "$17", /: its name is a number @ /],
    ["no kind", /^kind: NetworkPolicy\n/m, "", /: it has no kind @ /],
    ["an empty version", /^apiVersion: networking.*/m, 'apiVersion: ""', /: its apiVersion is empty @ /],
    ["a namespace that is none", /^( {2}namespace: )payments$/m, "$1[payments]", /: its namespace is a list @ /],
    [
      "in a list of objects",
      /$/,
      "---\napiVersion: v1\nkind: List\nitems:\n  - true\n",
      /: it is a yes or no and no object @ out\/east\/guards\.yaml:\d+$/m,
    ],
  ])("%s", (_title, from, to, says) => expect(example(from, to)).toMatch(says));
});
