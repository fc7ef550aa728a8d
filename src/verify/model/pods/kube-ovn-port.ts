import { parseAddress } from "../../../net/address.ts";
import { parseCidr } from "../../../net/cidr.ts";
import { findRepeatedKey } from "../../../yaml/repeated-key.ts";
import { isFields, readText } from "../manifests/manifest.ts";
import { formatSubnetName } from "../networks/kube-ovn-subnet.ts";
import type { AttachableNetwork, AttachmentRoute } from "../networks/network.ts";
import type { Pod } from "./pod.ts";

/**
 * A network of Kube-OVN as a pod is on it: on the Subnet that its annotation names, else on that of the definition
 * (pkg/controller/pod.go, getPodAttachmentNet), with the routes that it asks for; or why that cannot be said.
 */
export function resolveKubeOvnPort(
  pod: Pod,
  network: AttachableNetwork,
  networks: ReadonlyMap<string, AttachableNetwork>,
): AttachableNetwork | string {
  const provider = `${network.name}.${network.namespace}.ovn`;
  const key = (what: string) => `${provider}.kubernetes.io/${what}`;
  const named = pod.annotations[key("logical_switch")]?.trim() ?? "";
  const subnet = named === "" ? undefined : networks.get(`/${formatSubnetName(named)}`);
  if (named !== "" && !subnet)
    return `its annotation ${key("logical_switch")}: no Subnet of a VLAN is called \`${named}\``;
  if (!subnet && network.domain === `kube-ovn ${provider}`)
    return `its network ${network.namespace}/${network.name}, which is on no Subnet`;
  const routes = routesOf(pod.annotations[key("routes")]?.trim() ?? "");
  if (!routes) return `its annotation ${key("routes")}`;
  const { domain, pools, addressing, mtu, takesAddresses = true } = subnet ?? network;
  return { ...network, domain, pools, addressing, mtu, takesAddresses, routes: [...network.routes, ...routes] };
}

/** `[{"dst": "10.0.0.0/8", "gw": "10.1.0.1"}]` (pkg/request, Route). */
function routesOf(text: string): readonly AttachmentRoute[] | undefined {
  if (text === "") return [];
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(list) || findRepeatedKey(text) !== undefined) return undefined;
  const routes = list.map((one: unknown): AttachmentRoute | undefined => {
    const to = isFields(one) ? parseCidr(readText(one, "dst") ?? "") : "";
    const via = parseAddress(readText(one, "gw") ?? "");
    return typeof to === "string" || !via || via.family !== to.family ? undefined : { to, via, metric: 0 };
  });
  return routes.every((one) => one !== undefined) ? routes : undefined;
}
