import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { formatName, locateInManifest } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import type { AttachableNetwork } from "../model/networks/network.ts";
import type { Interface, Node } from "../model/pods/node.ts";
import { describeNode } from "../report/describe.ts";
import { verifyRules } from "../rules.ts";

/** A pod on a network that its node routes. */
interface Joined {
  readonly node: Node;
  readonly link: Interface;
  readonly network: AttachableNetwork;
  readonly party: string;
  /** Of a zone whose border is kept: not of one under audit. */
  readonly held: boolean;
}

/**
 * Nodes that are routers: they join each network on which they have an address with the pod network and with every other
 * one of these, and no policy of the receiver's eth0 is asked. So all of these networks are one, with every pod of the
 * cluster on it.
 */
export function checkNodeRouters(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const routed = new Map<string, AttachableNetwork>();
  for (const network of model.networks)
    if (network.nodeRoutes !== undefined && !routed.has(network.domain)) routed.set(network.domain, network);
  if (routed.size === 0) return [];
  const found = intentsRouted(model, watch);
  const first = new Map<string, Joined>();
  const told = new Set<string>();
  const joined = joinedBy(model, watch, routed);
  for (const one of joined) if (!first.has(one.party)) first.set(one.party, one);
  for (const one of joined) {
    const key = `${one.party} ${one.link.domain}`;
    if (!one.held || told.has(key)) continue;
    told.add(key);
    const other = [...first.values()].find(({ party }) => party !== one.party);
    found.push(other ? reportJoined(one, other) : reportRouter(one));
  }
  return found;
}

function joinedBy(
  model: Model,
  watch: ExpectedIndex,
  routed: ReadonlyMap<string, AttachableNetwork>,
): readonly Joined[] {
  const joined: Joined[] = [];
  for (const node of model.nodes) {
    if (node.type !== "workload" && node.type !== "gateway") continue;
    const zone = watch.zones.get(node.namespace);
    const held = zone ? !zone.audit : node.type === "gateway" && !watch.isExternallyManaged(node);
    for (const link of node.interfaces) {
      const network = link.type === "attachment" ? routed.get(link.domain) : undefined;
      if (network) joined.push({ node, link, network, party: describeNode(node, watch.zones), held });
    }
  }
  return joined;
}

/** Networks of intents: nobody asked for a router there. */
function intentsRouted(model: Model, watch: ExpectedIndex): Diagnostic[] {
  const links = new Map(watch.expected.links.map((one) => [one.network, one]));
  return model.networks.flatMap((network) => {
    const { manifest, nodeRoutes } = network;
    const link = links.get(manifest.intent ?? "");
    if (nodeRoutes === undefined || !link || link.takesOver.includes(`${network.namespace}/${network.name}`)) return [];
    const what = formatName(manifest);
    const why = `\`${nodeRoutes}\` makes every node a router between it, the pod network and every other such network`;
    const related = [{ place: link.origin, label: "meant here" }];
    return [
      verifyRules.diagnose(
        "fails-open",
        locateInManifest(manifest, "spec", "config"),
        { gateway: what, why },
        { related },
      ),
    ];
  });
}

function reportJoined(one: Joined, other: Joined): Diagnostic {
  const related = other.node.place ? [{ place: other.node.place, label: "the other one" }] : [];
  const notes = [wordsOf(one), wordsOf(other)];
  const parameters = { pod: one.node.id, party: one.party, other: other.node.id, others: other.party };
  return verifyRules.diagnose("joined-by-node", one.node.place, parameters, { related, notes: [...new Set(notes)] });
}

function reportRouter(one: Joined): Diagnostic {
  const { network, node, link } = one;
  const key = network.nodeRoutes ?? "";
  const parameters = { pod: node.id, network: formatName(network.manifest), key, domain: link.domain };
  return verifyRules.diagnose("node-is-router", node.place, parameters, { notes: [wordsOf(one)] });
}

function wordsOf({ network, link }: Joined): string {
  return `${formatName(network.manifest)} has \`${network.nodeRoutes}\`: the node has an address on ${link.domain} and forwards`;
}
