import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { type Address, formatAddress } from "../../net/address.ts";
import { type Cidr, formatCidr } from "../../net/cidr.ts";
import type { ExpectedState } from "../expected/expected.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { createAddressSet, formatAddressSet, subtractAddresses, uniteAddresses } from "../headerspace/address-set.ts";
import { readLabels } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import type { AttachableNetwork } from "../model/networks/network.ts";
import { type Interface, listWorkloadIds, type Node } from "../model/pods/node.ts";
import { verifyRules } from "../rules.ts";

/** Pods that do not stand where they are meant to, or with other addresses, and networks that are not there. */
export function checkMembers(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const links = new Map(watch.expected.links.map((one) => [one.network, one]));
  const nodes = new Map(model.nodes.flatMap((node) => listWorkloadIds(node).map((id) => [id, node] as const)));
  const found: Diagnostic[] = [];
  for (const member of watch.expected.members) {
    const node = nodes.get(member.node);
    const why = node ? explainAbsence(node, member, links.get(member.network)?.subnets ?? []) : "no manifest has it";
    if (why === undefined) continue;
    const what = `the attachment of ${member.node} to ${member.network}`;
    const related = node?.place ? [{ place: node.place, label: "written here" }] : [];
    found.push(verifyRules.diagnose("no-traffic", member.origin, { what, why }, { related }));
  }
  return [...found, ...undescribed(model)];
}

function explainAbsence(
  node: Node,
  member: ExpectedState["members"][number],
  subnets: readonly Cidr[],
): string | undefined {
  const links = node.interfaces.filter((one) => one.network?.manifest.intent === member.network);
  if (links.length === 0) return "none of its networks is that intent's";
  const attachments = links.filter((one) => one.type === "attachment");
  const other = attachments.find((one) => one.name !== member.interface);
  if (other) return `it is there as ${other.name}, and ${member.interface} is meant`;
  const mac = attachments.find((one) => one.mac !== member.mac?.toLowerCase());
  if (mac) return `it has ${mac.mac ?? "any"} as its MAC address, and ${member.mac ?? "none of its own"} is meant`;
  const selector = readLabels(node.pod?.spec, "nodeSelector");
  const label = Object.keys(member.nodes).find((key) => selector[key] !== member.nodes[key]);
  if (label !== undefined) return `it is not kept to nodes with ${label}=${member.nodes[label]}, which have the link`;
  const stray = attachments.map((one) => findUnexpectedPrefix(node, one, subnets)).find((one) => one !== undefined);
  if (stray !== undefined) return stray;
  const known = links.filter((one) => one.network?.addressing !== "unknown");
  const held = links.reduce<ReturnType<typeof createAddressSet>>((all, one) => uniteAddresses(all, one.addresses), []);
  const given = known.some((one) => !one.network || !mayTakeAny(one.network));
  if (held.length === 0 && (given || member.addresses.length > 0)) return "it has no address there";
  // Of equal ones the last one is asked first.
  const defaults = node.routes.filter((route) => route.to.prefix === 0).reverse();
  defaults.sort((a, b) => a.metric - b.metric);
  const whole = links.some((one) => one.type !== "default" && one.name === defaults[0]?.interface);
  // A route to everything that the network itself has takes it too: plugins add it before that of eth0.
  const meant = member.nextHops.length > 0 || member.routes.some(({ to }) => to.prefix === 0);
  if (whole !== meant) return whole ? "it takes the pod's default route" : "it should take the pod's default route";
  const astray = findUnexpectedRoute(node, attachments, member);
  if (astray !== undefined) return astray;
  if (member.addresses.length === 0) return undefined;
  const foreign = subtractAddresses(held, createAddressSet(member.addresses));
  return foreign.length > 0 ? `it may have ${formatAddressSet(foreign)}, which is not its own` : undefined;
}

/**
 * Whether pods may take any address there: nobody gives one, and nothing holds them to one. A network of OVN without
 * address management looks at the hardware address alone, unless the pod itself asks for addresses.
 */
function mayTakeAny({ addressing, plugin }: AttachableNetwork): boolean {
  return addressing === "unknown" || (addressing === "annotation" && plugin === "ovn-k8s-cni-overlay");
}

/**
 * Routes that lead elsewhere than meant: where nobody knows the pods' addresses, no connection tells. A server that
 * gives addresses gives routes with them, so none need be written there; GKE gives those of the network alone.
 */
function findUnexpectedRoute(
  node: Node,
  links: readonly Interface[],
  member: ExpectedState["members"][number],
): string | undefined {
  if (links.length === 0) return undefined;
  const names = new Set(links.map((one) => one.name));
  const served = links.every(
    ({ network }) => network?.addressing === "unknown" && network.routes.length === 0 && network.plugin !== "gke",
  );
  const own = node.routes.filter((route) => names.has(route.interface ?? ""));
  const held = new Set(own.flatMap(({ to, via }) => (via ? [formatRouteTo(to, via)] : [])));
  const hops = member.nextHops.map((via) => formatRouteTo({ family: via.family, base: 0n, prefix: 0 }, via));
  const routes = member.routes.map(({ to, via }) => formatRouteTo(to, via));
  const told = served || links.some(({ network }) => network?.addressing !== "unknown");
  const missing = [...hops, ...(told ? [] : routes)].find((one) => !held.has(one));
  if (missing !== undefined) return `it has no route ${missing}`;
  const more = [...held].find((one) => !hops.includes(one) && !routes.includes(one));
  return more === undefined ? undefined : `it has a route ${more} that no intent asks for`;
}

/** A prefix that is not the subnet's: then neighbours are asked of a router, or those beyond one of the link. */
export function findUnexpectedPrefix(node: Node, link: Interface, subnets: readonly Cidr[]): string | undefined {
  if (subnets.length === 0) return undefined;
  const known = new Set(subnets.map(formatCidr));
  const own = node.routes.filter((route) => route.interface === link.name && !route.via);
  const other = own.map((route) => formatCidr(route.to)).find((one) => !known.has(one));
  return other === undefined ? undefined : `it takes ${other} for its subnet, and ${[...known].join(" and ")} is meant`;
}

export function formatRouteTo(to: Cidr, via: Address): string {
  return `to ${formatCidr(to)} by ${formatAddress(via)}`;
}

/** A gateway that names a network that nobody wrote never starts. Other pods may name networks that were there before. */
function undescribed(model: Model): readonly Diagnostic[] {
  return model.nodes
    .filter((node) => node.type === "gateway")
    .flatMap((node) =>
      node.interfaces
        .filter((one) => one.type === "attachment" && !one.network)
        .map((one) =>
          verifyRules.diagnose("no-traffic", node.place, {
            what: node.id,
            why: `${one.domain}: Multus refuses the pod`,
          }),
        ),
    );
}
