import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { Place } from "../../../source/place.ts";
import { parseNft } from "../../nft/parse.ts";
import type { Ruleset } from "../../nft/ruleset.ts";
import { verifyRules } from "../../rules.ts";
import { formatName, locateInManifest, readList, readText } from "../manifests/manifest.ts";
import type { Pod } from "../pods/pod.ts";
import { readIpCommand } from "./ip-command.ts";
import { parseKeepalived, type VrrpInstance } from "./keepalived.ts";
import type { ContainerView, MountedFile } from "./mounted-files.ts";
import { runScript } from "./run-script.ts";
import type { Runtime, RuntimeAddress, RuntimeRoute, RuntimeTunnel } from "./runtime.ts";
import { parseSwanctl } from "./swanctl-conf.ts";
import { parseWireguard } from "./wireguard-conf.ts";

interface DraftTunnel {
  mtu: number;
  /** Of an XFRM interface. */
  readonly id: string | undefined;
  conf: MountedFile | undefined;
}

interface Draft {
  ruleset: Ruleset | undefined;
  rulesAt: Place | undefined;
  readonly addresses: RuntimeAddress[];
  readonly routes: (RuntimeRoute & { readonly table: string })[];
  readonly rules: Set<string>;
  readonly tunnels: Map<string, DraftTunnel>;
  readonly vrrp: VrrpInstance[];
  readonly groups: (readonly string[])[];
  readonly early: string[];
  /** Files of ConfigMaps, by the paths that they are copied to. */
  readonly copies: Map<string, MountedFile>;
  readonly problems: { why: string; place: Place }[];
}

/** What a gateway's containers do, from their commands, scripts and configurations. */
export function readRuntime(
  pod: Pod,
  containers: readonly ContainerView[],
): { runtime: Runtime; diagnostics: Diagnostic[] } {
  const draft: Draft = {
    ruleset: undefined,
    rulesAt: undefined,
    addresses: [],
    routes: [],
    rules: new Set(),
    tunnels: new Map(),
    vrrp: [],
    groups: [],
    early: [],
    copies: new Map(),
    problems: [],
  };
  for (const container of containers) runContainer(pod, container, draft);
  const tunnels = new Map([...draft.tunnels].map(([name, one]) => [name, tunnelOf(name, one, pod, draft)]));
  const routes = draft.routes
    .filter((one) => one.table === "main" || draft.rules.has(`${one.to.family} ${one.table}`))
    .map(({ table, ...route }) => ({ ...route, own: table !== "main" }));
  const diagnostics = draft.problems.map(({ why, place }) =>
    verifyRules.diagnose("unreadable", place, { what: formatName(pod.manifest), why }),
  );
  return { runtime: { ...draft, routes, tunnels, misplaced: [] }, diagnostics };
}

function runContainer(pod: Pod, container: ContainerView, draft: Draft): void {
  if (container.command.length === 0) return;
  const list = [...readList(pod.spec, "initContainers"), ...readList(pod.spec, "containers")];
  const own = list.find((one) => readText(one, "name") === container.name);
  const environment = new Map<string, string>();
  for (const variable of readList(own, "env")) {
    const [name, value] = [readText(variable, "name"), readText(variable, "value")];
    if (name !== undefined && value !== undefined) environment.set(name, value);
  }
  follow(container.command.map(quoteWord).join(" "), container.files, environment, pod, draft);
}

function quoteWord(word: string): string {
  return /[\s&|;]/.test(word) && !word.includes('"') ? `"${word}"` : word;
}

type Files = ReadonlyMap<string, MountedFile>;

function follow(script: string, files: Files, environment: ReadonlyMap<string, string>, pod: Pod, draft: Draft): void {
  const run = runScript(script, files, environment);
  const place = locateInManifest(pod.manifest);
  for (const why of run.problems) draft.problems.push({ why: `its script: ${why} is not understood`, place });
  for (const { words } of run.commands) {
    const why = perform(words, files, environment, pod, draft);
    if (why !== undefined) draft.problems.push({ why, place });
  }
}

/** Commands of a gateway that change nothing of the network. */
const SILENT: ReadonlySet<string> = new Set(
  "[ alive cat chmod cut date export grep load mkdir od printf rm sha256sum sleep test touch tr umask".split(" "),
);

