import type { Address } from "../../net/address.ts";
import { hostCidr } from "../../net/cidr.ts";
import { allAddresses, ofFamily, setOfCidrs } from "../headerspace/address-set.ts";
import { packets } from "../headerspace/packet-set.ts";
import { icmpTypes, intersectServices, portsOf, type ServiceSet } from "../headerspace/service-set.ts";
import type { Model } from "../model/model.ts";
import { ETH0, type Interface, mainOf, type Node } from "../model/pods/node.ts";
import { allowedByPolicy } from "../model/policies/default-network.ts";
import { filter } from "../nft/evaluate.ts";

const SOLICIT = icmpTypes["nd-neighbor-solicit"] as number;
const ADVERT = icmpTypes["nd-neighbor-advert"] as number;
const OVN = "ovn-k8s-cni-overlay";
const found = new WeakMap<Node, Map<string, boolean>>();

/**
 * Whether IPv6 neighbours find a node: without, no IPv6 packet ever gets to it (RFC 4861). The rules of the node must pass
 * neighbour discovery. OVN drops the advertisements of a port that is held to its MAC address alone, as a gateway's is (seen
 * with OVN 23.03; ovn-controller's build_in_port_sec_nd_flows asks them for an option that only solicitations have).
 */
export function neighboursFound(node: Node, link: Interface): boolean {
  const { ruleset } = node.runtime;
  if (node.type === "gateway" && link.network?.plugin === OVN && link.bound === undefined) return false;
  if (!ruleset) return true;
  const known = found.get(node) ?? new Map<string, boolean>();
  found.set(node, known);
  const before = known.get(link.name);
  if (before !== undefined) return before;
  const passes = (hook: "input" | "output", type: number) => {
    const box = packets(6, allAddresses, allAddresses, portsOf("icmp", type, type));
    const crossing = {
      incoming: hook === "input" ? link.name : undefined,
      outgoing: hook === "output" ? link.name : undefined,
      state: "untracked" as const,
      translated: false,
    };
    return box !== undefined && filter(ruleset, hook, crossing, box).accepted.length > 0;
  };
  const works = (["input", "output"] as const).every((hook) => passes(hook, SOLICIT) && passes(hook, ADVERT));
  known.set(link.name, works);
  return works;
}

/** Why a tunnel cannot come up; undefined where its own packets get out. */
export function tunnelIsUp(model: Model, gateway: Node, name: string): string | undefined {
  const tunnel = gateway.runtime.tunnels.get(name);
  if (!tunnel?.endpoint) return "it has no endpoint";
  const { address, ports } = tunnel.endpoint;
  for (const port of ports) {
    const why = blocked(model, gateway, address, portsOf("udp", port, port));
    if (why !== undefined) return why;
  }
  return undefined;
}

function blocked(model: Model, gateway: Node, address: Address, service: ServiceSet): string | undefined {
  const to = setOfCidrs([hostCidr(address)]);
  const { ruleset } = gateway.runtime;
  const own = ofFamily(mainOf(gateway)?.addresses ?? [], address.family);
  const box = packets(address.family, own.length > 0 ? own : allAddresses, to, service);
  const crossing = { incoming: undefined, outgoing: ETH0, state: "new" as const, translated: false };
  if (ruleset && box && filter(ruleset, "output", crossing, box).accepted.length === 0)
    return "its rules do not let the encrypted flow out";
  const policy = allowedByPolicy(model, gateway, "egress", { addresses: to }, address.family);
  if (intersectServices(policy, service).length === 0) return "a policy does not let the encrypted flow out of eth0";
  return undefined;
}
