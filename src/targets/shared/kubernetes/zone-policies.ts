import type { Manifest } from "../../../ir/manifest.ts";
import type { DefaultDenyZone, ZoneOpening, ZoneOpeningPeer } from "../../../ir/plan.ts";
import { formatCidr } from "../../../net/cidr.ts";
import { formatObjectName } from "../../../net/name.ts";
import { buildManifest, formatIntentPath, SYNC_WAVES } from "./metadata.ts";
import { formatPolicyPorts } from "./ports.ts";

/** Namespaces by the one label that Kubernetes itself sets and guards. */
export function selectNamespaces(names: readonly string[]): Readonly<Record<string, unknown>> {
  return { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: [...names] }] };
}

/** eth0 of a zone: closed in every one of its namespaces, then opened as the intent says. Policies only add. */
export function buildZonePolicies(boundary: DefaultDenyZone): readonly Manifest[] {
  if (boundary.audit) return [];
  const byName = new Map<string, ZoneOpening[]>();
  for (const opening of boundary.openings) {
    const list = byName.get(opening.name);
    if (list) list.push(opening);
    else byName.set(opening.name, [opening]);
  }
  return boundary.namespaces.flatMap((namespace) => [
    networkPolicy(boundary, namespace, "default-deny", { podSelector: {}, policyTypes: ["Ingress", "Egress"] }),
    ...[...byName].map(([name, openings]) => networkPolicy(boundary, namespace, name, specOf(openings))),
  ]);
}

function networkPolicy(boundary: DefaultDenyZone, namespace: string, name: string, spec: unknown): Manifest {
  return buildManifest(
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      template: "kubernetes/network-policy",
      file: formatIntentPath("zone", boundary.intent),
    },
    { name: formatObjectName(["zone", boundary.name, name]), namespace, wave: SYNC_WAVES.policy },
    boundary,
    { spec },
  );
}

function specOf(openings: readonly ZoneOpening[]): unknown {
  const ingress = openings.filter((one) => one.direction === "ingress");
  const egress = openings.filter((one) => one.direction === "egress");
  return {
    podSelector: openings[0]?.pods ?? {},
    policyTypes: [...(ingress.length > 0 ? ["Ingress"] : []), ...(egress.length > 0 ? ["Egress"] : [])],
    ...(ingress.length > 0 && {
      ingress: ingress.map((one) => ({ from: peersOf(one.peer), ...formatPolicyPorts(one.services) })),
    }),
    ...(egress.length > 0 && {
      egress: egress.map((one) => ({ to: peersOf(one.peer), ...formatPolicyPorts(one.services) })),
    }),
  };
}

function peersOf(peer: ZoneOpeningPeer): readonly unknown[] {
  if (peer.type === "cidrs") return peer.cidrs.map((one) => ({ ipBlock: { cidr: formatCidr(one) } }));
  return [{ namespaceSelector: selectNamespaces(peer.names), ...(peer.pods && { podSelector: peer.pods }) }];
}
