/** Domains of annotations by which a pod is attached, or which say what it is attached to. */
const DOMAINS = ["k8s.v1.cni.cncf.io/", "v1.multus-cni.io/", "k8s.ovn.org/", "ovn.kubernetes.io/"];
const KEYS = ["networking.gke.io/interfaces", "networking.gke.io/default-interface"];
/** Kube-OVN puts the network's provider before these. */
const OF_A_PROVIDER =
  "[.](ovn[.]kubernetes[.]io/|kubernetes[.]io/(allocated|cidr|gateway|ip_address|ip_pool|logical_router|logical_switch|mac_address|routes|vlan_id|vpc)$)";

/** Whether `k` is the key of such an annotation, of whichever platform. */
export const NETWORK_KEY_EXPRESSION = `(${[
  ...DOMAINS.map((domain) => `k.startsWith('${domain}')`),
  ...KEYS.map((key) => `k == '${key}'`),
  `k.matches('${OF_A_PROVIDER}')`,
].join(" || ")})`;
