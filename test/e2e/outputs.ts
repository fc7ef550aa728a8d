import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { projectRoot } from "./ground.ts";
import { type KubeObject, readObjects, yamlFiles } from "./manifests.ts";

/** A folder that the compiler wrote, or that a test case expects: one cluster's manifests. */
export interface Output {
  readonly name: string;
  readonly cluster: string;
  readonly folder: string;
  /** The project that it was compiled from. */
  readonly project: string;
}

/** Every expected/out/<cluster> of the test cases: a case that is added is found here by itself. */
export function caseOutputs(): Output[] {
  const root = join(projectRoot, "test/cases");
  const found: Output[] = [];
  const walk = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (!entry.isDirectory()) continue;
      if (entry.name === "out" && basename(folder) === "expected") found.push(...clusters(root, path));
      else walk(path);
    }
  };
  if (existsSync(root)) walk(root);
  return found.sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

function clusters(root: string, out: string): Output[] {
  const project = dirname(dirname(out));
  return readdirSync(out, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name: relative(root, project), cluster: name, folder: join(out, name), project }));
}

/** The workloads of the project that an output was compiled from. */
export function workloadsOf(project: string): KubeObject[] {
  return yamlFiles(join(project, "workloads"))
    .filter((file) => !file.endsWith("kustomization.yaml"))
    .flatMap((file) => readObjects(readFileSync(file, "utf8"), file));
}

/** What tells Argo CD or Flux to apply the rest. */
export function gitopsOf(folder: string): KubeObject[] {
  return yamlFiles(join(folder, "gitops"))
    .flatMap((file) => readObjects(readFileSync(file, "utf8"), file))
    .filter((object) => !isKustomize(object));
}

/** The partial objects of the delivery `serverSideApplyDelivery`. */
export function partialsOf(folder: string): KubeObject[] {
  return yamlFiles(join(folder, "patches"))
    .flatMap((file) => readObjects(readFileSync(file, "utf8"), file))
    .filter((object) => !isKustomize(object));
}

function isKustomize(object: KubeObject): boolean {
  return object.apiVersion.startsWith("kustomize.config.k8s.io/");
}
