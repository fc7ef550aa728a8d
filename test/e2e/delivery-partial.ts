import { join } from "node:path";
import { stringify } from "yaml";
import { applyAll, ensureNamespaces, removeAll, versions } from "./api-objects.ts";
import { fluxApply, fluxPrune } from "./flux.ts";
import { at, idOf, type KubeObject, podTemplate, readObjects } from "./manifests.ts";
import type { OutputCheck, OutputContext } from "./output-checks.ts";
import { partialsOf } from "./outputs.ts";
import { attempt, run } from "./shell.ts";

/** How one applier brings the partial objects; `refused` holds its words where it did not. */
interface Way {
  readonly name: string;
  /** The annotation by which the objects say that they are for it. */
  readonly mark: string;
  apply(context: OutputContext, partials: readonly KubeObject[]): Promise<{ refused: string; said: string }>;
  prune?(context: OutputContext, partials: readonly KubeObject[]): Promise<string>;
}

const flux: Way = {
  name: "Flux's apply engine",
  mark: "kustomize.toolkit.fluxcd.io/ssa",
  apply: async ({ ground, applier }, partials) => {
    const outcome = await fluxApply(ground, partials, applier.as);
    return { refused: outcome.code === 0 ? "" : outcome.stderr, said: outcome.stdout };
  },
  prune: async ({ ground, applier }, partials) => (await fluxPrune(ground, partials, applier.as)).stdout,
};

/** Server-side apply with the field manager and the validation that the Application asks of Argo CD. */
const argoCd: Way = {
  name: "kubectl in Argo CD's way",
  mark: "argocd.argoproj.io/sync-options",
  apply: async ({ ground, applier }, partials) => {
    const how = ["--server-side", "--force-conflicts", "--validate=false", "--field-manager=argocd-controller"];
    const who = ["--as", String(applier.as), "--as-group", "system:authenticated"];
    const input = partials.map((object) => stringify(object)).join("---\n");
    const args = ["--kubeconfig", ground.server.kubeconfig, "apply", "-f", "-", ...how, ...who];
    const outcome = await attempt(join(ground.bin, "kubectl"), args, { input });
    return { refused: outcome.code === 0 ? "" : outcome.stderr, said: outcome.stdout };
  },
};

/** Partial objects beside an owner that applies its workloads server-side under a name of its own. */
export const partialDeliveryChecks: readonly OutputCheck[] = [flux, argoCd].map((way) => ({
  claim: `partial objects by ${way.name}: refused without the workload, no field taken, no drift, nothing pruned`,
  wants: (_objects, output) => marked(partialsOf(output.folder), way.mark).length > 0,
  run: async (context) => {
    const built = await run(join(context.ground.bin, "kustomize"), ["build", join(context.output.folder, "patches")]);
    const partials = marked(readObjects(built, "patches"), way.mark);
    const owners = context.workloads.filter((owner) => partials.some((partial) => idOf(partial) === idOf(owner)));
    const problems = await besideOwners(way, context, partials, owners);
    await removeAll(context.ground.api, owners);
    return { problems, measured: `${partials.length} workloads` };
  },
}));

function marked(partials: readonly KubeObject[], mark: string): KubeObject[] {
  return partials.filter((object) => object.metadata.annotations?.[mark] !== undefined);
}

