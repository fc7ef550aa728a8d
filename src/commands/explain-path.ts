import { listed } from "../diagnostics/suggest.ts";
import type { Party } from "../ir/intent.ts";
import { parseCidr } from "../net/cidr.ts";
import { parseService } from "../net/service.ts";
import { traceJson, traceText } from "../reachability/format/trace-text.ts";
import { trace } from "../reachability/trace.ts";
import { devicesOf, endOf } from "../verify.ts";
import type { Common, ExitCode, Io } from "./io.ts";
import { clustersOf, meant, type ProvedCluster, proved } from "./proved.ts";
import { readOutput } from "./read-output.ts";

export interface ExplainFlags {
  readonly cluster?: readonly string[];
}

/** Why one party does, or does not, reach another by a service: hop by hop, each with its object. */
export function explainPath(
  [from, to, port]: readonly [string, string, string],
  flags: ExplainFlags,
  common: Common,
  io: Io,
): ExitCode {
  const service = parseService(port);
  if (!service) {
    io.err(`plumbline: ${port} is no service; write tcp/443, udp/53 or icmp\n`);
    return 2;
  }
  const project = meant(common, io);
  if ("exit" in project) return project.exit;
  const clusters = clustersOf(project.project, flags.cluster, io);
  if (!clusters) return 2;
  let answered = 0;
  for (const cluster of clusters) {
    const done = proved(project, cluster, readOutput(common.root, project.project.out, cluster));
    const plan = project.compiled.plans.find((one) => one.cluster.name === cluster);
    if (!done || !plan) continue;
    const devices = devicesOf(plan, project.compiled.instances.get(cluster) ?? []);
    const parties = [from, to].map((text) => partyOf(text, done));
    const ends = parties.map((party) => party && endOf(party, done.meaning, devices, plan));
    const [sender, receiver] = ends;
    if (!sender || !receiver) continue;
    answered++;
    const names = [braces(parties[0] as Party), braces(parties[1] as Party)] as const;
    const traces = trace(done.model, done.flows, done.watch, { from: sender, to: receiver, names, service });
    if (clusters.length > 1) io.out(`${cluster}\n`);
    io.out(common.format === "json" ? traceJson(traces) : traceText(traces));
  }
  if (answered > 0) return 0;
  io.err(`plumbline: no cluster has both ${from} and ${to}; a party is ${listed(FORMS)}\n`);
  return 2;
}

const FORMS = [
  "a zone",
  "zone/NAME",
  "external/NAME",
  "vpn/NAME",
  "KIND NAMESPACE/NAME",
  "NAMESPACE/NAME",
  "an address range",
];

/** A party as people type it: `corp`, `zone/corp`, `payments/card`, `external/mainframe/db2`, `10.0.0.0/8`. */
function partyOf(text: string, { meaning, model }: ProvedCluster): Party | undefined {
  const read = parseCidr(text.includes("/") ? text : `${text}/${text.includes(":") ? 128 : 32}`);
  if (typeof read !== "string") return { cidr: text.includes("/") ? text : `${text}/${text.includes(":") ? 128 : 32}` };
  const [head = "", name = "", host] = text.split("/");
  if (head === "zone" || head === "isolationzone") return zone(name, meaning);
  if (head === "vpn" || head === "vpnegress") return { vpn: name };
  if (head === "external" || head === "externalnetwork") return { external: name, ...(host !== undefined && { host }) };
  const pod = model.nodes
    .flatMap((node) => [node.id, ...node.alike])
    .find((id) => id === text || id.endsWith(` ${text}`));
  const match = /^(\S+) ([^/]+)\/(.+)$/.exec(pod ?? "");
  if (match) return { workload: { kind: match[1] as string, namespace: match[2] as string, name: match[3] as string } };
  return name === "" ? zone(head, meaning) : undefined;
}

function zone(name: string, meaning: ProvedCluster["meaning"]): Party | undefined {
  return meaning.zones.some((one) => one.id === `isolationzone/${name}`) ? { zone: name } : undefined;
}

/** As an intent would name it. */
function braces(party: Party): string {
  const entries = Object.entries(party).map(
    ([key, value]) => `${key}: ${typeof value === "string" ? value : flow(value)}`,
  );
  return `{${entries.join(", ")}}`;
}

function flow(value: object): string {
  return `{${Object.entries(value)
    .map(([key, one]) => `${key}: ${one}`)
    .join(", ")}}`;
}
