import { hashContent } from "../net/hash.ts";
import { formatObjectName } from "../net/name.ts";
import type { ExistingNetworkObjects } from "./existing-networks.ts";

interface Named {
  readonly network: ExistingNetworkObjects;
}

/** The longest name of an intent. */
const LENGTH_MAX = 40;

/** Names of intents: that of the object where it is the only one of that name, else with its namespace before. */
export function nameNetworks<One extends Named>(networks: readonly One[]): ReadonlyMap<One, string> {
  const wanted = new Map<string, number>();
  for (const one of networks) wanted.set(normalizeName(one), (wanted.get(normalizeName(one)) ?? 0) + 1);
  const names = new Map<One, string>();
  const taken = new Set<string>();
  for (const one of networks) {
    const [first] = one.network.objects;
    const base =
      (wanted.get(normalizeName(one)) ?? 0) > 1 ? `${first?.namespace}-${normalizeName(one)}` : normalizeName(one);
    const short = formatObjectName([base], LENGTH_MAX);
    const name = taken.has(short)
      ? `${short.slice(0, LENGTH_MAX - 7)}-${hashContent(JSON.stringify(one.network.objects), 6)}`
      : short;
    taken.add(name);
    names.set(one, name);
  }
  return names;
}

/** An intent's name has no dots, and no two dashes in a row. */
function normalizeName({ network }: Named): string {
  return (network.objects[0]?.name ?? "network").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "") || "network";
}
