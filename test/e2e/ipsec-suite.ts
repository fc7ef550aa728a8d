import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Claim, type Claims, makeClaims, type Verdict } from "./claims.ts";
import { type Container, startContainers } from "./containers.ts";
import { projectRoot } from "./ground.ts";
import {
  type Credentials,
  credentialsFor,
  makeNode,
  plugIn,
  startIkePeer,
  tunnelIn,
  volumesOf,
  type WrittenTunnel,
} from "./ipsec-ground.ts";
import { at, type KubeObject, readCluster } from "./manifests.ts";
import { attempt, run, sleep, start, until } from "./shell.ts";

/** A member of the gateway, run as its Deployment says. */
interface Member {
  readonly netns: string;
  readonly container: Container;
  isReady(): Promise<boolean>;
}

const client = "plb-client";
const peer = "plb-peer";

/** The IPsec gateway of a test case, run against a strongSwan peer: real IKEv2, real ESP in UDP, in userland. */
export async function ipsecSuite(
  folder: string,
  name: string,
  print: (line: string) => void,
): Promise<readonly Claim[]> {
  const claims = makeClaims("packets", `${name}: IPsec, in strongSwan's userland`, print);
  const objects = readCluster(join(projectRoot, "test/cases", name, "expected/out/main"));
  const tunnel = tunnelIn(objects);
  const server = tunnel.behind === "0.0.0.0/0" ? "192.0.2.77" : tunnel.behind.replace(/\.0\/24$/, ".10");
  mkdirSync(folder, { recursive: true });
  const credentials = await credentialsFor(tunnel, folder);
  const deployments = objects.filter((one) => one.kind === "Deployment");
  const netns = (one: KubeObject) => `plb-${one.metadata.name}`;
  await makeNode([client, peer, ...deployments.map(netns)]);
  const far = tunnel.remote.includes(":") ? `${tunnel.remote}/64` : `${tunnel.remote}/24`;
  const way = far.includes(":") ? "default via 2001:db8::1" : "default via 203.0.113.1";
  await plugIn(peer, { name: "net0", bridge: "plbpeer", addresses: [far] }, [way]);
  await startIkePeer(peer, folder, tunnel, credentials, server);
  const virtual = tunnel.virtual.split("/")[0];
  const routes = [`${tunnel.behind} via ${virtual}`];
  await plugIn(
    client,
    { name: "net1", bridge: "plbzone", addresses: [tunnel.virtual.replace(/\.\d+\//, ".200/")] },
    routes,
  );
  for (const [index, one] of deployments.entries()) await plugMember(netns(one), one, index);
  const launch = (one: KubeObject) => startMember(one, netns(one), folder, volumesOf(objects, credentials.secret));
  await claims.check("before the gateway runs, nothing gets through", async () => open(server, 443, false));
  const members: Member[] = [];
  for (const one of deployments) members.push(await launch(one));
  const { secret } = credentials;
  await checkTunnel({
    tunnel,
    server,
    members,
    claims,
    folder,
    secret,
    relaunch: () => launch(deployments[0] as KubeObject),
  });
  return claims.list;
}

async function plugMember(netns: string, deployment: KubeObject, index: number): Promise<void> {
  const annotations = at(deployment, "spec", "template", "metadata", "annotations") as Record<string, string>;
  const [leg] = JSON.parse(annotations["k8s.v1.cni.cncf.io/networks"] ?? "[]") as { ips: string[] }[];
  const pods = [`10.244.0.${10 + index}/24`, `fd00:244::${10 + index}/64`];
  const ways = ["default via 10.244.0.1", "default via fd00:244::1"];
  await plugIn(netns, { name: "eth0", bridge: "plbpods", addresses: pods }, ways);
  await plugIn(netns, { name: "net1", bridge: "plbzone", addresses: leg?.ips ?? [] });
  // What the network's tuning plugin does.
  await run("nsenter", [`--net=/run/netns/${netns}`, "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward"]);
}

async function startMember(
  deployment: KubeObject,
  netns: string,
  folder: string,
  data: Parameters<typeof startContainers>[2],
): Promise<Member> {
  const template = at(deployment, "spec", "template") as KubeObject;
  const { name, namespace = "" } = deployment.metadata;
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  const [container] = await startContainers({ namespace, name, netns, template, addresses: [] }, own, data);
  if (!container) throw new Error("the Deployment has no container");
  const probe = container.spec.readinessProbe?.exec?.command ?? [];
  return { netns, container, isReady: async () => (await container.exec(probe)) === 0 };
}

async function open(server: string, port: number, wanted: boolean): Promise<Verdict> {
  const { code } = await attempt("ip", ["netns", "exec", client, "nc", "-z", "-w", "2", server, `${port}`]);
  return { problems: (code === 0) === wanted ? [] : [`${server}:${port} is ${code === 0 ? "open" : "closed"}`] };
}

interface Scene {
  readonly tunnel: WrittenTunnel;
  readonly server: string;
  readonly members: Member[];
  readonly claims: Claims;
  readonly folder: string;
  readonly secret: Credentials["secret"];
  relaunch(): Promise<Member>;
}

/** A secret as it may come to light: itself, in hexadecimal as the daemon is given it, the middle of a key. */
function spellings(secret: Credentials["secret"]): string[] {
  const { psk, "tls.key": key = "" } = secret;
  if (psk !== undefined) return [psk.trim(), Buffer.from(psk.trim()).toString("hex")];
  return ["PRIVATE KEY", key.split("\n")[3] ?? "PRIVATE KEY"];
}

async function checkTunnel({ tunnel, server, members, claims, folder, secret, relaunch }: Scene): Promise<void> {
  const first = members[0] as Member;
  const wire = watchWire(members, folder);
  await claims.check("the tunnel comes up: IKEv2, then ESP in UDP, and the readiness probe passes", async () => {
    const began = performance.now();
    const reached = async () => (await open(server, 443, true)).problems.length === 0;
    const isUp = (await until(reached, 30_000, 500)) && (await first.isReady());
    const log = first.container.log().slice(-1500);

    return { problems: isUp ? [] : [log], measured: `${((performance.now() - began) / 1000).toFixed(1)} s` };
  });
  if (tunnel.behind !== "0.0.0.0/0")
    await claims.check("a port without a rule stays closed", () => open(server, 22, false));
  await claims.check("the tunnel carries what its MTU says, and says so of more", () => fits(tunnel, server));
  await claims.check("neither the pre-shared nor a private key stands in a log", async () => {
    const log = members.map((one) => one.container.log()).join("");
    return { problems: spellings(secret).some((text) => log.includes(text)) ? ["the log shows a secret"] : [] };
  });
  const title =
    members.length > 1
      ? "the active member dies, the other one takes over"
      : "the daemon dies, the container ends and starts again";
  await claims.check(title, async () => {
    if (members.length > 1) first.container.kill("SIGKILL");
    else await first.container.exec(["sh", "-c", 'kill -9 "$(cat /run/charon.pid)"']);
    const closed = await open(server, 443, false);
    if (members.length === 1) {
      if (!(await until(async () => first.container.pid() === undefined, 15_000))) return { problems: ["it goes on"] };
      members[0] = await relaunch();
    }
    const back = await until(async () => (await open(server, 443, true)).problems.length === 0, 40_000, 500);
    const log = (members.at(-1) as Member).container.log().slice(-1500);
    return { problems: [...(members.length === 1 ? closed.problems : []), ...(back ? [] : [`never back: ${log}`])] };
  });
  await claims.check("eth0 carries IKE and ESP in UDP to the peer, and nothing in clear text", async () =>
    wire(tunnel),
  );
  for (const member of members) member.container.kill("SIGKILL");
}

/** Counts what leaves each member by eth0. */
function watchWire(members: readonly Member[], folder: string): (tunnel: WrittenTunnel) => Promise<Verdict> {
  const files = members.map(({ netns }) => {
    const file = join(folder, `${netns}.wire`);
    const ours = ["-Q", "out", "not arp and not icmp6"];
    start("ip", ["netns", "exec", netns, "tcpdump", "-lni", "eth0", "-t", ...ours], file);
    return file;
  });
  return async ({ remote }) => {
    await sleep(1500);
    const lines = files.flatMap((file) => readFileSync(file, "utf8").split("\n")).filter((line) => /^IP6? /.test(line));
    const meant = lines.filter((line) => new RegExp(`> ${remote.replaceAll(".", "\\.")}\\.(500|4500): `).test(line));
    const strange = lines.filter((line) => !meant.includes(line));
    const encrypted = meant.filter((line) => line.includes("ESP(")).length;
    return {
      problems: [...strange.slice(0, 5), ...(encrypted === 0 ? ["no ESP was seen"] : [])],
      measured: `${encrypted} packets of ESP in UDP, ${meant.length - encrypted} of IKE`,
    };
  };
}

async function fits({ mtu, behind }: WrittenTunnel, server: string): Promise<Verdict> {
  if (behind !== "0.0.0.0/0") await sleep(100);
  const ping = (size: number) =>
    attempt("ip", ["netns", "exec", client, "ping", "-c", "2", "-W", "2", "-M", "do", "-s", `${size - 28}`, server]);
  const whole = await ping(mtu);
  const more = await ping(mtu + 1);
  const problems = whole.code === 0 ? [] : [`a packet of ${mtu} bytes: ${whole.stdout}`];
  if (!/[Ff]rag needed.*mtu = (\d+)|message too long, mtu=(\d+)/.test(more.stdout + more.stderr))
    problems.push(`a packet of ${mtu + 1} bytes: ${more.stdout}${more.stderr}`);
  return { problems, measured: `${mtu} bytes` };
}
