import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import { formatList, formatSuggestion } from "../../../diagnostics/suggest.ts";
import type { Instance } from "../../../ir/intent.ts";
import type { NodePlace } from "../../../source/place.ts";
import { trafficRules } from "./rules.ts";
import type { TrafficEntry, TrafficParty, TrafficSpec } from "./types.ts";

/** The parties of an entry, each with its place. */
export interface PlacedParty {
  readonly party: TrafficParty;
  readonly place: NodePlace;
  at(...path: (string | number)[]): NodePlace;
}

/** Who connects to whom by an entry; both ways for `between`. */
export function listDirections(
  instance: Instance,
  entry: TrafficEntry,
  index: number,
): readonly [PlacedParty, PlacedParty][] {
  const found = (party: TrafficParty, ...path: (string | number)[]): PlacedParty => {
    const at = (...more: (string | number)[]) => instance.at("traffic", index, ...path, ...more);
    return { party, place: at(), at };
  };
  if (entry.between) {
    const [a, b] = entry.between.map((party, nth) => found(party, "between", nth));
    return a && b ? [[a, b], ...(same(a, b) ? [] : ([[b, a]] as [PlacedParty, PlacedParty][]))] : [];
  }
  return entry.from && entry.to ? [[found(entry.from, "from"), found(entry.to, "to")]] : [];
}

function same(a: PlacedParty, b: PlacedParty): boolean {
  return JSON.stringify(a.party) === JSON.stringify(b.party);
}

/** What entries say wrong by themselves. */
export function checkTraffic(instance: Instance<TrafficSpec>): Diagnostic[] {
  return (instance.spec.traffic ?? []).flatMap((entry, index) => {
    const keys = (["from", "to", "between"] as const).filter((key) => entry[key] !== undefined);
    const isForm = keys.join() === "from,to" || keys.join() === "between";
    if (!isForm) {
      const found = keys.length === 0 ? "none" : keys.map((key) => `\`${key}\``).join(" and ");
      return [trafficRules.diagnose("not-one-form", instance.at("traffic", index), { found })];
    }
    const parties = entry.between ? [0, 1].map((nth) => ["between", nth] as const) : [["from"], ["to"]];
    return parties.flatMap((path) => {
      const party = entry.between ? entry.between[path[1] as number] : entry[path[0] as "from" | "to"];
      return party ? checkParty(party, instance, (...more) => instance.at("traffic", index, ...path, ...more)) : [];
    });
  });
}

function checkParty(
  party: TrafficParty,
  { spec, intent }: Instance<TrafficSpec>,
  at: (...path: (string | number)[]) => NodePlace,
): Diagnostic[] {
  const keys = (["workload", "host", "cidr"] as const).filter((key) => party[key] !== undefined) as string[];
  if (party.all === true) keys.push("all");
  if (keys.length !== 1) {
    const found = keys.length === 0 ? "none" : keys.join(" and ");
    return [trafficRules.diagnose("not-one-party", at(), { found })];
  }
  if (party.host === undefined) return [];
  const names = (spec.hosts ?? []).map((host) => host.name);
  if (names.includes(party.host)) return [];
  const notes = names.length > 0 ? [`its hosts are: ${formatList(names)}`] : ["it has no `hosts`"];
  const parameters = { host: party.host, network: intent.id };
  return [
    trafficRules.diagnose("unknown-host", at("host"), parameters, { notes, help: formatSuggestion(party.host, names) }),
  ];
}
