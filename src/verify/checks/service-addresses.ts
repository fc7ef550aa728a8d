import type { Path } from "../../source/place.ts";
import { type ReadManifest, readLabels, readList, readText } from "../model/manifests/manifest.ts";

/** An address as a manifest writes it, and where. */
export interface WrittenAddress {
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
export function listServiceAddresses({ value }: ReadManifest): readonly WrittenAddress[] {
  const external = readList(value, "spec", "externalIPs").map((text, index) => ({
    text,
    path: ["spec", "externalIPs", index],
  }));
  if (readText(value, "spec", "type") !== "LoadBalancer") return external;
  const own = readText(value, "spec", "loadBalancerIP") ?? "";
  const annotations = readLabels(value, "metadata", "annotations");
  const listed = KEYS.flatMap((key) =>
    (annotations[key] ?? "").split(",").map((text) => ({ text: text.trim(), path: ["metadata", "annotations", key] })),
  );
  return [
    ...external,
    ...[{ text: own, path: ["spec", "loadBalancerIP"] }, ...listed].filter(({ text }) => text !== ""),
  ];
}

/** The addresses that stand behind a Service, where somebody writes them by hand. Names are no addresses. */
export function listWrittenEndpoints({ value }: ReadManifest): readonly WrittenAddress[] {
  if (readText(value, "addressType") === "FQDN") return [];
  return [
    ...readList(value, "endpoints").flatMap((one, at) =>
      readList(one, "addresses").map((text, index) => ({ text, path: ["endpoints", at, "addresses", index] })),
    ),
    ...readList(value, "subsets").flatMap((subset, at) =>
      ["addresses", "notReadyAddresses"].flatMap((key) =>
        readList(subset, key).map((one, index) => ({
          text: typeof one === "object" && one !== null && "ip" in one ? one.ip : undefined,
          path: ["subsets", at, key, index, "ip"],
        })),
      ),
    ),
  ];
}
