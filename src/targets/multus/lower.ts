import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Lowered, Manifest } from "../../ir/manifest.ts";
import type { Admission, Boundary, Network, Plan } from "../../ir/plan.ts";
import { multiNetworkPolicies } from "../cni/multi-network-policies.ts";
import { multusRules } from "../cni/rules.ts";
import { adminPolicy } from "../kubernetes/admin-policies.ts";
import { namespaces } from "../kubernetes/namespaces.ts";
import { nodeLinks } from "../kubernetes/node-links.ts";
import { platformRules } from "../kubernetes/rules.ts";
import { zonePolicies } from "../kubernetes/zone-policies.ts";
import { gatewayManifests } from "./gateways.ts";
import { legFiles, networkAttachments } from "./network-attachments.ts";
import { podPatches } from "./pod-patches.ts";

/** Minor version in which ValidatingAdmissionPolicy became v1. */
const GUARDS_SINCE = 30;

/** A plan as NetworkAttachmentDefinitions, policies on both networks, gateways and pod patches. */
export function lower(plan: Plan): Lowered {
  const found: Diagnostic[] = [];
  const networks = new Map(plan.networks.map((network) => [network.intent, network]));
  const legs = legFiles(plan.gateways);
  const admissions = byNetwork(plan.admissions);
  const manifests: Manifest[] = [
    ...namespaces(plan.namespaces),
    ...plan.boundaries.flatMap((boundary) => boundaryManifests(boundary, plan, found)),
  ];
  for (const network of plan.networks) {
    checkNetwork(network, found);
    if (network.link.attach === "overlay") continue;
    manifests.push(...nodeLinks(network, plan.cluster.platform));
    manifests.push(...networkAttachments(network, plan.cluster.platform, legs));
    manifests.push(
      ...multiNetworkPolicies(plan, network, admissions.get(network.intent) ?? [], network.link.attach, found),
    );
  }
  manifests.push(...plan.gateways.flatMap((gateway) => gatewayManifests(gateway, networks, plan)));
  const attachable = new Map([...networks].filter(([, network]) => network.link.attach !== "overlay"));
  return { manifests, patches: podPatches(plan, attachable, found), diagnostics: found };
}

function byNetwork(admissions: readonly Admission[]): ReadonlyMap<string, readonly Admission[]> {
  const map = new Map<string, Admission[]>();
  for (const admission of admissions) {
    const list = map.get(admission.network);
    if (list) list.push(admission);
    else map.set(admission.network, [admission]);
  }
  return map;
}

function boundaryManifests(boundary: Boundary, plan: Plan, found: Diagnostic[]): readonly Manifest[] {
  const { platform, name: cluster } = plan.cluster;
  if (platform.kubernetes < GUARDS_SINCE)
    found.push(platformRules.diagnose("too-old", boundary.origin, { cluster, version: `1.${platform.kubernetes}` }));
  if (!platform.networkPolicy) found.push(platformRules.diagnose("no-network-policy", boundary.origin, { cluster }));
  if (platform.adminPolicy === "none" && !boundary.audit)
    found.push(platformRules.diagnose("tenants-can-reopen", boundary.origin, { cluster }));
  return [...zonePolicies(boundary), ...adminPolicy(boundary, platform, found)];
}

function checkNetwork(network: Network, found: Diagnostic[]): void {
  const { link } = network;
  const parameters = { network: network.intent };
  if (link.attach === "overlay") found.push(multusRules.diagnose("overlay-not-possible", network.origin, parameters));
  if (network.bandwidth && link.attach !== "bridge" && link.attach !== "overlay")
    found.push(multusRules.diagnose("bandwidth-needs-bridge", network.origin, { attach: link.attach }));
  const dhcp = network.variants.some((variant) => variant.ipam.mode === "dhcp");
  if (dhcp && link.attach === "ipvlan") found.push(multusRules.diagnose("dhcp-on-ipvlan", network.origin, parameters));
}
