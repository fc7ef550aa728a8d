import type { Member } from "./model.ts";
import type { Node } from "./pods/node.ts";

/** Who is on which layer-2 domain. */
export function domainsOf(nodes: readonly Node[]): ReadonlyMap<string, readonly Member[]> {
  const domains = new Map<string, Member[]>();
  for (const node of nodes)
    for (const one of node.interfaces) {
      if (one.type === "default" || one.type === "tunnel") continue;
      const list = domains.get(one.domain);
      if (list) list.push({ node, interface: one });
      else domains.set(one.domain, [{ node, interface: one }]);
    }
  return domains;
}
