import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { Manifest } from "../../../ir/manifest.ts";
import type { DefaultDenyZone, ZoneOpening } from "../../../ir/plan.ts";
import type { Platform } from "../../../ir/project.ts";
import { formatCidr } from "../../../net/cidr.ts";
import { formatObjectName } from "../../../net/name.ts";
import type { Service } from "../../../net/service.ts";
import { buildManifest, SYNC_WAVES } from "./metadata.ts";
import { platformRules } from "./rules.ts";
import { selectNamespaces } from "./zone-policies.ts";

type Api = Exclude<Platform["adminPolicy"], "none">;

/** Rules that one object takes in a direction (network-policy-api: 100 in v1alpha1, 25 in v1alpha2). */
const LIMIT: Readonly<Record<Api, number>> = { AdminNetworkPolicy: 100, ClusterNetworkPolicy: 25 };

/**
 * The layer that no tenant can reopen: Pass for exactly what the zone opens, so that its NetworkPolicies decide,
 * then Deny for all other namespaces and for every address.
 */
export function buildAdminPolicy(
  boundary: DefaultDenyZone,
  platform: Platform,
  found: Diagnostic[],
): readonly Manifest[] {
  const api = platform.adminPolicy;
  if (api === "none" || boundary.audit) return [];
  const ingress = rulesOf(boundary, "ingress", api);
  const egress = rulesOf(boundary, "egress", api);
  for (const rules of [ingress, egress])
    if (rules.length > LIMIT[api])
      found.push(
        platformRules.diagnose("too-many-openings", boundary.origin, { found: rules.length, limit: LIMIT[api] }),
      );
  const spec = {
    ...(api === "ClusterNetworkPolicy" && { tier: "Admin" }),
    priority: boundary.priority,
    subject: { namespaces: selectNamespaces(boundary.namespaces) },
    ingress,
    egress,
  };
  const version = api === "ClusterNetworkPolicy" ? "v1alpha2" : "v1alpha1";
  return [
    buildManifest(
      {
        apiVersion: `policy.networking.k8s.io/${version}`,
        kind: api,
        template: "kubernetes/admin-policy",
        file: "guards.yaml",
      },
      { name: formatObjectName(["zone", boundary.name]), wave: SYNC_WAVES.policy },
      boundary,
      { spec },
    ),
  ];
}

const EVERY_NAMESPACE = { namespaces: {} };
const EVERYWHERE = { networks: ["0.0.0.0/0", "::/0"] };

function rulesOf(boundary: DefaultDenyZone, direction: "ingress" | "egress", api: Api): readonly unknown[] {
  const key = direction === "ingress" ? "from" : "to";
  const opened = boundary.openings.filter((opening) => opening.direction === direction);
  // Addresses can only be named as destinations; an opening from addresses is outside this API's reach.
  const sayable = opened.filter((opening) => direction === "egress" || opening.peer.type !== "cidrs");
  const pass = sayable.map((opening) => ({
    name: `pass-${opening.name}`,
    action: "Pass",
    [key]: peersOf(opening),
    ...portsOf(opening.services, api),
  }));
  const deny = [
    { name: "deny-other-namespaces", action: "Deny", [key]: [EVERY_NAMESPACE] },
    ...(direction === "egress" ? [{ name: "deny-everywhere", action: "Deny", to: [EVERYWHERE] }] : []),
  ];
  return [...pass, ...deny];
}

function peersOf(opening: ZoneOpening): readonly unknown[] {
  const { peer } = opening;
  if (peer.type === "cidrs") return chunksOf(peer.cidrs.map(formatCidr)).map((networks) => ({ networks }));
  const namespaces = selectNamespaces(peer.names);
  return peer.pods ? [{ pods: { namespaceSelector: namespaces, podSelector: peer.pods } }] : [{ namespaces }];
}

/** Networks that one peer takes (network-policy-api, `maxItems`). */
const NETWORKS = 25;

function chunksOf(networks: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(networks.length / NETWORKS);
  return Array.from({ length: count }, (_none, index) => networks.slice(index * NETWORKS, (index + 1) * NETWORKS));
}

function portsOf(services: readonly Service[], api: Api): Readonly<Record<string, unknown>> {
  if (services.length === 0) return {};
  if (api === "ClusterNetworkPolicy")
    return {
      protocols: services.map(({ protocol, first, last }) => ({
        [protocol]: { destinationPort: first === last ? { number: first } : { range: { start: first, end: last } } },
      })),
    };
  return {
    ports: services.map(({ protocol, first, last }) => {
      const upper = protocol.toUpperCase();
      return first === last
        ? { portNumber: { protocol: upper, port: first } }
        : { portRange: { protocol: upper, start: first, end: last } };
    }),
  };
}
