import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { attempt, run, until } from "./shell.ts";

/**
 * A node of real OVN, from Debian's packages: databases, northd, ovn-controller, and Open vSwitch with its userspace datapath,
 * since the kernel here has no openvswitch module. Everything lives in the network namespace that it is started in.
 */
export interface OvnNode {
  readonly folder: string;
  nb(...args: readonly string[]): Promise<string>;
  vs(...args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

const SCHEMAS = [
  ["conf", "/usr/share/openvswitch/vswitch.ovsschema"],
  ["nb", "/usr/share/ovn/ovn-nb.ovsschema"],
  ["sb", "/usr/share/ovn/ovn-sb.ovsschema"],
] as const;

/** Starts the daemons with their sockets in `folder`, a bridge for each physical network, and waits until OVN answers. */
export async function startOvn(folder: string, physicalNetworks: readonly string[]): Promise<OvnNode> {
  mkdirSync(folder, { recursive: true });
  const env = Object.fromEntries(
    ["OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR", "OVN_RUNDIR", "OVN_LOGDIR", "OVN_DBDIR"].map((key) => [key, folder]),
  );
  const at = (name: string) => join(folder, name);
  const db = (name: string) => `unix:${at(`${name}.sock`)}`;
  const daemon = (command: string, name: string, ...args: readonly string[]) =>
    run(
      command,
      [
        ...args,
        `--pidfile=${at(`${name}.pid`)}`,
        `--log-file=${at(`${name}.log`)}`,
        "--detach",
        "--no-chdir",
        "--verbose=console:off",
      ],
      { env },
    );
  for (const [name, schema] of SCHEMAS) {
    await run("ovsdb-tool", ["create", at(`${name}.db`), schema], { env });
    await daemon("ovsdb-server", name, at(`${name}.db`), `--remote=p${db(name)}`, `--unixctl=${at(`${name}.ctl`)}`);
  }
  const vs = (...args: readonly string[]) => run("ovs-vsctl", ["--timeout=20", `--db=${db("conf")}`, ...args], { env });
  const nb = (...args: readonly string[]) => run("ovn-nbctl", ["--timeout=20", `--db=${db("nb")}`, ...args], { env });
  const mappings = physicalNetworks.map((name) => `${name}:${bridgeOf(name)}`).join(",");
  const settings = {
    "system-id": "node1",
    hostname: "node1",
    "ovn-remote": db("sb"),
    "ovn-encap-type": "geneve",
    "ovn-encap-ip": "127.0.0.1",
    "ovn-bridge-datapath-type": "netdev",
    "ovn-bridge-mappings": `"${mappings}"`,
  };
  await vs("--no-wait", "init");
  await vs(
    "--no-wait",
    "set",
    "Open_vSwitch",
    ".",
    ...Object.entries(settings).map(([key, value]) => `external_ids:${key}=${value}`),
  );
  await daemon("ovs-vswitchd", "vswitchd", db("conf"), `--unixctl=${at("vswitchd.ctl")}`, "--disable-system");
  await daemon(
    "ovn-northd",
    "northd",
    `--ovnnb-db=${db("nb")}`,
    `--ovnsb-db=${db("sb")}`,
    `--unixctl=${at("northd.ctl")}`,
  );
  for (const bridge of ["br-int", ...physicalNetworks.map(bridgeOf)])
    await vs("--may-exist", "add-br", bridge, "--", "set", "bridge", bridge, "datapath_type=netdev");
  await vs("set", "bridge", "br-int", "fail-mode=secure");
  await daemon("ovn-controller", "controller", db("conf"));
  await nb("--wait=hv", "sync");
  const names = ["controller", "northd", "vswitchd", ...SCHEMAS.map(([name]) => name)];
  return { folder, nb, vs, stop: () => stopAll(names.map((name) => at(`${name}.pid`))) };
}

/** The bridge that a physical network is mapped to (`ovn-bridge-mappings`). */
export function bridgeOf(physicalNetwork: string): string {
  return `br-${physicalNetwork}`.slice(0, 15);
}

async function stopAll(pidFiles: readonly string[]): Promise<void> {
  for (const file of pidFiles) await attempt("sh", ["-c", `[ ! -f ${file} ] || kill "$(cat ${file})"`]);
  await until(
    async () => (await attempt("sh", ["-c", `ls ${pidFiles.join(" ")} 2>/dev/null | grep -q .`])).code !== 0,
    8000,
  );
}
