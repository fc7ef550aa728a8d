import type { Ipam, Network, PoolRange, Variant } from "../../../ir/plan.ts";
import type { Platform } from "../../../ir/project.ts";
import { formatAddress } from "../../../net/address.ts";
import { formatCidr } from "../../../net/cidr.ts";
import { splitIntoCidrs, subtractRanges } from "../../../net/range.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * The CNI configuration list of a variant (containernetworking/cni SPEC.md 1.0.0): the attaching plugin with its IPAM,
 * then tuning, bandwidth and what the intent chains.
 */
export function buildConflist(network: Network, variant: Variant, platform: Platform): Json {
  return {
    cniVersion: platform.cniVersion,
    name: variant.cniName,
    plugins: [
      attaching(network, variant, platform),
      ...buildTuningPlugins(network, variant),
      ...bandwidth(network),
      ...network.chain,
    ],
  };
}

function attaching(network: Network, variant: Variant, platform: Platform): Json {
  const { link, plugin } = network;
  const isOld = network.takesOver.length > 0;
  const mtu = network.ownMtu ? { mtu: network.mtu } : {};
  const master = link.interface === undefined ? {} : { master: link.interface };
  const ips = variant.ipam.mode === "fixed" ? { capabilities: { ips: true, mac: true } } : {};
  const ipam = ipamOf(network, variant, platform);
  switch (link.attach) {
    case "macvlan":
      return {
        type: "macvlan",
        ...master,
        mode: network.membersApart && !variant.forwards ? "private" : "bridge",
        ...mtu,
        ...plugin,
        ...ips,
        ipam,
      };
    case "ipvlan":
      return { type: "ipvlan", ...master, mode: "l2", ...mtu, ...plugin, ...withoutMac(ips), ipam };
    case "bridge":
      // The node never gets an address on a zone's bridge, and nothing is masqueraded.
      return {
        type: "bridge",
        bridge: link.interface,
        ...(link.bridgeIsThere && link.vlan !== undefined && { vlan: link.vlan }),
        isGateway: false,
        isDefaultGateway: false,
        ipMasq: false,
        // Its default changed twice; with `true`, pods stay in VLAN 1 of the bridge too.
        ...(isOld ? {} : { preserveDefaultVlan: false }),
        ...mtu,
        ...(variant.forwards ? {} : portsApart(network)),
        ...plugin,
        ...ips,
        ipam,
      };
    case "sriov":
      return {
        type: "sriov",
        ...(link.vlan !== undefined && { vlan: link.vlan }),
        ...(isOld ? {} : { spoofchk: "on", trust: "off" }),
        ...plugin,
        ...ips,
        ipam,
      };
    case "ovs":
      return {
        type: "ovs",
        bridge: link.interface,
        ...(link.vlan !== undefined && { vlan: link.vlan }),
        ...mtu,
        ...plugin,
        ...ips,
        ipam,
      };
    case "overlay":
      throw new Error(`${network.intent} has no link that a CNI plugin could attach to`);
  }
}

function withoutMac(ips: Json): Json {
  return "capabilities" in ips ? { capabilities: { ips: true } } : ips;
}

function portsApart(network: Network): Json {
  return network.membersApart ? { portIsolation: true } : {};
}

function ipamOf(network: Network, variant: Variant, platform: Platform): Json {
  const { ipam } = variant;
  const routes = variant.routes.map(({ to, via }) => ({ dst: formatCidr(to), gw: formatAddress(via) }));
  const routed = routes.length > 0 ? { routes } : {};
  switch (ipam.mode) {
    case "none":
      return {};
    case "dhcp":
      return { type: "dhcp" };
    case "fixed":
      return { type: "static", ...routed };
    case "pool":
      return { ...pooled(ipam, network.ipam ?? platform.ipam), ...routed };
  }
}

function pooled(ipam: Extract<Ipam, { mode: "pool" }>, by: Platform["ipam"]): Json {
  if (by === "host-local") return { type: "host-local", ranges: ipam.pools.map(hostLocalSet) };
  return {
    type: "whereabouts",
    ...(ipam.pools.length === 1
      ? whereaboutsRange(ipam.pools[0] as PoolRange)
      : { ipRanges: ipam.pools.map(whereaboutsRange) }),
  };
}

/** `range` is the whole subnet, so that pods get its prefix; start and end say what is given out. */
function whereaboutsRange({ subnet, start, end, exclude }: PoolRange): Json {
  const cidrs = exclude.flatMap(splitIntoCidrs).map(formatCidr);
  return {
    range: formatCidr(subnet),
    range_start: formatAddress(start),
    range_end: formatAddress(end),
    ...(cidrs.length > 0 && { exclude: cidrs }),
  };
}

/** host-local has no exclusions; a set of several ranges says the same. */
function hostLocalSet({ subnet, start, end, exclude }: PoolRange): readonly Json[] {
  const { family } = subnet;
  return subtractRanges({ family, start: start.value, end: end.value }, exclude).map((range) => ({
    subnet: formatCidr(subnet),
    rangeStart: formatAddress({ family, value: range.start }),
    rangeEnd: formatAddress({ family, value: range.end }),
  }));
}

/** Redirects and router advertisements would change routes behind the compiler's back. */
export function buildTuningPlugins(network: Network, variant: Variant): readonly Json[] {
  if (network.takesOver.length > 0 && !variant.forwards) {
    return Object.keys(network.sysctls).length > 0 ? [{ type: "tuning", sysctl: network.sysctls }] : [];
  }
  if (network.subnets.length === 0 && Object.keys(network.sysctls).length === 0) return [];
  const v4 = network.subnets.some((subnet) => subnet.family === 4);
  const v6 = network.subnets.some((subnet) => subnet.family === 6);
  const sysctl: Record<string, string> = {
    ...(v4 && { "net.ipv4.conf.IFNAME.rp_filter": "1", "net.ipv4.conf.IFNAME.accept_redirects": "0" }),
    ...(v4 &&
      variant.forwards && {
        "net.ipv4.ip_forward": "1",
        "net.ipv4.conf.IFNAME.send_redirects": "0",
        "net.ipv4.conf.IFNAME.arp_notify": "1",
      }),
    "net.ipv6.conf.IFNAME.accept_ra": "0",
    // A next hop that was away is asked for again at once, not after a minute: else the route falls back to eth0.
    ...(v6 && { "net.ipv6.conf.IFNAME.accept_redirects": "0", "net.ipv6.conf.IFNAME.router_probe_interval": "1" }),
    ...(v6 && variant.forwards && { "net.ipv6.conf.all.forwarding": "1", "net.ipv6.conf.IFNAME.accept_dad": "0" }),
    ...network.sysctls,
  };
  return [{ type: "tuning", sysctl }];
}

/** The plugin counts bits; a burst of a tenth of a second keeps short flows fast. */
function bandwidth(network: Network): readonly Json[] {
  const limits = network.bandwidth;
  if (!limits) return [];
  const burst = (rate: number) => Math.max(Math.ceil(rate / 10), network.mtu * 8 * 10);
  return [
    {
      type: "bandwidth",
      ...(limits.ingress !== undefined && { ingressRate: limits.ingress, ingressBurst: burst(limits.ingress) }),
      ...(limits.egress !== undefined && { egressRate: limits.egress, egressBurst: burst(limits.egress) }),
    },
  ];
}
