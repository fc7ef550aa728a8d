import { pushTo } from "../../collections/push-to.ts";
import { formatInterfaceAddress } from "../../net/cidr.ts";
import { isForeignNetwork } from "../checks/foreign-network.ts";
import type { FlowSet } from "../dataplane/flow.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { formatName, readFields, readList, readText } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { listWorkloadIds } from "../model/pods/node.ts";

/** What a proof takes for granted in a cluster, one sentence each, sorted. */
export function listAssumptions(model: Model, flows: FlowSet, watch: ExpectedIndex): readonly string[] {
  const devices = model.nodes.filter((one) => one.type === "external").flatMap((one) => one.interfaces);
  const meant = new Set([
    ...model.networks.filter((one) => one.manifest.intent !== undefined).map((one) => one.domain),
    ...devices.map((one) => one.domain),
  ]);
  const unknown = new Map<string, string[]>();
  for (const node of model.nodes)
    for (const link of node.interfaces) {
      if (!isForeignNetwork(link, watch) || !watch.zones.has(node.namespace) || meant.has(link.domain)) continue;
      for (const id of listWorkloadIds(node)) pushTo(unknown, link.domain, id);
    }
  const found = [...unknown].map(
    ([domain, pods]) => `${domain}, leads to no other zone (${pods.sort().join(", ")} are on it)`,
  );
  const answering = new Set(
    flows.secondary
      .filter((flow) => flow.assumed.length > 0 && flow.to.type === "node")
      .map((flow) => (flow.to.type === "node" ? flow.to.node.id : "")),
  );
  // Only where a connection comes by a gateway: then handoff.md asks for a route back.
  for (const { id, routesBack } of model.externals)
    if (routesBack && answering.has(id)) found.push(`routers behind ${id} lead back to the zones, as handoff.md asks`);
  for (const { intent, nodes } of watch.expected.externallyManaged)
    found.push(`${nodes.join(" and ")} let through what the rules of ${intent} say`);
  for (const { id, namespace, manifest } of model.pods) {
    const kept = (watch.zones.get(namespace)?.exceptions ?? []).filter(
      (one) => one.pod === undefined || one.pod === id,
    );
    if (kept.length === 0 || manifest.kind.startsWith("VirtualMachine")) continue;
    const capabilities = [...new Set(kept.map((one) => one.capability))].sort().join(" and ");
    found.push(`${id} sends from its own addresses alone, although it may have ${capabilities}`);
  }
  for (const { node, addresses, routes, interface: name } of watch.expected.guests) {
    const by =
      routes.length > 0 ? `, and ${routes.length === 1 ? "the route" : "the routes"} that handoff.md lists` : "";
    found.push(
      `the guest of ${node} sets ${addresses.map(formatInterfaceAddress).join(" and ")} on ${name}${by}, and no other address`,
    );
  }
  found.push(...unguardedOn(model, watch));
  for (const one of watch.expected.kept)
    found.push(`${one} is written as it stood, so who reaches whom on it is as it was and not verified`);
  if (model.platform.adminPolicy === "none" && watch.zones.size > 0)
    found.push("tenants add no NetworkPolicy that opens eth0 again: the platform has no admin tier");
  found.push(...rebuiltIn(model, watch));
  const open = openLinks(model, watch);
  if (open.length > 0) {
    const links = open.length > 4 ? `${open.slice(0, 4).join(", ")} and ${open.length - 4} more` : open.join(", ");
    found.push(
      `nodes have no address on ${links}, and answer nothing there, IPv6 link-local addresses included, as handoff.md asks`,
    );
  }
  return found.sort();
}

/** Pods of no zone on networks whose policies match addresses: nothing refuses pods that keep NET_RAW there. */
function unguardedOn(model: Model, watch: ExpectedIndex): readonly string[] {
  const limited = new Set(watch.expected.networks.flatMap((one) => (one.limited ? [one.id] : [])));
  const pods = new Map<string, string[]>();
  for (const node of limited.size === 0 ? [] : model.nodes) {
    if (node.type !== "workload" || watch.zones.get(node.namespace)?.audit === false) continue;
    const networks = new Set(node.interfaces.map((one) => one.network?.manifest.intent ?? ""));
    for (const id of networks) if (limited.has(id)) pushTo(pods, id, node.namespace);
  }
  return [...pods].map(([id, namespaces]) => {
    const names = [...new Set(namespaces)].sort().join(", ");
    return `pods of ${names} are on ${id} only as their manifests say, and send from their own addresses: no admission policy refuses others there`;
  });
}

/** What kustomizations change of objects in zones, beside namespaces. */
function rebuiltIn(model: Model, watch: ExpectedIndex): readonly string[] {
  const objects = new Map<string, string[]>();
  for (const { by, manifest } of model.rebuilt)
    if (watch.zones.has(manifest.namespace)) pushTo(objects, by, formatName(manifest));
  return [...objects].map(([by, [first, ...others]]) => {
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    return `${by} change nothing that a zone depends on (in ${first}${more})`;
  });
}

/** Links of networks on which a node has addresses unless somebody takes them: those that no policy of NMState closes. */
function openLinks(model: Model, watch: ExpectedIndex): readonly string[] {
  const closed = new Set<string>();
  for (const { kind, value } of model.written)
    if (kind === "NodeNetworkConfigurationPolicy")
      for (const one of readList(value, "spec", "desiredState", "interfaces"))
        if (isClosed(one, "ipv4") && isClosed(one, "ipv6")) closed.add(readText(one, "name") ?? "");
  const links = watch.expected.links
    .filter(({ attach, vlan, bridgeIsThere }) =>
      attach === "bridge" ? !bridgeIsThere : vlan !== undefined && (attach === "macvlan" || attach === "ipvlan"),
    )
    .map((one) => one.interface ?? "the nodes' default link")
    .filter((name) => !closed.has(name));
  return [...new Set(links)].sort();
}

function isClosed(link: unknown, family: "ipv4" | "ipv6"): boolean {
  return readFields(link, family).enabled === false;
}
