/**
 * Stands in for ovn-k8s-cni-overlay: puts a pod's interface on the port that the suite has made in OVN's database, with the MAC,
 * the addresses and the default route of that port. Which port that is stands in a file of PLB_OVN_DIR, as for the real plugin it stands in
 * an annotation that the controller writes. A default route takes that of eth0, which keeps the routes to pods (as
 * AddRoutesGatewayIP of ovn-kubernetes 8871cd9c does).
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { OvnPort } from "../ovn-objects.ts";

const {
  CNI_COMMAND = "",
  CNI_NETNS = "",
  CNI_IFNAME = "",
  CNI_ARGS = "",
  PLB_OVN_DIR = "",
  PLB_POD_CIDRS = "",
} = process.env;
const config = JSON.parse(readFileSync(0, "utf8")) as { netAttachDefName?: string; cniVersion: string };
const args = new Map(CNI_ARGS.split(";").map((one) => one.split("=") as [string, string]));
const pod = `${args.get("K8S_POD_NAMESPACE")}_${args.get("K8S_POD_NAME")}`;

const run = (command: string, ...rest: readonly string[]) =>
  execFileSync(command, [...rest], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const inside = (...rest: readonly string[]) => run("nsenter", `--net=${CNI_NETNS}`, ...rest);
const vs = (...rest: readonly string[]) =>
  run("ovs-vsctl", "--timeout=10", `--db=unix:${join(PLB_OVN_DIR, "conf.sock")}`, ...rest);
const id = createHash("sha256").update(`${CNI_NETNS}/${CNI_IFNAME}`).digest("hex").slice(0, 12);
// Pods start side by side: no two may use one name, not even for a moment.
const [outer, fresh] = [`o${id}`, `n${id}`];

function add(): void {
  const ports = JSON.parse(readFileSync(join(PLB_OVN_DIR, "ports", `${pod}.json`), "utf8")) as OvnPort[];
  const port = ports.find((one) => one.definition === config.netAttachDefName && one.interface === CNI_IFNAME);
  if (!port) throw new Error(`OVN has no port ${CNI_IFNAME} of ${pod} on ${config.netAttachDefName}`);
  run("ip", "link", "add", outer, "type", "veth", "peer", "name", fresh);
  run("ip", "link", "set", fresh, "netns", CNI_NETNS);
  inside("ip", "link", "set", fresh, "name", CNI_IFNAME, "address", port.mac, "mtu", String(port.mtu));
  // The userspace datapath forwards half-made checksums of veth as they are.
  inside("ethtool", "-K", CNI_IFNAME, "tx", "off");
  inside("ip", "link", "set", CNI_IFNAME, "up");
  for (const address of port.addresses)
    inside("ip", "addr", "add", address, "dev", CNI_IFNAME, ...(address.includes(":") ? ["nodad"] : []));
  run("ip", "link", "set", outer, "mtu", String(port.mtu), "up");
  vs("add-port", "br-int", outer, "--", "set", "interface", outer, `external_ids:iface-id=${port.name}`);
  for (const gateway of port.defaultRoute) takeDefault(gateway);
  const ips = port.addresses.map((address) => ({ address, interface: 0 }));
  const interfaces = [{ name: CNI_IFNAME, mac: port.mac, sandbox: CNI_NETNS }];
  process.stdout.write(JSON.stringify({ cniVersion: config.cniVersion, interfaces, ips }));
}

function takeDefault(gateway: string): void {
  const family = gateway.includes(":") ? "-6" : "-4";
  const [old] = JSON.parse(inside("ip", family, "-j", "route", "show", "default", "dev", "eth0")) as {
    gateway?: string;
  }[];
  for (const cidr of PLB_POD_CIDRS.split(",").filter((one) => one.includes(":") === (family === "-6")))
    if (old?.gateway !== undefined) inside("ip", family, "route", "replace", cidr, "via", old.gateway, "dev", "eth0");
  if (old) inside("ip", family, "route", "del", "default", "dev", "eth0");
  inside("ip", family, "route", "replace", "default", "via", gateway, "dev", CNI_IFNAME);
}

try {
  if (CNI_COMMAND === "ADD") add();
  else if (CNI_COMMAND === "DEL") vs("--if-exists", "del-port", "br-int", outer);
} catch (error) {
  process.stdout.write(JSON.stringify({ cniVersion: config.cniVersion, code: 7, msg: (error as Error).message }));
  process.exitCode = 1;
}
