import { existsSync, readdirSync } from "node:fs";
import { basename, join, relative } from "node:path";
import type { Claims } from "./claims.ts";
import type { CallOptions, ClusterApi } from "./cluster-api.ts";
import { projectRoot } from "./ground.ts";
import { idOf, type KubeObject, readCluster } from "./manifests.ts";
import { pool } from "./shell.ts";

/**
 * Kinds that the compiler may write and whose definition cannot be had here (crds/ORIGIN.md): counted and named in the
 * report, never passed over in silence. Any other kind that the server does not serve is a failure.
 */
const undefinedKinds = new Set(["NodeNetworkConfigurationPolicy", "SriovNetwork", "ExternalSecret", "VirtualMachine"]);

/** What came of applying a set: the server's words for each refusal and warning, and the kinds it could not know. */
export interface Applied {
  readonly problems: readonly string[];
  readonly count: number;
  readonly unknown: readonly string[];
}

/** Namespaces first, guards last: a guard would refuse what it has not been told of yet. */
const order = ["Namespace", "ServiceAccount", "NetworkAttachmentDefinition", "ConfigMap"];

export function inOrder(objects: readonly KubeObject[]): KubeObject[] {
  const rank = (object: KubeObject) => {
    if (/AdmissionPolicy(Binding)?$/.test(object.kind)) return 100;
    const index = order.indexOf(object.kind);
    return index < 0 ? 50 : index;
  };
  return [...objects].sort((a, b) => rank(a) - rank(b));
}

/** Applies every object with field validation Strict; a warning is a problem too. */
export async function applyAll(
  api: ClusterApi,
  objects: readonly KubeObject[],
  options: CallOptions = {},
): Promise<Applied> {
  const problems: string[] = [];
  const unknown: string[] = [];
  let count = 0;
  const one = async (object: KubeObject) => {
    if (!(await api.serves(object))) {
      if (undefinedKinds.has(object.kind)) unknown.push(object.kind);
      else problems.push(`${idOf(object)}: the server does not serve ${object.apiVersion} ${object.kind}`);
      return;
    }
    count++;
    const answer = await api.apply(object, options);
    if (answer.refusal) problems.push(`${idOf(object)}: ${answer.refusal}`);
    for (const warning of answer.warnings) problems.push(`${idOf(object)}: warning: ${warning}`);
  };
  const sorted = inOrder(objects);
  const first = sorted.filter((object) => order.includes(object.kind));
  for (const object of first) await one(object);
  await pool(
    sorted.filter((object) => !order.includes(object.kind)),
    6,
    one,
  );
  return { problems, count, unknown: [...new Set(unknown)] };
}

/** Makes every namespace that the objects stand in. */
export async function ensureNamespaces(api: ClusterApi, objects: readonly KubeObject[]): Promise<void> {
  const names = new Set(objects.map((object) => object.metadata.namespace).filter((name) => name !== undefined));
  for (const object of objects) if (object.kind === "Namespace") names.add(object.metadata.name);
  await pool([...names], 4, (name) =>
    api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } }, { manager: "plb-suite" }),
  );
}

/** A folder that the compiler wrote or a test case expects: one cluster's manifests. */
interface Written {
  readonly name: string;
  readonly folder: string;
}

/** Every expected/out/<cluster> of the test cases. */
export function caseFolders(): Written[] {
  const root = join(projectRoot, "test/cases");
  const found: Written[] = [];
  const walk = (folder: string) => {
    if (!existsSync(folder)) return;
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const path = join(folder, entry.name);
      if (entry.name !== "out" || basename(folder) !== "expected") {
        walk(path);
        continue;
      }
      for (const cluster of readdirSync(path, { withFileTypes: true })) {
        if (cluster.isDirectory()) found.push({ name: relative(root, path), folder: join(path, cluster.name) });
      }
    }
  };
  walk(root);
  return found;
}

/** Every object of every test case is accepted, in a dry run with full validation and admission. */
export async function checkCases(api: ClusterApi, claims: Claims): Promise<void> {
  const cases = caseFolders();
  await claims.check("every object of every test case's expected output is accepted (Strict, no warning)", async () => {
    const problems: string[] = [];
    const unknown = new Set<string>();
    let count = 0;
    for (const written of cases) {
      const objects = readCluster(written.folder);
      await ensureNamespaces(api, objects);
      const applied = await applyAll(api, objects, { dryRun: true });
      problems.push(...applied.problems.map((problem) => `${written.name} (${basename(written.folder)}): ${problem}`));
      for (const kind of applied.unknown) unknown.add(kind);
      count += applied.count;
    }
    const left = unknown.size > 0 ? `; no definition here for ${[...unknown].sort().join(", ")}` : "";
    return { problems, measured: `${count} objects of ${cases.length} outputs${left}` };
  });
}
