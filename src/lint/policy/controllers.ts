/** A controller that enforces MultiNetworkPolicies, and what it reads of them. */
export interface Controller {
  readonly name: string;
  /** Plugins of the networks that it enforces policies on, unless told otherwise. */
  readonly plugins: readonly string[];
  /** What comes of a port that is a name; undefined where it is looked up. */
  readonly namedPort: string | undefined;
  /** Whether it needs addresses of pods for peers that are selectors. */
  readonly needsAddresses: boolean;
}

const iptables: Controller = {
  name: "multi-networkpolicy-iptables",
  plugins: ["macvlan"],
  namedPort: "`multi-networkpolicy-iptables` hands it to iptables as it is, and the rules of the pod do not load",
  needsAddresses: true,
};

const nftables: Controller = {
  name: "multi-networkpolicy-nftables",
  plugins: ["macvlan"],
  namedPort: undefined,
  needsAddresses: true,
};

const ovn: Controller = {
  name: "OVN-Kubernetes",
  plugins: ["ovn-k8s-cni-overlay"],
  namedPort: "OVN-Kubernetes reads numbers only, and the rule has no port",
  needsAddresses: true,
};

/** Kube-OVN takes NetworkPolicies with an annotation of its own for its networks. */
const kubeOvn: Controller = { name: "Kube-OVN", plugins: ["kube-ovn"], namedPort: undefined, needsAddresses: true };

export const controllers: readonly Controller[] = [iptables, nftables, ovn, kubeOvn];

/** The controllers that may enforce a policy on a network of a plugin. The two for Multus take any plugin that they are told. */
export function findControllers(type: string | undefined): readonly Controller[] {
  const own = controllers.filter((one) => type !== undefined && one.plugins.includes(type));
  return own.length > 0 ? own : [iptables, nftables];
}
