import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { run } from "./shell.ts";

/** A Kubernetes object as it stands in a manifest. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [key: string]: unknown;
  };
  [key: string]: unknown;
}

/** One cluster's written manifests, and the workloads with their patches applied. */
export interface ManifestSet {
  readonly objects: KubeObject[];
  readonly workloads: KubeObject[];
}

/** Kinds whose objects have a pod template, and where it stands. */
const templatePaths: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  Deployment: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
};

/** The value at a path of keys, or undefined. */
export function at(object: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value === null || typeof value !== "object" ? undefined : (value as Record<string, unknown>)[key]),
    object,
  );
}

/** The objects of a YAML text; throws with the parser's words where it is not YAML. */
export function readObjects(text: string, file: string): KubeObject[] {
  return parseAllDocuments(text, { uniqueKeys: true }).flatMap((document) => {
    const problem = document.errors[0];
    if (problem) throw new Error(`${file}: ${problem.message}`);
    const value = document.toJS({ maxAliasCount: 0 }) as KubeObject | null;
    if (value === null) return [];
    return value.kind === "List" ? (value.items as KubeObject[]) : [value];
  });
}

/** Every YAML file under a folder, sorted, without the subfolders named. */
export function yamlFiles(folder: string, without: readonly string[] = []): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return without.includes(entry.name) ? [] : yamlFiles(path, without);
      return /\.ya?ml$/.test(entry.name) ? [path] : [];
    });
}

/** The objects of out/<cluster>: all that its kustomization lists, without patches and gitops. */
export function readCluster(folder: string): KubeObject[] {
  return yamlFiles(folder, ["patches", "gitops"])
    .filter((file) => !file.endsWith("kustomization.yaml"))
    .flatMap((file) => readObjects(readFileSync(file, "utf8"), file));
}

/** The pod template of a workload (a Pod is its own), or undefined for other kinds. */
export function podTemplate(object: KubeObject): KubeObject | undefined {
  const path = templatePaths[object.kind];
  return path && (at(object, ...path) as KubeObject | undefined);
}

/** `kind/namespace/name`, for messages and for comparing sets. */
export function idOf(object: KubeObject): string {
  return `${object.kind}/${object.metadata.namespace ?? ""}/${object.metadata.name}`;
}

/**
 * The workloads of a folder with the components of out/<cluster>/patches applied by the real kustomize, one build per
 * workload, as two apps of a namespace have kustomizations of their own. `namespaces` maps a subfolder to the namespace
 * of files that do not say one.
 */
export async function patchedWorkloads(
  kustomize: string,
  workloads: string,
  cluster: string,
  namespaces: Readonly<Record<string, string>> = {},
): Promise<KubeObject[]> {
  const scratch = mkdtempSync(join(tmpdir(), "plb-kustomize-"));
  try {
    const patches = join(cluster, "patches");
    if (existsSync(patches)) cpSync(patches, join(scratch, "patches"), { recursive: true });
    const found = yamlFiles(workloads).filter((file) => !file.endsWith("kustomization.yaml"));
    const built: KubeObject[] = [];
    for (const file of found) {
      const folder = Object.keys(namespaces).find((name) => relative(workloads, file).startsWith(`${name}/`));
      for (const object of readObjects(readFileSync(file, "utf8"), file)) {
        const namespace = object.metadata.namespace ?? (folder ? namespaces[folder] : undefined) ?? "default";
        built.push(await patchOne(kustomize, scratch, object, namespace, built.length));
      }
    }
    return built;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Where the component of a workload stands inside patches/, or undefined where it has none. */
export function componentOf(patches: string, object: KubeObject, namespace: string): string | undefined {
  const folder = join(patches, namespace, `${object.kind.toLowerCase()}-${object.metadata.name}`);
  return existsSync(folder) ? folder : undefined;
}

async function patchOne(
  kustomize: string,
  scratch: string,
  object: KubeObject,
  namespace: string,
  index: number,
): Promise<KubeObject> {
  const component = componentOf(join(scratch, "patches"), object, namespace);
  if (!component) return { ...object, metadata: { ...object.metadata, namespace } };
  const folder = join(scratch, `app-${index}`);
  mkdirSync(folder);
  writeFileSync(join(folder, "workload.yaml"), stringify(object));
  const kustomization = { resources: ["workload.yaml"], components: [relative(folder, component)] };
  writeFileSync(join(folder, "kustomization.yaml"), stringify(kustomization));
  const [patched] = readObjects(await run(kustomize, ["build", folder]), folder);
  if (!patched) throw new Error(`kustomize built nothing for ${idOf(object)}`);
  return { ...patched, metadata: { ...patched.metadata, namespace } };
}
