import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { InterfaceObjects, Lowered, Manifest, PodInterface } from "../../ir/manifest.ts";
import type { Gateway, GatewayMember, Network, Plan } from "../../ir/plan.ts";
import { admissionsByNetwork } from "../shared/cni/admissions-by-network.ts";
import { conflistOf } from "../shared/cni/conflist.ts";
import { multiNetworkPolicies } from "../shared/cni/multi-network-policies.ts";
import { legFiles, networkAttachments } from "../shared/cni/network-attachments.ts";
import { multusRules } from "../shared/cni/rules.ts";
import { boundaryManifests } from "../shared/kubernetes/boundary.ts";
import { gatewayManifests } from "../shared/kubernetes/gateway/gateway-manifests.ts";
import type { LegsOnPod } from "../shared/kubernetes/gateway/legs-on-pod.ts";
import { namespaces } from "../shared/kubernetes/namespaces.ts";
import { nodeLinks } from "../shared/kubernetes/node-links.ts";
import type { Beside } from "../target.ts";
import { checkMachines } from "./check-machines.ts";
import { legsOnPod } from "./gateways.ts";
import { podPatches } from "./pod-patches.ts";

/** A plan as NetworkAttachmentDefinitions, policies on both networks, gateways and pod patches. */
export function lower(plan: Plan, beside: Beside): Lowered {
  const found: Diagnostic[] = [];
  const networks = byIntent(plan);
  const gateways = [...plan.gateways, ...beside.guests];
  const legs = legFiles(gateways);
  const admissions = admissionsByNetwork(plan.admissions);
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
  for (const gateway of plan.gateways) {
    const legs = (member: GatewayMember) => [
      legsOnPod(gateway, member, networks, plan),
      ...beside.legs(gateway, member),
    ];
    manifests.push(...gatewayManifests(gateway, plan.cluster.platform, legs));
  }
  const attachable = new Map([...networks].filter(([, network]) => network.link.attach !== "overlay"));
  checkMachines(plan.attachments, attachable, plan.cluster.platform, found);
  return {
    manifests,
    patches: podPatches({ ...plan, gateways }, attachable, configurationsOf(attachable, plan), found),
    objectsOf,
    diagnostics: found,
  };
}

/** Legs on networks of Multus, on the pod of whatever gateway. */
export function legs(plan: Plan): (gateway: Gateway, member: GatewayMember) => LegsOnPod {
  const networks = byIntent(plan);
  return (gateway, member) => legsOnPod(gateway, member, networks, plan);
}

function byIntent(plan: Plan): ReadonlyMap<string, Network> {
  return new Map(plan.networks.map((network) => [network.intent, network]));
}

/** The NetworkAttachmentDefinition that a pod names, and the resource of its virtual function. */
function objectsOf({ network, variant: name, namespace }: PodInterface): InterfaceObjects {
  const { attach, resourceName } = network.link;
  return {
    object: { apiVersion: "k8s.cni.cncf.io/v1", kind: "NetworkAttachmentDefinition", namespace, name },
    attach,
    ...(attach === "sriov" && resourceName !== undefined && { device: resourceName }),
  };
}

function configurationsOf(networks: ReadonlyMap<string, Network>, plan: Plan): ReadonlyMap<string, string> {
  const texts = [...networks.values()].flatMap((network) =>
    network.variants.flatMap((variant) => {
      const text = JSON.stringify(conflistOf(network, variant, plan.cluster.platform));
      return variant.namespaces.map((namespace) => [`${namespace}/${variant.name}`, text] as const);
    }),
  );
  return new Map(texts);
}

function checkNetwork(network: Network, found: Diagnostic[]): void {
  const { link } = network;
  const parameters = { network: network.intent };
  if (link.attach === "overlay") found.push(multusRules.diagnose("overlay-not-possible", network.origin, parameters));
  if (network.bandwidth && link.attach !== "bridge" && link.attach !== "overlay")
    found.push(multusRules.diagnose("bandwidth-needs-bridge", network.origin, { attach: link.attach }));
  const served = network.variants.filter((variant) => variant.ipam.mode === "dhcp");
  const dhcp = served.length > 0;
  // Those by a gateway are refused (gateway/served-members).
  const own = served.flatMap((variant) => variant.routes).filter((one) => one.intent === network.intent);
  const [route] = network.takesOver.length === 0 ? own : [];
  if (route) found.push(multusRules.diagnose("routes-by-server", route.origin, parameters));
  if (dhcp && link.attach === "ipvlan") found.push(multusRules.diagnose("dhcp-on-ipvlan", network.origin, parameters));
}
