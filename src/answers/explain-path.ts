import { formatIdSuggestion, formatList } from "../diagnostics/suggest.ts";
import type { Instance, Party } from "../ir/intent.ts";
import type { Plan } from "../ir/plan.ts";
import type { WorkloadRef } from "../ir/workload.ts";
import { collectExpectations } from "../kinds/expects.ts";
import type { IsolationZoneSpec } from "../kinds/isolation-zone/types.ts";
import { suggestOwnRange } from "../kinds/shared/own-range.ts";
import { resolvePartyEnd } from "../kinds/shared/party-end.ts";
import type { Service } from "../net/service.ts";
import { type Trace, traceConnection } from "../verify/report/trace.ts";
import { collectParties, listPartyNames, type Parties, parseParty } from "./parse-party.ts";
import type { CompiledProject, ReadBack } from "./verify-files.ts";

export interface PathQuestion {
  /** As people type them: `corp`, `payments/card`. */
  readonly from: string;
  readonly to: string;
  readonly service: Service;
}

export interface PathAnswer {
  /** Everybody who can be asked for. */
  readonly parties: Parties;
  /** Undefined: one of the two is not in this cluster. */
  readonly traces: readonly Trace[] | undefined;
}

/** Why one party does, or does not, reach another in a cluster. */
export function explainPathInCluster(
  { compiled }: CompiledProject,
  done: ReadBack,
  plan: Plan,
  { from, to, service }: PathQuestion,
): PathAnswer {
  const instances = compiled.instances.get(plan.cluster.name) ?? [];
  const { devices } = collectExpectations(plan, instances);
  const parties = collectParties(done, devices, plan);
  const [sender, receiver] = [parseParty(from, parties), parseParty(to, parties)];
  if (!sender || !receiver) return { parties, traces: undefined };
  const question = {
    from: resolvePartyEnd(sender, plan, devices),
    to: resolvePartyEnd(receiver, plan, devices),
    names: [formatAsIntent(sender), formatAsIntent(receiver)] as const,
    first: [sender, receiver].flatMap((party) => suggestNaming(party, plan, instances) ?? []),
    never: [sender, receiver].map((party) => explainOtherCluster(party, plan, compiled.plans)).find(Boolean),
    service,
  };
  return { parties, traces: traceConnection(done.model, done.flows, done.watch, question) };
}

/** What to type first, so that a rule can name a workload that has no addresses of its own. */
function suggestNaming({ workload }: Party, plan: Plan, instances: readonly Instance[]): string | undefined {
  if (!workload) return undefined;
  const is = (one: WorkloadRef) =>
    one.namespace === workload.namespace && one.kind === workload.kind && one.name === workload.name;
  const all = plan.attachments.filter((one) => is(one.workload));
  const attachment = all.find((one) => one.network.startsWith("isolationzone/")) ?? all[0];
  const instance = instances.find((one) => one.intent.id === attachment?.network);
  if (!attachment || !instance) return undefined;
  const { members } = instance.spec as IsolationZoneSpec;
  const entry = members?.find((one) => one.workload && is(one.workload));
  if (entry?.addresses || entry?.range) return undefined;
  const beside = plan.attachments.filter((one) => one.network === attachment.network);
  const namespaces = [...new Set(beside.map((one) => one.workload.namespace))].sort();
  const listing = members ? ({ by: entry ? "entry" : "selection" } as const) : ({ by: "default", namespaces } as const);
  return suggestOwnRange(workload, attachment.workload.pods, attachment.network, listing);
}

/** A workload's manifest is known everywhere; the zone that it is of may be in other clusters only. */
function explainOtherCluster({ workload }: Party, plan: Plan, plans: readonly Plan[]): string | undefined {
  if (!workload) return undefined;
  const zoneIn = ({ zones }: Plan) => zones.find((one) => one.namespaces.includes(workload.namespace));
  if (zoneIn(plan)) return undefined;
  const elsewhere = plans.filter(zoneIn);
  const [first] = elsewhere;
  if (!first) return undefined;
  const clusters = elsewhere.map(({ cluster }) => cluster.name).join(", ");
  const member = `${workload.kind} ${workload.namespace}/${workload.name}`;
  return `nothing here: ${member} is of ${zoneIn(first)?.intent}, which is not in cluster ${plan.cluster.name} (it is in ${clusters})`;
}

/** As an intent would name it. */
function formatAsIntent(party: Party): string {
  const entries = Object.entries(party).map(
    ([key, value]) => `${key}: ${typeof value === "object" ? formatFlowMap(value) : value}`,
  );
  return `{${entries.join(", ")}}`;
}

function formatFlowMap(value: object): string {
  return `{${Object.entries(value)
    .map(([key, one]) => `${key}: ${one}`)
    .join(", ")}}`;
}

/** Which of the names is nobody's, with the nearest one; or that no cluster has both. */
export function describeUnknownParty(asked: readonly string[], known: readonly Parties[]): string {
  const strangers = asked.filter((text) => known.every((here) => !parseParty(text, here)));
  if (strangers.length === 0) return `no cluster has both ${asked.join(" and ")}`;
  const names = [...new Set(known.flatMap(listPartyNames))];
  return strangers
    .map(
      (text) => `no party is called ${text}; ${formatIdSuggestion(text, names) ?? `a party is ${formatList(FORMS)}`}`,
    )
    .join("\n");
}

const FORMS = [
  "a zone",
  "zone/NAME",
  "external/NAME",
  "vpn/NAME",
  "KIND NAMESPACE/NAME",
  "NAMESPACE/NAME",
  "internet (with `platform.podNetwork.nodeCidrs`)",
  "an address range",
];
