import type { Inputs } from "../src/ir/compiled.ts";
import type { SourceFile } from "../src/source/source-file.ts";

/** The project that pages' examples stand in: an example replaces the documents of its own kinds and names. */
const base = `apiVersion: plumbline.dev/v1alpha1
kind: Project
metadata: {name: demo}
spec:
  clusters:
    - name: main
      platform:
        multiNetworkPolicy: {plugins: [macvlan], acceptIcmp6: true}
        adminPolicy: ClusterNetworkPolicy
---
apiVersion: plumbline.dev/v1alpha1
kind: Fabric
metadata: {name: dc1}
spec:
  clusters: [main]
  uplinks:
    - {name: data, interface: bond1, vlans: ["100-199"]}
    - {name: spare, interface: bond2}
  pools:
    - {name: zones, cidr: 10.128.0.0/12, prefixLength: 24}
---
apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: pci}
spec:
  namespaces: [payments]
  network: {separation: vlan, uplink: data, vlan: 110, subnets: [10.10.0.0/24]}
---
apiVersion: plumbline.dev/v1alpha1
kind: IsolationZone
metadata: {name: corp}
spec:
  namespaces: [web]
  network: {separation: vlan, uplink: data, vlan: 120, subnets: [10.20.0.0/24]}
---
apiVersion: plumbline.dev/v1alpha1
kind: ExternalNetwork
metadata: {name: mainframe}
spec:
  network: {uplink: data, vlan: 150, subnets: [10.50.0.0/24], pods: [10.50.0.128/25]}
  gateway: 10.50.0.254
  hosts: [{name: db2, addresses: [10.50.0.10]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: card, namespace: payments}
spec:
  replicas: 2
  selector: {matchLabels: {app: card}}
  template:
    metadata:
      labels: {app: card}
    spec:
      containers: [{name: main, image: "registry.example.com/app:1.0"}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: payments}
spec:
  replicas: 1
  selector: {matchLabels: {app: db}}
  template:
    metadata:
      labels: {app: db}
    spec:
      containers: [{name: main, image: "registry.example.com/app:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, namespace: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: shop}}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers: [{name: main, image: "registry.example.com/app:1.0"}]
`;

type Role = "project" | "lock" | "workload" | "intent" | "kustomization";

interface Part {
  readonly role: Role;
  readonly key: string;
  readonly text: string;
}

/** Documents that are read as manifests; of objects that any document might be, those with a namespace. */
const MANIFEST =
  /^kind: Service\nmetadata: .*namespace|^apiVersion: (apps|batch|helm\.toolkit|argoproj\.io|postgresql\.cnpg|kubevirt|k8s\.cni|resource\.k8s|cilium|crd\.projectcalico|admissionregistration)/m;

/** A document's text, and which file of a project it belongs to. An unreadable one counts as an intent. */
function partsOf(text: string): Part[] {
  return text.split(/^---\n/m).map((one) => {
    const role: Role = /^kind: Proj/m.test(one)
      ? "project"
      : /^(version|entr)/m.test(one)
        ? "lock"
        : /^apiVersion: kustomize\.config/m.test(one)
          ? "kustomization"
          : MANIFEST.test(one)
            ? "workload"
            : "intent";
    const kind = /^kind: (\w+)/m.exec(one)?.[1] ?? "";
    const name = /^metadata: \{name: ([\w-]+)/m.exec(one)?.[1] ?? /^ {2}name: ([\w-]+)/m.exec(one)?.[1] ?? one;
    return { role, key: role === "project" || role === "lock" ? role : `${kind}/${name}`, text: one };
  });
}

/** A kustomization of an example stands beside the workloads. */
const KUSTOMIZATION = "workloads/kustomization.yaml";

/**
 * The files of the base project with an example's documents in place of its own, by path. `apart`: the documents of the example
 * stand in files of their own, so that a finding's line is a line of the example.
 */
export function pageProject(example: string, apart = false): ReadonlyMap<string, string> {
  const own = partsOf(example);
  const replaced = new Set(own.map((part) => part.key));
  // A misspelt kind still stands for the document that it was meant to be.
  for (const { text } of own)
    for (const name of ["pci", "corp"])
      if (text.includes(`name: ${name}`) && text.includes("plumbline.dev") && text.includes("namespaces"))
        replaced.add(`IsolationZone/${name}`);
  const text = (parts: readonly Part[], role: Role) =>
    parts
      .filter((part) => part.role === role)
      .map((part) => part.text)
      .join("---\n");
  const rest = partsOf(base).filter((part) => !replaced.has(part.key));
  const files = new Map<string, string>();
  files.set("plumbline.yaml", text(own, "project") || text(rest, "project"));
  for (const [role, folder] of [
    ["intent", "intents"],
    ["workload", "workloads"],
  ] as const) {
    if (apart) {
      files.set(`${folder}/base.yaml`, text(rest, role));
      files.set(`${folder}/example.yaml`, text(own, role));
    } else files.set(`${folder}/all.yaml`, text([...rest, ...own], role));
  }
  files.set(KUSTOMIZATION, text(own, "kustomization"));
  if (text(own, "lock") !== "") files.set("plumbline.lock.yaml", text(own, "lock"));
  for (const [path, written] of files) if (written === "") files.delete(path);
  return files;
}

/** The same, in memory. An example that is a template replaces the built-in one. */
export function pageInputs(example: string, apart = false): Inputs {
  const template = /^\{\{!-- (templates\/(\S+)\.hbs) --\}\}\n/.exec(example);
  if (template) {
    const file = { path: template[1] as string, text: example };
    return { ...pageInputs("", apart), templates: [{ name: template[2] as string, file }] };
  }
  const files = pageProject(example, apart);
  const file = (path: string): SourceFile => ({ path, text: files.get(path) ?? "" });
  const within = (folder: string) =>
    [...files.keys()]
      .filter((path) => path.startsWith(folder))
      .sort()
      .map(file);
  return {
    project: file("plumbline.yaml"),
    intents: within("intents/"),
    workloads: within("workloads/").map((one) => ({ file: one, namespace: undefined })),
    lock: files.has("plumbline.lock.yaml") ? file("plumbline.lock.yaml") : undefined,
    templates: [],
    kustomizations: files.has(KUSTOMIZATION) ? [file(KUSTOMIZATION)] : [],
  };
}

/**
 * The two examples of a page: documents, or a template that names its own path in a comment. Undefined for one that no
 * text can show (a full disk, a pipe).
 */
export function examplesOf(page: string): { readonly wrong: string; readonly right: string } | undefined {
  const block = (heading: string) =>
    new RegExp(`## ${heading}\\n\\n\`\`\`(?:yaml|hbs)\\n([\\s\\S]*?)\n\`\`\``).exec(page)?.[1];
  const wrong = block("Wrong");
  const right = block("Right");
  return wrong === undefined || right === undefined ? undefined : { wrong: `${wrong}\n`, right: `${right}\n` };
}

/** What a page says that its wrong example prints; undefined where it says nothing. */
export function printedIn(page: string): string | undefined {
  return /## Wrong\n\n```(?:yaml|hbs)\n[\s\S]*?\n```\n\n```text\n([\s\S]*?)```\n/.exec(page)?.[1];
}

/** The page with what its wrong example prints. */
export function withPrinted(page: string, printed: string): string {
  return page.replace(
    /(## Wrong\n\n```(?:yaml|hbs)\n[\s\S]*?\n```\n)(\n```text\n[\s\S]*?```\n)?/,
    (_whole, example: string) => `${example}\n\`\`\`text\n${printed}\`\`\`\n`,
  );
}
