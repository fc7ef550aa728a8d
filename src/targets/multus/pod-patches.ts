import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { PodPatch } from "../../ir/manifest.ts";
import type { ObjectName } from "../../ir/network-spec.ts";
import type { Attachment, Gateway, Network, Plan } from "../../ir/plan.ts";
import type { PresentAttachment, Workload } from "../../ir/workload.ts";
import { formatAddress } from "../../net/address.ts";
import { formatInterfaceAddress } from "../../net/cidr.ts";
import { hashContent } from "../../net/hash.ts";
import { placeAt } from "../../source/place.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";
import { workloadRules } from "../../workloads/rules.ts";
import { multusRules } from "../shared/cni/rules.ts";
import { patchNodeSelector } from "../shared/kubernetes/node-selector.ts";
import { listSelections } from "./gateways.ts";
import { formatNetworksAnnotation, NETWORKS, type NetworkSelection } from "./networks-annotation.ts";

/**
 * One patch per workload: its annotation with what stands there already, and what its pods need besides.
 * `configurations`: what networks say, by the name that pods use; a change of it rolls them.
 */
export function buildMultusPatches(
  plan: Plan,
  networks: ReadonlyMap<string, Network>,
  configurations: ReadonlyMap<string, string>,
  found: Diagnostic[],
): readonly PodPatch[] {
  const byWorkload = new Map<Workload, Attachment[]>();
  for (const attachment of plan.attachments) {
    if (!networks.has(attachment.network)) continue;
    const list = byWorkload.get(attachment.workload);
    if (list) list.push(attachment);
    else byWorkload.set(attachment.workload, [attachment]);
  }
  const adopted = plan.gateways.flatMap((gateway) => adoptedLegs(gateway, plan, networks));
  for (const { workload } of adopted) if (!byWorkload.has(workload)) byWorkload.set(workload, []);
  return [...byWorkload].map(([workload, attachments]) => {
    const legs = adopted.filter((one) => one.workload === workload);
    return patchOf(plan, workload, attachments, legs, networks, configurations, found);
  });
}

interface AdoptedLegs {
  readonly workload: Workload;
  readonly gateway: Gateway;
  readonly selections: readonly NetworkSelection[];
}

/** Network functions that somebody else builds get their legs by a patch. */
function adoptedLegs(gateway: Gateway, plan: Plan, networks: ReadonlyMap<string, Network>): AdoptedLegs[] {
  return gateway.adopted.flatMap((ref, index) => {
    const workload = plan.workloads.find(ref);
    const member = gateway.members[index];
    const selections = member ? listSelections(gateway, member, networks) : [];
    return workload && selections.length > 0 ? [{ workload, gateway, selections }] : [];
  });
}

function patchOf(
  plan: Plan,
  workload: Workload,
  attachments: readonly Attachment[],
  legs: readonly AdoptedLegs[],
  networks: ReadonlyMap<string, Network>,
  configurations: ReadonlyMap<string, string>,
  found: Diagnostic[],
): PodPatch {
  const selectionsOfPod = (ordinal?: number) => [
    ...attachments.map((one) => selectionOf(one, ordinal)),
    ...legs.flatMap((one) => one.selections),
  ];
  const selections = selectionsOfPod();
  const taken = attachments.flatMap((one) => networks.get(one.network)?.takesOver ?? []);
  const present = presentBeside(workload, taken);
  const value = formatNetworksAnnotation(present, selections);
  const known = attachments.flatMap((one) => (one.perPod ? [one.perPod.length] : []));
  const perPod =
    known.length > 0
      ? Array.from({ length: Math.min(...known) }, (_none, ordinal) =>
          formatNetworksAnnotation(present, selectionsOfPod(ordinal)),
        )
      : undefined;
  const origin = attachments[0]?.origin ?? (legs[0] as AdoptedLegs).gateway.origin;
  const links = attachments.flatMap((one) => networks.get(one.network)?.link ?? []);
  const nodeSelector = patchNodeSelector(workload, links, origin, found);
  checkPresent(plan, workload, found);
  for (const one of attachments)
    if (workload.kind === "VirtualMachine" && one.addresses.length > 0)
      found.push(addressOfMachine(one, networks.get(one.network)));
  checkTakenOver(plan, attachments, found);
  const onDevices = new Set(selectedOnDevices(attachments, legs, networks));
  const devices: Record<string, number> = {};
  // KubeVirt asks for the device itself, by the resource that the network names.
  for (const link of workload.kind === "VirtualMachine" ? [] : links)
    if (link.attach === "sriov" && link.resourceName !== undefined && !plan.cluster.platform.networkResourcesInjector)
      devices[link.resourceName] = (devices[link.resourceName] ?? 0) + 1;
  // Multus reads a network only when a pod starts, so what it says must be able to roll the pods.
  const hash = hashContent(
    JSON.stringify([value, ...selections.map((one) => configurations.get(`${one.namespace}/${one.name}`))]),
    16,
  );
  return {
    workload,
    intents: [...new Set([...attachments.map((one) => one.intent), ...legs.map((one) => one.gateway.intent)])].sort(),
    origin,
    annotations: { [NETWORKS]: value, "plumbline.dev/networks-hash": hash },
    nodeSelector,
    resolvers: attachments
      .flatMap((one) => one.resolvers.map(formatAddress))
      .filter((one, index, all) => all.indexOf(one) === index),
    devices,
    claims: [],
    virtual: selections.map(({ interface: name, namespace, name: network, mac }) => ({
      name,
      network: `${namespace}/${network}`,
      ...(mac !== undefined && { mac }),
      binding: onDevices.has(network) ? ("sriov" as const) : ("bridge" as const),
    })),
    ...(perPod && { perPod }),
    admits: [...(perPod ?? [value]), ...(workload.kind === "VirtualMachine" ? [launcherValue(selections)] : [])],
  };
}

