import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { parseAddress } from "../../net/address.ts";
import { type Cidr, containsAddress, toHostCidr } from "../../net/cidr.ts";
import { type CidrIndex, createCidrIndex } from "../../net/cidr-index.ts";
import type { Place } from "../../source/place.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { formatName, locateInManifest, type ReadManifest } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { verifyRules } from "../rules.ts";
import { listServiceAddresses, type WrittenAddress } from "./service-addresses.ts";

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
export function checkExternalIps(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const taking = model.entries
    .filter((one) => one.kind === "Service")
    .map((service) => ({ service, asked: listServiceAddresses(service) }))
    .filter(({ asked }) => asked.length > 0);
  if (taking.length === 0) return [];
  const owners = ownersOf(model, watch);
  return taking.flatMap(({ service, asked }) => asked.flatMap((one) => checkTakenAddress(service, one, owners, model)));
}

function checkTakenAddress(
  service: ReadManifest,
  { text, path }: WrittenAddress,
  owners: CidrIndex<Owner>,
  { platform }: Model,
): readonly Diagnostic[] {
  const address = typeof text === "string" ? parseAddress(text) : undefined;
  if (!address || typeof text !== "string") return [];
  // The narrowest range comes last.
  const owner = owners.findOverlapping(toHostCidr(address)).at(-1);
  const asked = (list: readonly Cidr[]) => list.some((one) => containsAddress(one, address));
  // A node's own address leads to that node anyway.
  const ofNode = asked(platform.podNetwork.nodeCidrs) && !asked(platform.apiServer.cidrs);
  if (!owner || ofNode) return [];
  const related = owner.origin ? [{ place: owner.origin, label: "meant here" }] : [];
  const parameters = { service: formatName(service), address: text, owner: owner.what };
  return [verifyRules.diagnose("external-ip", locateInManifest(service, ...path), parameters, { related })];
}

/** What the platform has, what was given out, and what intents name. Ranges that are everything are nobody's. */
function ownersOf({ platform, externals }: Model, { expected, zones }: ExpectedIndex): CidrIndex<Owner> {
  const { podNetwork, apiServer, dns } = platform;
  const own = (what: string, cidrs: readonly Cidr[], origin?: Place) =>
    cidrs.filter((one) => one.prefix > 0).map((one): readonly [Cidr, Owner] => [one, { what, origin }]);
  return createCidrIndex([
    ...own("the pod network", podNetwork.cidrs),
    ...own("the cluster's Services", podNetwork.serviceCidrs),
    ...own("the cluster's resolver", dns.cidrs),
    ...expected.flows
      .filter((one) => one.over === "eth0")
      .flatMap(({ from, to, origin }) => own(zones.get(from.namespaces[0] ?? "")?.id ?? "an intent", to.cidrs, origin)),
    ...expected.tunnels.flatMap(({ gateway, destinations, peer, origin }) =>
      own(gateway, [...destinations, toHostCidr(peer)], origin),
    ),
    ...externals.flatMap(({ id, beyond, hosts, origin }) =>
      own(id, [...beyond, ...hosts.flatMap((host) => host.cidrs)], origin),
    ),
    ...expected.links.flatMap(({ network, subnets, origin }) => own(network, subnets, origin)),
    ...own("the API server", apiServer.cidrs),
  ]);
}
