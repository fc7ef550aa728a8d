import { type Address, parseAddress } from "../../../net/address.ts";
import { type Cidr, parseInterfaceAddress, toNetwork } from "../../../net/cidr.ts";

/** One connection of swanctl.conf(5) with its only child. */
export interface IkePeer {
  readonly remote: Address;
  /** Traffic selectors: what of ours goes in, and what is behind. */
  readonly local: readonly Cidr[];
  readonly behind: readonly Cidr[];
  /** The XFRM interface that the child belongs to. */
  readonly linkId: string | undefined;
  /** The names of both, ours first. */
  readonly identity: readonly string[];
}

interface Section {
  readonly name: string;
  readonly values: Map<string, string>;
  readonly sections: Section[];
}

/** Keys that are understood, by the depth of their section: another one could change what is encrypted. */
const KEYS: readonly (readonly string[])[] = [
  [],
  [],
  "version remote_addrs local_addrs encap mobike keyingtries dpd_delay proposals".split(" "),
  "auth id certs cacerts mode local_ts remote_ts esp_proposals if_id_in if_id_out set_mark_out start_action close_action dpd_action".split(
    " ",
  ),
];

/** Reads the connections of a configuration, or says why not. */
export function parseSwanctl(text: string): readonly IkePeer[] | string {
  const root = readSections(text);
  if (typeof root === "string") return root;
  const peers: IkePeer[] = [];
  for (const connection of root.sections.filter((one) => one.name === "connections").flatMap((one) => one.sections)) {
    const read = peerOf(connection);
    if (typeof read === "string") return `connection \`${connection.name}\`: ${read}`;
    peers.push(read);
  }
  return peers;
}

function readSections(text: string): Section | string {
  const root: Section = { name: "", values: new Map(), sections: [] };
  const open = [root];
  for (const raw of text.split("\n")) {
    const line = raw.replace(/#.*$/, "").trim();
    const current = open.at(-1) as Section;
    const head = /^([\w-]+)\s*\{$/.exec(line);
    const pair = /^([\w.-]+)\s*=\s*(.*)$/.exec(line);
    if (line === "" || /^include\s+\/run\//.test(line)) continue;
    if (line === "}") {
      if (open.length === 1) return "a brace too many";
      open.pop();
    } else if (pair) {
      const [, key = "", value = ""] = pair;
      if (!(KEYS[open.length - 1] ?? KEYS[3] ?? []).includes(key)) return `\`${key}\` is not understood`;
      current.values.set(key, value.trim());
    } else if (head) {
      const section: Section = { name: head[1] ?? "", values: new Map(), sections: [] };
      current.sections.push(section);
      open.push(section);
    } else return `\`${line}\``;
  }
  return open.length === 1 ? root : "a brace is missing";
}

function peerOf({ values, sections }: Section): IkePeer | string {
  const children = sections.filter((one) => one.name === "children").flatMap((one) => one.sections);
  const [child, second] = children;
  if (!child || second) return "it does not have exactly one child";
  const remote = parseAddress(values.get("remote_addrs") ?? "");
  if (!remote) return "its peer has no address";
  if (values.get("encap") !== "yes") return "it sends ESP outside of UDP, which no policy lets out";
  if ((child.values.get("mode") ?? "tunnel") !== "tunnel") return "it is no tunnel";
  if (/(^|[\s,])null/.test(child.values.get("esp_proposals") ?? "")) return "it may not encrypt at all";
  const local = selectors(child.values.get("local_ts"));
  const behind = selectors(child.values.get("remote_ts"));
  if (typeof local === "string") return local;
  if (typeof behind === "string") return behind;
  const ids = new Set([child.values.get("if_id_in"), child.values.get("if_id_out")]);
  if (ids.size > 1) return "it goes out and comes in by different links";
  const named = ["local", "remote"].map((name) => sections.find((one) => one.name === name)?.values.get("id") ?? "");
  return { remote, local, behind, linkId: [...ids][0], identity: named.map(unquoted) };
}

function unquoted(text: string): string {
  return /^"(.*)"$/.exec(text)?.[1] ?? text;
}

function selectors(text: string | undefined): readonly Cidr[] | string {
  const found: Cidr[] = [];
  for (const part of (text ?? "").split(",").filter((one) => one.trim() !== "")) {
    const read = parseInterfaceAddress(part.trim());
    if (typeof read === "string") return `the traffic selector \`${part.trim()}\``;
    found.push(toNetwork(read));
  }
  return found.length > 0 ? found : "it has no traffic selectors";
}
