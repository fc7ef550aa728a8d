import type { Address } from "../../net/address.ts";
import { toHostCidr } from "../../net/cidr.ts";
import { allAddresses, filterFamily, toAddressSet } from "../headerspace/address-set.ts";
import { createBox } from "../headerspace/packet-set.ts";
import { createPortSet, icmpTypes, intersectServices, type ServiceSet } from "../headerspace/service-set.ts";
import type { Model } from "../model/model.ts";
import { ETH0, findPrimaryInterface, type Interface, type Node } from "../model/pods/node.ts";
import { computeAllowedServices } from "../model/policies/primary-network.ts";
import { evaluateFilter } from "../nft/evaluate.ts";

const SOLICIT = icmpTypes["nd-neighbor-solicit"] as number;
const ADVERT = icmpTypes["nd-neighbor-advert"] as number;
const OVN = "ovn-k8s-cni-overlay";
const found = new WeakMap<Node, Map<string, boolean>>();

/**
 * Whether IPv6 neighbours find a node: without, no IPv6 packet ever gets to it (RFC 4861). The rules of the node must pass
 * neighbour discovery. OVN drops the advertisements of a port that is held to its MAC address alone, as a gateway's is (seen
 * with OVN 23.03; ovn-controller's build_in_port_sec_nd_flows asks them for an option that only solicitations have).
 */
export function passesNeighbourDiscovery(node: Node, link: Interface): boolean {
  const { ruleset } = node.runtime;
  if (node.type === "gateway" && link.network?.plugin === OVN && link.bound === undefined) return false;
  if (!ruleset) return true;
  const known = found.get(node) ?? new Map<string, boolean>();
  found.set(node, known);
  const before = known.get(link.name);
  if (before !== undefined) return before;
  const passes = (hook: "input" | "output", type: number) => {
    const box = createBox(6, allAddresses, allAddresses, createPortSet("icmp", type, type));
    const crossing = {
      incoming: hook === "input" ? link.name : undefined,
      outgoing: hook === "output" ? link.name : undefined,
      state: "untracked" as const,
      translated: false,
    };
    return box !== undefined && evaluateFilter(ruleset, hook, crossing, box).accepted.length > 0;
  };
  const works = (["input", "output"] as const).every((hook) => passes(hook, SOLICIT) && passes(hook, ADVERT));
  known.set(link.name, works);
  return works;
}

/** Why a tunnel cannot come up; undefined where its own packets get out. */
export function explainTunnelDown(model: Model, gateway: Node, name: string): string | undefined {
  const tunnel = gateway.runtime.tunnels.get(name);
  if (!tunnel?.endpoint) return "it has no endpoint";
  const { address, ports } = tunnel.endpoint;
  for (const port of ports) {
    const why = explainBlocked(model, gateway, address, createPortSet("udp", port, port));
    if (why !== undefined) return why;
  }
  return undefined;
}

function explainBlocked(model: Model, gateway: Node, address: Address, service: ServiceSet): string | undefined {
  const to = toAddressSet([toHostCidr(address)]);
  const { ruleset } = gateway.runtime;
  const own = filterFamily(findPrimaryInterface(gateway)?.addresses ?? [], address.family);
  const box = createBox(address.family, own.length > 0 ? own : allAddresses, to, service);
  const crossing = { incoming: undefined, outgoing: ETH0, state: "new" as const, translated: false };
  if (ruleset && box && evaluateFilter(ruleset, "output", crossing, box).accepted.length === 0)
    return "its rules do not let the encrypted flow out";
  const policy = computeAllowedServices(model, gateway, "egress", { addresses: to }, address.family);
  if (intersectServices(policy, service).length === 0) return "a policy does not let the encrypted flow out of eth0";
  return undefined;
}
