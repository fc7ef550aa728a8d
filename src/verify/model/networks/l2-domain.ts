import { type Fields, readNumber, readText } from "../manifests/manifest.ts";

/**
 * The layer-2 domain of a conflist's first plugin, from what it says of links and VLANs and never from its name; or why
 * there is none. `bond1.110`, the VLAN 110 of `bond1`, is the same link however it is spelt.
 */
export function readDomain(plugin: Fields, resource: string | undefined): { domain: string } | { why: string } {
  const type = readText(plugin, "type") ?? "";
  switch (type) {
    case "macvlan":
    case "ipvlan":
      return { domain: link(readText(plugin, "master") || "the default route's link", undefined) };
    case "vlan":
      return { domain: link(readText(plugin, "master") || "the default route's link", readNumber(plugin, "vlanId")) };
    // A pair of its own for each pod, whose other end is the node: nothing else is on it.
    case "ptp":
      return { domain: `ptp ${readText(plugin, "name") ?? ""}` };
    case "host-device":
      return { domain: link(readText(plugin, "device") ?? readText(plugin, "hwaddr") ?? "a device", undefined) };
    case "bridge":
      return { domain: withVlan(`bridge ${readText(plugin, "bridge") ?? "cni0"}`, readNumber(plugin, "vlan")) };
    case "ovs":
      return {
        domain: withVlan(`ovs ${readText(plugin, "bridge") ?? "the default bridge"}`, readNumber(plugin, "vlan")),
      };
    case "sriov":
      if (resource === undefined) return { why: "an SR-IOV network without a device resource" };
      return { domain: withVlan(`sriov ${resource}`, readNumber(plugin, "vlan")) };
    case "ovn-k8s-cni-overlay":
      return ovnDomain(plugin);
    // Makes no interface: only what is chained to it does anything.
    case "loopback":
      return { domain: "no link" };
    case "kube-ovn":
      return { domain: `kube-ovn ${readText(plugin, "provider") ?? ""}` };
    default:
      return { why: `the plugin \`${type}\` is not known, nor what it connects` };
  }
}

function link(name: string, vlan: number | undefined): string {
  const match = /^(.+)\.(\d{1,4})$/.exec(name);
  if (vlan === undefined && match) return withVlan(`link ${match[1]}`, Number(match[2]));
  return withVlan(`link ${name}`, vlan);
}

function withVlan(domain: string, vlan: number | undefined): string {
  return vlan === undefined || vlan === 0 ? domain : `${domain} vlan ${vlan}`;
}

function ovnDomain(plugin: Fields): { domain: string } | { why: string } {
  const topology = readText(plugin, "topology");
  const name = readText(plugin, "name");
  if (topology === "localnet") {
    const physical = readText(plugin, "physicalNetworkName") ?? name ?? "";
    return { domain: withVlan(`localnet ${physical}`, readNumber(plugin, "vlanID")) };
  }
  return name === undefined ? { why: "an OVN network without a name" } : { domain: `ovn ${name}` };
}
