import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { canonical } from "./address.ts";
import { type Agent, startAgent } from "./agents.ts";
import type { ApiServer } from "./apiserver.ts";
import type { ClusterApi } from "./cluster-api.ts";
import { startContainers, type VolumeData } from "./containers.ts";
import { defaultNetworkRules } from "./default-network-policy.ts";
import type { Expectations } from "./expectations.ts";
import { type Kubelet, type Pod, type PodPlan, PodRefused, planPods, startPod } from "./kubelet.ts";
import { clearNode, makeBridge, makeHost, makeLink, switchOf } from "./links.ts";
import type { KubeObject, ManifestSet } from "./manifests.ts";
import { makeMultus } from "./multus.ts";
import { makeOvn, type OvnCluster } from "./ovn-cluster.ts";
import { multiPolicyRules } from "./policy-standin.ts";
import type { Labels } from "./selectors.ts";
import { pool, run, until } from "./shell.ts";
import { startTunnelPeers, type TunnelKeys, tunnelKeys, tunnelSecrets, withPeerKeys } from "./tunnel-peer.ts";

/** What a world is made in: an API server, the built parts and the bundled scripts. */
export interface Ground {
  readonly bin: string;
  readonly server: ApiServer;
  readonly api: ClusterApi;
  readonly prefix: string;
  readonly folder: string;
  readonly agentScript: string;
  readonly whereaboutsScript: string;
  readonly ovnScript: string;
}

/** A host outside of the cluster, with its agent. */
export interface Host {
  readonly name: string;
  readonly netns: string;
  readonly addresses: readonly string[];
  readonly agent: Agent;
}

/** A running cluster: pods, hosts, rules. */
export interface World {
  readonly expectations: Expectations;
  /** Stands before the names of its pods where two clusters are looked at; empty for one. */
  readonly mark: string;
  readonly objects: readonly KubeObject[];
  readonly pods: readonly Pod[];
  readonly hosts: readonly Host[];
  readonly keys: ReadonlyMap<string, TunnelKeys>;
  readonly data: VolumeData;
  readonly ovn: OvnCluster | undefined;
  /** Pods that did not start, and gateway containers that did not become ready: words for each. */
  readonly troubles: readonly string[];
  down(): Promise<void>;
}

export interface WorldOptions {
  /** Gateway pods whose containers are not started. */
  readonly withoutContainers?: (plan: PodPlan) => boolean;
  /** Milliseconds that gateways get to become ready; default 15,000. */
  readonly readyWithin?: number;
  readonly mark?: string;
  /** Only these pods; default all. */
  readonly only?: (plan: PodPlan) => boolean;
}

let worlds = 0;

/** Builds a world from manifests. Refused pods and gateways that are not ready are troubles, not exceptions. */
export async function makeWorld(
  ground: Ground,
  set: ManifestSet,
  expectations: Expectations,
  options: WorldOptions = {},
): Promise<World> {
  const folder = join(ground.folder, `world-${++worlds}`);
  const prefix = `${ground.prefix}-${worlds}`;
  mkdirSync(folder, { recursive: true });
  await clearNode();
  const keys = await tunnelKeys(expectations);
  const written = withPeerKeys([...set.objects, ...expectations.extraObjects], expectations, keys);
  await makeLinks(expectations);
  const ovn = expectations.ovn && (await startOvnFor(join(folder, "ovn"), written, expectations.ovn, expectations));
  const objects = [...written, ...(ovn?.definitions ?? [])];
  const namespaces = await applyNetworks(ground.api, objects, set.workloads, expectations);
  const { platform } = expectations;
  const { podCidrs: cidrs, mtu, namespaceIsolation } = platform;
  const network = { cidrs, mtu, namespaceIsolation, ...(ovn && { ovn: ovn.folder }) };
  const scripts = { whereabouts: ground.whereaboutsScript, ovn: ground.ovnScript };
  const multus = makeMultus(ground.bin, folder, ground.server, scripts, network);
  const kubelet: Kubelet = { api: ground.api, multus, ovn, prefix, folder };
  const troubles: string[] = [];
  const pods = await startPods(
    kubelet,
    allPlans(objects, set, expectations).filter(options.only ?? (() => true)),
    troubles,
  );
  await makeUplink(prefix, expectations);
  await enforce(pods, objects, namespaces, expectations);
  await ovn?.enforce(objects, namespaces);
  const data = volumeData(objects, expectations, keys);
  const hosts = await startHosts(ground, prefix, expectations);
  await startTunnelPeers(prefix, folder, expectations, keys);
  await startAgents(ground, pods, expectations, options.mark);
  await startGateways(
    pods.filter((pod) => pod.gateway && !options.withoutContainers?.(pod)),
    data,
    troubles,
  );
  await waitReady(pods, options.readyWithin ?? 15_000, troubles);
  return {
    expectations,
    mark: options.mark ?? "",
    objects,
    pods,
    hosts,
    keys,
    data,
    ovn,
    troubles,
    down: async () => {
      for (const pod of pods) for (const container of pod.containers) container.kill("SIGKILL");
      for (const side of [...pods, ...hosts]) side.agent?.stop();
      await pool(pods, 8, async (pod) => ground.api.remove(podOf(pod)));
      await ovn?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function startOvnFor(
  folder: string,
  objects: readonly KubeObject[],
  { physicalNetworks }: NonNullable<Expectations["ovn"]>,
  { links }: Expectations,
): Promise<OvnCluster | undefined> {
  return makeOvn(
    folder,
    objects,
    physicalNetworks,
    links.map((link) => link.name),
  );
}

function podOf(pod: Pod): KubeObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { name: pod.name, namespace: pod.namespace } };
}

function allPlans(objects: readonly KubeObject[], set: ManifestSet, expectations: Expectations): PodPlan[] {
  const gateways = planPods(objects, true, 1);
  const workloads = planPods(set.workloads, false, expectations.replicas);
  const extra = expectations.extraPods.map((pod) => ({
    namespace: pod.namespace,
    workload: pod.name,
    name: pod.name,
    controller: "",
    gateway: false,
    template: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: pod.name, labels: { ...pod.labels } },
      spec: { containers: [{ name: "main", image: "registry.example.com/extra:1" }] },
    },
  }));
  return [...gateways, ...workloads, ...extra];
}

