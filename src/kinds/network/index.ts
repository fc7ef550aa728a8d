import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { validateNetwork } from "../../generated/validators.ts";
import type { ExternalDevices } from "../../ir/expects.ts";
import type { Instance } from "../../ir/intent.ts";
import type { Plan } from "../../ir/plan.ts";
import { parseAddress } from "../../net/address.ts";
import { containsCidr, parseKnownCidr, toRange } from "../../net/cidr.ts";
import { formatRange } from "../../net/range.ts";
import { externalRules } from "../external-network/rules.ts";
import { defineKind, type NetworkRequests } from "../kind.ts";
import type { IntentContext, PlanBuilder } from "../plan-builder.ts";
import { describeDevices, findAllocatedSubnets } from "../shared/devices.ts";
import { listLinkHandoffs } from "../shared/link-handoffs.ts";
import { expandMembers } from "../shared/members.ts";
import { addOutsideRoutes, checkOutsideSpec, claimOutsideAddresses } from "../shared/outside.ts";
import { checkPluginFields } from "../shared/plugin-fields.ts";
import { checkTraffic } from "../shared/traffic/check-traffic.ts";
import { contributeTraffic } from "../shared/traffic/contribute-traffic.ts";
import { checkZonesElsewhere, computeTrafficLimits, groupByZone } from "../shared/traffic/members-by-zone.ts";
import { addOwnRanges } from "../shared/traffic/own-ranges.ts";
import { trafficRules } from "../shared/traffic/rules.ts";
import { networkSchema } from "./schema.ts";
import type { NetworkKindSpec } from "./types.ts";

export const network = defineKind<NetworkKindSpec>({
  name: "Network",
  folder: "networks",
  summary: "a secondary network of the project's own that is not the border of a zone",
  schema: networkSchema,
  validate: validateNetwork,
  rules: trafficRules,
  check,
  networks,
  claims: claimOutsideAddresses,
  contribute,
  devices,
});

/** Only where hosts or a router stand on it besides its members. Every device is named, so all of its subnets is the pods'. */
function devices(instance: Instance<NetworkKindSpec>, plan: Plan): readonly ExternalDevices[] {
  const { spec, intent } = instance;
  if (spec.network.existing?.config || (spec.hosts === undefined && spec.gateway === undefined)) return [];
  return [describeDevices(instance, findAllocatedSubnets(intent.id, plan), plan)];
}

function check(instance: Instance<NetworkKindSpec>): Diagnostic[] {
  const { spec } = instance;
  const subnets = spec.network.subnets?.map(parseKnownCidr);
  const outside = (spec.network.pods ?? []).flatMap((text, index) =>
    // Subnets that are allocated are not known yet: a part of them cannot be written.
    subnets?.some((subnet) => containsCidr(subnet, parseKnownCidr(text)))
      ? []
      : [externalRules.diagnose("pods-outside", instance.at("network", "pods", index), { pods: text })],
  );
  return [
    ...checkPluginFields(spec.network, (...path) => instance.at("network", ...path)),
    ...checkOutsideSpec(instance),
    ...outside,
    ...checkTraffic(instance),
  ];
}

function networks(instance: Instance<NetworkKindSpec>, scene: IntentContext): NetworkRequests {
  const { spec, intent } = instance;
  const expanded = expandMembers(spec.members ?? [], instance, [], scene.workloads);
  const attached = expanded.members.filter((member) => !member.workload.hostNetwork);
  const sides = groupByZone(spec, attached, scene);
  const limits = computeTrafficLimits(spec, sides);
  const own =
    limits === "none"
      ? { members: attached, diagnostics: [] }
      : addOwnRanges(attached, spec.network.addressing ?? "pool");
  const written = spec.network.reserved ?? [];
  // Single addresses are claimed by name; whole ranges of hosts are just nobody's here.
  const ranges = (spec.hosts ?? []).flatMap((host, index) =>
    host.addresses.flatMap((text, nth) =>
      parseAddress(text)
        ? []
        : [{ range: formatRange(toRange(parseKnownCidr(text))), place: instance.at("hosts", index, "addresses", nth) }],
    ),
  );
  const at = (...path: (string | number)[]) => {
    const [key, index] = path;
    const ofHost = key === "reserved" && typeof index === "number" ? ranges[index - written.length] : undefined;
    return ofHost?.place ?? instance.at("network", ...path);
  };
  const reserved = [...written, ...ranges.map((one) => one.range)];
  const wish = {
    id: intent.id,
    name: intent.name,
    formerName: intent.formerName,
    role: "network" as const,
    target: spec.target ?? scene.cluster.target,
    spec: { ...spec.network, separation: spec.network.separation ?? ("vlan" as const), reserved },
    origin: at(),
    at,
    podsWithin: spec.network.pods?.map(parseKnownCidr),
    membersApart: false,
    limits,
    members: own.members,
  };
  return {
    networks: [wish],
    diagnostics: [...expanded.diagnostics, ...own.diagnostics, ...checkZonesElsewhere(instance, sides, scene)],
  };
}

function contribute(instance: Instance<NetworkKindSpec>, plan: PlanBuilder): void {
  const { intent, spec } = instance;
  const site = plan.findSegment(intent.id);
  if (!site) return;
  addOutsideRoutes(instance, plan);
  if ((spec.members ?? []).length === 0)
    plan.report(trafficRules.diagnose("no-members", instance.at(), { name: intent.name }));
  contributeTraffic(instance, site, plan);
  if (spec.network.existing) return;
  const owned = { intent: intent.id, origin: instance.at("network") };
  for (const handoff of listLinkHandoffs(site, owned, plan.cluster.platform.nmstate)) plan.addHandoff(handoff);
}
