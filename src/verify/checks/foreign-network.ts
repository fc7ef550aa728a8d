import type { ExpectedIndex } from "../expected/expected-index.ts";
import type { Interface } from "../model/pods/node.ts";

/** Whether an interface is on a network that no intent made or took over. */
export function isForeignNetwork({ type, network }: Interface, watch: ExpectedIndex): boolean {
  if (type !== "attachment") return false;
  if (!network) return true;
  return network.manifest.intent === undefined && !takenOver(watch).has(`${network.namespace}/${network.name}`);
}

const known = new WeakMap<ExpectedIndex, ReadonlySet<string>>();

function takenOver(watch: ExpectedIndex): ReadonlySet<string> {
  const found = known.get(watch) ?? new Set(watch.expected.links.flatMap((one) => one.takesOver));
  known.set(watch, found);
  return found;
}
