import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { validateExternalNetwork } from "../../generated/validators.ts";
import type { Instance } from "../../ir/intent.ts";
import { containsCidr, parseKnownCidr } from "../../net/cidr.ts";
import { defineKind, type NetworkRequests } from "../kind.ts";
import type { IntentContext } from "../plan-builder.ts";
import type { Claim } from "../shared/claims.ts";
import { describeDevices } from "../shared/devices.ts";
import { expandMembers } from "../shared/members.ts";
import { checkOutsideSpec, claimOutsideAddresses } from "../shared/outside.ts";
import { checkPluginFields } from "../shared/plugin-fields.ts";
import { checkVerbatimConfig } from "./check-verbatim.ts";
import { contributeExternalNetwork } from "./contribute.ts";
import { externalRules } from "./rules.ts";
import { externalNetworkSchema } from "./schema.ts";
import type { ExternalNetworkSpec } from "./types.ts";

export const externalNetwork = defineKind<ExternalNetworkSpec>({
  name: "ExternalNetwork",
  folder: "externals",
  summary: "a network that was there before Kubernetes: its VLAN, hosts and routes",
  schema: externalNetworkSchema,
  validate: validateExternalNetwork,
  rules: externalRules,
  check,
  networks,
  claims,
  contribute: contributeExternalNetwork,
  // Of what is written as it stands, nothing is known.
  devices: (instance, plan) =>
    instance.spec.network.existing?.config
      ? []
      : [describeDevices(instance, (instance.spec.network.pods ?? []).map(parseKnownCidr), plan)],
});

function check(instance: Instance<ExternalNetworkSpec>): Diagnostic[] {
  const { spec } = instance;
  if (spec.network.existing?.config) return checkVerbatimConfig(instance);
  const at = (...path: (string | number)[]) => instance.at(...path);
  const found: Diagnostic[] = checkPluginFields(spec.network, (...path) => at("network", ...path));
  found.push(...checkOutsideSpec(instance));
  if (spec.internet && spec.gateway === undefined)
    found.push(externalRules.diagnose("internet-without-gateway", at("internet"), {}));
  const addressing = spec.network.addressing ?? "pool";
  // A gateway needs a subnet to be in; without one and without a pool, nothing here has an address.
  if (spec.network.subnets === undefined && (addressing === "pool" || spec.gateway !== undefined))
    found.push(externalRules.diagnose("no-subnets", at("network"), {}));
  if (spec.network.pools !== undefined)
    found.push(externalRules.diagnose("no-pools", { ...at("network", "pools"), on: "key" }, {}));
  if ((spec.network.separation ?? "vlan") === "vlan" && spec.network.vlan === undefined)
    found.push(externalRules.diagnose("no-vlan", at("network"), {}));
  const subnets = (spec.network.subnets ?? []).map(parseKnownCidr);
  for (const [index, text] of (spec.network.pods ?? []).entries())
    if (!subnets.some((subnet) => containsCidr(subnet, parseKnownCidr(text))))
      found.push(externalRules.diagnose("pods-outside", at("network", "pods", index), { pods: text }));
  const pooled = (spec.members ?? []).findIndex((member) => !member.addresses);
  if (pooled >= 0 && spec.network.pods === undefined && addressing === "pool")
    found.push(externalRules.diagnose("members-without-pods", at("members", pooled), {}));
  return found;
}

function networks(instance: Instance<ExternalNetworkSpec>, scene: IntentContext): NetworkRequests {
  // Of what is written as it stands, nothing is known that could be allocated.
  if (instance.spec.network.existing?.config) return { networks: [], diagnostics: [] };
  const { spec, intent } = instance;
  const { members, diagnostics } = expandMembers(spec.members ?? [], instance, [], scene.workloads);
  const at = (...path: (string | number)[]) => instance.at("network", ...path);
  // What is not ours to give out is nobody's here: without `pods`, gateways need written addresses.
  const podsWithin = (spec.network.pods ?? []).map(parseKnownCidr);
  const wish = {
    id: intent.id,
    name: intent.name,
    formerName: intent.formerName,
    role: "external" as const,
    target: spec.target ?? scene.cluster.target,
    spec: { ...spec.network, separation: spec.network.separation ?? ("vlan" as const) },
    origin: at(),
    at,
    podsWithin,
    membersApart: (spec.memberTraffic ?? "hostsOnly") === "hostsOnly",
    members: members.filter((member) => !member.workload.hostNetwork),
  };
  return { networks: [wish], diagnostics };
}

function claims(instance: Instance<ExternalNetworkSpec>): Claim[] {
  return instance.spec.network.existing?.config ? [] : claimOutsideAddresses(instance);
}
