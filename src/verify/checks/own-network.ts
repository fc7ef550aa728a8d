import type { Watch } from "../expected/index.ts";
import type { Interface } from "../model/pods/node.ts";

/** Whether an interface is on a network that no intent made or took over. */
export function isOwnNetwork({ type, network }: Interface, watch: Watch): boolean {
  if (type !== "attachment") return false;
  if (!network) return true;
  return network.manifest.intent === undefined && !takenOver(watch).has(`${network.namespace}/${network.name}`);
}

const known = new WeakMap<Watch, ReadonlySet<string>>();

function takenOver(watch: Watch): ReadonlySet<string> {
  const found = known.get(watch) ?? new Set(watch.meaning.links.flatMap((one) => one.takesOver));
  known.set(watch, found);
  return found;
}
