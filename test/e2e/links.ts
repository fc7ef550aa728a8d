import { createHash } from "node:crypto";
import { run } from "./shell.ts";

/**
 * Stands in for the node's links. Where the kernel has no 802.1Q, the link of a VLAN (`bond1.110`) is one end of a veth
 * pair whose other end is a port of a bridge of its own: the VLAN's switch. Machines outside of the cluster are ports of
 * the same bridge, so one VLAN is one L2 domain and two VLANs share nothing.
 */
export function switchOf(link: string): string {
  return `plbs-${createHash("sha256").update(link).digest("hex").slice(0, 8)}`;
}

/** Makes a link of the node with a switch behind it. */
export async function makeLink(link: string, mtu: number): Promise<void> {
  const bridge = switchOf(link);
  const port = bridge.replace("plbs-", "plbp-");
  await batch([
    `link add ${bridge} type bridge`,
    `link set ${bridge} mtu ${mtu} up`,
    `link add ${link} type veth peer name ${port}`,
    `link set ${link} mtu ${mtu} up`,
    `link set ${port} mtu ${mtu} master ${bridge} up`,
  ]);
}

/** Makes a bridge of the node (`br-110`) with the VLAN's link as its port. */
export async function makeBridge(bridge: string, link: string, mtu: number): Promise<void> {
  await batch([
    `link add ${bridge} type bridge`,
    `link set ${bridge} mtu ${mtu} up`,
    `link set ${link} master ${bridge}`,
  ]);
}

/** A machine outside of the cluster: a namespace with one link into a switch, or into the node itself. */
export interface HostLink {
  readonly netns: string;
  /** The switch to plug into; absent: a routed link to the node. */
  readonly bridge?: string;
  readonly addresses: readonly string[];
  readonly routes: readonly { readonly to: string; readonly via?: string }[];
  readonly mtu: number;
}

/** Makes the namespace of a host with link `net0`; for a routed one the node's end is named after it. */
export async function makeHost(host: HostLink): Promise<void> {
  const port = `plbh-${createHash("sha256").update(host.netns).digest("hex").slice(0, 8)}`;
  await makeNamespace(host.netns);
  await batch([
    `link add ${port} type veth peer name net0 netns ${host.netns}`,
    `link set ${port} mtu ${host.mtu} ${host.bridge ? `master ${host.bridge}` : ""} up`,
  ]);
  const lines = [
    `link set net0 mtu ${host.mtu} up`,
    ...host.addresses.map((a) => `addr add ${a} dev net0 ${nodad(a)}`),
  ];
  lines.push(...host.routes.map((r) => `route add ${r.to} ${r.via ? `via ${r.via}` : "dev net0"}`));
  await batch(lines, host.netns);
}

/** Makes a namespace as a container runtime makes a pod's: lo up, no forwarding; address conflicts are not waited for. */
export async function makeNamespace(netns: string): Promise<void> {
  await run("ip", ["netns", "add", netns]);
  const knobs = [
    "net/ipv4/ip_forward=0",
    "net/ipv6/conf/all/forwarding=0",
    "net/ipv6/conf/all/accept_dad=0",
    "net/ipv6/conf/default/accept_dad=0",
  ].map((knob) => `echo ${knob.split("=")[1]} >/proc/sys/${knob.split("=")[0]}`);
  await run("nsenter", [`--net=/run/netns/${netns}`, "sh", "-ec", `ip link set lo up; ${knobs.join("; ")}`]);
}

/** Several `ip` commands in one process. */
export async function batch(lines: readonly string[], netns?: string): Promise<void> {
  await run("ip", [...(netns ? ["-n", netns] : []), "-batch", "-"], { input: `${lines.join("\n")}\n` });
}

function nodad(address: string): string {
  return address.includes(":") ? "nodad" : "";
}

/** Removes every link and namespace that the suite made in this network namespace. */
export async function clearNode(): Promise<void> {
  const names = (await run("ip", ["netns", "list"])).split("\n").map((line) => line.split(" ")[0] ?? "");
  for (const name of names.filter((n) => n.startsWith("plb-"))) await run("ip", ["netns", "del", name]);
  const links = JSON.parse(await run("ip", ["-j", "link"])) as { ifname: string }[];
  const gone = links.map((link) => link.ifname).filter((name) => name !== "lo");
  for (const name of gone) await run("sh", ["-c", `ip link del ${name} 2>/dev/null || true`]);
  await run("nft", ["flush", "ruleset"]);
  // Pods of the next world get the same addresses: a connection that is still remembered would let their packets in.
  await run("conntrack", ["-F"]);
}