/** Carries one command out; says what is not understood of it. */
function perform(
  words: readonly string[],
  files: Files,
  environment: ReadonlyMap<string, string>,
  pod: Pod,
  draft: Draft,
): string | undefined {
  const name = (words[0] ?? "").split("/").at(-1) ?? "";
  if (name === "nft") return loadRules(words, files, draft);
  if (name === "keepalived") return startKeepalived(words, files, environment, pod, draft);
  if (name === "wireguard-go") {
    openTunnel(words.at(-1) ?? "", undefined, draft);
    return undefined;
  }
  if (name === "charon") {
    notFiltered("the IKE daemon is started", draft);
    return undefined;
  }
  if (name === "cp") {
    const file = files.get(words[1] ?? "");
    if (file && words.length === 3) draft.copies.set(words[2] ?? "", file);
    return undefined;
  }
  if (name === "swanctl") return loadConnections(words, files, draft);
  if (name === "wg") {
    const file = words[1] === "setconf" ? files.get(words[3] ?? "") : undefined;
    const tunnel = draft.tunnels.get(words[2] ?? "");
    if (words[1] === "setconf" && tunnel && file) tunnel.conf = file;
    return words[1] === "setconf" && !(tunnel && file) ? `\`${words.join(" ")}\` has no file or link` : undefined;
  }
  if (name === "ip") return changeLinks(words, draft);
  if (["iptables", "ip6tables", "iptables-nft", "sysctl", "wg-quick", "ipsec", "tc", "ebtables"].includes(name))
    return `\`${words.join(" ")}\` is not understood`;
  // What a gateway of ours does is known to the last word; what else runs in other pods is theirs.
  const ours = pod.manifest.intent !== undefined;
  const assigns = words.length === 1 && /^[A-Za-z_]\w*=/.test(name);
  return !ours || assigns || SILENT.has(name) ? undefined : `\`${words.join(" ")}\` is not understood`;
}

function loadRules(words: readonly string[], files: Files, draft: Draft): string | undefined {
  if (words[1] === "list") return undefined;
  const unknown = words.slice(1).find((word) => word.startsWith("-") && word !== "-c" && word !== "-f");
  if (unknown !== undefined) return `\`${words.join(" ")}\` is not understood`;
  if (words.includes("-c")) return undefined;
  const path = words[words.indexOf("-f") + 1] ?? "";
  const file = files.get(path);
  if (!words.includes("-f") || !file) return `\`${words.join(" ")}\` loads no file that is known`;
  const read = parseNft(file.text, placesIn(file));
  if ("why" in read) {
    draft.problems.push({ why: `line ${lineOf(file.text, read.at)} of ${path}: ${read.why}`, place: file.place });
    return undefined;
  }
  draft.ruleset = draft.ruleset ? { tables: [...draft.ruleset.tables, ...read.tables] } : read;
  draft.rulesAt = file.place;
  return undefined;
}

/**
 * Places of the lines of a literal block. They stand one after the other, so that each is looked for where the last one was:
 * from the first line on for every rule would be quadratic.
 */
function placesIn(file: MountedFile): (start: number, end: number) => Place {
  const { doc } = file.place as { doc: { file: { text: string; path: string } } };
  const first = Math.max(0, doc.file.text.indexOf(`${file.text.slice(0, 60).split("\n")[0]}`));
  let last = { start: 0, at: first };
  const none = new Set<string>();
  return (start, end) => {
    const line = file.text.slice(start, end).trim();
    if (none.has(line)) return file.place;
    const near = start >= last.start ? doc.file.text.indexOf(line, last.at) : -1;
    const at = near < 0 ? doc.file.text.indexOf(line, first) : near;
    if (at < 0) {
      none.add(line);
      return file.place;
    }
    last = { start, at: at + line.length };
    return { file: doc.file, start: at, end: at + line.length };
  };
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split("\n").length;
}

function notFiltered(what: string, draft: Draft): void {
  if (!draft.ruleset) draft.early.push(`${what} before its rules are loaded`);
}

