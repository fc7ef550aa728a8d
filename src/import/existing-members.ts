import type { Workload, Workloads } from "../ir/workload.ts";
import { type Address, isSameAddress, parseAddress } from "../net/address.ts";
import { type InterfaceAddress, parseInterfaceAddress } from "../net/cidr.ts";
import { placeAt } from "../source/place.ts";
import { formatDisplayName } from "../workloads/display-name.ts";
import { findSpan } from "../yaml/span.ts";
import type { ExistingNetwork } from "./existing-networks.ts";
import { type ImportLoss, type ImportRefusal, isImportRefusal, type LossSort } from "./loss.ts";

/** A workload in a network, as its annotation says. */
export interface ExistingMember {
  readonly workload: Workload;
  readonly interface: string;
  readonly mac: string | undefined;
  readonly addresses: readonly InterfaceAddress[];
  /** Next hops that replace the pod's default route. */
  readonly defaultRoute: readonly Address[];
}

export interface ExistingMembers {
  readonly members: ReadonlyMap<ExistingNetwork, readonly ExistingMember[]>;
  readonly losses: readonly ImportLoss[];
}

/** Who is in which network, and whom no intent can put there: those keep their annotation, and the network its name. */
export function readExistingMembers(networks: readonly ExistingNetwork[], workloads: Workloads): ExistingMembers {
  const byName = new Map(networks.flatMap((one) => one.objects.map((object) => [nameOf(object), one] as const)));
  const members = new Map<ExistingNetwork, ExistingMember[]>(networks.map((network) => [network, []]));
  const losses: ImportLoss[] = [];
  for (const workload of workloads.all) {
    const named = workload.present.map((present) => ({ present, network: byName.get(nameOf(present)) }));
    for (const { present, network } of named) {
      if (!network) continue;
      const twice = named.filter((one) => one.network === network).length > 1;
      const read = twice ? { why: "it is in the network more than once" } : readMember(workload, present, network);
      if (isImportRefusal(read)) losses.push(buildWorkloadLoss(workload, nameOf(present), read.why, read.sort));
      else members.get(network)?.push(read);
    }
  }
  return { members, losses };
}

function nameOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}

/** A workload that stays in a network by hand. */
export function buildWorkloadLoss(
  workload: Workload,
  network: string,
  why: string,
  sort: LossSort = "unknown",
): ImportLoss {
  const path = [...workload.templatePath, "metadata", "annotations", "k8s.v1.cni.cncf.io/networks"];
  return {
    kind: "workload",
    sort,
    what: `${formatDisplayName(workload)} in ${network}`,
    why,
    place: findSpan(placeAt(workload.doc, ...path)),
  };
}

/** What Multus reads of an element, and intents have no words for. What it does not read is nothing to lose. */
const UNSAID = ["bandwidth", "portMappings", "cni-args", "infiniband-guid", "ipam-claim-reference"];

function readMember(
  workload: Workload,
  present: Workload["present"][number],
  { carried }: ExistingNetwork,
): ExistingMember | ImportRefusal {
  const { element } = present;
  const other = UNSAID.find((key) => element[key] !== undefined);
  if (other !== undefined) return { why: `intents have no key for \`${other}\` of an attachment` };
  if (workload.hostNetwork) return { why: "it uses the network of the node" };
  const asked = textsOf(element.ips);
  if (asked && asked.length > 0 && carried.ipam === "whereabouts")
    return { why: "whereabouts sets the requested address in addition to one of the range" };
  const open = asked?.find((one) => /\$\{|\{\{|^\$/.test(one));
  if (open !== undefined)
    return { sort: "guess", why: `\`${open}\` is a placeholder: render it first, and import the rendered file` };
  const written = asked?.map(parseInterfaceAddress);
  if (!written || written.some((one) => typeof one === "string")) return { why: "an address in it has no prefix" };
  const addresses = [...carried.fixed, ...(written as readonly InterfaceAddress[])];
  const mac = typeof element.mac === "string" ? element.mac.toLowerCase().replaceAll("-", ":") : undefined;
  // Of a Deployment of one pod, a second one stands beside it for as long as a rollout takes: as it was before.
  const single = workload.pods === 1 || (workload.replicas === 1 && workload.surges);
  if ((addresses.length > 0 || mac !== undefined) && !single)
    return { sort: "cannot", why: `several pods request what only one can have: ${howMany(workload)}` };
  const families = addresses.map(({ address }) => address.family);
  if (new Set(families).size < families.length) return { why: "it has two addresses of one family" };
  const hops = textsOf(element["default-route"])?.map(parseAddress);
  if (!hops || hops.includes(undefined)) return { why: "its `default-route` is no list of addresses" };
  const defaultRoute = hops as Address[];
  const { gateways } = carried;
  const strange = defaultRoute.find((hop) =>
    gateways.some((one) => one.family === hop.family && !isSameAddress(one, hop)),
  );
  if (strange) return { why: "its `default-route` is not the router of the network" };
  return { workload, interface: present.interface, mac, addresses, defaultRoute };
}

/** An absent list is an empty one; undefined where it is none. */
function textsOf(value: unknown): readonly string[] | undefined {
  if (value === undefined) return [];
  return Array.isArray(value) && value.every((one) => typeof one === "string") ? (value as string[]) : undefined;
}

function howMany({ pods, surges }: Workload): string {
  if (pods === undefined) return "one on every node";
  return surges ? `${pods} at once during a rollout; \`strategy: {type: Recreate}\` ends that` : `${pods} pods`;
}
