import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Instance } from "../../ir/intent.ts";
import type { ExistingSpec } from "../../ir/network-spec.ts";
import { type Address, parseAddress } from "../../net/address.ts";
import { type Cidr, formatCidr, parseKnownCidr, toHostCidr } from "../../net/cidr.ts";
import { externalRules } from "../external-network/rules.ts";
import type { PlanBuilder } from "../plan-builder.ts";
import type { Claim } from "./claims.ts";

/** What stands on a network besides pods, and what lies behind its router. */
export interface OutsideSpec {
  readonly network: { readonly existing?: ExistingSpec };
  readonly gateway?: string | readonly string[];
  readonly routes?: readonly { readonly to: string }[];
  readonly hosts?: readonly HostSpec[];
  /** The gateway leads to the internet. */
  readonly internet?: boolean;
}

export interface HostSpec {
  readonly name: string;
  /** Addresses; on a Network also whole ranges, as CIDRs. */
  readonly addresses: readonly string[];
}

/** The routers of a network, one per address family. */
export function parseGateways({ gateway }: Pick<OutsideSpec, "gateway">): readonly Address[] {
  const written = gateway === undefined ? [] : typeof gateway === "string" ? [gateway] : gateway;
  return written.map((text) => parseAddress(text) as Address);
}

/** The addresses of a host, each as a range. */
export function parseHostCidrs({ addresses }: HostSpec): readonly Cidr[] {
  return addresses.map((text) => {
    const address = parseAddress(text);
    return address ? toHostCidr(address) : parseKnownCidr(text);
  });
}

/** What hosts, gateway and routes say wrong by themselves. */
export function checkOutsideSpec(instance: Instance<OutsideSpec>): Diagnostic[] {
  const { spec } = instance;
  const found: Diagnostic[] = [];
  const first = new Map<string, number>();
  for (const [index, { name }] of (spec.hosts ?? []).entries()) {
    const before = first.get(name);
    if (before === undefined) {
      first.set(name, index);
      continue;
    }
    const related = [{ place: instance.at("hosts", before, "name"), label: "the first one" }];
    found.push(externalRules.diagnose("duplicate-host", instance.at("hosts", index, "name"), { name }, { related }));
  }
  if ((spec.routes ?? []).length > 0 && spec.gateway === undefined)
    found.push(externalRules.diagnose("routes-without-gateway", instance.at("routes"), {}));
  return found;
}

/** Addresses that somebody else has are claimed too, so that nobody is given them. */
export function claimOutsideAddresses(instance: Instance<OutsideSpec>): Claim[] {
  const { spec, intent } = instance;
  const claimed = (field: string, address: Address, ...path: (string | number)[]): Claim => ({
    type: "address",
    field,
    place: instance.at(...path),
    network: intent.id,
    family: address.family,
    pinned: address,
    use: "outside",
  });
  const single = typeof spec.gateway === "string";
  return [
    ...parseGateways(spec).map((address, index) => claimed("gateway", address, "gateway", ...(single ? [] : [index]))),
    ...(spec.hosts ?? []).flatMap((host, index) =>
      host.addresses.flatMap((text, nth) => {
        const address = parseAddress(text);
        return address ? [claimed(`host.${host.name}`, address, "hosts", index, "addresses", nth)] : [];
      }),
    ),
  ];
}

/** Routes of the members to what lies behind the gateway. */
export function addOutsideRoutes(instance: Instance<OutsideSpec>, plan: PlanBuilder): void {
  const { spec, intent } = instance;
  const gateways = parseGateways(spec);
  for (const [index, route] of (spec.routes ?? []).entries()) {
    const to = parseKnownCidr(route.to);
    const place = instance.at("routes", index, "to");
    // A route that was there before may lead everywhere: what is nearer has a longer prefix, and wins.
    const wider = spec.network.existing !== undefined;
    const others = plan.networksWithin(to);
    const other = others.find((one) => !(wider && one.subnets.every((subnet) => subnet.prefix > to.prefix)));
    if (other) {
      const related = [{ place: other.request.origin, label: "that network" }];
      plan.report(
        externalRules.diagnose(
          "route-overlaps",
          place,
          { cidr: formatCidr(to), network: other.request.id },
          { related },
        ),
      );
    }
    const via = gateways.find((gateway) => gateway.family === to.family);
    if (via) plan.addRoute({ network: intent.id, intent: intent.id, to, via, only: undefined, origin: place });
  }
  const wanting = plan.members(intent.id).filter((member) => member.spec.defaultRoute || spec.internet);
  for (const via of wanting.length > 0 ? gateways : [])
    plan.addRoute({
      network: intent.id,
      intent: intent.id,
      to: parseKnownCidr(via.family === 4 ? "0.0.0.0/0" : "::/0"),
      via,
      only: new Set(wanting.map((member) => member.workload)),
      origin: instance.at(spec.internet ? "internet" : "gateway"),
      defaultRoute: true,
    });
}

/**
 * What lies behind the gateway and a connection can be made with. Of what was there before, routes may be there that do
 * not say that: a second default route gives way to that of eth0, and with `sbr` only answers take the network's routes.
 */
export function listCidrsBehindGateway(
  spec: OutsideSpec & { readonly network: { readonly chain?: readonly Readonly<Record<string, unknown>>[] } },
  begun: "by members" | "from there",
): readonly Cidr[] {
  const behind = (spec.routes ?? []).map((route) => parseKnownCidr(route.to));
  if (!spec.network.existing) return behind;
  if (spec.network.chain?.some((plugin) => plugin.type === "sbr")) return begun === "by members" ? [] : behind;
  return behind.filter((one) => one.prefix > 0);
}
