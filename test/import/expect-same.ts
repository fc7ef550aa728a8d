import { expect } from "vitest";
import type { ImportedEstate } from "../../src/import/import-project.ts";
import type { WorkloadFile } from "../../src/ir/compiled.ts";
import { readCompiled, readEstate } from "./attachments.ts";

/** Attachments that were compared; a test that compares nothing proves nothing. */
export interface Compared {
  readonly networks: number;
  readonly attachments: number;
}

/**
 * Holds what an import compiles to against what was there, both as the reader of manifests reads them: every network that
 * was carried, and every interface of every pod, those on other networks too.
 */
export function expectSame(estate: ImportedEstate, before: readonly WorkloadFile[]): Compared {
  const out = estate.compiled.files.map(({ path, text }) => ({ path: path.replace(/^[^/]+\//, ""), text }));
  const old = readEstate(before);
  const compiled = readCompiled(out, estate.inputs.workloads);
  const objects = estate.intents
    .flatMap((one) => one.settled.network.objects)
    .map((one) => `${one.namespace}/${one.name}`);
  for (const name of objects) expect(compiled.networks.get(name), name).toEqual(old.networks.get(name));
  let attachments = 0;
  for (const [pod, interfaces] of compiled.pods) {
    // A network that stays by hand is not in the output: its pods still name it.
    const here = interfaces.map((one) => (objects.includes(one.network) ? one : namedOnly(one)));
    const there = (old.pods.get(pod) ?? []).map((one) => (objects.includes(one.network) ? one : namedOnly(one)));
    expect(here, pod).toEqual(there);
    attachments += here.length;
  }
  const carried = estate.intents.flatMap((one) => one.settled.members);
  for (const { workload } of carried)
    expect(compiled.pods.has(`${workload.kind} ${workload.namespace}/${workload.name}`)).toBe(true);
  return { networks: objects.length, attachments };
}

function namedOnly({
  interface: name,
  network,
  addresses,
  mac,
}: {
  interface: string;
  network: string;
  [more: string]: unknown;
}) {
  return { interface: name, network, addresses, mac };
}