function startKeepalived(
  words: readonly string[],
  files: Files,
  environment: ReadonlyMap<string, string>,
  pod: Pod,
  draft: Draft,
): string | undefined {
  const flag = words.findIndex((word) => /^(-f|--use-file)(=|$)/.test(word));
  const path = words[flag]?.split("=")[1] ?? words[flag + 1] ?? "";
  const file = flag < 0 ? undefined : files.get(path);
  if (!file) return `keepalived has no configuration that is known (\`${path}\`)`;
  const read = parseKeepalived(file.text);
  if (typeof read === "string") return read;
  notFiltered("keepalived takes addresses", draft);
  draft.vrrp.push(...read.instances);
  draft.groups.push(...read.groups);
  for (const instance of read.instances)
    for (const one of instance.virtual) draft.addresses.push({ ...one, virtual: true });
  for (const script of read.whenMaster) follow(script, files, environment, pod, draft);
  return undefined;
}

function loadConnections(words: readonly string[], files: Files, draft: Draft): string | undefined {
  const path = words[words.indexOf("--file") + 1] ?? "";
  const file = draft.copies.get(path) ?? files.get(path);
  const links = [...draft.tunnels.values()].filter((one) => one.id !== undefined);
  if (!words.includes("--load-all") || !file || links.length !== 1)
    return `\`${words.join(" ")}\` has no file or no link`;
  (links[0] as DraftTunnel).conf = file;
  return undefined;
}

function openTunnel(name: string, id: string | undefined, draft: Draft): void {
  notFiltered(`the tunnel ${name} is made`, draft);
  if (!draft.tunnels.has(name)) draft.tunnels.set(name, { mtu: 1420, id, conf: undefined });
}

function changeLinks(words: readonly string[], draft: Draft): string | undefined {
  const change = readIpCommand(words);
  if (!change) return `\`${words.join(" ")}\` is not understood`;
  if (change.type === "address") {
    // The tunnel's own address is nobody's next hop; any other one is what clients route to.
    if (!draft.tunnels.has(change.interface)) notFiltered(`the address of ${change.interface} is taken`, draft);
    draft.addresses.push({ address: change.address, interface: change.interface, virtual: false });
  } else if (change.type === "route") draft.routes.push({ ...change, own: false });
  else if (change.type === "rule") draft.rules.add(`${change.family} ${change.table}`);
  else if (change.type === "tunnel") openTunnel(change.interface, change.id, draft);
  else if (change.type === "mtu") {
    const tunnel = draft.tunnels.get(change.interface);
    if (tunnel) tunnel.mtu = change.mtu;
  }
  return undefined;
}

function tunnelOf(name: string, { mtu, id, conf }: DraftTunnel, pod: Pod, draft: Draft): RuntimeTunnel {
  const place = conf?.place ?? locateInManifest(pod.manifest);
  const read = conf && id === undefined ? readWireguard(conf.text) : conf ? readIpsec(conf.text, id) : undefined;
  if (typeof read === "string") draft.problems.push({ why: read, place });
  const known =
    typeof read === "object" ? read : { allowed: [], sources: undefined, endpoint: undefined, identity: [] };
  return { interface: name, mtu, place, ...known };
}

type Ends = Pick<RuntimeTunnel, "allowed" | "sources" | "endpoint" | "identity">;

function readWireguard(text: string): Ends | string {
  const peers = parseWireguard(text);
  if (typeof peers === "string") return peers;
  const endpoint = peers[0]?.endpoint && { address: peers[0].endpoint.address, ports: [peers[0].endpoint.port] };
  return {
    allowed: peers.flatMap((one) => one.allowed),
    sources: undefined,
    endpoint,
    identity: peers.map((one) => one.key),
  };
}

/** IKE's own ports, the second of which ESP in UDP has too (RFC 7296 2.23). */
const IKE_PORTS = [500, 4500];

function readIpsec(text: string, id: string | undefined): Ends | string {
  const peers = parseSwanctl(text);
  if (typeof peers === "string") return peers;
  const stranger = peers.find((one) => one.linkId !== id);
  if (stranger || peers.length !== 1) return `its connection does not belong to the link with the id ${id}`;
  const [{ behind, local, remote, identity }] = peers as readonly [(typeof peers)[number]];
  return { allowed: behind, sources: local, endpoint: { address: remote, ports: IKE_PORTS }, identity };
}
