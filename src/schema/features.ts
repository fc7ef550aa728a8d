/** What an intent may need of a target. */
export interface FeatureInfo {
  /** What `allowLoss` calls it. */
  readonly name: string;
  /** Row of the table of targets. */
  readonly title: string;
  /** Completes "target … has no …". */
  readonly description: string;
  /** Whether a project may do without it. Never what keeps a zone apart: a border is there or is refused. */
  readonly losable: boolean;
}

/** Every feature, in the order of the table of targets. */
export const features = [
  { name: "zone", title: "isolation zones", description: "isolation zones", losable: false },
  { name: "zone-vlan", title: "a VLAN of its own", description: "networks on a VLAN", losable: false },
  {
    name: "zone-physical",
    title: "an uplink of its own",
    description: "networks on an uplink of their own",
    losable: false,
  },
  { name: "zone-overlay", title: "overlay networks", description: "overlay networks", losable: false },
  {
    name: "openings",
    title: "openings of the default network",
    description: "openings of the default network",
    losable: true,
  },
  {
    name: "dual-stack",
    title: "both address families",
    description: "networks of both address families",
    losable: false,
  },
  { name: "pool-addresses", title: "addresses from pools", description: "addresses from pools", losable: false },
  { name: "fixed-addresses", title: "fixed addresses", description: "fixed addresses", losable: true },
  {
    name: "per-pod-addresses",
    title: "addresses by ordinal",
    description: "addresses by ordinal of a StatefulSet (`perPod`)",
    losable: false,
  },
  { name: "own-range", title: "ranges of their own", description: "ranges of their own for workloads", losable: true },
  { name: "dhcp", title: "addresses by dhcp", description: "addresses by dhcp", losable: false },
  {
    name: "layer2-only",
    title: "networks without addresses",
    description: "networks without addresses",
    losable: false,
  },
  { name: "mac-addresses", title: "fixed MAC addresses", description: "fixed MAC addresses", losable: true },
  { name: "sysctls", title: "sysctls", description: "sysctls of an interface", losable: true },
  { name: "bandwidth", title: "bandwidth limits", description: "bandwidth limits", losable: true },
  { name: "plugin-fields", title: "fields of CNI plugins", description: "fields of CNI plugins", losable: true },
  { name: "existing", title: "networks taken over", description: "way to take a network over", losable: false },
  { name: "routes", title: "routes by gateways", description: "routes on attachments", losable: true },
  { name: "external", title: "external networks", description: "external networks", losable: true },
  {
    name: "network",
    title: "networks of the project's own",
    description: "networks that are no zone's border",
    losable: true,
  },
  {
    name: "traffic",
    title: "traffic limits on networks",
    description: "limits of the traffic on a network",
    losable: true,
  },
  {
    name: "network-borders",
    title: "networks across zones' borders",
    description: "networks across the border of a zone",
    losable: false,
  },
  {
    name: "hosts-only",
    title: "members kept apart",
    description: "networks that keep their members apart",
    losable: false,
  },
  { name: "firewall", title: "firewall pairs", description: "firewall pairs", losable: true },
  {
    name: "legs",
    title: "legs of other targets' gateways",
    description: "legs for gateways of other targets",
    losable: true,
  },
  { name: "vpn", title: "VPN egress (WireGuard)", description: "VPN egress", losable: true },
  {
    name: "vpn-selected",
    title: "some destinations or clients only",
    description: "tunnels for some destinations or clients only",
    losable: true,
  },
  { name: "vpn-all", title: "everything through a tunnel", description: "tunnels for everything", losable: true },
  { name: "vpn-ipsec", title: "VPN egress (IPsec)", description: "IPsec tunnels", losable: true },
  { name: "virtual-machines", title: "virtual machines", description: "virtual machines", losable: false },
] as const satisfies readonly FeatureInfo[];

export type Feature = (typeof features)[number]["name"];

/** `partly` and `experimental` have a note that says more; what is experimental needs the project's consent. */
export type Support = "yes" | "partly" | "experimental";

const byName = new Map<string, FeatureInfo>(features.map((one) => [one.name, one]));

export function findFeature(name: string): FeatureInfo | undefined {
  return byName.get(name);
}
