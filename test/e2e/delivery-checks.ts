import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { stringify } from "yaml";
import type { Claims, Verdict } from "./claims.ts";
import type { CallOptions } from "./cluster-api.ts";
import type { Expectations } from "./expectations.ts";
import { projectRoot } from "./ground.ts";
import { at, componentOf, idOf, type KubeObject, podTemplate, readObjects, yamlFiles } from "./manifests.ts";
import { readSet } from "./packet-suite.ts";
import { attempt } from "./shell.ts";
import type { Ground } from "./world.ts";

/** The ways in which a patch reaches a workload that someone else owns. */
export async function checkDeliveries(
  ground: Ground,
  expectations: Expectations,
  applier: CallOptions,
  claims: Claims,
): Promise<void> {
  const out = join(projectRoot, expectations.out);
  await claims.check("a component without its workload fails the build", () => missingWorkload(ground, out));
  const written = yamlFiles(join(out, "patches"))
    .filter((file) => !file.endsWith("kustomization.yaml"))
    .flatMap((file) => readObjects(readFileSync(file, "utf8"), file))
    .filter((object) => podTemplate(object) && at(object, "spec", "selector") === undefined);
  const source = written.length > 0 ? "the written partial objects" : "partial objects made of the components";
  await claims.check(`server-side apply by two managers, ${source}: both keep their fields`, () =>
    twoManagers(ground, expectations, written, applier),
  );
}

/** The first component of the example, used where its workload is not. */
async function missingWorkload(ground: Ground, out: string): Promise<Verdict> {
  const component = yamlFiles(join(out, "patches")).find((file) => file.endsWith("kustomization.yaml"));
  if (!component) return { problems: ["the example has no component"] };
  const scratch = join(ground.folder, "missing");
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(join(scratch, "app"), { recursive: true });
  cpSync(join(out, "patches"), join(scratch, "patches"), { recursive: true });
  const folder = relative(join(out, "patches"), join(component, ".."));
  const other = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "other" } };
  writeFileSync(join(scratch, "app/other.yaml"), stringify(other));
  const kustomization = { resources: ["other.yaml"], components: [join("../patches", folder)] };
  writeFileSync(join(scratch, "app/kustomization.yaml"), stringify(kustomization));
  const outcome = await attempt(join(ground.bin, "kustomize"), ["build", join(scratch, "app")]);
  return { problems: outcome.code === 0 ? [`${folder}: the build passed, and nothing is patched`] : [] };
}

async function twoManagers(
  ground: Ground,
  expectations: Expectations,
  written: readonly KubeObject[],
  applier: CallOptions,
): Promise<Verdict> {
  const folder = join(projectRoot, expectations.workloads);
  const originals = yamlFiles(folder)
    .filter((file) => !file.endsWith("kustomization.yaml"))
    .flatMap((file) => readObjects(readFileSync(file, "utf8"), file));
  const set = await readSet(ground.bin, expectations);
  // One that brings no networks of its own: over a value that its owner wrote the two would rightly conflict.
  const bare = (w: KubeObject) => {
    const own = originals.find((o) => o.kind === w.kind && o.metadata.name === w.metadata.name);
    return own !== undefined && podTemplate(own)?.metadata?.annotations === undefined;
  };
  const patched = set.workloads.find((w) => w.kind === "Deployment" && bare(w) && patchOf(expectations, w));
  const found = written[0] ?? patched;
  if (!found) return { problems: ["the example patches no Deployment"] };
  const original = originals.find((o) => o.kind === found.kind && o.metadata.name === found.metadata.name);
  if (!original) return { problems: [`${idOf(found)} has no workload file`] };
  const name = `plb-${found.metadata.name}`;
  const owner = renamed({ ...original, metadata: { ...original.metadata, namespace: found.metadata.namespace } }, name);
  const partial = renamed(written[0] ?? partialOf(found, original), name);
  return ownersAndPatches(ground, owner, partial, applier);
}

function patchOf(expectations: Expectations, workload: KubeObject): string | undefined {
  const patches = join(projectRoot, expectations.out, "patches");
  return existsSync(patches) ? componentOf(patches, workload, workload.metadata.namespace ?? "") : undefined;
}

function renamed(object: KubeObject, name: string): KubeObject {
  return { ...object, metadata: { ...object.metadata, name } };
}

/** What the component adds, as a partial object: the template's annotations that the original does not have. */
function partialOf(patched: KubeObject, original: KubeObject): KubeObject {
  const before = podTemplate(original)?.metadata?.annotations ?? {};
  const after = podTemplate(patched)?.metadata?.annotations ?? {};
  const annotations = Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key] !== value));
  const { name, namespace } = patched.metadata;
  return {
    apiVersion: patched.apiVersion,
    kind: patched.kind,
    metadata: { name, namespace },
    spec: { template: { metadata: { annotations } } },
  };
}

async function ownersAndPatches(
  ground: Ground,
  owner: KubeObject,
  partial: KubeObject,
  applier: CallOptions,
): Promise<Verdict> {
  const { api } = ground;
  const problems: string[] = [];
  const annotations = podTemplate(partial)?.metadata.annotations ?? {};
  const apply = async (object: KubeObject, manager: string) => {
    const answer = await api.apply(object, { ...applier, manager, force: false });
    if (answer.refusal) problems.push(`${manager}: ${answer.refusal}`);
    return answer.object;
  };
  const version = async () => String((await api.get(owner)).object.metadata?.resourceVersion);
  await api.remove(owner);
  const alone = await api.apply(partial, { ...applier, manager: "plb-patch", force: false });
  if (!alone.refusal) problems.push("the partial object was accepted although its workload does not exist");
  await apply(owner, "plb-owner");
  await apply(partial, "plb-patch");
  const settled = await version();
  const stored = await apply(owner, "plb-owner");
  for (const [key, value] of Object.entries(annotations)) {
    if (podTemplate(stored)?.metadata.annotations?.[key] !== value)
      problems.push(`the owner's next apply removed ${key}`);
  }
  await apply(partial, "plb-patch");
  if ((await version()) !== settled) problems.push("a second apply by both changed the object");
  const { apiVersion, kind, metadata } = partial;
  await apply({ apiVersion, kind, metadata: { name: metadata.name, namespace: metadata.namespace } }, "plb-patch");
  const after = (await api.get(owner)).object;
  if (after.kind !== owner.kind) problems.push("removing the patch removed the workload");
  for (const key of Object.keys(annotations)) {
    if (podTemplate(after)?.metadata?.annotations?.[key] !== undefined) problems.push(`removing the patch left ${key}`);
  }
  await api.remove(owner);
  return { problems };
}
