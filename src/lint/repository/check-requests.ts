import { formatAddress } from "../../net/address.ts";
import { containsAddress, formatCidr } from "../../net/cidr.ts";
import { containsRangeAddress } from "../../net/range.ts";
import { annotationRules } from "../annotation/rules.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { readAddress, readInterfaceAddress, readSubnet } from "../nad/addresses.ts";
import { OVN_PLUGIN } from "../nad/check-ovn.ts";
import { readPools } from "../nad/pools.ts";
import { formatNadName } from "../nad/read-nad.ts";
import { locateInObject } from "../read/lint-object.ts";
import type { NetworkUse } from "./uses.ts";

/** What a pod asks of a network that the network cannot give. */
export function checkRequests(uses: readonly NetworkUse[]): readonly LintFinding[] {
  return uses.flatMap((use) => [...macIgnored(use), ...checkIps(use)]);
}

function relatedTo({ nad }: NetworkUse) {
  return [{ place: locateInObject(nad.object, ["metadata", "name"]), label: "the network" }];
}

/** Plugins that leave the MAC address of a pod as it is. */
const WITHOUT_MAC = ["ipvlan", "vlan", "ptp", "host-device", "dummy", "ipoib", "ib-sriov", "bond", "loopback"];

function macIgnored(use: NetworkUse): readonly LintFinding[] {
  const { selection, nad } = use;
  const type = nad.plugins[0]?.type;
  if (selection.fields.mac === undefined || type === undefined || !WITHOUT_MAC.includes(type)) return [];
  const tuned = nad.plugins.some((one) => one.type === "tuning" || one.type === "cnv-tuning");
  if (tuned && type !== "ipvlan") return [];
  const why =
    type === "ipvlan" ? "ipvlan interfaces have the MAC address of their master" : `\`${type}\` does not read it`;
  const help = type === "ipvlan" ? "delete `mac`, or use macvlan" : "delete `mac`, or put `tuning` behind the plugin";
  const parameters = { network: formatNadName(nad), why };
  const place = selection.place("mac", "key");
  return [createFinding(annotationRules.diagnose("mac-ignored", place, parameters, { related: relatedTo(use), help }))];
}

function checkIps(use: NetworkUse): readonly LintFinding[] {
  const { selection, nad } = use;
  const [first] = nad.plugins;
  const written = selection.fields.ips;
  const ips = (Array.isArray(written) ? (written as readonly unknown[]) : []).filter((one) => !isOpaque(one));
  if (!first || ips.length === 0) return [];
  switch (first.ipamType) {
    case "host-local":
      return [...ips.flatMap((one) => outsideHostLocal(use, one))];
    case "whereabouts":
      return besidePool(use, ips);
    case "dhcp":
      return ignored(use, "`dhcp` uses the address of the DHCP server");
    case "nv-ipam":
    case "antrea":
    case "static":
    case "kube-ovn":
    case "spiderpool":
      return [];
    default:
      break;
  }
  if (first.type === OVN_PLUGIN) return ips.flatMap((one) => outsideOvn(use, one));
  const plain = ["macvlan", "bridge", "cnv-bridge", "ovs", "tap", "sriov", "vlan", "ptp", "host-device"];
  const isEmpty = first.ipam === undefined && !isOpaque(first.fields.ipam);
  if (!isEmpty || first.type === undefined || !plain.includes(first.type)) return [];
  return ignored(use, "the network has no `ipam`, so no plugin sets addresses");
}

function ignored(use: NetworkUse, why: string): readonly LintFinding[] {
  const parameters = { network: formatNadName(use.nad), why };
  const place = use.selection.place("ips", "key");
  return [createFinding(annotationRules.diagnose("ips-ignored", place, parameters, { related: relatedTo(use) }))];
}

/** host-local gives what is asked for only out of its ranges. */
function outsideHostLocal(use: NetworkUse, one: unknown): readonly LintFinding[] {
  const address = readInterfaceAddress(one)?.address ?? readAddress(one);
  const ipam = use.nad.plugins[0]?.ipam;
  const pools = ipam && !isOpaque(ipam.ranges) ? readPools(ipam) : [];
  if (!address || pools.length === 0) return [];
  if (pools.some(({ given }) => given.some((range) => containsRangeAddress(range, address)))) return [];
  const text = formatAddress(address);
  const home = pools.find(({ subnet }) => subnet.family === address.family && containsAddress(subnet, address));
  const problem = home
    ? `\`host-local\` does not allocate ${text}: it is outside the range, or the gateway`
    : `${text} is not in ${pools.map(({ subnet }) => formatCidr(subnet)).join(", ")}, the ranges of \`host-local\``;
  return [reportRefused(use, problem)];
}

function outsideOvn(use: NetworkUse, one: unknown): readonly LintFinding[] {
  const address = readInterfaceAddress(one)?.address ?? readAddress(one);
  const fields = use.nad.plugins[0]?.fields;
  const written = typeof fields?.subnets === "string" && fields.topology !== "layer3" ? fields.subnets : "";
  const subnets = written.split(",").flatMap((text) => readSubnet(text) ?? []);
  if (!address || !subnets.some(({ family }) => family === address.family)) return [];
  if (subnets.some((subnet) => subnet.family === address.family && containsAddress(subnet, address))) return [];
  return [reportRefused(use, `${formatAddress(address)} is not in ${subnets.map(formatCidr).join(", ")}`)];
}

function reportRefused(use: NetworkUse, problem: string): LintFinding {
  const place = use.selection.place("ips");
  return createFinding(annotationRules.diagnose("address-outside", place, { problem }, { related: relatedTo(use) }));
}

/** whereabouts sets what is asked for besides what it gives, and does not write it down. */
function besidePool(use: NetworkUse, ips: readonly unknown[]): readonly LintFinding[] {
  const ipam = use.nad.plugins[0]?.ipam;
  const pools = ipam ? readPools(ipam) : [];
  const first = ips[0];
  const address = readInterfaceAddress(first)?.address ?? readAddress(first);
  if (!address || pools.length === 0) return [];
  const isInside = pools.some(({ given }) => given.some((range) => containsRangeAddress(range, address)));
  const parameters = { address: formatAddress(address), more: isInside ? ", and another pod may get it" : "" };
  const place = use.selection.place("ips");
  const help = "use a network of `static`, or leave `ips` out";
  return [
    createFinding(annotationRules.diagnose("ips-beside-pool", place, parameters, { related: relatedTo(use), help })),
  ];
}