async function makeLinks(expectations: Expectations): Promise<void> {
  for (const link of expectations.links) {
    await makeLink(link.name, link.mtu);
    if (link.bridge) await makeBridge(link.bridge, link.name, link.mtu);
  }
}

/** Namespaces and networks are stored in the API server; networks of an earlier world that are gone are removed. */
async function applyNetworks(
  api: ClusterApi,
  objects: readonly KubeObject[],
  workloads: readonly KubeObject[],
  expectations: Expectations,
): Promise<Map<string, Labels>> {
  const labels = new Map<string, Labels>();
  const name = (namespace: string, own: Labels = {}) =>
    labels.set(namespace, { ...labels.get(namespace), ...own, "kubernetes.io/metadata.name": namespace });
  for (const object of [...objects, ...workloads]) {
    if (object.kind === "Namespace") name(object.metadata.name, object.metadata.labels);
    else if (object.metadata.namespace) name(object.metadata.namespace);
  }
  for (const pod of expectations.extraPods) name(pod.namespace);
  for (const namespace of labels.keys()) {
    await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }, { manager: "plb-world" });
  }
  const networks = objects.filter((object) => object.kind === "NetworkAttachmentDefinition");
  const answers = await pool(networks, 4, (nad) => api.apply(nad, { manager: "plb-world" }));
  const refused = answers.find((answer) => answer.refusal);
  if (refused) throw new Error(`a network was refused: ${refused.refusal}`);
  const stale = stored.filter((old) => !networks.some((nad) => idName(nad) === idName(old)));
  await pool(stale, 4, (nad) => api.remove(nad));
  stored = networks;
  return labels;
}

let stored: readonly KubeObject[] = [];

function idName(object: KubeObject): string {
  return `${object.metadata.namespace}/${object.metadata.name}`;
}

async function startPods(kubelet: Kubelet, plans: readonly PodPlan[], troubles: string[]): Promise<Pod[]> {
  const started = await pool(plans, 3, async (plan) => {
    try {
      return await startPod(kubelet, plan);
    } catch (error) {
      if (!(error instanceof PodRefused)) throw error;
      troubles.push(error.message);
      return undefined;
    }
  });
  return started.filter((pod) => pod !== undefined);
}

/** NetworkPolicy on the node's side of every eth0, MultiNetworkPolicy inside of every pod. */
export async function enforce(
  pods: readonly Pod[],
  objects: readonly KubeObject[],
  namespaces: ReadonlyMap<string, Labels>,
  expectations: Expectations,
): Promise<void> {
  const { platform } = expectations;
  const rules = defaultNetworkRules(objects, { pods, namespaces }, platform.adminTier);
  await run("nft", ["-f", "-"], { input: rules });
  await pool(pods, 4, async (pod) => {
    const input = multiPolicyRules(pod, pods, objects, namespaces, platform.multiPolicy);
    await run("nsenter", [`--net=/run/netns/${pod.netns}`, "nft", "-f", "-"], { input });
  });
}

/** Takes the MultiNetworkPolicy controller away: what it would do must not be what a border rests on. */
export async function withoutMultiPolicy(world: World): Promise<void> {
  await world.ovn?.enforce([], new Map());
  await pool(world.pods, 4, (pod) =>
    run("nsenter", [`--net=/run/netns/${pod.netns}`, "nft", "delete", "table", "inet", "plb-multi-policy"]),
  );
}

/** Beyond the node: everything without a better route goes to the first host that is not on a VLAN, or nowhere. */
async function makeUplink(prefix: string, expectations: Expectations): Promise<void> {
  for (const host of expectations.hosts) {
    const routes = host.routes ?? [];
    await makeHost({
      netns: `${prefix}-host-${host.name}`,
      bridge: host.link ? switchOf(host.link) : undefined,
      addresses: host.addresses,
      routes,
      mtu: expectations.platform.mtu,
    });
    // The userspace datapath forwards half-made checksums of veth as they are.
    if (host.link && expectations.ovn)
      await run("nsenter", [`--net=/run/netns/${prefix}-host-${host.name}`, "ethtool", "-K", "net0", "tx", "off"]);
    if (!host.link) await routeBeyond(`${prefix}-host-${host.name}`, host.addresses);
  }
}

