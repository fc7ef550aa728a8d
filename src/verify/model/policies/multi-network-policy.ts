import { type ReadManifest, readLabels } from "../manifests/manifest.ts";
import type { AttachableNetwork } from "../networks/network.ts";
import { type PodPolicy, readPodPolicy } from "./pod-policy.ts";

/** A MultiNetworkPolicy with the networks on which a controller puts it into force. */
export interface MultiPolicy extends PodPolicy {
  /** `namespace/name` of networks. */
  readonly networks: readonly string[];
}

export interface ReadMultiPolicy {
  readonly policy: MultiPolicy | undefined;
  /** Why the policy, or a part of it, has no effect. Controllers log a line then and let everything through. */
  readonly ineffective: readonly string[];
}

const POLICY_FOR = "k8s.v1.cni.cncf.io/policy-for";

/** A policy as its controllers read it (facts of multi-networkpolicy-nftables): a text says what is not understood. */
export function readMultiPolicy(
  manifest: ReadManifest,
  networks: ReadonlyMap<string, AttachableNetwork>,
  plugins: readonly string[] | undefined,
): ReadMultiPolicy | string {
  if (manifest.apiVersion !== "k8s.cni.cncf.io/v1beta1") return `version \`${manifest.apiVersion}\``;
  if (!plugins) return { policy: undefined, ineffective: ["the platform has no controller for it"] };
  const read = readPodPolicy(manifest);
  if (typeof read === "string") return read;
  const text = readLabels(manifest.value, "metadata", "annotations")[POLICY_FOR] ?? "";
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0) return { policy: undefined, ineffective: [`it names no network (${POLICY_FOR})`] };
  const found: string[] = [];
  const ineffective: string[] = [];
  for (const name of names) {
    const whole = name.includes("/") ? name : `${manifest.namespace}/${name}`;
    const network = networks.get(whole);
    if (!network) ineffective.push(`there is no network \`${whole}\``);
    else if (!plugins.includes(network.plugin))
      ineffective.push(`the controller does not enforce \`${network.plugin}\`, the plugin of \`${whole}\``);
    else found.push(whole);
  }
  return { policy: found.length === 0 ? undefined : { ...read, networks: found }, ineffective };
}
