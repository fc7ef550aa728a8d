import { sysctlsBeyond } from "../../cni/sysctl-allowlist.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { type Cidr, containsAddress, formatCidr, overlaps, parseCidr } from "../../net/cidr.ts";
import { fieldsAt, type Manifest, nameOf, placeIn, textAt, textsAt } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import type { AttachableNetwork } from "../model/networks/network.ts";
import { verifyRules } from "../rules.ts";

/** Networks that an API server takes and the platform's own controllers or plugins refuse: no pod on them ever starts. */
export function platformRefuses(model: Model): readonly Diagnostic[] {
  const written = new Set(model.written.map(nameOf));
  const seen = new Set<Manifest>();
  return model.networks.flatMap((network) => {
    const { manifest } = network;
    if (seen.has(manifest)) return [];
    seen.add(manifest);
    if (manifest.apiVersion.startsWith("k8s.ovn.org/")) return ovnBlocks(manifest);
    if (manifest.apiVersion.startsWith("kubeovn.io/")) return vpcName(manifest);
    return written.has(nameOf(manifest)) ? sysctls(network, model) : [];
  });
}

function refused(manifest: Manifest, path: readonly string[], why: string): Diagnostic {
  return verifyRules.diagnose("platform-refuses", placeIn(manifest, ...path), { what: nameOf(manifest), why });
}

/** The gateway and the management port of a primary Layer2 network, counted from the base of each subnet. */
const OVN_TAKES = [1n, 2n] as const;

/**
 * OVN-Kubernetes takes two addresses of each subnet itself. Where `reservedSubnets` hold one, every ovnkube process of
 * the cluster ends at its next start.
 */
function ovnBlocks(manifest: Manifest): readonly Diagnostic[] {
  const whole = manifest.kind === "ClusterUserDefinedNetwork" ? ["spec", "network", "layer2"] : ["spec", "layer2"];
  const block = fieldsAt(manifest.value, ...whole);
  const read = (key: string): readonly Cidr[] =>
    textsAt(block, key)
      .map(parseCidr)
      .filter((one) => typeof one !== "string");
  const reserved = read("reservedSubnets");
  const infrastructure = read("infrastructureSubnets");
  const own = read("subnets").flatMap(({ family, base }) =>
    OVN_TAKES.map((offset) => ({ family, value: base + offset })),
  );
  const path = [...whole, "reservedSubnets"];
  return reserved.flatMap((one) => {
    const other = infrastructure.find((infra) => overlaps(infra, one));
    if (other)
      return [
        refused(
          manifest,
          path,
          `${formatCidr(one)} is reserved and \`infrastructureSubnets\` have ${formatCidr(other)}`,
        ),
      ];
    if (!own.some((address) => containsAddress(one, address))) return [];
    const why = `\`reservedSubnets\` have ${formatCidr(one)}, where OVN-Kubernetes has its own gateway or management address; such a block belongs into \`infrastructureSubnets\``;
    return [refused(manifest, path, why)];
  });
}

/** Kube-OVN's controller and webhook refuse a Subnet that is named as its Vpc. */
function vpcName(manifest: Manifest): readonly Diagnostic[] {
  if (manifest.kind !== "Subnet" || textAt(manifest.value, "spec", "vpc") !== manifest.name) return [];
  return [refused(manifest, ["spec", "vpc"], "Kube-OVN takes no Subnet that has the name of its Vpc")];
}

/** Before the project says what was added to the nodes' list, a warning of the compiler says what must be. */
function sysctls({ manifest, sysctls: set = {} }: AttachableNetwork, { platform }: Model): readonly Diagnostic[] {
  if (platform.sysctlAllowlist === undefined) return [];
  return sysctlsBeyond(platform, Object.keys(set)).map((key) =>
    refused(manifest, ["spec", "config"], `the nodes' allow-list of sysctls lacks \`${key}\``),
  );
}
