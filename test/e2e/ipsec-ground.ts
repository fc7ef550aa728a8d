import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { VolumeData } from "./containers.ts";
import { batch, makeNamespace } from "./links.ts";
import { at, type KubeObject } from "./manifests.ts";
import { run, start, until } from "./shell.ts";

/** What a written IPsec gateway says of its tunnel. */
export interface WrittenTunnel {
  readonly remote: string;
  readonly localId: string;
  readonly remoteId: string;
  readonly inner: string;
  readonly behind: string;
  readonly proposals: string;
  /** In userland. */
  readonly mtu: number;
  readonly auth: "psk" | "pubkey";
  /** What clients route to, with its prefix. */
  readonly virtual: string;
}

/** The ConfigMap of a gateway that speaks IPsec. */
export function isIpsecGateway(object: KubeObject): boolean {
  return object.kind === "ConfigMap" && at(object, "data", "swanctl.conf") !== undefined;
}

export function tunnelIn(objects: readonly KubeObject[]): WrittenTunnel {
  const map = objects.find(isIpsecGateway);
  const data = (map?.data ?? {}) as Record<string, string>;
  const conf = data["swanctl.conf"] ?? "";
  const ids = [...conf.matchAll(/^\s+id = (.*)$/gm)].map((match) => match[1] as string);
  const value = (key: string, text = conf) => new RegExp(`^\\s+${key} = (.*)$`, "m").exec(text)?.[1] ?? "";
  return {
    remote: value("remote_addrs"),
    localId: ids[0] ?? "",
    remoteId: ids[1] ?? "",
    inner: value("local_ts"),
    behind: value("remote_ts"),
    proposals: value("esp_proposals"),
    mtu: Number(/\|\| mtu=(\d+)/.exec(data["tunnel.sh"] ?? "")?.[1]),
    auth: value("auth") as WrittenTunnel["auth"],
    virtual: /address del (\S+) dev net1/.exec(data["start.sh"] ?? "")?.[1] ?? "",
  };
}

/** Keys that are made up for the run: of the gateway's Secret, and of the peer. */
export interface Credentials {
  readonly secret: Readonly<Record<string, string>>;
  readonly peer: { readonly psk: string } | { readonly folder: string };
}

export async function credentialsFor(tunnel: WrittenTunnel, folder: string): Promise<Credentials> {
  if (tunnel.auth === "psk") {
    const psk = (await run("openssl", ["rand", "-base64", "36"])).trim();
    return { secret: { psk: `${psk}\n` }, peer: { psk } };
  }
  const openssl = (args: string) => run("openssl", args.split(" "), { cwd: folder });
  await openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=plb-ca -keyout ca.key -out ca.crt");
  for (const [name, id] of [
    ["tls", tunnel.localId],
    ["peer", tunnel.remoteId],
  ] as const) {
    writeFileSync(join(folder, "san"), `subjectAltName=DNS:${id}\n`);
    await openssl(`req -newkey rsa:2048 -nodes -subj /CN=${id} -keyout ${name}.key -out ${name}.csr`);
    await openssl(`x509 -req -in ${name}.csr -CA ca.crt -CAkey ca.key -days 2 -extfile san -out ${name}.crt`);
  }
  const text = (name: string) => readFileSync(join(folder, name), "utf8");
  return {
    secret: { "tls.crt": text("tls.crt"), "tls.key": text("tls.key"), "ca.crt": text("ca.crt") },
    peer: { folder },
  };
}

export function volumesOf(objects: readonly KubeObject[], secret: Credentials["secret"]): VolumeData {
  const data = new Map<string, Readonly<Record<string, string>>>();
  for (const { kind, metadata, data: values } of objects)
    if (kind === "ConfigMap")
      data.set(`ConfigMap/${metadata.namespace}/${metadata.name}`, values as Record<string, string>);
  for (const object of objects.filter((one) => one.kind === "Deployment"))
    for (const volume of at(object, "spec", "template", "spec", "volumes") as KubeObject[]) {
      const name = at(volume, "secret", "secretName");
      if (name !== undefined) data.set(`Secret/${object.metadata.namespace}/${name}`, secret);
    }
  return data;
}

const plugins =
  "random nonce openssl x509 revocation constraints pubkey pkcs1 pkcs8 pem kdf kernel-libipsec kernel-netlink socket-default vici";

