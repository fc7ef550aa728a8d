import { listAddressChanges } from "./address-changes.ts";
import { findCollisions, listNamespacesToRecreate } from "./collisions.ts";
import { buildDrainCommands } from "./drain-steps.ts";
import type { MigrationPlan } from "./migration-plan.ts";
import type { ClusterObject } from "./object.ts";
import { findPhase } from "./phase.ts";
import type { MigrationStep } from "./step.ts";
import { listWaitCommands } from "./wait-conditions.ts";

/** One step of the document: what it does, what to type, what to wait for, how to go back. */
export function formatStep(plan: MigrationPlan, step: MigrationStep): string {
  const index = plan.steps.indexOf(step);
  const back = plan.steps[index - 1];
  const parts = [
    `### ${step.slug}`,
    ...sentences(plan, step),
    ...objectList("Applied", step, "apply"),
    ...objectList("Removed", step, "remove"),
    ...addressTable(plan, step),
    block(commandsOf(plan, step)),
    `To go back: ${formatRollback(plan, step, back)}`,
    proofLine(plan, step),
  ];
  return `${parts.join("\n\n")}\n`;
}

function sentences(plan: MigrationPlan, { kind, unit, moves }: MigrationStep): readonly string[] {
  const names = unit?.workloads.map((one) => `\`${one}\``).join(", ") ?? "";
  const what = unit?.intents.map((one) => `\`${one}\``).join(", ") ?? "";
  switch (kind) {
    case "prepare":
      return [
        "What only denies, and what the wanted networks stand on.",
        ...moves.flatMap((one) => (one.type === "apply" ? one.objects.flatMap(takesInterface) : [])),
      ];
    case "stop": {
      const reasons = unit ? findCollisions(unit, plan.before, plan.after) : [];
      const why = reasons.length > 0 ? ` They cannot be replaced one by one: ${reasons.join("; ")}.` : "";
      return [
        names === ""
          ? `Stopped: the gateways of ${what}.`
          : `Stopped until they start again: ${names}${andGateways(moves)}.${why}`,
      ];
    }
    case "remove":
      return [`No pod uses them any more: the networks of ${what} as they were, then what denied there.`];
    case "create": {
      const anew = unit ? listNamespacesToRecreate(unit, plan.before, plan.after) : [];
      return [
        `${what} as wanted: policies first, then networks.`,
        ...anew.map(
          (one) =>
            `Namespace \`${one}\` must be made anew: OVN-Kubernetes reads the label \`k8s.ovn.org/primary-user-defined-network\` when a namespace is created and never again. Everything in it goes with it (Secrets, claims of volumes, what others put there): save it first, or give the zone another namespace in the intents.`,
        ),
      ];
    }
    case "start":
      return [
        `Started with the networks that are wanted: ${names === "" ? `the gateways of ${what}` : `${names}${andGateways(moves)}`}.`,
      ];
    case "restart":
      return [`Replaced one by one, old and new pods side by side meanwhile: ${names}.`];
    default:
      return ["What is no longer needed, and the guards as they are to stay."];
  }
}

/** Gateways that stop and start with a zone, since they stand on its network's own object. */
function andGateways(moves: MigrationStep["moves"]): string {
  const objects = moves.flatMap((one) => (one.type === "run" ? [] : one.objects));
  const intents = new Set(objects.filter((one) => findPhase(one) === "pods").flatMap((one) => one.intent ?? []));
  return intents.size === 0 ? "" : `, and the gateways of ${[...intents].map((one) => `\`${one}\``).join(", ")}`;
}

/** What stops networks of other platforms on the same interface, which no manifest tells. */
function takesInterface({ kind, name }: ClusterObject): readonly string[] {
  if (kind !== "ProviderNetwork") return [];
  return [
    `ProviderNetwork \`${name}\` puts its interface of each node into a bridge: whatever sits on the interface itself, as macvlan does, may lose its link at once. Plan for a break of every zone on it, or give the wanted side an interface of its own.`,
  ];
}

function objectList(title: string, step: MigrationStep, type: "apply" | "remove"): readonly string[] {
  const objects = step.moves.flatMap((one) => (one.type === type ? one.objects : []));
  return objects.length === 0 ? [] : [`${title}:\n\n${objects.map((one) => `- ${formatObject(one)}`).join("\n")}`];
}

function formatObject({ kind, namespace, name }: ClusterObject): string {
  return `${kind} \`${namespace === undefined ? "" : `${namespace}/`}${name}\``;
}

