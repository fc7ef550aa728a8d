import fc from "fast-check";

/** A small world in plain words, from which manifests are written and packets are simulated, each for itself. */
export interface Topology {
  readonly zones: readonly Zone[];
  readonly firewall: Firewall | undefined;
  readonly dual: boolean;
  /** Whether the controller enforces macvlan. */
  readonly enforced: boolean;
}

export interface Zone {
  readonly pods: readonly Pod[];
  /** Policies on eth0 of the zone's namespace. */
  readonly eth0: readonly EthRule[] | undefined;
  /** Policies on the zone's own network. */
  readonly network: { readonly ingress: readonly NetRule[]; readonly egress: readonly NetRule[] } | undefined;
  readonly reversePath: boolean;
}

export interface Pod {
  /** Zones to which it has a route by the firewall, and whether the next hop is the right one. */
  readonly routes: readonly { readonly zone: number; readonly right: boolean }[];
}

/** Lets one namespace in or out, on one port or all. */
export interface EthRule {
  readonly direction: "Ingress" | "Egress";
  readonly zone: number;
  readonly port: number | undefined;
}

/** Lets the addresses of a zone in or out, on one TCP port or all. */
export interface NetRule {
  readonly zone: number;
  readonly port: number | undefined;
}

export interface Firewall {
  /** Zones it has a leg in. */
  readonly legs: readonly number[];
  readonly forwards4: boolean;
  readonly forwards6: boolean;
  readonly drops: boolean;
  /** Whether established connections are accepted first. */
  readonly stateful: boolean;
  readonly rules: readonly ForwardRule[];
  /** Zones towards which sources are translated. */
  readonly masks: readonly number[];
}

export interface ForwardRule {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
  readonly protocol: "tcp" | "udp";
  readonly verdict: "accept" | "drop";
}

export const PORTS = [22, 80, 443];

const port = fc.option(fc.constantFrom(...PORTS), { nil: undefined });
const zone = (count: number) => fc.nat(count - 1);

function zoneArbitrary(count: number): fc.Arbitrary<Zone> {
  const netRule = fc.record({ zone: zone(count), port });
  const netRules = fc.array(netRule, { maxLength: 2 });
  const ethRule = fc.record({
    direction: fc.constantFrom("Ingress" as const, "Egress" as const),
    zone: zone(count),
    port,
  });
  const route = fc.record({ zone: zone(count), right: fc.boolean() });
  const routes = fc.uniqueArray(route, { maxLength: 2, selector: (one) => one.zone });
  return fc.record({
    pods: fc.array(fc.record({ routes }), { minLength: 1, maxLength: 2 }),
    eth0: fc.option(fc.array(ethRule, { maxLength: 3 }), { nil: undefined }),
    network: fc.option(fc.record({ ingress: netRules, egress: netRules }), { nil: undefined }),
    reversePath: fc.boolean(),
  });
}

function firewallArbitrary(count: number): fc.Arbitrary<Firewall> {
  const rule = fc
    .tuple(zone(count), zone(count), fc.constantFrom(...PORTS), fc.constantFrom(...PORTS), fc.boolean(), fc.boolean())
    .map(
      ([from, to, a, b, tcp, accept]): ForwardRule => ({
        from,
        to,
        first: Math.min(a, b),
        last: Math.max(a, b),
        protocol: tcp ? "tcp" : "udp",
        verdict: accept ? "accept" : "drop",
      }),
    );
  return fc.record({
    legs: fc.subarray([...Array(count).keys()], { minLength: 1 }),
    forwards4: fc.boolean(),
    forwards6: fc.boolean(),
    drops: fc.boolean(),
    stateful: fc.boolean(),
    rules: fc.array(rule, { maxLength: 4 }),
    masks: fc.subarray([...Array(count).keys()]),
  });
}

export const topologies: fc.Arbitrary<Topology> = fc.integer({ min: 2, max: 3 }).chain((count) =>
  fc.record({
    zones: fc.array(zoneArbitrary(count), { minLength: count, maxLength: count }),
    firewall: fc.option(firewallArbitrary(count), { nil: undefined, freq: 5 }),
    dual: fc.boolean(),
    enforced: fc.boolean(),
  }),
);

export type Family = 4 | 6;

/** Host 10 and up are pods, host 1 is the firewall's leg. */
export function addressOf(zoneIndex: number, host: number, family: Family): string {
  return family === 4 ? `10.${zoneIndex}.0.${host}` : `fd00:${zoneIndex}::${host.toString(16)}`;
}

export function subnetOf(zoneIndex: number, family: Family): string {
  return family === 4 ? `10.${zoneIndex}.0.0/24` : `fd00:${zoneIndex}::/64`;
}

export function podHost(index: number): number {
  return 10 + index;
}

/** A next hop where nobody is. */
export const NOBODY = 99;
