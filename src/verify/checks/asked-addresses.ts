import type { Path } from "../../source/place.ts";
import { labelsAt, listAt, type Manifest, textAt } from "../model/manifests/manifest.ts";

/** An address as a manifest writes it, and where. */
export interface AskedAddress {
  readonly text: unknown;
  readonly path: Path;
}

/** Where load balancers are told which addresses a Service is to have: of MetalLB, Cilium and kube-vip, in a list by commas. */
const KEYS: readonly string[] = [
  "metallb.universe.tf/loadBalancerIPs",
  "metallb.io/loadBalancerIPs",
  "io.cilium/lb-ipam-ips",
  "lbipam.cilium.io/ips",
  "kube-vip.io/loadbalancerIPs",
];

/** The addresses for which every node is to send to a Service's pods. */
export function askedAddresses({ value }: Manifest): readonly AskedAddress[] {
  const external = listAt(value, "spec", "externalIPs").map((text, index) => ({
    text,
    path: ["spec", "externalIPs", index],
  }));
  if (textAt(value, "spec", "type") !== "LoadBalancer") return external;
  const own = textAt(value, "spec", "loadBalancerIP") ?? "";
  const annotations = labelsAt(value, "metadata", "annotations");
  const listed = KEYS.flatMap((key) =>
    (annotations[key] ?? "").split(",").map((text) => ({ text: text.trim(), path: ["metadata", "annotations", key] })),
  );
  return [
    ...external,
    ...[{ text: own, path: ["spec", "loadBalancerIP"] }, ...listed].filter(({ text }) => text !== ""),
  ];
}

/** The addresses that stand behind a Service, where somebody writes them by hand. Names are no addresses. */
export function writtenEndpoints({ value }: Manifest): readonly AskedAddress[] {
  if (textAt(value, "addressType") === "FQDN") return [];
  return [
    ...listAt(value, "endpoints").flatMap((one, at) =>
      listAt(one, "addresses").map((text, index) => ({ text, path: ["endpoints", at, "addresses", index] })),
    ),
    ...listAt(value, "subsets").flatMap((subset, at) =>
      ["addresses", "notReadyAddresses"].flatMap((key) =>
        listAt(subset, key).map((one, index) => ({
          text: typeof one === "object" && one !== null && "ip" in one ? one.ip : undefined,
          path: ["subsets", at, key, index, "ip"],
        })),
      ),
    ),
  ];
}
