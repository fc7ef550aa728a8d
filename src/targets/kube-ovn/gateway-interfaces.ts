import type { Manifest } from "../../ir/manifest.ts";
import type { Gateway, GatewayInterface, GatewayMember, Network, Plan, Variant } from "../../ir/plan.ts";
import type { Platform } from "../../ir/project.ts";
import { NETWORKS } from "../multus/networks-annotation.ts";
import { buildTuningPlugins } from "../shared/cni/conflist.ts";
import type { GatewayPodInterfaces } from "../shared/kubernetes/gateway/gateway-pod-interfaces.ts";
import { buildManifest, formatIntentPath, SYNC_WAVES } from "../shared/kubernetes/metadata.ts";
import { formatAddresses, formatRoutes } from "./fixed-addresses.ts";
import { POLICY_FOR } from "./network-policies.ts";
import { formatKubeOvnName, SOCKET } from "./subnet.ts";
import { formatProvider } from "./underlay.ts";

/** A leg on a VLAN or an uplink, with what its gateway's pods see of the network. */
interface Standing {
  readonly leg: GatewayInterface;
  readonly network: Network;
  readonly variant: Variant;
}

function listInterfacesOn(gateway: Gateway, networks: ReadonlyMap<string, Network>): readonly Standing[] {
  return gateway.legs.flatMap((leg) => {
    const network = networks.get(leg.network);
    const variant = network?.variants.find((one) => one.name === leg.variant);
    return network && variant ? [{ leg, network, variant }] : [];
  });
}

function networksOf({ networks }: Plan): ReadonlyMap<string, Network> {
  return new Map(networks.map((network) => [network.intent, network]));
}

/**
 * The network of a gateway's legs in its own namespace. A Subnet knows one definition by its provider, so the pods say which
 * Subnet this one is of (`logical_switch`); it forwards, which those of the members do not.
 */
export function buildGatewayNetworks(plan: Plan, guests: readonly Gateway[]): readonly Manifest[] {
  const networks = networksOf(plan);
  return guests.flatMap((gateway) =>
    listInterfacesOn(gateway, networks).map((one) => {
      const name = formatKubeOvnName(one.network);
      const what = {
        apiVersion: "k8s.cni.cncf.io/v1",
        kind: "NetworkAttachmentDefinition",
        template: "multus/network-attachment-definition",
        file: formatIntentPath(gateway.role, gateway.intent),
      };
      const head = { name, namespace: gateway.namespace, wave: SYNC_WAVES.network };
      return buildManifest(what, head, gateway, { config: configOf(one, gateway, plan.cluster.platform) });
    }),
  );
}

function configOf({ network, variant }: Standing, gateway: Gateway, { cniVersion }: Platform) {
  const provider = formatProvider(network, gateway.namespace);
  const plugins = [{ type: "kube-ovn", server_socket: SOCKET, provider }, ...buildTuningPlugins(network, variant)];
  return { cniVersion, name: formatKubeOvnName(network), plugins };
}

/** Legs on Subnets, on the pod of a gateway that another target writes. No port looks at what a pod sends (port_security). */
export function createKubeOvnInterfaceBuilder(
  plan: Plan,
): (gateway: Gateway, member: GatewayMember) => GatewayPodInterfaces {
  const networks = networksOf(plan);
  return (gateway, member) => {
    const on = listInterfacesOn(gateway, networks);
    const list = on.map(({ leg, network }) => ({
      name: formatKubeOvnName(network),
      namespace: gateway.namespace,
      interface: leg.interface,
    }));
    const own = on.map((one) => annotationsOf(one, gateway, member));
    const selectors = on.map(({ network }) => network.link.nodes?.matchLabels ?? {});
    return {
      annotations: Object.assign({ [NETWORKS]: JSON.stringify(list) }, ...own) as Record<string, string>,
      nodeSelector: Object.assign({}, ...selectors) as Record<string, string>,
      devices: {},
      claims: [],
      bare: [],
      says: on.map((one) =>
        JSON.stringify([configOf(one, gateway, plan.cluster.platform), one.network.link.vlan, one.network.mtu]),
      ),
      onPolicy: { [POLICY_FOR]: "ovn" },
    };
  };
}

function annotationsOf({ leg, network, variant }: Standing, gateway: Gateway, { index }: GatewayMember) {
  const key = `${formatProvider(network, gateway.namespace)}.kubernetes.io`;
  const addresses = (leg.addresses[index - 1] ?? []).map((one) => one.address);
  return {
    [`${key}/logical_switch`]: formatKubeOvnName(network),
    [`${key}/ip_address`]: formatAddresses(addresses),
    ...(variant.routes.length > 0 && { [`${key}/routes`]: formatRoutes(variant.routes) }),
  };
}

/** What guards let gateways' pods say of the Subnets that they are on. */
export function listAllowedInterfaces(plan: Plan, guests: readonly Gateway[]): readonly string[] {
  const networks = networksOf(plan);
  return guests.flatMap((gateway) =>
    listInterfacesOn(gateway, networks).map(({ network }) => {
      const key = `${formatProvider(network, gateway.namespace)}.kubernetes.io/logical_switch`;
      return `${gateway.namespace} ${key}=${formatKubeOvnName(network)}`;
    }),
  );
}
