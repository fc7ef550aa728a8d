import { groupBy } from "../../collections/group-by.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { toSingleRange } from "../../net/range.ts";
import type { ExpectedInterface } from "../expected/expected.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { createAddressSet, formatAddressSet, subtractAddresses, uniteAddresses } from "../headerspace/address-set.ts";
import { locateInManifest } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import type { Interface, Node } from "../model/pods/node.ts";
import { verifyRules } from "../rules.ts";
import { findUnexpectedPrefix, formatRouteTo } from "./members.ts";

/** Legs of gateways with other addresses or routes than meant. */
export function checkGatewayInterfaces(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const gateways = groupBy(
    model.nodes.filter((node) => node.type === "gateway"),
    (node) => node.intent,
  );
  const subnets = new Map(watch.expected.links.map((one) => [one.network, one.subnets]));
  return watch.expected.interfaces.flatMap((leg) => {
    const nodes = gateways.get(leg.gateway) ?? [];
    // Whoever lost a whole gateway, allowed or not, hears of every path that is missing.
    if (nodes.length === 0) return [];
    const what = `the leg ${leg.interface} of ${leg.gateway} in ${leg.network}`;
    const related = [{ place: leg.origin, label: "meant here" }];
    const place = nodes[0]?.place ?? leg.origin;
    const links = nodes.flatMap((node) => node.interfaces.filter((one) => one.name === leg.interface));
    const held = links.reduce<Interface["addresses"]>(
      (all, one) => uniteAddresses(uniteAddresses(all, one.addresses), one.virtual),
      [],
    );
    const meant = createAddressSet(leg.addresses.map((one) => toSingleRange(one.address)));
    const [more, less] = [subtractAddresses(held, meant), subtractAddresses(meant, held)];
    const found: Diagnostic[] = [];
    const say = (why: string, at = place) =>
      found.push(verifyRules.diagnose("no-traffic", at, { what, why }, { related }));
    if (links.length === 0) say("no pod of it stands there");
    else if (less.length > 0) say(`it does not have ${formatAddressSet(less)}`);
    else if (more.length > 0) say(`it has ${formatAddressSet(more)}, which is not its own`);
    const { bound } = links.find((one) => one.bound) ?? {};
    if (bound)
      say(`its port may send from ${formatAddressSet(bound)} alone, and what is forwarded comes from elsewhere`);
    const own = subnets.get(leg.network) ?? [];
    const stray = nodes
      .flatMap((node) => [findUnexpectedRoute(node, leg), ...links.map((one) => findUnexpectedPrefix(node, one, own))])
      .find((one) => one !== undefined);
    const network = links.find((one) => one.network)?.network;
    if (stray !== undefined && links.length > 0)
      say(stray, network ? locateInManifest(network.manifest, "spec") : place);
    return found;
  });
}

function findUnexpectedRoute(node: Node, leg: ExpectedInterface): string | undefined {
  const own = node.routes.filter((route) => route.interface === leg.interface);
  const held = new Set(own.flatMap(({ to, via }) => (via ? [formatRouteTo(to, via)] : [])));
  const meant = new Set(leg.routes.map(({ to, via }) => formatRouteTo(to, via)));
  const missing = [...meant].find((one) => !held.has(one));
  if (missing !== undefined) return `it has no route ${missing}`;
  const more = [...held].find((one) => !meant.has(one));
  return more === undefined ? undefined : `it has a route ${more} that no intent asks for`;
}
