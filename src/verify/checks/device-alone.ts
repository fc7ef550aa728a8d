import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { ExpectedLink } from "../expected/expected.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { formatName, isFields, locateInManifest, readLabels, readList, readText } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import type { AttachableNetwork } from "../model/networks/network.ts";
import { type ResolvedAttachment, resolveAttachments } from "../model/pods/attached-to.ts";
import type { Pod } from "../model/pods/pod.ts";
import { verifyRules } from "../rules.ts";

const RESOURCE = "k8s.v1.cni.cncf.io/resourceName";

/**
 * Pods that ask for more devices of an uplink than they have networks on it. The CNI plugin sets the VLAN of a device for its
 * network; a device without one keeps what the card has, and a program that drives it itself (vfio) tags as it likes.
 */
export function devicesAlone(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const links = new Map<string, ExpectedLink>();
  for (const link of watch.expected.links)
    if (link.attach === "sriov" && link.resourceName !== undefined && !links.has(link.resourceName))
      links.set(link.resourceName, link);
  if (links.size === 0) return [];
  const trusted = new Set(watch.expected.externallyManaged.flatMap((one) => one.nodes));
  const written = new Set(model.written);
  const networks = new Map(model.networks.map((one) => [`${one.namespace}/${one.name}`, one]));
  return model.pods.flatMap((pod) => {
    if (trusted.has(pod.id) || written.has(pod.manifest)) return [];
    const asked = [...devicesOf(pod)].filter(([resource]) => links.has(resource));
    if (asked.length === 0) return [];
    const { attached } = resolveAttachments(pod, networks);
    return asked.flatMap(([resource, count]) => {
      const link = links.get(resource);
      if (!link || count <= attached.filter((one) => mayTake(one, resource, link)).length) return [];
      const related = [{ place: link.origin, label: "on the same card" }];
      const parameters = { pod: formatName(pod.manifest), resource, other: link.network };
      return [
        verifyRules.diagnose("device-alone", locateInManifest(pod.manifest, "metadata", "name"), parameters, {
          related,
        }),
      ];
    });
  });
}

/** A network that no manifest describes may be on any device. */
function mayTake({ network }: ResolvedAttachment, resource: string, link: ExpectedLink): boolean {
  if (network === undefined || network.manifest.intent === link.network) return true;
  return resourceOf(network) === resource;
}

function resourceOf({ domain, manifest }: AttachableNetwork): string | undefined {
  return /^sriov (\S+)/.exec(domain)?.[1] ?? readLabels(manifest.value, "metadata", "annotations")[RESOURCE];
}

/** Device resources of all containers, and devices of a guest, with how many of them. */
function devicesOf({ spec }: Pod): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const add = (resource: string, count: number) => found.set(resource, (found.get(resource) ?? 0) + count);
  for (const list of ["containers", "initContainers"])
    for (const container of readList(spec, list)) {
      const resources = isFields(container) && isFields(container.resources) ? container.resources : {};
      // The API server takes the limit for the request, and lets no device have two figures.
      const named = isFields(resources.limits)
        ? resources.limits
        : isFields(resources.requests)
          ? resources.requests
          : {};
      for (const [resource, count] of Object.entries(named))
        if (resource.includes("/")) add(resource, Number(count) > 0 ? Number(count) : 0);
    }
  for (const list of ["hostDevices", "gpus"])
    for (const device of readList(spec, "domain", "devices", list)) {
      const name = readText(device, "deviceName");
      if (name !== undefined) add(name, 1);
    }
  return found;
}
