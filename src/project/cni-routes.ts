import type { Cni } from "../ir/project.ts";

/** What a CNI plugin gives a pod on eth0, and where that is written. */
export interface CniRoutes {
  /** What pods still reach by eth0 when another network has the default route by name. */
  readonly own: readonly ("pods" | "services")[];
  /** Next hop of the default route. `per node`: each node has another one. */
  readonly nextHop: string;
  /** From where the kubelet's probes reach a pod: their answers must leave by eth0. */
  readonly probesFrom: "pods" | "nodes" | "join";
  /** The file that makes the routes. */
  readonly source: string;
}

/** One row for each CNI plugin whose routes are known. docs/cni-routes.md is this table. */
export const cniRoutes: Readonly<Record<Exclude<Cni, "other">, CniRoutes>> = {
  cilium: {
    own: [],
    nextHop: "per node (the address of cilium_host)",
    probesFrom: "pods",
    source: "cilium/cilium: pkg/datapath/connector/ipam.go, IPv4Routes and IPv6Routes",
  },
  calico: {
    own: [],
    nextHop: "169.254.1.1; for IPv6 the link-local address of the host's side",
    probesFrom: "nodes",
    source: "projectcalico/calico: cni-plugin/pkg/dataplane/linux/dataplane_linux.go, DoNetworking",
  },
  flannel: {
    own: ["pods"],
    nextHop: "per node (the first address of the node's pod subnet, on the bridge)",
    probesFrom: "pods",
    source: "flannel-io/cni-plugin: flannel_linux.go, getDelegateIPAM and doCmdAdd",
  },
  "ovn-kubernetes": {
    own: ["pods", "services"],
    nextHop: "per node (the first address of the node's pod subnet)",
    probesFrom: "pods",
    source: "ovn-kubernetes/ovn-kubernetes: go-controller/pkg/ovn/base_network_controller_pods.go, addRoutesGatewayIP",
  },
  "kube-ovn": {
    own: ["pods"],
    nextHop: "fixed (the gateway of the pod's Subnet)",
    probesFrom: "join",
    source: "kubeovn/kube-ovn: pkg/daemon/ovs_linux.go, configureContainerNic",
  },
};

/** Whether pods reach all of their cluster by eth0 without its default route. */
export function keepsRoutes(cni: Cni | undefined): boolean {
  if (cni === undefined || cni === "other") return false;
  const { own } = cniRoutes[cni];
  return own.includes("pods") && own.includes("services");
}
