import type { Inputs, WorkloadFile } from "../ir/compiled.ts";
import type { DeclaredRelease, DeclaredWorkload } from "../ir/project.ts";
import { readProject } from "../project/read-project.ts";
import { type Path, type SourceDocument, setOrigin } from "../source/place.ts";
import type { SourceFile } from "../source/source-file.ts";
import { emitYaml } from "../yaml/emit-yaml.ts";
import { placeInNamespaces } from "./placements.ts";

/** What plumbline.yaml says of pods that no manifest describes, by the manifest that stands for it. */
const declared = new WeakMap<SourceFile, DeclaredWorkload>();
/** The same project file gives the same manifests: readers of one file share what they read. */
const made = new WeakMap<SourceFile, readonly WorkloadFile[]>();

const inFolders = new WeakMap<readonly WorkloadFile[], readonly WorkloadFile[]>();

/** All manifests of a project: those of its files, and one for each workload that plumbline.yaml declares. */
export function listWorkloadFiles(inputs: Sources): readonly WorkloadFile[] {
  const own = made.get(inputs.project) ?? declaredFiles(inputs.project);
  made.set(inputs.project, own);
  const placed = inFolders.get(inputs.workloads) ?? placedOf(inputs);
  inFolders.set(inputs.workloads, placed);
  return own.length === 0 ? placed : [...placed, ...own];
}

type Sources = Pick<Inputs, "project" | "workloads" | "kustomizations">;

/** Those of files, in the namespaces that kustomizations give them. */
function placedOf({ project, workloads, kustomizations }: Sources): readonly WorkloadFile[] {
  const prefix = readProject(project).value?.delivery.flux.pathPrefix ?? "";
  return placeInNamespaces(workloads, kustomizations ?? [], prefix);
}

/** What a manifest stands for, where nobody wrote it. */
export function findDeclared(file: SourceFile): DeclaredWorkload | undefined {
  return declared.get(file);
}

/** The release or the operator's object that a declared workload comes from. Its namespace is the workload's where none is written. */
export function resolveRelease({ namespace, release }: DeclaredWorkload): Required<DeclaredRelease> | undefined {
  return release && { namespace, ...release };
}

function declaredFiles(projectFile: SourceFile): readonly WorkloadFile[] {
  if (!projectFile.text.includes("declared")) return [];
  const project = readProject(projectFile).value;
  return (project?.declared ?? []).map((one, index) => {
    const file = { path: projectFile.path, text: emitYaml(manifestOf(one)) };
    declared.set(file, one);
    setOrigin(file, (path) => placeOf(project?.doc as SourceDocument, index, path));
    return { file, namespace: undefined };
  });
}

const API_VERSIONS: Readonly<Record<DeclaredWorkload["kind"], string>> = {
  Deployment: "apps/v1",
  StatefulSet: "apps/v1",
  DaemonSet: "apps/v1",
  ReplicaSet: "apps/v1",
  Job: "batch/v1",
  CronJob: "batch/v1",
  Pod: "v1",
};

/** The manifest that a chart or operator would write, as far as it is known. */
function manifestOf(one: DeclaredWorkload): unknown {
  const { kind, name, namespace, podLabels, replicas } = one;
  const head = { apiVersion: API_VERSIONS[kind], kind, metadata: { name, namespace } };
  const containers = (list: DeclaredWorkload["containers"]) =>
    list.map((container) => ({
      name: container.name,
      ...(container.drop.length > 0 && { securityContext: { capabilities: { drop: container.drop } } }),
    }));
  const [first, ...others] = containers(one.containers);
  const ports = one.ports.map(({ name: port, number, protocol }) => ({
    ...(port !== undefined && { name: port }),
    containerPort: number,
    protocol: protocol.toUpperCase(),
  }));
  const spec = {
    ...(one.serviceAccount !== undefined && { serviceAccountName: one.serviceAccount }),
    ...(one.initContainers.length > 0 && { initContainers: containers(one.initContainers) }),
    containers: first ? [{ ...first, ...(ports.length > 0 && { ports }) }, ...others] : [],
  };
  if (kind === "Pod") return { ...head, metadata: { ...head.metadata, labels: podLabels }, spec };
  const template = { metadata: { labels: podLabels }, spec };
  if (kind === "CronJob") return { ...head, spec: { jobTemplate: { spec: { template } } } };
  const selects = kind !== "Job" && { selector: { matchLabels: one.selector ?? podLabels } };
  const count = replicas !== undefined && (kind === "Job" ? { parallelism: replicas } : { replicas });
  const strategy = kind === "Deployment" && one.strategy !== undefined && { strategy: { type: one.strategy } };
  return { ...head, spec: { ...count, ...strategy, ...selects, template } };
}

const NAMED: Readonly<Record<string, string>> = {
  labels: "podLabels",
  serviceAccountName: "serviceAccount",
  containers: "containers",
  initContainers: "initContainers",
  replicas: "replicas",
  parallelism: "replicas",
  selector: "selector",
  strategy: "strategy",
};

/** Where in plumbline.yaml stands what is at a path of the manifest. */
function placeOf(
  doc: SourceDocument,
  index: number,
  path: Path,
): { readonly doc: SourceDocument; readonly path: Path } {
  const entry: Path = ["spec", "declared", index];
  const [first, second] = path;
  if (first === "kind" || first === "apiVersion") return { doc, path: [...entry, "kind"] };
  if (first === "metadata" && (second === "name" || second === "namespace")) return { doc, path: [...entry, second] };
  const at = path.findIndex((step) => typeof step === "string" && Object.hasOwn(NAMED, step));
  if (at === -1) return { doc, path: entry };
  // Below a container only its name is written here.
  const below = path[at + 1];
  const own = NAMED[path[at] as string] as string;
  return {
    doc,
    path: below === undefined || below === "matchLabels" || below === "type" ? [...entry, own] : [...entry, own, below],
  };
}
