import type { ExpectedGateway } from "../../expected/expected.ts";
import { isKnownScript, listStatements } from "./known-script.ts";
import type { MountedFile } from "./mounted-files.ts";

/** Why a script is open for a moment: the first command that fails must end it. */
export function findUnsafeStart({ path, text }: MountedFile): string | undefined {
  if (!path.endsWith(".sh")) return undefined;
  const [first = ""] = listStatements(text);
  return /^set -eu?$/.test(first) ? undefined : `${nameOf(path)} goes on after a command that fails (no \`set -e\`)`;
}

/** What of a file is other than the texts that are known to work. */
export function findUnexpectedFile({ path, text }: MountedFile, meant: ExpectedGateway): string | undefined {
  const name = nameOf(path);
  if (/\.sh$|^(strongswan|swanctl)\.conf$/.test(name))
    return isKnownScript(text) ? undefined : `${name} is none of the texts that are known to work`;
  if (name === "wireguard.conf") return findUnexpectedWireguard(text, meant);
  if (name.endsWith(".conf")) return findUnexpectedLine(text, KEEPALIVED, name);
  return undefined;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Lines of keepalived.conf(5); what addresses and numbers are is read elsewhere. */
const KEEPALIVED: readonly RegExp[] = [
  /^global_defs \{$|^\}$|^group \{$|^unicast_peer \{$|^virtual_ipaddress \{$/,
  /^router_id \S+$/,
  /^vrrp_garp_master_repeat 2$|^script_user root$|^enable_script_security$/,
  /^vrrp_sync_group \S+ \{$|^vrrp_instance \S+ \{$/,
  /^[A-Z0-9_]+$/,
  // A tunnel that is up on both members would answer from two places at once.
  /^notify_master "\/bin\/sh \/etc\/plumbline\/gateway\/tunnel\.sh up"$/,
  /^notify_(backup|fault) "\/bin\/sh \/etc\/plumbline\/gateway\/tunnel\.sh down"$/,
  /^state BACKUP$/,
  /^interface net\d+$/,
  /^(virtual_router_id|priority) \d+$/,
  /^advert_int 1$/,
  /^(unicast_src_ip )?[0-9a-f:.]+$/,
  /^[0-9a-f:.]+\/\d+ dev net\d+$/,
];

function findUnexpectedLine(text: string, known: readonly RegExp[], name: string): string | undefined {
  const line = listStatements(text).find((one) => !known.some((pattern) => pattern.test(one)));
  return line === undefined ? undefined : `\`${line}\` in ${name} is not what is known to work`;
}

/** Keys of wg(8). The mark keeps the tunnel's own packets out of the tunnel. */
const WIREGUARD: readonly RegExp[] = [
  /^\[(Interface|Peer)\]$/,
  /^(ListenPort|FwMark) = 51820$/,
  /^(PublicKey|Endpoint|AllowedIPs) = .*$/,
  /^PersistentKeepalive = \d+$/,
];

function findUnexpectedWireguard(text: string, { keepalive }: ExpectedGateway): string | undefined {
  const stray = findUnexpectedLine(text, WIREGUARD, "wireguard.conf");
  if (stray !== undefined) return stray;
  if (!/^\s*FwMark = /m.test(text)) return "its tunnel's own packets have no mark";
  const held = /^\s*PersistentKeepalive = (\d+)/m.exec(text)?.[1];
  return held === (keepalive === undefined ? undefined : String(keepalive))
    ? undefined
    : `an idle tunnel says that it is there after ${held ?? "no"} seconds, and ${keepalive ?? "never"} is meant`;
}

/** What a container takes at its start or later, and so takes away before its rules stand: it may have been left from before. */
export function findMissingCleanup(
  files: readonly MountedFile[],
): { why: string; place: MountedFile["place"] } | undefined {
  const starts = files.filter((file) => file.path.endsWith("/start.sh"));
  const confs = files.filter((file) => file.path.endsWith(".conf"));
  const gone = matches(starts, /^\s*ip address del (\S+ dev \S+) /gm);
  const taken = new Set([
    ...matches(starts, /^\s*ip address replace (\S+ dev \S+)$/gm),
    ...matches(confs, /^\s*([0-9a-f:.]+\/\d+ dev \S+)$/gm),
  ]);
  const other = gone.find((one) => !taken.has(one)) ?? [...taken].find((one) => !gone.includes(one));
  const [first] = [...starts, ...confs];
  if (other === undefined || !first) return undefined;
  return { why: `${other} is not taken away at the start as it is taken later`, place: first.place };
}

function matches(files: readonly MountedFile[], pattern: RegExp): readonly string[] {
  return files.flatMap((file) => [...file.text.matchAll(pattern)].map((one) => one[1] ?? ""));
}
