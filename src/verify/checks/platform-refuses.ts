import { findSysctlsNotAllowed } from "../../cni/sysctl-allowlist.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { type Cidr, cidrsOverlap, containsAddress, formatCidr, parseCidr } from "../../net/cidr.ts";
import {
  formatName,
  locateInManifest,
  type ReadManifest,
  readFields,
  readText,
  readTexts,
} from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import type { AttachableNetwork } from "../model/networks/network.ts";
import { verifyRules } from "../rules.ts";

/** Networks that an API server takes and the platform's own controllers or plugins refuse: no pod on them ever starts. */
export function checkPlatformLimits(model: Model): readonly Diagnostic[] {
  const written = new Set(model.written.map(formatName));
  const seen = new Set<ReadManifest>();
  return model.networks.flatMap((network) => {
    const { manifest } = network;
    if (seen.has(manifest)) return [];
    seen.add(manifest);
    if (manifest.apiVersion.startsWith("k8s.ovn.org/")) return ovnBlocks(manifest);
    if (manifest.apiVersion.startsWith("kubeovn.io/")) return vpcName(manifest);
    return written.has(formatName(manifest)) ? sysctls(network, model) : [];
  });
}

function reportRefused(manifest: ReadManifest, path: readonly string[], why: string): Diagnostic {
  return verifyRules.diagnose("platform-refuses", locateInManifest(manifest, ...path), {
    what: formatName(manifest),
    why,
  });
}

/** The gateway and the management port of a primary Layer2 network, counted from the base of each subnet. */
const OVN_TAKES = [1n, 2n] as const;

/**
 * OVN-Kubernetes takes two addresses of each subnet itself. Where `reservedSubnets` hold one, every ovnkube process of
 * the cluster ends at its next start.
 */
function ovnBlocks(manifest: ReadManifest): readonly Diagnostic[] {
  const whole = manifest.kind === "ClusterUserDefinedNetwork" ? ["spec", "network", "layer2"] : ["spec", "layer2"];
  const block = readFields(manifest.value, ...whole);
  const read = (key: string): readonly Cidr[] =>
    readTexts(block, key)
      .map(parseCidr)
      .filter((one) => typeof one !== "string");
  const reserved = read("reservedSubnets");
  const infrastructure = read("infrastructureSubnets");
  const own = read("subnets").flatMap(({ family, base }) =>
    OVN_TAKES.map((offset) => ({ family, value: base + offset })),
  );
  const path = [...whole, "reservedSubnets"];
  return reserved.flatMap((one) => {
    const other = infrastructure.find((infra) => cidrsOverlap(infra, one));
    if (other)
      return [
        reportRefused(
          manifest,
          path,
          `${formatCidr(one)} is reserved and \`infrastructureSubnets\` have ${formatCidr(other)}`,
        ),
      ];
    if (!own.some((address) => containsAddress(one, address))) return [];
    const why = `\`reservedSubnets\` have ${formatCidr(one)}, where OVN-Kubernetes has its own gateway or management address; such a block belongs into \`infrastructureSubnets\``;
    return [reportRefused(manifest, path, why)];
  });
}

/** Kube-OVN's controller and webhook refuse a Subnet that is named as its Vpc. */
function vpcName(manifest: ReadManifest): readonly Diagnostic[] {
  if (manifest.kind !== "Subnet" || readText(manifest.value, "spec", "vpc") !== manifest.name) return [];
  return [reportRefused(manifest, ["spec", "vpc"], "Kube-OVN takes no Subnet that has the name of its Vpc")];
}

/** Before the project says what was added to the nodes' list, a warning of the compiler says what must be. */
function sysctls({ manifest, sysctls: set = {} }: AttachableNetwork, { platform }: Model): readonly Diagnostic[] {
  if (platform.sysctlAllowlist === undefined) return [];
  return findSysctlsNotAllowed(platform, Object.keys(set)).map((key) =>
    reportRefused(manifest, ["spec", "config"], `the nodes' allow-list of sysctls lacks \`${key}\``),
  );
}
