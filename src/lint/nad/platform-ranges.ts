import { type Cidr, cidrsOverlap, formatCidr, parseKnownCidr } from "../../net/cidr.ts";

/** A range that a platform uses itself unless it is told otherwise. */
interface PlatformRange {
  readonly platform: "ovn-kubernetes" | "kube-ovn";
  readonly range: Cidr;
  readonly use: string;
}

const OVN = "ovn-kubernetes";

/** Defaults of go-controller/pkg/config of OVN-Kubernetes and of Kube-OVN's installer. */
const ranges: readonly PlatformRange[] = [
  { platform: OVN, range: parseKnownCidr("100.64.0.0/16"), use: "join subnet of OVN-Kubernetes" },
  {
    platform: OVN,
    range: parseKnownCidr("100.65.0.0/16"),
    use: "join subnet of OVN-Kubernetes' user-defined networks",
  },
  { platform: OVN, range: parseKnownCidr("100.88.0.0/16"), use: "transit subnet of OVN-Kubernetes" },
  { platform: OVN, range: parseKnownCidr("169.254.0.0/17"), use: "masquerade subnet of OVN-Kubernetes" },
  { platform: OVN, range: parseKnownCidr("fd98::/64"), use: "join subnet of OVN-Kubernetes" },
  { platform: OVN, range: parseKnownCidr("fd99::/64"), use: "join subnet of OVN-Kubernetes' user-defined networks" },
  { platform: OVN, range: parseKnownCidr("fd97::/64"), use: "transit subnet of OVN-Kubernetes" },
  { platform: OVN, range: parseKnownCidr("fd69::/112"), use: "masquerade subnet of OVN-Kubernetes" },
  { platform: OVN, range: parseKnownCidr("172.30.0.0/16"), use: "default Service range of OpenShift" },
  { platform: OVN, range: parseKnownCidr("10.128.0.0/14"), use: "default pod range of OpenShift" },
  { platform: OVN, range: parseKnownCidr("10.96.0.0/16"), use: "default Service range of OVN-Kubernetes" },
  { platform: OVN, range: parseKnownCidr("10.244.0.0/16"), use: "default pod range of OVN-Kubernetes" },
  { platform: "kube-ovn", range: parseKnownCidr("10.96.0.0/12"), use: "default Service range of Kube-OVN" },
  { platform: "kube-ovn", range: parseKnownCidr("100.64.0.0/16"), use: "join subnet of Kube-OVN" },
  { platform: "kube-ovn", range: parseKnownCidr("fd00:100:64::/112"), use: "join subnet of Kube-OVN" },
];

/** Ranges that an installer gives Services and pods unless it is told otherwise. */
const defaults: readonly { readonly range: Cidr; readonly use: string; readonly isOpenShift: boolean }[] = [
  { range: parseKnownCidr("10.96.0.0/12"), use: "default Service range of kubeadm", isOpenShift: false },
  { range: parseKnownCidr("10.244.0.0/16"), use: "default pod range of kubeadm with Flannel", isOpenShift: false },
  { range: parseKnownCidr("172.30.0.0/16"), use: "default Service range of OpenShift", isOpenShift: true },
  { range: parseKnownCidr("10.128.0.0/14"), use: "default pod range of OpenShift", isOpenShift: true },
];

/** The default range of a cluster that a subnet overlaps, as parameters of the rule. */
export function findDefaultRange(
  subnet: Cidr,
  isOpenShift: boolean,
): { readonly subnet: string; readonly range: string; readonly use: string } | undefined {
  const one = defaults.find(
    (other) =>
      other.isOpenShift === isOpenShift && other.range.family === subnet.family && cidrsOverlap(other.range, subnet),
  );
  return one && { subnet: formatCidr(subnet), range: formatCidr(one.range), use: one.use };
}

/** The ranges of a platform that subnets overlap, as parameters of the rule. */
export function findPlatformRanges(
  platform: PlatformRange["platform"],
  subnets: readonly Cidr[],
): readonly { readonly subnet: string; readonly range: string; readonly use: string }[] {
  return subnets.flatMap((subnet) =>
    ranges
      .filter(
        (one) => one.platform === platform && one.range.family === subnet.family && cidrsOverlap(one.range, subnet),
      )
      .slice(0, 1)
      .map(({ range, use }) => ({ subnet: formatCidr(subnet), range: formatCidr(range), use })),
  );
}
