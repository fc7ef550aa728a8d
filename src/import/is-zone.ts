import type { ResolvedNetwork } from "./infer-subnets.ts";
import type { InferredUplink } from "./uplinks.ts";
import { isWholeSubnetAllocated } from "./write-network.ts";

/** What is known of an estate beside its networks. */
export interface EstateContext {
  /** Networks by the namespaces whose pods are in them: `media` → `media/iot`. */
  readonly usedIn: ReadonlyMap<string, ReadonlySet<string>>;
  /** Networks that policies are for, or that charts name. */
  readonly elsewhere: ReadonlySet<string>;
  /** Namespaces of pods on the nodes' own network. */
  readonly hostNetwork: ReadonlySet<string>;
}

/** Namespaces of the cluster itself. */
const OF_THE_CLUSTER = /^(default$|kube-|openshift-)/;

/**
 * A network is a zone where nothing else can be meant: it gives out all of its subnet, has no router, is alone on its link
 * or VLAN, and the namespaces of its pods are in no other. All others were there before Kubernetes, as far as one can see.
 */
export function isZone(settled: ResolvedNetwork, uplink: InferredUplink, around: EstateContext): boolean {
  const { network, members, gateways } = settled;
  const { carried, objects } = network;
  if (
    carried.addressing !== "pool" ||
    gateways.length > 0 ||
    carried.routes.length > 0 ||
    !isWholeSubnetAllocated(settled)
  )
    return false;
  const alone = carried.link.vlan === undefined ? uplink.users.length : uplink.perVlan.get(carried.link.vlan);
  if (members.length === 0 || alone !== 1) return false;
  const names = objects.map(({ namespace, name }) => `${namespace}/${name}`);
  if (names.some((name) => around.elsewhere.has(name))) return false;
  return members.every(({ workload: { namespace } }) => {
    const used = [...(around.usedIn.get(namespace) ?? [])];
    return (
      !OF_THE_CLUSTER.test(namespace) && !around.hostNetwork.has(namespace) && used.every((one) => names.includes(one))
    );
  });
}