/** A routed host: the node reaches its addresses by its link, and it reaches everything by the node. */
async function routeBeyond(netns: string, addresses: readonly string[]): Promise<void> {
  const found = JSON.parse(await run("ip", ["-n", netns, "-j", "link", "show", "net0"])) as { link_index: number }[];
  const links = JSON.parse(await run("ip", ["-j", "link"])) as { ifindex: number; ifname: string }[];
  const link = links.find((entry) => entry.ifindex === found[0]?.link_index)?.ifname ?? "";
  await run("ip", ["addr", "replace", "169.254.254.1/32", "dev", link]);
  await run("ip", ["-6", "addr", "replace", "fe80::1/64", "dev", link, "nodad"]);
  for (const address of addresses) {
    await run("ip", ["route", "replace", canonical(address.split("/")[0] ?? ""), "dev", link]);
  }
  await run("ip", ["-n", netns, "route", "add", "169.254.254.1", "dev", "net0"]);
  await run("ip", ["-n", netns, "route", "add", "default", "via", "169.254.254.1"]);
  await run("ip", ["-n", netns, "-6", "route", "add", "default", "via", "fe80::1", "dev", "net0"]);
}

/** Numbers of the ports that every agent answers on. */
export function portsOf(probe: readonly string[], protocol: "tcp" | "udp"): number[] {
  return probe.filter((port) => port.startsWith(`${protocol}/`)).map((port) => Number(port.split("/")[1]));
}

function listenOf(expectations: Expectations, names: Readonly<Record<string, string>> = {}) {
  return { tcp: portsOf(expectations.probe, "tcp"), udp: portsOf(expectations.probe, "udp"), names };
}

async function startHosts(ground: Ground, prefix: string, expectations: Expectations): Promise<Host[]> {
  return pool(expectations.hosts, 4, async (host) => {
    const netns = `${prefix}-host-${host.name}`;
    const agent = await startAgent(ground.agentScript, netns, `host:${host.name}`, listenOf(expectations, host.names));
    return { name: host.name, netns, addresses: host.addresses.map((a) => canonical(a.split("/")[0] ?? "")), agent };
  });
}

async function startAgents(ground: Ground, pods: readonly Pod[], expectations: Expectations, mark = ""): Promise<void> {
  await pool(pods, 4, async (pod) => {
    const extra = expectations.extraPods.find((e) => e.namespace === pod.namespace && e.name === pod.name);
    const name = `${mark}${pod.namespace}/${pod.name}`;
    pod.agent = await startAgent(ground.agentScript, pod.netns, name, listenOf(expectations, extra?.names));
  });
}

/** Starts the containers of gateway pods; one that cannot start is a trouble. */
export async function startGateways(pods: readonly Pod[], data: VolumeData, troubles: string[]): Promise<void> {
  for (const pod of pods) {
    try {
      mkdirSync(pod.folder, { recursive: true });
      pod.ownAddresses = addressesOfScript(pod, data);
      pod.containers = await startContainers(pod, pod.folder, data);
    } catch (error) {
      troubles.push((error as Error).message);
    }
  }
}

function addressesOfScript({ namespace, workload }: Pod, data: VolumeData): readonly string[] {
  const script = `${workload}.addresses.sh`;
  return [...data].flatMap(([name, files]) =>
    name.startsWith(`ConfigMap/${namespace}/`)
      ? [...(files[script] ?? "").matchAll(/^ip address replace ([^/ ]+)/gm)].map((match) => canonical(match[1] ?? ""))
      : [],
  );
}

/** Waits until every exec readiness probe of the gateways has succeeded. */
export async function waitReady(pods: readonly Pod[], within: number, troubles: string[]): Promise<void> {
  const waiting = pods.flatMap((pod) => pod.containers.map((container) => ({ pod, container })));
  await pool(waiting, 8, async ({ pod, container }) => {
    const probe = container.spec.readinessProbe?.exec?.command;
    if (!probe) return;
    if (!(await until(async () => (await container.exec(probe)) === 0, within, 250))) {
      const log = container.log().trim().split("\n").slice(-6).join(" | ");
      troubles.push(`${pod.namespace}/${pod.name}: container ${container.name} did not become ready: ${log}`);
    }
  });
}

/** Every ConfigMap of the manifests, and the secrets that the suite makes up. */
export function volumeData(
  objects: readonly KubeObject[],
  expectations: Expectations,
  keys: ReadonlyMap<string, TunnelKeys>,
): VolumeData {
  const data = new Map<string, Readonly<Record<string, string>>>(tunnelSecrets(expectations, keys));
  for (const object of objects.filter((o) => o.kind === "ConfigMap")) {
    data.set(`ConfigMap/${idName(object)}`, (object.data as Record<string, string> | undefined) ?? {});
  }
  return data;
}
