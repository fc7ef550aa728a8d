import { suggestWord } from "../../diagnostics/suggest.ts";
import type { Path } from "../../source/place.ts";
import { isOpaque, locateJson } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { isVlanLink } from "../nad/link-constraints.ts";
import type { Nad, NadPlugin } from "../nad/read-nad.ts";
import { nadRules } from "../nad/rules.ts";
import { operatorRules } from "../operators/rules.ts";
import {
  type Fields,
  isFields,
  type LintObject,
  locateInObject,
  parseApiGroup,
  readField,
  readText,
} from "../read/lint-object.ts";
import type { Repository } from "./repository.ts";

/** A link of the nodes, as NMState describes it. */
interface NodeLink {
  readonly object: LintObject;
  readonly path: Path;
  readonly fields: Fields;
}

/** The links that policies of NMState describe, by name: one entry for each policy. */
function nodeLinks({ objects }: Repository): ReadonlyMap<string, readonly NodeLink[]> {
  const links = new Map<string, NodeLink[]>();
  for (const object of objects) {
    if (parseApiGroup(object.apiVersion) !== "nmstate.io" || object.doc.part.templated) continue;
    const list = readField(object, "spec", "desiredState", "interfaces");
    for (const [index, fields] of (Array.isArray(list) ? (list as readonly unknown[]) : []).entries()) {
      const name = isFields(fields) ? readText(fields.name) : undefined;
      if (!isFields(fields) || name === undefined || fields.state === "absent") continue;
      const link = { object, path: ["spec", "desiredState", "interfaces", index], fields };
      const known = links.get(name);
      if (known) known.push(link);
      else links.set(name, [link]);
    }
  }
  return links;
}

/** Networks against the links of the nodes that they stand on. */
export function checkLinks(repository: Repository): readonly LintFinding[] {
  const links = nodeLinks(repository);
  if (links.size === 0) return [];
  return repository.nads.flatMap((nad) => {
    const [plugin] = nad.plugins;
    return plugin
      ? [...largerMtu(nad, plugin, links), ...doubleTag(nad, plugin, links), ...otherBridge(nad, plugin, links)]
      : [];
  });
}

/** Plugins that compare their MTU with that of the link below. */
const COMPARING = ["macvlan", "vlan"];

function largerMtu(
  nad: Nad,
  plugin: NadPlugin,
  links: ReadonlyMap<string, readonly NodeLink[]>,
): readonly LintFinding[] {
  const { mtu, linkInContainer } = plugin.fields;
  const master = readText(plugin.fields.master);
  if (!nad.config || !COMPARING.includes(plugin.type ?? "") || typeof mtu !== "number" || master === undefined)
    return [];
  const below = links.get(master) ?? [];
  const sizes = below.map(({ fields }) => fields.mtu).filter((one): one is number => typeof one === "number");
  const most = Math.max(...sizes);
  // Where one policy leaves the MTU open, some node may have a larger one.
  if (linkInContainer === true || sizes.length === 0 || sizes.length < below.length || mtu <= most) return [];
  const [first] = below;
  const related = first
    ? [{ place: locateInObject(first.object, [...first.path, "mtu"]), label: "the link's MTU" }]
    : [];
  const place = locateJson(nad.config, [...plugin.path, "mtu"]);
  const parameters = { mtu, link: master, most };
  return [createFinding(nadRules.diagnose("mtu-above-link", place, parameters, { related }))];
}

/** A bridge tags what it sends to its ports: a port that is the link of a VLAN tags it again. */
function doubleTag(
  nad: Nad,
  plugin: NadPlugin,
  links: ReadonlyMap<string, readonly NodeLink[]>,
): readonly LintFinding[] {
  const { bridge, vlan } = plugin.fields;
  if (!nad.config || !["bridge", "cnv-bridge"].includes(plugin.type ?? "") || typeof vlan !== "number" || vlan === 0)
    return [];
  for (const { object, path, fields } of links.get(readText(bridge) ?? "") ?? []) {
    const block = isFields(fields.bridge) ? fields.bridge : {};
    const ports = (Array.isArray(block.port) ? (block.port as readonly unknown[]) : []).map((one) =>
      isFields(one) ? readText(one.name) : undefined,
    );
    const index = ports.findIndex((one) => one !== undefined && isTagging(one, links));
    if (index < 0) continue;
    const related = [
      { place: locateInObject(object, [...path, "bridge", "port", index, "name"]), label: "adds the other tag" },
    ];
    const place = locateJson(nad.config, [...plugin.path, "vlan"]);
    const help = "take `vlan` out of the network, or put the link below the VLAN into the bridge";
    const parameters = { vlan, link: ports[index] as string };
    return [createFinding(nadRules.diagnose("tagged-twice", place, parameters, { related, help }))];
  }
  return [];
}

function isTagging(name: string, links: ReadonlyMap<string, readonly NodeLink[]>): boolean {
  const described = links.get(name);
  return described ? described.some(({ fields }) => fields.type === "vlan") : isVlanLink(name);
}

/** Plugins that take a bridge of the node, and make none: `bridge` itself makes one of any name. */
const TAKING = ["cnv-bridge", "ovs", "bridge"];

/** Only a slip is certain: nodes have bridges that no policy here makes. */
function otherBridge(
  nad: Nad,
  plugin: NadPlugin,
  links: ReadonlyMap<string, readonly NodeLink[]>,
): readonly LintFinding[] {
  const bridge = readText(plugin.fields.bridge);
  if (!nad.config || !TAKING.includes(plugin.type ?? "") || bridge === undefined || links.has(bridge)) return [];
  if (isOpaque(bridge)) return [];
  const bridges = [...links].flatMap(([name, all]) =>
    all.some(({ fields }) => /bridge$/.test(String(fields.type))) ? [name] : [],
  );
  const close = suggestWord(bridge, bridges);
  // Another number is another bridge of a row.
  if (close === undefined || close.replace(/\d/g, "") === bridge.replace(/\d/g, "")) return [];
  const [made] = links.get(close) ?? [];
  const related = made
    ? [{ place: locateInObject(made.object, [...made.path, "name"]), label: "this bridge is made" }]
    : [];
  const place = locateJson(nad.config, [...plugin.path, "bridge"]);
  const help = `did you mean \`${close}\`?`;
  return [createFinding(operatorRules.diagnose("bridge-not-found", place, { bridge }, { help, related }))];
}