async function besideOwners(
  way: Way,
  context: OutputContext,
  partials: readonly KubeObject[],
  owners: readonly KubeObject[],
): Promise<string[]> {
  const { api } = context.ground;
  const problems: string[] = [];
  if (owners.length < partials.length) problems.push("a partial object has no workload in the project");
  await ensureNamespaces(api, owners);
  const early = await way.apply(context, partials);
  if (!early.refused) problems.push("the partial objects were accepted although their workloads do not exist");
  const owner = { manager: "plb-owner", force: false };
  problems.push(...(await applyAll(api, owners, owner)).problems);
  const before = await stored(context, owners);
  const first = await way.apply(context, partials);
  if (first.refused) return [...problems, first.refused];
  const after = await stored(context, owners);
  for (const [index, one] of owners.entries()) problems.push(...onlyOurs(one, before[index], after[index], partials));
  const settled = await versions(api, owners);
  problems.push(...(await applyAll(api, owners, owner)).problems.map((words) => `the owner applies again: ${words}`));
  const again = await way.apply(context, partials);
  if (again.refused) problems.push(again.refused);
  if (/configured|created/.test(again.said)) problems.push(`drift is seen: ${again.said}`);
  for (const [id, version] of await versions(api, owners)) {
    if (settled.get(id) !== version) problems.push(`${id} was changed by a second apply`);
  }
  const pruned = await way.prune?.(context, partials);
  if (pruned && /deleted/.test(pruned)) problems.push(`pruned: ${pruned}`);
  const left = await stored(context, owners);
  for (const [index, one] of owners.entries())
    if (left[index]?.kind !== one.kind) problems.push(`${idOf(one)} is gone`);
  return problems;
}

async function stored({ ground }: OutputContext, owners: readonly KubeObject[]): Promise<KubeObject[]> {
  return Promise.all(owners.map(async (owner) => (await ground.api.get(owner)).object));
}

/** Everything that the partial object says is there, and beside it nothing has changed. */
function onlyOurs(
  owner: KubeObject,
  before: KubeObject | undefined,
  after: KubeObject | undefined,
  partials: readonly KubeObject[],
): string[] {
  const partial = partials.find((object) => idOf(object) === idOf(owner));
  if (!before || !after || !partial) return [`${idOf(owner)} is not stored`];
  const problems: string[] = [];
  const wanted = podTemplate(partial)?.metadata.annotations ?? {};
  const found = podTemplate(after)?.metadata?.annotations ?? {};
  for (const [key, value] of Object.entries(wanted)) {
    if (found[key] !== value) problems.push(`${idOf(owner)}: ${key} is ${found[key] ?? "absent"}`);
  }
  const rest = (object: KubeObject) => JSON.stringify(without(object.spec, podTemplate(partial)));
  if (rest(before) !== rest(after))
    problems.push(`${idOf(owner)}: other fields changed: ${rest(before)} ${rest(after)}`);
  return problems;
}

/** A spec without what a pod template of ours says: its annotations, and the parts of its spec. */
function without(spec: unknown, ours: KubeObject | undefined): unknown {
  const copy = structuredClone(spec) as Record<string, unknown>;
  const template = (at(copy, "jobTemplate", "spec", "template") ?? copy.template) as KubeObject;
  const { annotations, ...metadata } = template.metadata;
  const kept = Object.entries(annotations ?? {}).filter(([key]) => ours?.metadata.annotations?.[key] === undefined);
  template.metadata = { ...metadata, annotations: Object.fromEntries(kept) };
  const podSpec = template.spec as Record<string, unknown>;
  for (const key of Object.keys((ours?.spec ?? {}) as object)) if (!key.endsWith("ontainers")) delete podSpec[key];
  for (const list of ["containers", "initContainers"])
    for (const container of containersIn(podSpec, list)) {
      const own = containersIn(ours?.spec, list).find((one) => one.name === container.name);
      if (at(own, "securityContext", "capabilities", "drop") !== undefined) withoutDrop(container);
    }
  return copy;
}

type Container = Record<string, unknown>;

function containersIn(spec: unknown, list: string): Container[] {
  return (at(spec, list) ?? []) as Container[];
}

/** What a container drops is ours; what else its context says is its owner's. */
function withoutDrop(container: Container): void {
  const { capabilities, ...context } = (container.securityContext ?? {}) as Record<string, Record<string, unknown>>;
  const { drop, ...rest } = capabilities ?? {};
  void drop;
  const kept = Object.keys(rest).length > 0 ? { ...context, capabilities: rest } : context;
  if (Object.keys(kept).length > 0) container.securityContext = kept;
  else delete container.securityContext;
}