function addressTable({ before, after }: MigrationPlan, { kind, unit }: MigrationStep): readonly string[] {
  if (!unit || (kind !== "start" && kind !== "restart")) return [];
  const rows = listAddressChanges(before, after, unit.workloads);
  if (rows.length === 0) return [];
  const lines = rows.map((one) => {
    const what = one.kept ? "stays" : "a new one";
    return `| \`${one.workload}\` | \`${one.network}\` | ${one.before} | ${one.after} | ${what} |`;
  });
  return [["| workload | network | address before | after | |", "|---|---|---|---|---|", ...lines].join("\n")];
}

function block(commands: readonly string[]): string {
  return ["```sh", ...commands, "```"].join("\n");
}

/** What is typed where no controller applies the folder. */
function commandsOf(plan: MigrationPlan, step: MigrationStep): readonly string[] {
  const { before, after, folder } = plan;
  const workloads = (step.unit?.workloads ?? []).flatMap((id) => before.workloads.get(id) ?? []);
  const applied = step.moves.flatMap((one) => (one.type === "apply" ? one.objects : []));
  const removed = step.moves.flatMap((one) => (one.type === "remove" ? one.objects : []));
  const anew = step.unit && step.kind === "create" ? listNamespacesToRecreate(step.unit, before, after) : [];
  const patched = workloads.filter((one) => after.patches.has(one.id) || before.patches.has(one.id));
  return [
    ...(step.kind === "stop" ? workloads.flatMap((one) => buildDrainCommands(one).stop) : []),
    ...anew.map((one) => `kubectl delete namespace ${one} --wait  # after saving what is in it`),
    ...(applied.length > 0 ? [`kubectl apply -k ${folder}/${step.slug}`] : []),
    ...listWaitCommands(applied),
    ...removed.map(deletion),
    ...(step.kind === "start" || step.kind === "restart"
      ? [
          ...patched.map((one) => `# apply ${one.id} with ${componentOf(plan, one.id)}`),
          ...workloads.flatMap((one) => buildDrainCommands(one)[step.kind === "start" ? "start" : "ready"]),
        ]
      : []),
  ];
}

function componentOf({ after, folder }: MigrationPlan, id: string): string {
  const path = after.patches
    .get(id)
    ?.path.replace(/^patches\//, "")
    .replace(/\/kustomization\.yaml$/, "");
  return path === undefined ? "no component: it has no network of its own any more" : `${folder}/patches/after/${path}`;
}

function deletion({ kind, apiVersion, namespace, name }: ClusterObject): string {
  const group = apiVersion.includes("/") ? `.${apiVersion.slice(0, apiVersion.indexOf("/"))}` : "";
  const at = namespace === undefined ? "" : ` -n ${namespace}`;
  // With what it owns: its pods are gone once the command comes back.
  const wait = kind === "Deployment" ? "--cascade=foreground --wait" : "--wait";
  const hint = kind === "Namespace" ? "  # it is kept by Argo CD (Prune=false); look what else is in it" : "";
  return `kubectl delete ${kind.toLowerCase()}${group}${at} ${name} --ignore-not-found ${wait}${hint}`;
}

/** Going back leads through the same states, which are proved already. */
function formatRollback(plan: MigrationPlan, step: MigrationStep, back: MigrationStep | undefined): string {
  const ways: string[] = [];
  const workloads = (step.unit?.workloads.length ?? 0) > 0;
  if (step.kind === "start") ways.push(workloads ? "stop the workloads again" : "delete the gateways again");
  if (step.kind === "restart")
    ways.push("let the workloads name their old components, and wait until no new pod is left");
  const applied = step.moves.flatMap((one) => (one.type === "apply" ? one.objects : []));
  const fresh = applied.filter((one) => !plan.before.objects.has(one.id));
  if (fresh.length > 0) ways.push(`delete ${fresh.map(formatObject).join(", ")}`);
  const replaced = applied.length > fresh.length || step.moves.some((one) => one.type === "remove");
  if (replaced) ways.push(`apply \`${back ? `${plan.folder}/${back.slug}` : plan.outFolder}\` again`);
  if (step.kind === "stop" && workloads)
    ways.push(`start the workloads again, with their components of \`${plan.outFolder}/patches\``);
  return `${ways.join("; then ")}.`;
}

function proofLine({ proof }: MigrationPlan, { slug }: MigrationStep): string {
  const counts = proof.states.flatMap((one, index) => (one.step === slug ? [proof.counted[index] as number] : []));
  const states = counts.length === 1 ? "the state after it has" : `the ${counts.length} states on the way have`;
  return `Proved: ${states} ${counts.join(", ")} connections, and none between ends that are apart both before and after.`;
}
