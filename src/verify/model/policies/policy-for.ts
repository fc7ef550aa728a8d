import { type ReadManifest, readLabels } from "../manifests/manifest.ts";
import type { AttachableNetwork } from "../networks/network.ts";

/** Kube-OVN's main network. */
export const MAIN_PROVIDER = "ovn";

export const POLICY_FOR = "ovn.kubernetes.io/network_policy_for";

/** The network that Kube-OVN knows an attachment's port by. */
export function formatOvnProvider({ name, namespace, main }: AttachableNetwork): string {
  return main ? MAIN_PROVIDER : `${name}.${namespace}.ovn`;
}

/**
 * The ports that a NetworkPolicy names, `ovn` or `<namespace>/<definition>`; undefined: all of them. What is neither is
 * passed over, so a policy may be left with none (pkg/controller, parsePolicyFor).
 */
export function readPolicyPorts(manifest: ReadManifest): ReadonlySet<string> | undefined {
  const text = readLabels(manifest.value, "metadata", "annotations")[POLICY_FOR]?.trim() ?? "";
  if (text === "") return undefined;
  return new Set(text.split(",").flatMap((one) => providerNamed(one.trim())));
}

function providerNamed(text: string): readonly string[] {
  if (text.toLowerCase() === MAIN_PROVIDER) return [MAIN_PROVIDER];
  const [namespace = "", ...rest] = text.split("/");
  const name = rest.join("/");
  return namespace === "" || name === "" ? [] : [`${name}.${namespace}.ovn`];
}
