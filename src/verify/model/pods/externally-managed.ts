import type { ExternallyManagedGateway } from "../../../ir/expects.ts";
import { containsAddress } from "../../../net/cidr.ts";
import { toSingleRange } from "../../../net/range.ts";
import { createAddressSet, uniteAddresses } from "../../headerspace/address-set.ts";
import type { Interface, Node } from "./node.ts";

/** A network function that somebody else builds: it forwards, and holds the virtual addresses of its legs. */
export function markExternallyManaged(node: Node, adopted: readonly ExternallyManagedGateway[]): Node {
  const by = adopted.find((one) => one.nodes.includes(node.id));
  if (!by) return node;
  const interfaces = node.interfaces.map((link): Interface => {
    const subnets = node.routes.filter((route) => route.interface === link.name && route.via === undefined);
    const held = by.virtual.filter((address) =>
      subnets.some(({ to }) => to.prefix > 0 && containsAddress(to, address)),
    );
    return link.type === "attachment" ? { ...link, virtual: createAddressSet(held.map(toSingleRange)) } : link;
  });
  const local = interfaces.reduce((all, link) => uniteAddresses(all, link.virtual), node.local);
  return { ...node, type: "gateway", intent: by.intent, interfaces, local, forwards4: true, forwards6: true };
}
