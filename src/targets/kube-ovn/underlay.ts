import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Manifest } from "../../ir/manifest.ts";
import type { Network } from "../../ir/plan.ts";
import type { Platform } from "../../ir/project.ts";
import type { Address } from "../../net/address.ts";
import { buildManifest, formatIntentPath, SYNC_WAVES } from "../shared/kubernetes/metadata.ts";
import { kubeOvnRules } from "./rules.ts";
import { API, buildKubeOvnObject, buildSubnet, formatKubeOvnName, SOCKET } from "./subnet.ts";

/** Kube-OVN makes a bridge `br-<name>` of it, and an interface name has 15 characters (pkg/util/const.go). */
const PROVIDER = /^[a-z]([-a-z0-9]{0,10}[a-z0-9])?$/;

/** Namespaces whose pods are on a network; those of gateways have networks of their own on its Subnet. */
export function listNamespaces(network: Network): readonly string[] {
  return namespacesOf(network.variants.filter((variant) => !variant.forwards));
}

function namespacesOf(variants: Network["variants"]): readonly string[] {
  return [...new Set(variants.flatMap((variant) => variant.namespaces))].sort();
}

/** What a NetworkAttachmentDefinition and its Subnet call each other by: that of the members, or of a gateway where there are none. */
export function chooseProvider(network: Network): string {
  const [namespace = ""] = [...listNamespaces(network), ...namespacesOf(network.variants)];
  return formatProvider(network, namespace);
}

/** How Kube-OVN calls a network's NetworkAttachmentDefinition in a namespace. */
export function formatProvider(network: Network, namespace: string): string {
  return `${formatKubeOvnName(network)}.${namespace}.ovn`;
}

/** The link of an uplink for the whole cluster, once for all networks on it. */
export function buildProviderNetworks(networks: readonly Network[]): readonly Manifest[] {
  const links = new Map(networks.map(({ link }) => [link.physicalNetwork ?? "", link]));
  return [...links]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, link]) =>
      buildManifest(
        { apiVersion: API, kind: "ProviderNetwork", template: "kubernetes/object", file: "provider-networks.yaml" },
        { name, wave: SYNC_WAVES.namespace },
        undefined,
        { body: { spec: { defaultInterface: link.parent, ...(link.nodes && { nodeSelector: link.nodes }) } } },
      ),
    );
}

/** A network on a VLAN (0: untagged) of an uplink, beside the default network. */
export function buildUnderlay(network: Network, platform: Platform, fixed: readonly Address[]): readonly Manifest[] {
  const name = formatKubeOvnName(network);
  const namespaces = listNamespaces(network);
  const provider = chooseProvider(network);
  const config = {
    cniVersion: platform.cniVersion,
    name,
    plugins: [{ type: "kube-ovn", server_socket: SOCKET, provider }],
  };
  return [
    buildKubeOvnObject(network, "Vlan", name, { id: network.link.vlan ?? 0, provider: network.link.physicalNetwork }),
    buildSubnet(network, { vlan: name, provider, disableGatewayCheck: true }, fixed),
    ...namespaces.map((namespace) =>
      buildManifest(
        {
          apiVersion: "k8s.cni.cncf.io/v1",
          kind: "NetworkAttachmentDefinition",
          template: "multus/network-attachment-definition",
          file: formatIntentPath(network.role, network.intent),
        },
        { name, namespace, wave: SYNC_WAVES.network },
        network,
        { config },
      ),
    ),
  ];
}

export function checkUnderlay(network: Network, found: Diagnostic[]): void {
  const { link, origin } = network;
  const name = link.physicalNetwork;
  const related = link.place ? [{ place: origin, label: "needed by this network" }] : [];
  const place = link.place ?? origin;
  if (name === undefined)
    found.push(kubeOvnRules.diagnose("no-physical-network", place, { uplink: link.uplink ?? "" }, { related }));
  else if (!PROVIDER.test(name)) found.push(kubeOvnRules.diagnose("provider-name", place, { name }, { related }));
  const count = listNamespaces(network).length;
  if (count > 1) found.push(kubeOvnRules.diagnose("one-namespace", origin, { network: network.intent, count }));
}
