import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Expectations, TunnelExpectation } from "./expectations.ts";
import { batch } from "./links.ts";
import { at, type KubeObject } from "./manifests.ts";
import { run, start, until } from "./shell.ts";

/** The keys of one tunnel, made up for the run: no key stands in any file of the project. */
export interface TunnelKeys {
  readonly gatewayPrivate: string;
  readonly gatewayPublic: string;
  readonly peerPrivate: string;
  readonly peerPublic: string;
  readonly preshared: string;
}

export async function tunnelKeys(expectations: Expectations): Promise<Map<string, TunnelKeys>> {
  const keys = new Map<string, TunnelKeys>();
  for (const tunnel of expectations.tunnels) {
    const gatewayPrivate = (await run("wg", ["genkey"])).trim();
    const peerPrivate = (await run("wg", ["genkey"])).trim();
    keys.set(tunnel.name, {
      gatewayPrivate,
      peerPrivate,
      gatewayPublic: (await run("wg", ["pubkey"], { input: gatewayPrivate })).trim(),
      peerPublic: (await run("wg", ["pubkey"], { input: peerPrivate })).trim(),
      preshared: (await run("wg", ["genpsk"])).trim(),
    });
  }
  return keys;
}

/** The Secrets that handoff.md asks people to create. */
export function tunnelSecrets(
  expectations: Expectations,
  keys: ReadonlyMap<string, TunnelKeys>,
): Map<string, Readonly<Record<string, string>>> {
  const secrets = new Map<string, Readonly<Record<string, string>>>();
  for (const tunnel of expectations.tunnels) {
    const own = keys.get(tunnel.name) as TunnelKeys;
    const add = (where: { secret: string; key: string } | undefined, value: string) => {
      if (!where) return;
      const id = `Secret/${tunnel.namespace}/${where.secret}`;
      secrets.set(id, { ...secrets.get(id), [where.key]: `${value}\n` });
    };
    add(tunnel.privateKey, own.gatewayPrivate);
    add(tunnel.presharedKey, own.preshared);
  }
  return secrets;
}

/**
 * The one change the suite makes to what was written: the peer's public key, in the ConfigMaps of a tunnel's namespace,
 * becomes that of the test's peer, whose private key nobody else could have.
 */
export function withPeerKeys(
  objects: readonly KubeObject[],
  expectations: Expectations,
  keys: ReadonlyMap<string, TunnelKeys>,
): KubeObject[] {
  return objects.map((object) => {
    const tunnel = expectations.tunnels.find((t) => t.namespace === object.metadata.namespace);
    if (!tunnel || object.kind !== "ConfigMap") return object;
    const text = JSON.stringify(at(object, "data") ?? {});
    const own = keys.get(tunnel.name)?.peerPublic ?? "";
    const data = JSON.parse(text.replace(/(PublicKey\s*=\s*|peer\s+)[A-Za-z0-9+/]{43}=/g, `$1${own}`)) as unknown;
    return { ...object, data };
  });
}

/** The far end of each tunnel: a host with the endpoint's address, wireguard-go, and the server's address behind it. */
export async function startTunnelPeers(
  prefix: string,
  folder: string,
  expectations: Expectations,
  keys: ReadonlyMap<string, TunnelKeys>,
): Promise<void> {
  for (const [index, tunnel] of expectations.tunnels.entries()) {
    const host = expectations.hosts.find((h) => h.addresses.some((a) => a.split("/")[0] === tunnel.endpoint));
    if (!host) throw new Error(`no host has the endpoint ${tunnel.endpoint} of tunnel ${tunnel.name}`);
    await startPeer(
      `${prefix}-host-${host.name}`,
      join(folder, `peer-${index}`),
      tunnel,
      keys.get(tunnel.name) as TunnelKeys,
    );
  }
}

async function startPeer(netns: string, folder: string, tunnel: TunnelExpectation, keys: TunnelKeys): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const name = "wgpeer";
  const shared = tunnel.presharedKey ? `PresharedKey = ${keys.preshared}\n` : "";
  const conf = join(folder, "peer.conf");
  writeFileSync(
    conf,
    `[Interface]\nPrivateKey = ${keys.peerPrivate}\nListenPort = ${tunnel.endpointPort}\n` +
      `[Peer]\nPublicKey = ${keys.gatewayPublic}\n${shared}AllowedIPs = ${tunnel.tunnelAddresses.join(", ")}\n`,
    { mode: 0o600 },
  );
  // A mount namespace of its own: wireguard-go's control socket is named after the interface alone.
  const text = `mkdir -p /run/wireguard; mount -t tmpfs plb-wg /run/wireguard
wireguard-go ${name}; wg setconf ${name} ${conf}; touch ${folder}/up; exec sleep infinity`;
  start("nsenter", [`--net=/run/netns/${netns}`, "unshare", "--mount", "sh", "-ec", text], join(folder, "log"));
  const up = () => run("sh", ["-c", `test -e ${folder}/up && echo yes || true`]).then((out) => out.trim() === "yes");
  if (!(await until(up, 10_000))) throw new Error(`the peer of tunnel ${tunnel.name} did not start`);
  const mine = [tunnel.server.address, ...(tunnel.resolver ? [tunnel.resolver.address] : [])];
  const lines = [`link set ${name} mtu ${tunnel.mtu} up`];
  for (const address of new Set(mine))
    lines.push(`addr add ${address} dev ${name}${address.includes(":") ? " nodad" : ""}`);
  // A server further away has a wider link than the tunnel, and says so: who sends to it must learn better on the way.
  for (const address of tunnel.tunnelAddresses) {
    lines.push(`route replace ${address} dev ${name} advmss ${address.includes(":") ? 1440 : 1460}`);
  }
  await batch(lines, netns);
}
