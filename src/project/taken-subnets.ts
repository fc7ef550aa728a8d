import type { TakenSubnet } from "../ir/project.ts";
import { parseKnownCidr } from "../net/cidr.ts";
import type { PlatformSpec } from "./types.ts";

interface Taken {
  readonly what: string;
  readonly key: string;
  readonly cidrs: readonly string[];
}

/** What OVN-Kubernetes takes unless it was installed otherwise (go-controller/pkg/config; user-defined networks' own). */
const ovn = {
  joinSubnets: { what: "join subnet", cidrs: ["100.64.0.0/16", "fd98::/64"] },
  transitSubnets: { what: "transit subnet", cidrs: ["100.88.0.0/16", "fd97::/64"] },
  masqueradeSubnets: { what: "masquerade subnet", cidrs: ["169.254.0.0/17", "fd69::/112"] },
  udnJoinSubnets: { what: "join subnet of user-defined networks", cidrs: ["100.65.0.0/16", "fd99::/64"] },
} as const;

/** The Subnet `join` of Kube-OVN, by which nodes reach pods. */
const KUBE_OVN_JOIN = ["100.64.0.0/16", "fd00:100:64::/112"];

/** Subnets that a cluster's own network has beside those of pods and Services. */
export function listTakenSubnets(spec: PlatformSpec, target: string): readonly TakenSubnet[] {
  const all: Taken[] = [];
  if (target === "ovn-kubernetes" || spec.profile === "openshift")
    for (const [name, { what, cidrs }] of Object.entries(ovn))
      all.push({
        what: `${what} of OVN-Kubernetes`,
        key: `platform.ovn.${name}`,
        cidrs: spec.ovn?.[name as keyof typeof ovn] ?? cidrs,
      });
  if (target === "kube-ovn" || spec.profile === "kube-ovn")
    all.push({
      what: "join subnet of Kube-OVN",
      key: "platform.kubeOvn.joinSubnets",
      cidrs: spec.kubeOvn?.joinSubnets ?? KUBE_OVN_JOIN,
    });
  return all.flatMap(({ cidrs, ...rest }) => cidrs.map((one) => ({ ...rest, cidr: parseKnownCidr(one) })));
}
