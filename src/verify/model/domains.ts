import type { DomainMember } from "./model.ts";
import type { Node } from "./pods/node.ts";

/** Who is on which layer-2 domain. */
export function groupByDomain(nodes: readonly Node[]): ReadonlyMap<string, readonly DomainMember[]> {
  const domains = new Map<string, DomainMember[]>();
  for (const node of nodes)
    for (const one of node.interfaces) {
      if (one.type === "default" || one.type === "tunnel") continue;
      const list = domains.get(one.domain);
      if (list) list.push({ node, interface: one });
      else domains.set(one.domain, [{ node, interface: one }]);
    }
  return domains;
}
