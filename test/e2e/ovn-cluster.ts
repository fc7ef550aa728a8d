import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { batch, switchOf } from "./links.ts";
import type { KubeObject } from "./manifests.ts";
import { bridgeOf, type OvnNode, startOvn } from "./ovn-node.ts";
import {
  definitionsOf,
  localnetsOf,
  type OvnPort,
  type PortedPod,
  portGroupsOf,
  portMaker,
  securityOf,
} from "./ovn-objects.ts";
import type { Labels } from "./selectors.ts";

/** OVN as the controllers of OVN-Kubernetes would have filled it from a cluster's objects. */
export interface OvnCluster {
  readonly folder: string;
  /** The definitions that the controllers would keep. */
  readonly definitions: readonly KubeObject[];
  /** Makes the ports of a pod before it starts. */
  addPod(pod: KubeObject): Promise<void>;
  /** Writes the policies anew; none: takes them away. */
  enforce(objects: readonly KubeObject[], namespaces: ReadonlyMap<string, Labels>): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts OVN for the networks among `objects`; undefined where no object is one of OVN's. `parents`: the interface behind
 * each physical network, on whose VLANs (`links`, such as `bond1.110`) machines outside of OVN stand.
 */
export async function makeOvn(
  folder: string,
  objects: readonly KubeObject[],
  parents: Readonly<Record<string, string>>,
  links: readonly string[],
): Promise<OvnCluster | undefined> {
  const nets = localnetsOf(objects);
  if (nets.length === 0) return undefined;
  const node = await startOvn(folder, Object.keys(parents));
  mkdirSync(join(folder, "ports"));
  for (const [physical, parent] of Object.entries(parents))
    for (const link of links.filter((one) => one.startsWith(`${parent}.`))) await joinVlan(node, physical, link);
  for (const { name, physicalNetwork, vlan } of nets) {
    const port = `${name}_localnet`;
    await node.nb("ls-add", name);
    await node.nb(
      "lsp-add",
      name,
      port,
      "--",
      "lsp-set-type",
      port,
      "localnet",
      "--",
      "lsp-set-addresses",
      port,
      "unknown",
    );
    await node.nb("lsp-set-options", port, `network_name=${physicalNetwork}`);
    if (vlan !== undefined) await node.nb("set", "logical_switch_port", port, `tag_request=${vlan}`, `tag=${vlan}`);
  }
  const makePorts = portMaker(nets);
  const pods: PortedPod[] = [];
  let groups: readonly string[] = [];
  return {
    folder,
    definitions: nets.flatMap(definitionsOf),
    addPod: async (pod) => {
      const ports = makePorts(pod);
      for (const port of ports) await addPort(node, port);
      const { namespace = "", name, labels = {} } = pod.metadata;
      pods.push({ namespace, labels, ports });
      writeFileSync(join(folder, "ports", `${namespace}_${name}.json`), JSON.stringify(ports));
    },
    enforce: async (policies, namespaces) => {
      for (const group of groups) await node.nb("pg-del", group);
      const wanted = portGroupsOf(policies, pods, namespaces);
      for (const { name, ports, acls } of wanted) {
        await node.nb("pg-add", name, ...ports);
        for (const { direction, priority, match, action } of acls)
          await node.nb("--may-exist", "acl-add", name, direction, String(priority), match, action);
      }
      groups = wanted.map((group) => group.name);
      await node.nb("--wait=hv", "sync");
    },
    stop: () => node.stop(),
  };
}

async function addPort(node: OvnNode, port: OvnPort): Promise<void> {
  const says = securityOf(port);
  await node.nb(
    "lsp-add",
    port.network,
    port.name,
    "--",
    "lsp-set-addresses",
    port.name,
    says,
    "--",
    "lsp-set-port-security",
    port.name,
    says,
  );
}

/** The switch of a VLAN and the bridge of OVN's uplink are one wire. */
async function joinVlan(node: OvnNode, physical: string, link: string): Promise<void> {
  const id = switchOf(link).replace("plbs-", "");
  const [outside, inner] = [`plbu-${id}`, `plbv-${id}`];
  await batch([
    `link add ${outside} type veth peer name ${inner}`,
    `link set ${outside} master ${switchOf(link)} up`,
    `link set ${inner} up`,
  ]);
  await node.vs("add-port", bridgeOf(physical), inner, `tag=${link.slice(link.lastIndexOf(".") + 1)}`);
}
