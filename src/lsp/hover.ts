import { buildGraphs } from "../answers/draw-graphs.ts";
import { buildPageAddress } from "../diagnostics/docs-address.ts";
import type { Compiled } from "../ir/compiled.ts";
import type { Network, Plan } from "../ir/plan.ts";
import { formatCidr } from "../net/cidr.ts";
import type { SourceFile } from "../source/source-file.ts";
import { findValue } from "../yaml/span.ts";
import { findScalarAt, listScalars } from "./documents.ts";
import { findOccurrence } from "./names.ts";
import type { ProjectState } from "./project-state.ts";
import { describeSchema, findSchema } from "./schema-at.ts";

export interface Hover {
  /** Markdown. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What is at an offset: what a key means, or what was allocated for an intent and who reaches it. */
export function describeAt(state: ProjectState, file: SourceFile, offset: number): Hover | undefined {
  const leaves = listScalars(file);
  const leaf = findScalarAt(leaves, offset);
  if (!leaf) return undefined;
  const kind = String(findValue(leaves.values[leaf.doc], ["kind"]) ?? "");
  const occurrence = leaf.on === "value" ? findOccurrence(file, offset) : undefined;
  const told = occurrence?.keys.flatMap((key) => describeName(state, key) ?? []) ?? [];
  const schema = findSchema(kind, leaf.path);
  const described = schema ? describeSchema(schema) : "";
  const link = schema && leaf.on === "key" ? `[Reference of ${kind}](${pageAddressOfKind(kind)})` : "";
  const text = [...told, ...(told.length > 0 ? [] : [described, link])].filter((one) => one !== "").join("\n\n");
  return text === "" ? undefined : { text, start: leaf.start, end: leaf.end };
}

function pageAddressOfKind(kind: string): string {
  return buildPageAddress("").replace(/rules\/$/, `reference/${kind}`);
}

/** `zone pci`: what the last state without errors says of it. */
function describeName({ good }: ProjectState, key: string): string | undefined {
  const kinds: Readonly<Record<string, string>> = {
    zone: "isolationzone",
    external: "externalnetwork",
    vpn: "vpnegress",
    pair: "firewallpair",
  };
  const [sort = "", name = ""] = key.split(" ");
  const kind = kinds[sort];
  if (!good || kind === undefined) return undefined;
  const id = `${kind}/${name}`;
  const told = good.plans.flatMap((plan) => describeInCluster(good, plan, id));
  return told.length === 0 ? undefined : [`**${id}**`, ...told].join("\n\n");
}

/** Names of workloads that a hover lists; the rest is a number. */
const LISTED = 8;

function describeInCluster(good: Compiled, plan: Plan, id: string): readonly string[] {
  const { project } = good;
  const network = plan.networks.find((one) => one.intent === id);
  const gateway = plan.gateways.find((one) => one.intent === id);
  if (!project || (!network && !gateway)) return [];
  const inputs = { project: project.doc.file, intents: [], workloads: [], lock: undefined, templates: [] };
  const [graph] = buildGraphs({ project, inputs, compiled: good }, [plan.cluster.name]);
  const edges = (graph?.edges ?? []).filter((one) => one.kind !== "leg");
  const to = edges.filter((one) => one.from === id).map((one) => `${one.to} (${one.labels.join(" ")})`);
  const from = edges.filter((one) => one.to === id).map((one) => `${one.from} (${one.labels.join(" ")})`);
  const members = [
    ...new Set(
      plan.attachments
        .filter((one) => one.network === id)
        .map(({ workload }) => `${workload.kind} ${workload.namespace}/${workload.name}`),
    ),
  ].sort();
  const lines = [
    ...(network ? networkLines(network) : []),
    ...(gateway ? [`legs: ${gateway.legs.map((one) => one.network).join(", ")}`] : []),
    ...(members.length > 0 ? [`members: ${truncateList(members)}`] : []),
    ...(network
      ? [
          `reached by: ${from.length > 0 ? truncateList(from) : "nobody"}`,
          `reaches: ${to.length > 0 ? truncateList(to) : "nobody"}`,
        ]
      : []),
  ];
  return [`Cluster ${plan.cluster.name}:`, lines.map((line) => `- ${line}`).join("\n")];
}

function networkLines({ link, subnets, mtu, target }: Network): readonly string[] {
  const { separation, uplink, vlan } = link;
  const where = [separation, ...(uplink ? [`uplink ${uplink}`] : []), ...(vlan === undefined ? [] : [`VLAN ${vlan}`])];
  return [
    `network: ${where.join(", ")}, MTU ${mtu}, ${target}`,
    ...(subnets.length > 0 ? [`subnets: ${subnets.map((one) => `\`${formatCidr(one)}\``).join(", ")}`] : []),
  ];
}

function truncateList(words: readonly string[]): string {
  const more = words.length - LISTED;
  return `${words.slice(0, LISTED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
