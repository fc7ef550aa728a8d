import type { Platform } from "../../../ir/project.ts";
import { type Address, countAddressBits, type Family } from "../../../net/address.ts";
import {
  type Cidr,
  containsAddress,
  type InterfaceAddress,
  parseKnownCidr,
  toHostCidr,
  toNetwork,
} from "../../../net/cidr.ts";
import { toSingleRange } from "../../../net/range.ts";
import {
  type AddressSet,
  createAddressSet,
  hasCommonAddress,
  noAddresses,
  toAddressSet,
  uniteAddresses,
  uniteAllAddresses,
} from "../../headerspace/address-set.ts";
import { noRuntime, type Runtime } from "../gateways/runtime.ts";
import type { AttachableNetwork } from "../networks/network.ts";
import type { ResolvedAttachment } from "./attached-to.ts";
import type { PodAttachment } from "./attachments.ts";
import { ETH0, type Interface, type Node, type Route } from "./node.ts";
import type { Pod } from "./pod.ts";
import { readPodSysctls } from "./pod-sysctls.ts";

interface Leg {
  readonly interface: Interface;
  readonly routes: readonly Route[];
}

/** A node from a pod template, its networks and what its containers do. */
export function buildNode(
  pod: Pod,
  attached: readonly ResolvedAttachment[],
  runtime: Runtime,
  platform: Platform,
  main: AttachableNetwork | undefined,
): Node {
  const own = readPodSysctls(pod);
  const replaced = new Set(attached.flatMap(({ attachment }) => attachment.defaultRoute.map((hop) => hop.family)));
  const legs = attached
    .filter(makesInterface)
    .map((one) => filtered(legOf(one, runtime, own.reversePath), one.attachment, replaced));
  const tunnels = [...runtime.tunnels.values()].map((tunnel): Interface => {
    const taken = (address: Address) => tunnel.sources?.some((one) => containsAddress(one, address)) ?? true;
    const own = runtime.addresses.filter((one) => one.interface === tunnel.interface && taken(one.address.address));
    const addresses = createAddressSet(own.map((one) => toSingleRange(one.address.address)));
    const rest = { network: undefined, virtual: noAddresses, mtu: tunnel.mtu, reversePath: 0 as const };
    return { name: tunnel.interface, type: "tunnel", domain: `tunnel ${pod.id}`, addresses, ...rest };
  });
  const eth0 = buildPrimaryInterface(platform, pod.hostNetwork ? undefined : main);
  const interfaces = [eth0, ...legs.map((leg) => leg.interface), ...tunnels];
  const networks = attached.map((one) => one.network).filter((one) => one !== undefined);
  return {
    id: pod.id,
    alike: [],
    type: runtime === noRuntime ? "workload" : "gateway",
    namespace: pod.namespace,
    labels: pod.labels,
    pod,
    intent: pod.manifest.intent,
    interfaces,
    // In the order in which they are made: of equal routes of IPv4 the kernel asks the last one first.
    routes: [...buildEth0Routes(platform, replaced), ...legs.flatMap((leg) => leg.routes), ...runtimeRoutes(runtime)],
    forwards4: own.forwards4 || networks.some((network) => network.forwards4),
    forwards6: own.forwards6 || networks.some((network) => network.forwards6),
    runtime: runtime.vrrp.length === 0 ? runtime : { ...runtime, misplaced: misplacedIn(runtime, interfaces) },
    local: uniteAllAddresses(interfaces.flatMap((one) => (one.type === "default" ? [] : [one.addresses, one.virtual]))),
    place: pod.place,
    hostNetwork: pod.hostNetwork,
  };
}

/** A chain behind `loopback` changes settings of the pod and makes no interface. */
function makesInterface({ network }: ResolvedAttachment): boolean {
  return network?.plugin !== "loopback";
}

/** Where one network has the default route by name, Multus deletes those of all others (IsFilterV4Gateway). */
function filtered(leg: Leg, { defaultRoute }: PodAttachment, replaced: ReadonlySet<Family>): Leg {
  if (replaced.size === 0 || defaultRoute.length > 0) return leg;
  return { ...leg, routes: leg.routes.filter(({ to }) => to.prefix > 0 || !replaced.has(to.family)) };
}

/** A member sends its adverts from an address of its own: the other one listens to no other. */
function misplacedIn(runtime: Runtime, interfaces: readonly Interface[]): readonly string[] {
  return runtime.vrrp
    .filter(({ source, interface: name }) => {
      const link = interfaces.find((one) => one.name === name);
      return !source || !link || !hasCommonAddress(link.addresses, [toSingleRange(source)]);
    })
    .map((one) => `${one.name} sends from an address that ${one.interface} does not have`);
}

const mains = new WeakMap<object, Interface>();

/**
 * eth0, the same for every pod, or the network that its namespace has in place of it: the pod's default route, its
 * Services and its NetworkPolicies are there, and what is left of the default network is locked.
 */
export function buildPrimaryInterface(platform: Platform, network: AttachableNetwork | undefined): Interface {
  const key = network ?? platform;
  const known = mains.get(key) ?? makeMain(platform, network);
  mains.set(key, known);
  return known;
}

function makeMain({ podNetwork }: Platform, network: AttachableNetwork | undefined): Interface {
  const rest = { network, virtual: noAddresses, mtu: network?.mtu ?? podNetwork.mtu, reversePath: 0 as const };
  const addresses = network
    ? createAddressSet(network.pools.flatMap((pool) => pool.addresses))
    : toAddressSet(podNetwork.cidrs);
  return { name: ETH0, type: "default", domain: network?.domain ?? "the default network", addresses, ...rest };
}

