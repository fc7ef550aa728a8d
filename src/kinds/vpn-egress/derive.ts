import type { Instance, Intent } from "../../ir/intent.ts";
import type { MemberSpec } from "../../ir/network-spec.ts";
import type { WorkloadRef, Workloads } from "../../ir/workload.ts";
import type { NodePlace } from "../../source/place.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";
import type { IsolationZoneSpec } from "../isolation-zone/types.ts";
import type { DeriveContext, DerivedIntents } from "../kind.ts";
import { addDefaultImage } from "../shared/gateway/default-image.ts";
import { vpnRules } from "./rules.ts";
import type { VpnEgressSpec } from "./types.ts";

/**
 * A client in no zone gets one of its own: the border, the guards and their proof are those of a zone. Its network is that
 * of the tunnel.
 */
export function deriveClientZone(
  written: Instance<VpnEgressSpec>,
  others: readonly Instance[],
  { workloads, project }: DeriveContext,
): DerivedIntents {
  const instance = addDefaultImage(written, "vpn", project);
  const { zone, workload } = instance.spec.clients as Partial<VpnEgressSpec["clients"]>;
  const refused = (found: ReturnType<typeof vpnRules.diagnose>): DerivedIntents => ({
    instances: [],
    diagnostics: [found],
  });
  if ((zone === undefined) === (workload === undefined)) {
    const found = zone === undefined ? "none" : "both";
    return refused(vpnRules.diagnose("one-client", instance.at("clients"), { found }));
  }
  if (!workload) {
    if (instance.spec.podNetwork === undefined) return { instances: [instance], diagnostics: [] };
    const parameters = { zone: zone ?? "" };
    return refused(vpnRules.diagnose("pod-network-of-zone", instance.at("podNetwork"), parameters));
  }
  if (instance.spec.clients.selector)
    return refused(vpnRules.diagnose("selector-without-zone", instance.at("clients", "selector"), {}));
  const owner = zoneOf(workload.namespace, others);
  if (owner) {
    const related = [{ place: owner.at("namespaces"), label: "the zone's namespaces" }];
    const parameters = { ref: formatDisplayName(workload), zone: owner.intent.name };
    return refused(vpnRules.diagnose("client-in-zone", instance.at("clients", "workload"), parameters, { related }));
  }
  return { instances: [inOwnZone(instance, workload), zoneFor(instance, workload, workloads)], diagnostics: [] };
}

function zoneOf(namespace: string, others: readonly Instance[]): Instance | undefined {
  return others.find(
    ({ intent, spec }) => intent.kind === "IsolationZone" && (spec as IsolationZoneSpec).namespaces.includes(namespace),
  );
}

function nameOf(name: string): string {
  return `${name}-clients`;
}

function inOwnZone(instance: Instance<VpnEgressSpec>, workload: WorkloadRef): Instance<VpnEgressSpec> {
  const { network: _network, podNetwork: _podNetwork, clients: _clients, inbound, ...rest } = instance.spec;
  return {
    ...instance,
    spec: {
      ...rest,
      clients: { zone: nameOf(instance.intent.name) },
      ...(inbound && { inbound: inbound.map((one) => ({ ...one, to: one.to ?? { workload } })) }),
    },
  };
}

function zoneFor(
  instance: Instance<VpnEgressSpec>,
  workload: WorkloadRef,
  workloads: Workloads,
): Instance<IsolationZoneSpec> {
  const { intent, spec } = instance;
  const name = nameOf(intent.name);
  // What comes in by the tunnel goes to one address.
  const single = spec.inbound !== undefined && workloads.find(workload)?.pods === 1;
  const member: MemberSpec = { workload, ...(single && { range: { size: 1 } }) };
  const zone: IsolationZoneSpec = {
    namespaces: [workload.namespace],
    members: [member],
    network: { ...spec.network, separation: spec.network?.separation ?? "vlan" },
    ...(spec.podNetwork && { podNetwork: spec.podNetwork }),
    ...(spec.clusters && { clusters: spec.clusters }),
    ...(spec.target !== undefined && { target: spec.target }),
  };
  const { formerName } = intent;
  const own: Intent = {
    ...intent,
    kind: "IsolationZone",
    name,
    id: `isolationzone/${name}`,
    formerName: formerName === undefined ? undefined : nameOf(formerName),
    spec: zone,
  };
  return { intent: own, cluster: instance.cluster, spec: zone, at: (...path) => placeOf(instance, path) };
}

/** Where a field of the zone is written. */
function placeOf(instance: Instance<VpnEgressSpec>, path: readonly (string | number)[]): NodePlace {
  const [key, ...rest] = path;
  if (key === undefined) return instance.at();
  if (key === "namespaces") return instance.at("clients", "workload", "namespace");
  if (key === "members" && rest[1] === "workload") return instance.at("clients", "workload", ...rest.slice(2));
  if (key === "members") return instance.at("clients", "workload");
  if (key === "network" && !instance.spec.network) return instance.at("clients");
  if (key === "network" || key === "podNetwork" || key === "clusters" || key === "target")
    return instance.at(key, ...rest);
  return instance.at("clients");
}
