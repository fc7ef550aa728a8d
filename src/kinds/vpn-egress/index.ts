import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { validateVpnEgress } from "../../generated/validators.ts";
import type { Instance } from "../../ir/intent.ts";
import type { NodePlace } from "../../source/place.ts";
import { defineKind, type NetworkRequests } from "../kind.ts";
import type { ClaimContext, IntentContext } from "../plan-builder.ts";
import type { Claim } from "../shared/claims.ts";
import { claimInterfaceAddresses, type GatewayAddressRequest } from "../shared/gateway/addresses.ts";
import { checkImage } from "../shared/gateway/image.ts";
import { checkPolicyName } from "../shared/gateway/policy-name.ts";
import { gatewayRules } from "../shared/gateway/rules.ts";
import { checkPluginFields } from "../shared/plugin-fields.ts";
import { listClients } from "./clients.ts";
import { contributeVpnEgress, contributeVpnEgressToPeers } from "./contribute.ts";
import { deriveClientZone } from "./derive.ts";
import { hasKnownSize } from "./esp-size.ts";
import { vpnRules } from "./rules.ts";
import { vpnEgressSchema } from "./schema.ts";
import type { VpnEgressSpec } from "./types.ts";

export const vpnEgress = defineKind<VpnEgressSpec>({
  name: "VpnEgress",
  folder: "vpns",
  summary: "these pods reach those destinations only through that tunnel",
  schema: vpnEgressSchema,
  validate: validateVpnEgress,
  rules: vpnRules,
  derive: deriveClientZone,
  check,
  references: (instance) => [
    { kind: "IsolationZone", name: instance.spec.clients.zone, from: instance.at("clients", "zone") },
  ],
  networks,
  claims,
  contribute: contributeVpnEgress,
  contributeToPeers: contributeVpnEgressToPeers,
});

/** Intent id of the network that the gateway stands in. */
export function findNetworkId(instance: Instance<VpnEgressSpec>): string {
  return instance.spec.network ? instance.intent.id : `isolationzone/${instance.spec.clients.zone}`;
}

export function buildVpnAddressRequest(instance: Instance<VpnEgressSpec>): GatewayAddressRequest {
  const standby = instance.spec.availability?.mode === "activeStandby";
  return {
    field: "leg.clients",
    network: findNetworkId(instance),
    members: standby ? 2 : 1,
    addresses: instance.spec.addresses,
    virtualAddress: instance.spec.virtualAddress,
    standby,
    place: instance.at("clients"),
    at: (...path) => instance.at(...path),
  };
}

function check(instance: Instance<VpnEgressSpec>): Diagnostic[] {
  const { spec } = instance;
  const found =
    spec.image === undefined
      ? [vpnRules.diagnose("missing-image", instance.at(), {})]
      : checkImage(spec.image, instance.at("image"));
  if ((spec.wireguard === undefined) === (spec.ipsec === undefined))
    found.push(vpnRules.diagnose("one-tunnel", instance.at(), { found: spec.wireguard ? "both" : "none" }));
  const { ipsec } = spec;
  if (ipsec && (ipsec.pskFrom === undefined) === (ipsec.certificateFrom === undefined))
    found.push(vpnRules.diagnose("ipsec-credential", instance.at("ipsec"), { found: ipsec.pskFrom ? "both" : "none" }));
  const certificate = ipsec?.certificateFrom?.key;
  if (certificate !== undefined && (!certificate.endsWith(".crt") || certificate === "ca.crt"))
    found.push(
      vpnRules.diagnose("certificate-key", instance.at("ipsec", "certificateFrom", "key"), { key: certificate }),
    );
  for (const [index, proposal] of (ipsec?.proposals ?? []).entries())
    if (!hasKnownSize(proposal))
      found.push(vpnRules.diagnose("proposal", instance.at("ipsec", "proposals", index), { proposal }));
  const any = spec.destinations.indexOf("any");
  if (any >= 0 && !spec.dns) found.push(vpnRules.diagnose("any-needs-dns", instance.at("destinations", any), {}));
  if (any >= 0 && spec.destinations.length > 1)
    found.push(vpnRules.diagnose("any-alone", instance.at("destinations", any === 0 ? 1 : 0), {}));
  const members = buildVpnAddressRequest(instance).members;
  if (spec.addresses && spec.addresses.length !== members)
    found.push(
      gatewayRules.diagnose("address-count", instance.at("addresses"), {
        found: spec.addresses.length,
        wanted: members,
      }),
    );
  found.push(...checkPolicyName(instance.intent.name, instance.at()));
  if (spec.network) found.push(...checkPluginFields(spec.network, (...path) => instance.at("network", ...path)));
  return found;
}

/** A network of its own has gateway and clients on it; else they meet on the zone's. */
function networks(instance: Instance<VpnEgressSpec>, scene: IntentContext): NetworkRequests {
  const { spec, intent } = instance;
  if (!spec.network) return { networks: [], diagnostics: [] };
  const at = (...path: (string | number)[]): NodePlace => instance.at("network", ...path);
  const place = instance.at("clients");
  const wish = {
    id: intent.id,
    name: intent.name,
    formerName: intent.formerName,
    role: "vpn" as const,
    target: spec.target ?? scene.cluster.target,
    spec: { ...spec.network, separation: spec.network.separation ?? ("vlan" as const) },
    origin: at(),
    at,
    podsWithin: undefined,
    membersApart: false,
    members: listClients(instance, scene).map(({ workload }) => ({ workload, spec: {}, place, at: () => place })),
  };
  return { networks: [wish], diagnostics: [] };
}

function claims(instance: Instance<VpnEgressSpec>, sites: ClaimContext): Claim[] {
  const site = sites.findSegment(findNetworkId(instance));
  return site ? claimInterfaceAddresses(buildVpnAddressRequest(instance), site) : [];
}
