import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { PodPatch } from "../../ir/manifest.ts";
import type { Attachment, Network, Plan } from "../../ir/plan.ts";
import type { Workload } from "../../ir/workload.ts";
import { hashContent } from "../../net/hash.ts";
import { placeAt } from "../../source/place.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";
import { NETWORKS_ANNOTATION } from "../../workloads/network-annotation.ts";
import { findRepeatedKey } from "../../yaml/repeated-key.ts";
import { patchNodeSelector } from "../shared/kubernetes/node-selector.ts";
import { formatGkeNetworkName } from "./networks.ts";
import { gkeRules } from "./rules.ts";

export const INTERFACES = "networking.gke.io/interfaces";
export const DEFAULT_INTERFACE = "networking.gke.io/default-interface";

interface Interface {
  readonly interfaceName: string;
  readonly network: string;
}

const ETH0: Interface = { interfaceName: "eth0", network: "default" };

/** The resource that GKE offers of a network of devices. */
export function formatDeviceResource(network: Network): string {
  return `networking.gke.io.networks/${formatGkeNetworkName(network)}`;
}

/** One patch per workload: the interfaces that stand there already, then those of the intents. eth0 stays the default one. */
export function buildGkePatches(plan: Plan, found: Diagnostic[]): readonly PodPatch[] {
  const networks = new Map(plan.networks.map((network) => [network.intent, network]));
  const byWorkload = new Map<Workload, Attachment[]>();
  for (const attachment of plan.attachments) {
    const list = byWorkload.get(attachment.workload);
    if (list) list.push(attachment);
    else byWorkload.set(attachment.workload, [attachment]);
  }
  return [...byWorkload].map(([workload, attachments]): PodPatch => {
    const origin = (attachments[0] as Attachment).origin;
    const on = attachments.map((one) => networks.get(one.network) as Network);
    const added = attachments.map((one, index): Interface => {
      return { interfaceName: one.interface, network: formatGkeNetworkName(on[index] as Network) };
    });
    const devices: Record<string, number> = {};
    for (const network of on) if (network.link.attach === "sriov") devices[formatDeviceResource(network)] = 1;
    const value = JSON.stringify([...present(workload, added, found), ...added]);
    const written = workload.annotations[NETWORKS_ANNOTATION];
    return {
      workload,
      intents: [...new Set(attachments.map((one) => one.intent))].sort(),
      origin,
      annotations: {
        [DEFAULT_INTERFACE]: workload.annotations[DEFAULT_INTERFACE] ?? ETH0.interfaceName,
        [INTERFACES]: value,
        "plumbline.dev/networks-hash": hashContent(value, 16),
      },
      nodeSelector: patchNodeSelector(
        workload,
        on.map((network) => network.link),
        origin,
        found,
      ),
      resolvers: [],
      devices,
      claims: [],
      virtual: [],
      admits: written === undefined ? [] : [written],
    };
  });
}

/** The interfaces that a workload names by hand; the default network's, where it names none. */
function present(workload: Workload, added: readonly Interface[], found: Diagnostic[]): readonly unknown[] {
  const text = workload.annotations[INTERFACES];
  if (text === undefined) return [ETH0];
  const problem = (words: string) => {
    const place = placeAt(workload.doc, ...workload.templatePath, "metadata", "annotations", INTERFACES);
    found.push(gkeRules.diagnose("bad-annotation", place, { ref: formatDisplayName(workload), problem: words }));
    return [];
  };
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return problem("is no JSON");
  }
  if (!Array.isArray(list) || !list.every(isInterface)) return problem("is no list of interfaces");
  const repeated = findRepeatedKey(text);
  if (repeated !== undefined) return problem(`has the key \`${repeated}\` twice in one interface`);
  const twice = list.find((one) => added.some((other) => other.interfaceName === one.interfaceName));
  return twice ? problem(`has an interface \`${twice.interfaceName}\` already`) : list;
}

function isInterface(value: unknown): value is Interface {
  return typeof value === "object" && value !== null && typeof (value as Interface).interfaceName === "string";
}
