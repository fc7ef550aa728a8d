import { type Address, countAddressBits, parseAddress } from "../../../net/address.ts";
import { type InterfaceAddress, parseInterfaceAddress } from "../../../net/cidr.ts";

export interface VrrpInstance {
  readonly name: string;
  readonly interface: string;
  readonly routerId: number;
  /** Who has the highest of those that are there takes the addresses. */
  readonly priority: number;
  readonly source: Address | undefined;
  readonly peers: readonly Address[];
  readonly virtual: readonly { readonly address: InterfaceAddress; readonly interface: string }[];
}

export interface Keepalived {
  readonly instances: readonly VrrpInstance[];
  /** Names of instances that move together. */
  readonly groups: readonly (readonly string[])[];
  /** Commands of the member that takes the addresses. */
  readonly whenMaster: readonly string[];
}

interface Block {
  readonly words: readonly string[];
  readonly body: readonly Block[];
}

/** Words inside an instance that are understood: another one could add routes or rules, or be a slip that keepalived passes over. */
const KNOWN = (
  "state interface virtual_router_id priority advert_int unicast_src_ip unicast_peer virtual_ipaddress " +
  "virtual_ipaddress_excluded notify_master notify_backup notify_fault notify_stop nopreempt preempt_delay garp_master_delay"
).split(" ");

/** Reads a keepalived configuration, or says why not. */
export function parseKeepalived(text: string): Keepalived | string {
  const lines = text.split("\n").map((line) => line.replace(/[!#].*$/, "").trim());
  const state = { words: lines.flatMap((line) => [...line.split(/\s+/).filter((word) => word !== ""), "\n"]), next: 0 };
  const blocks = readBlocks(state, 0);
  if (typeof blocks === "string") return blocks;
  const instances: VrrpInstance[] = [];
  for (const block of blocks.filter((one) => one.words[0] === "vrrp_instance")) {
    const read = instanceOf(block);
    if (typeof read === "string") return read;
    instances.push(read);
  }
  const groups = blocks
    .filter((one) => one.words[0] === "vrrp_sync_group")
    .map((one) => one.body.filter((inner) => inner.words[0] === "group").flatMap(namesIn));
  const owners = blocks.filter((one) => /^vrrp_(sync_group|instance)$/.test(one.words[0] ?? ""));
  const masters = owners.flatMap((one) => one.body.filter((line) => line.words[0] === "notify_master"));
  const whenMaster = masters.map((line) => line.words.slice(1).join(" ").replaceAll('"', ""));
  return { instances, groups, whenMaster };
}

function namesIn(block: Block): string[] {
  return block.body.flatMap((line) => [...line.words]);
}

/** Statements up to the closing brace: a line, or words with a `{ … }`. */
function readBlocks(state: { words: string[]; next: number }, depth: number): Block[] | string {
  const blocks: Block[] = [];
  let words: string[] = [];
  const flush = () => {
    if (words.length > 0) blocks.push({ words, body: [] });
    words = [];
  };
  while (state.next < state.words.length) {
    const word = state.words[state.next++] as string;
    if (word === "\n") {
      if (state.words.slice(state.next).find((one) => one !== "\n") === "{") continue;
      flush();
    } else if (word === "{") {
      const body = readBlocks(state, depth + 1);
      if (typeof body === "string") return body;
      blocks.push({ words, body });
      words = [];
    } else if (word === "}") {
      flush();
      return depth > 0 ? blocks : "a brace is closed that was not opened";
    } else words.push(word);
  }
  flush();
  return depth === 0 ? blocks : "a brace is not closed";
}

function instanceOf(block: Block): VrrpInstance | string {
  const value = (key: string) => block.body.find((line) => line.words[0] === key)?.words[1];
  const bad = block.body.find((line) => !KNOWN.includes(line.words[0] ?? ""));
  if (bad) return `\`${bad.words[0]}\` of keepalived is not understood`;
  const name = block.words[1] ?? "";
  const own = value("interface");
  if (own === undefined) return `the instance \`${name}\` has no interface`;
  const virtual: VrrpInstance["virtual"][number][] = [];
  for (const list of block.body.filter((line) => /^virtual_ipaddress(_excluded)?$/.test(line.words[0] ?? ""))) {
    for (const { words } of list.body) {
      const read = parsePrefixed(words[0] ?? "");
      if (!read) return `\`${words[0]}\` is no virtual address`;
      const dev = words.indexOf("dev");
      if (words.length > 1 && dev !== 1) return `\`${words.join(" ")}\` is not understood`;
      virtual.push({ address: read, interface: (dev < 0 ? undefined : words[dev + 1]) ?? own });
    }
  }
  const peers = block.body.filter((line) => line.words[0] === "unicast_peer").flatMap(namesIn);
  return {
    name,
    interface: own,
    routerId: Number(value("virtual_router_id") ?? "0"),
    priority: Number(value("priority") ?? "100"),
    source: parseAddress(value("unicast_src_ip") ?? ""),
    peers: peers.map(parseAddress).filter((one) => one !== undefined),
    virtual,
  };
}

/** An address; without a prefix it stands alone. */
export function parsePrefixed(text: string): InterfaceAddress | undefined {
  const read = parseInterfaceAddress(text);
  if (typeof read !== "string") return read;
  const bare = parseAddress(text);
  return bare && { address: bare, prefix: countAddressBits(bare.family) };
}
