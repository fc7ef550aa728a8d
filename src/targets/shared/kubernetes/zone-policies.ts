import type { Manifest } from "../../../ir/manifest.ts";
import type { Boundary, Opening, OpeningPeer } from "../../../ir/plan.ts";
import { formatCidr } from "../../../net/cidr.ts";
import { objectName } from "../../../net/name.ts";
import { fileOf, manifest, waves } from "./metadata.ts";
import { policyPorts } from "./ports.ts";

/** Namespaces by the one label that Kubernetes itself sets and guards. */
export function namespacesNamed(names: readonly string[]): Readonly<Record<string, unknown>> {
  return { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: [...names] }] };
}

/** eth0 of a zone: closed in every one of its namespaces, then opened as the intent says. Policies only add. */
export function zonePolicies(boundary: Boundary): readonly Manifest[] {
  if (boundary.audit) return [];
  const byName = new Map<string, Opening[]>();
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

function networkPolicy(boundary: Boundary, namespace: string, name: string, spec: unknown): Manifest {
  return manifest(
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      template: "kubernetes/network-policy",
      file: fileOf("zone", boundary.intent),
    },
    { name: objectName(["zone", boundary.name, name]), namespace, wave: waves.policy },
    boundary,
    { spec },
  );
}

function specOf(openings: readonly Opening[]): unknown {
  const ingress = openings.filter((one) => one.direction === "ingress");
  const egress = openings.filter((one) => one.direction === "egress");
  return {
    podSelector: openings[0]?.pods ?? {},
    policyTypes: [...(ingress.length > 0 ? ["Ingress"] : []), ...(egress.length > 0 ? ["Egress"] : [])],
    ...(ingress.length > 0 && {
      ingress: ingress.map((one) => ({ from: peersOf(one.peer), ...policyPorts(one.services) })),
    }),
    ...(egress.length > 0 && {
      egress: egress.map((one) => ({ to: peersOf(one.peer), ...policyPorts(one.services) })),
    }),
  };
}

function peersOf(peer: OpeningPeer): readonly unknown[] {
  if (peer.type === "cidrs") return peer.cidrs.map((one) => ({ ipBlock: { cidr: formatCidr(one) } }));
  return [{ namespaceSelector: namespacesNamed(peer.names), ...(peer.pods && { podSelector: peer.pods }) }];
}