const EVERYWHERE: Readonly<Record<Family, Cidr>> = { 4: parseKnownCidr("0.0.0.0/0"), 6: parseKnownCidr("::/0") };

/** eth0's routes: the default one unless another network took it, and with `buildEth0Routes` those to pods and Services. */
export function buildEth0Routes(platform: Platform, replaced: ReadonlySet<Family>): readonly Route[] {
  const { cidrs, serviceCidrs, eth0Routes: own } = platform.podNetwork;
  const families = new Set(cidrs.map((one) => one.family));
  const defaults = [...families].filter((family) => !replaced.has(family)).map((family) => EVERYWHERE[family]);
  const direct = own ? [...cidrs, ...serviceCidrs] : [];
  return [...defaults, ...direct].map((to) => route(to, ETH0));
}

function route(to: Cidr, to_interface: string): Route {
  return { to, via: undefined, interface: to_interface, metric: 0, answersOnly: false };
}

/** What an address makes by itself: IPv6 gives that route 256, and 1024 to every route that names no metric. */
function connected(to: Cidr, to_interface: string): Route {
  return { ...route(to, to_interface), metric: to.family === 6 ? CONNECTED6 - STATIC6 : 0 };
}

const CONNECTED6 = 256;
const STATIC6 = 1024;

function legOf(
  { attachment, network, guest }: ResolvedAttachment,
  runtime: Runtime,
  strictness: Interface["reversePath"],
): Leg {
  const asked = network?.takesAddresses === false ? [] : attachment.addresses;
  const given = asked.map((one) => withPrefix(one, network));
  const pools = given.length > 0 || !network ? [] : network.pools;
  const fixed = network?.fixed ?? [];
  const own = runtime.addresses.filter((one) => one.interface === attachment.interface);
  const permanent = own.filter((one) => !one.virtual).map((one) => one.address);
  const inside = guest?.addresses ?? [];
  const held = [...given, ...permanent, ...inside].map((one) => toSingleRange(one.address));
  const subnets = [
    ...[...given, ...inside].map(toNetwork),
    ...own.map((one) => toNetwork(one.address)).filter((one) => one.prefix < countAddressBits(one.family)),
    ...pools.map((pool) => pool.subnet),
    ...fixed.map((one) => one.subnet),
  ];
  const name = attachment.interface;
  return {
    interface: {
      name,
      type: "attachment",
      domain: network?.domain ?? `the network ${attachment.namespace}/${attachment.name}, which no manifest describes`,
      network,
      addresses: uniteAddresses(
        createAddressSet([...held, ...fixed.map((one) => toSingleRange(one.address))]),
        createAddressSet(pools.flatMap((pool) => pool.addresses)),
      ),
      virtual: createAddressSet(own.filter((one) => one.virtual).map((one) => toSingleRange(one.address.address))),
      ...limitSenders(
        network,
        uniteAddresses(
          createAddressSet(given.map((one) => toSingleRange(one.address))),
          createAddressSet(pools.flatMap((pool) => pool.addresses)),
        ),
      ),
      mtu: network?.mtu ?? 1500,
      mac: (attachment.mac ?? network?.mac)?.toLowerCase(),
      // The kernel takes the larger of `all` and the interface's own.
      reversePath: Math.max(network?.reversePath ?? 0, strictness) as Interface["reversePath"],
    },
    routes: [
      ...distinct(subnets).map((to) => connected(to, name)),
      ...(network?.routes ?? []).map((one) => ({
        to: one.to,
        via: one.via,
        interface: name,
        metric: one.metric > 0 && one.to.family === 6 ? one.metric - STATIC6 : one.metric,
        answersOnly: network?.sourceRouted ?? false,
      })),
      ...(guest?.routes ?? []).map(({ to, via }) => ({ ...route(to, name), via })),
      ...attachment.defaultRoute.map((via) => ({ ...route(EVERYWHERE[via.family], name), via })),
    ],
  };
}

/**
 * OVN-Kubernetes lets a port send from the addresses that it gave it. Where it gave none, it looks at the MAC address
 * alone.
 */
function limitSenders(network: AttachableNetwork | undefined, given: AddressSet): Pick<Interface, "bound"> {
  return network?.plugin === "ovn-k8s-cni-overlay" && given.length > 0 ? { bound: given } : {};
}

function distinct(subnets: readonly Cidr[]): readonly Cidr[] {
  return [...new Map(subnets.map((one) => [`${one.family} ${one.base} ${one.prefix}`, one])).values()];
}

/** An address that names no prefix has that of the subnet it lies in, or stands alone. */
function withPrefix(one: PodAttachment["addresses"][number], network: AttachableNetwork | undefined): InterfaceAddress {
  if (one.prefix !== undefined) return one;
  const subnet = network?.pools.map((pool) => pool.subnet).find((subnet) => containsAddress(subnet, one.address));
  return { address: one.address, prefix: subnet?.prefix ?? toHostCidr(one.address).prefix };
}

/** Routes that the containers make. Those of a table of its own are asked before the main table's default route. */
function runtimeRoutes(runtime: Runtime): readonly Route[] {
  return runtime.routes.map((one) => ({
    to: one.to,
    via: one.via,
    interface: one.interface,
    metric: one.metric - (one.own ? 0x10000 : 0),
    answersOnly: false,
  }));
}