/** Where no range can be had, the guest has to set the address. */
function addressOfMachine({ workload, origin, variant }: Attachment, network: Network | undefined): Diagnostic {
  const pooled =
    network?.target === "multus" && network.variants.some((one) => one.name !== variant || one.ipam.mode === "pool");
  const guest =
    "write `setBy: guest` beside it and set the address inside the machine; the network needs `addressing: none`";
  const help = pooled ? `write \`range: {size: 1}\` instead, a range with one address; or ${guest}` : guest;
  return multusRules.diagnose("virtual-machine-address", origin, { ref: formatDisplayName(workload) }, { help });
}

/** Names of the objects by which the workload is on networks whose attachments are devices of SR-IOV. */
function selectedOnDevices(
  attachments: readonly Attachment[],
  legs: readonly AdoptedLegs[],
  networks: ReadonlyMap<string, Network>,
): readonly string[] {
  const onDevice = (network: string) => networks.get(network)?.link.attach === "sriov";
  const ofLegs = legs.flatMap(({ gateway }) => gateway.legs.filter((leg) => onDevice(leg.network)));
  return [
    ...attachments.filter((one) => onDevice(one.network)).map((one) => one.variant),
    ...ofLegs.map((leg) => leg.variant),
  ];
}

/**
 * What KubeVirt writes on the pod that it starts for a virtual machine: interfaces are called after the hash of the
 * network's name (pkg/network/namescheme). It names the zone's own networks only, so letting it in opens nothing.
 */
function launcherValue(selections: readonly NetworkSelection[]): string {
  return JSON.stringify(
    selections.map((one) => ({
      name: one.name,
      namespace: one.namespace,
      ...(one.mac !== undefined && { mac: one.mac }),
      interface: `pod${hashContent(one.interface, 11)}`,
    })),
  );
}

/** What stays of an annotation: without what is taken over, the others keep the interface that their place gave them. */
function presentBeside(workload: Workload, taken: readonly ObjectName[]): readonly PresentAttachment[] {
  const left = workload.present.filter(
    (one) => !taken.some((other) => other.name === one.name && other.namespace === one.namespace),
  );
  if (left.length === workload.present.length) return left;
  return left.map((one) => ({ ...one, element: { ...one.element, interface: one.interface } }));
}

/** Under namespace isolation, a pod names networks of its own namespace or of `default` only. */
function checkPresent(plan: Plan, workload: Workload, found: Diagnostic[]): void {
  const { platform, name: cluster } = plan.cluster;
  const foreign = workload.present.find((one) => one.namespace !== workload.namespace && one.namespace !== "default");
  if (!platform.namespaceIsolation || !foreign) return;
  const place = placeAt(workload.doc, ...workload.templatePath, "metadata", "annotations", NETWORKS);
  found.push(
    workloadRules.diagnose("foreign-network", place, { network: `${foreign.namespace}/${foreign.name}`, cluster }),
  );
}

/** The same for a network that stays where it was. */
function checkTakenOver(plan: Plan, attachments: readonly Attachment[], found: Diagnostic[]): void {
  const { platform, name: cluster } = plan.cluster;
  if (!platform.namespaceIsolation) return;
  for (const { variant, variantNamespace, workload, origin } of attachments) {
    if (variantNamespace === workload.namespace || variantNamespace === "default") continue;
    const network = `${variantNamespace}/${variant}`;
    found.push(workloadRules.diagnose("foreign-network", origin, { network, cluster }));
  }
}

/** `ordinal`: of which pod, where each has addresses of its own. */
function selectionOf(attachment: Attachment, ordinal?: number): NetworkSelection {
  const own = ordinal === undefined ? undefined : attachment.perPod?.[ordinal];
  const addresses = own ?? attachment.addresses;
  return {
    name: attachment.variant,
    namespace: attachment.variantNamespace,
    interface: attachment.interface,
    ...(attachment.mac !== undefined && { mac: attachment.mac }),
    ...(addresses.length > 0 && { ips: addresses.map(formatInterfaceAddress) }),
    ...(attachment.defaultRoute.length > 0 && { "default-route": attachment.defaultRoute.map(formatAddress) }),
  };
}