/** The far end: a host with the peer's address, strongSwan in userland, and a server's address behind it. */
export async function startIkePeer(
  netns: string,
  folder: string,
  tunnel: WrittenTunnel,
  credentials: Credentials,
  server: string,
): Promise<void> {
  const { peer } = credentials;
  const own = "psk" in peer ? "auth = psk" : "auth = pubkey\n      certs = peer.crt";
  const secrets = "psk" in peer ? `secrets {\n  ike {\n    secret = "${peer.psk}"\n  }\n}\n` : "";
  writeFileSync(
    join(folder, "peer.conf"),
    `connections {\n  peer {\n    version = 2\n    proposals = ${tunnel.proposals}\n    local {\n      ${own}\n      id = ${tunnel.remoteId}\n    }\n` +
      `    remote {\n      auth = ${tunnel.auth}\n      id = ${tunnel.localId}\n    }\n    children {\n      tunnel {\n        local_ts = ${tunnel.behind}\n` +
      `        remote_ts = ${tunnel.inner}\n        esp_proposals = ${tunnel.proposals}\n      }\n    }\n  }\n}\n${secrets}`,
    { mode: 0o600 },
  );
  const charon = `charon {\n  load_modular = no\n  load = ${plugins}\n  filelog {\n    stderr {\n      default = 1\n    }\n  }\n`;
  const marks =
    "  plugins {\n    kernel-netlink {\n      fwmark = !7\n    }\n    socket-default {\n      fwmark = 7\n    }\n  }\n}\n";
  writeFileSync(join(folder, "strongswan.conf"), charon + marks);
  await batch([`addr add ${server}/32 dev lo`], netns);
  const files =
    "psk" in peer
      ? ""
      : "cp peer.crt /run/swanctl/x509/; cp ca.crt /run/swanctl/x509ca/; cp peer.key /run/swanctl/private/";
  const text = `cd ${folder}; mount -t tmpfs plb-ike /run; mkdir -p /run/swanctl/x509 /run/swanctl/x509ca /run/swanctl/private
${files}
cp peer.conf /run/swanctl/swanctl.conf
export STRONGSWAN_CONF=${folder}/strongswan.conf PATH=$PATH:/usr/lib/ipsec
charon & until swanctl --stats >/dev/null 2>&1; do sleep 0.2; done
ip link set ipsec0 mtu ${tunnel.mtu}
swanctl --load-all --file /run/swanctl/swanctl.conf
for port in 443 22; do (while true; do nc -l -N -s ${server} -p $port </dev/null >/dev/null 2>&1; done) & done
touch ${folder}/up; wait`;
  start("nsenter", [`--net=/run/netns/${netns}`, "unshare", "--mount", "sh", "-ec", text], join(folder, "peer.log"));
  const up = async () => (await run("sh", ["-c", `test -e ${folder}/up && echo yes || true`])).trim() === "yes";
  if (!(await until(up, 20_000)))
    throw new Error(`the IPsec peer did not start: ${readFileSync(join(folder, "peer.log"), "utf8").slice(-1500)}`);
}

/** A namespace with a link into a bridge of the node; the first address of each family that has a `via` is its way out. */
export async function plugIn(
  netns: string,
  link: { readonly name: string; readonly bridge: string; readonly addresses: readonly string[] },
  routes: readonly string[] = [],
): Promise<void> {
  const port = `p${Buffer.from(`${netns}${link.name}`).toString("hex").slice(-11)}`;
  await batch([
    `link add ${port} type veth peer name ${link.name} netns ${netns}`,
    `link set ${port} master ${link.bridge} up`,
  ]);
  const nodad = (address: string) => (address.includes(":") ? " nodad" : "");
  await batch(
    [
      `link set ${link.name} up`,
      ...link.addresses.map((address) => `addr add ${address} dev ${link.name}${nodad(address)}`),
      ...routes.map((route) => `route add ${route}`),
    ],
    netns,
  );
}

/** The node: a bridge for the pod network, one for the zone, one with the peer behind it, and forwarding between them. */
export async function makeNode(zone: readonly string[]): Promise<void> {
  await batch([
    "link add plbpods type bridge",
    "link add plbzone type bridge",
    "link add plbpeer type bridge",
    "addr add 10.244.0.1/24 dev plbpods",
    "addr add fd00:244::1/64 dev plbpods nodad",
    "addr add 203.0.113.1/24 dev plbpeer",
    "addr add 2001:db8::1/64 dev plbpeer nodad",
    ...["plbpods", "plbzone", "plbpeer"].map((name) => `link set ${name} up`),
  ]);
  for (const name of zone) await makeNamespace(name);
}
