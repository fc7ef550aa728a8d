import type { CallOptions, ClusterApi } from "./cluster-api.ts";
import { idOf, type KubeObject } from "./manifests.ts";
import { pool, sleep } from "./shell.ts";

/**
 * Kinds that the compiler may write and whose definition cannot be had here (crds/ORIGIN.md): counted and named in the
 * report, never passed over in silence. Any other kind that the server does not serve is a failure.
 */
const undefinedKinds = new Set(["NodeNetworkConfigurationPolicy", "ExternalSecret", "VirtualMachine"]);

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

/** The resourceVersion of every object that the server has a definition for. */
export async function versions(api: ClusterApi, objects: readonly KubeObject[]): Promise<Map<string, string>> {
  const known = (await pool(objects, 6, async (o) => ((await api.serves(o)) ? [o] : []))).flat();
  const answers = await pool(known, 6, (object) => api.get(object));
  return new Map(
    answers.map((answer, index) => [idOf(known[index] as KubeObject), String(answer.object.metadata?.resourceVersion)]),
  );
}

/** Applies once more: nothing may move. */
export async function secondApply(
  api: ClusterApi,
  objects: readonly KubeObject[],
  applier: CallOptions,
): Promise<{ readonly problems: readonly string[] }> {
  const before = await versions(api, objects);
  const again = await applyAll(api, objects, applier);
  const after = await versions(api, objects);
  const moved = [...before].filter(([id, version]) => after.get(id) !== version).map(([id]) => `${id} changed`);
  return { problems: [...again.problems, ...moved] };
}

/** Milliseconds that a policy may still judge after it was removed. */
export const guardsLinger = 2000;

/** Deletes what the example stored, guards first, so that the next one meets an empty server. */
export async function removeAll(api: ClusterApi, objects: readonly KubeObject[]): Promise<void> {
  const reversed = inOrder(objects)
    .reverse()
    .filter((object) => object.kind !== "Namespace");
  const guards = reversed.filter((object) => /AdmissionPolicy(Binding)?$/.test(object.kind));
  const remove = async (object: KubeObject) => {
    if (await api.serves(object)) await api.remove(object);
  };
  await pool(guards, 6, remove);
  await sleep(guards.length > 0 ? guardsLinger : 0);
  await pool(
    reversed.filter((object) => !guards.includes(object)),
    6,
    remove,
  );
}
