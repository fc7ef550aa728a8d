import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { parseAddress } from "../../net/address.ts";
import { type Cidr, containsAddress, hostCidr } from "../../net/cidr.ts";
import { type CidrIndex, cidrIndex } from "../../net/cidr-index.ts";
import type { Place } from "../../source/place.ts";
import type { Watch } from "../expected/index.ts";
import { type Manifest, nameOf, placeIn } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { verifyRules } from "../rules.ts";
import { type AskedAddress, askedAddresses } from "./asked-addresses.ts";

/** Who has a range of addresses, or means to reach it. */
interface Owner {
  readonly what: string;
  /** Absent for what the platform says. */
  readonly origin: Place | undefined;
}

/**
 * Services that take an address of somebody else: every node sends what leaves by eth0 for one of its `externalIPs`, or
 * for one that a load balancer gives it, to the Service's pods, whoever asks.
 */
export function externalIps(model: Model, watch: Watch): readonly Diagnostic[] {
  const taking = model.entries
    .filter((one) => one.kind === "Service")
    .map((service) => ({ service, asked: askedAddresses(service) }))
    .filter(({ asked }) => asked.length > 0);
  if (taking.length === 0) return [];
  const owners = ownersOf(model, watch);
  return taking.flatMap(({ service, asked }) => asked.flatMap((one) => taken(service, one, owners, model)));
}

function taken(
  service: Manifest,
  { text, path }: AskedAddress,
  owners: CidrIndex<Owner>,
  { platform }: Model,
): readonly Diagnostic[] {
  const address = typeof text === "string" ? parseAddress(text) : undefined;
  if (!address || typeof text !== "string") return [];
  // The narrowest range comes last.
  const owner = owners.overlapping(hostCidr(address)).at(-1);
  const asked = (list: readonly Cidr[]) => list.some((one) => containsAddress(one, address));
  // A node's own address leads to that node anyway.
  const ofNode = asked(platform.podNetwork.nodeCidrs) && !asked(platform.apiServer.cidrs);
  if (!owner || ofNode) return [];
  const related = owner.origin ? [{ place: owner.origin, label: "meant here" }] : [];
  const parameters = { service: nameOf(service), address: text, owner: owner.what };
  return [verifyRules.diagnose("external-ip", placeIn(service, ...path), parameters, { related })];
}

/** What the platform has, what was given out, and what intents name. Ranges that are everything are nobody's. */
function ownersOf({ platform, externals }: Model, { meaning, zones }: Watch): CidrIndex<Owner> {
  const { podNetwork, apiServer, dns } = platform;
  const own = (what: string, cidrs: readonly Cidr[], origin?: Place) =>
    cidrs.filter((one) => one.prefix > 0).map((one): readonly [Cidr, Owner] => [one, { what, origin }]);
  return cidrIndex([
    ...own("the pod network", podNetwork.cidrs),
    ...own("the cluster's Services", podNetwork.serviceCidrs),
    ...own("the cluster's resolver", dns.cidrs),
    ...meaning.flows
      .filter((one) => one.over === "eth0")
      .flatMap(({ from, to, origin }) => own(zones.get(from.namespaces[0] ?? "")?.id ?? "an intent", to.cidrs, origin)),
    ...meaning.tunnels.flatMap(({ gateway, destinations, peer, origin }) =>
      own(gateway, [...destinations, hostCidr(peer)], origin),
    ),
    ...externals.flatMap(({ id, beyond, hosts, origin }) =>
      own(id, [...beyond, ...hosts.flatMap((host) => host.cidrs)], origin),
    ),
    ...meaning.links.flatMap(({ network, subnets, origin }) => own(network, subnets, origin)),
    ...own("the API server", apiServer.cidrs),
  ]);
}
