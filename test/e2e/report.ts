import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { dirname, join } from "node:path";
import type { Claim } from "./claims.ts";
import { projectRoot } from "./ground.ts";
import type { MutationScore } from "./mutation-run.ts";
import { attempt } from "./shell.ts";

export interface Report {
  readonly claims: readonly Claim[];
  readonly score: MutationScore | undefined;
  readonly versions: readonly (readonly [string, string])[];
  readonly seconds: number;
}

/** Name and version of everything real that ran, asked of the programs themselves. */
export async function versionsOf(bin: string, readyAfter: number): Promise<(readonly [string, string])[]> {
  const first = async (command: string, args: readonly string[], pattern: RegExp) => {
    const outcome = await attempt(command, args).catch(() => undefined);
    return pattern.exec(`${outcome?.stdout}${outcome?.stderr}`)?.[0] ?? "unknown";
  };
  const number = /v?\d+\.\d+(\.\d+)?/;
  const plugins = readFileSync(join(projectRoot, "test/e2e/parts/build.sh"), "utf8");
  const multus = readFileSync(join(projectRoot, "test/e2e/parts/multus/go.mod"), "utf8");
  return [
    ["etcd", await first(join(bin, "etcd"), ["--version"], number)],
    [
      "kube-apiserver",
      `${await first(join(bin, "kube-apiserver"), ["--version"], number)} (ready after ${(readyAfter / 1000).toFixed(1)} s)`,
    ],
    ["kubectl", await first(join(bin, "kubectl"), ["version", "--client"], number)],
    ["kustomize", await first(join(bin, "kustomize"), ["version"], number)],
    ["CNI plugins", /v=(v[\d.]+)/.exec(plugins)?.[1] ?? "unknown"],
    ["Multus, thin plugin", /multus-cni\.v4 (v[\d.]+)/.exec(multus)?.[1] ?? "unknown"],
    ["nftables", await first("nft", ["--version"], number)],
    ["keepalived", await first("keepalived", ["--version"], number)],
    ["wireguard-tools", await first("wg", ["--version"], number)],
    ["wireguard-go", await first("wireguard-go", ["--version"], /v?[\d.]{3,}/)],
    ["strongSwan", await first("swanctl", ["--version"], number)],
    ["iproute2", await first("ip", ["-V"], /[\d.]{3,}/)],
    ["Linux", release()],
    ["Node.js", process.version],
  ];
}

const standIns = [
  [
    "802.1Q VLAN links",
    "a veth pair per VLAN, its far end a port of a bridge of its own",
    "the kernel of the test machine may lack 802.1Q; one bridge is one VLAN, two share nothing",
  ],
  [
    "several nodes",
    "one node per world",
    "pods of one VLAN meet on its link; a node's loss is played by cutting all links of a pod",
  ],
  [
    "the default network",
    "the `ptp` plugin with host-local, NetworkPolicy and the admin tiers by nftables on the node's side of each pod's link",
    "a CNI with policy needs more than one machine's worth of parts; the rules are derived from the manifests alone",
  ],
  [
    "whereabouts",
    "a plugin that gives the first free address of the range",
    "its modules cannot be built from the module proxy",
  ],
  [
    "the MultiNetworkPolicy controller",
    "nftables in the pod on input and output, failing open where the controller does",
    "its modules cannot be built from the module proxy",
  ],
  [
    "the kernel's WireGuard",
    "wireguard-go, with /dev/net/tun in the gateway's container",
    "the kernel of the test machine may lack it; the gateway's script falls back by itself",
  ],
  [
    "kubelet, scheduler and controllers",
    "a small kubelet of the suite: pod objects, namespaces, Multus, volumes, capabilities, exec probes",
    "what is proved is the network, not the scheduling",
  ],
  [
    "the containers' images",
    "the machine's own programs in a root file system of its own",
    "no registry is asked; versions stand above",
  ],
  [
    "the tunnel's far end and the keys",
    "a namespace with wireguard-go, or with strongSwan; the peer's public key in the written configuration is replaced by its key",
    "nobody has the private key to a public key of an example",
  ],
  ["applications", "an agent that answers on the probed ports in every pod", "what is proved is who reaches whom"],
] as const;

const unproved = [
  "The data planes of the targets `ovn-kubernetes`, `kube-ovn`, `dra`, `gke` and `network-kind`: their objects are accepted by a real API server with the projects' own definitions, no packet is sent.",
  "Workloads that send everything through a tunnel: Multus v4.2.2 does not put a `default-route` in the place of eth0's (multus-cni, pull request 1552). They were seen to reach nothing beyond the pod network, and to leave by nowhere.",
  "SR-IOV, OVS, DHCP, NMState and KubeVirt guests: no such hardware, kernel or controller here.",
  "IPsec by XFRM interfaces and the kernel's ESP: the gateways ran with strongSwan's userland ESP, against a strongSwan peer.",
  "A real controller of MultiNetworkPolicy, a real CNI with NetworkPolicy, real whereabouts: their stand-ins do what the sources say.",
  "Argo CD itself: its objects are accepted, and kubectl applies with its field manager and options. Flux's own engine ran.",
  "Time under load: failover times are of one machine with everything on it.",
];

/** Writes docs/proof.md. */
export function writeReport(file: string, report: Report): void {
  const failed = report.claims.filter((claim) => !claim.ok).length;
  const caught = report.score?.results.filter((result) => result.found !== "").length ?? 0;
  const memory = Math.round(totalmem() / 2 ** 30);
  const text = `# Proof on real parts

Generated by \`npm run e2e\`; do not edit. ${report.claims.length - failed} claims passed, ${failed} failed, in ${report.seconds} s on ${cpus().length} cores with ${memory} GiB.
The suite reads only what was written (\`out/<cluster>\`) and the workloads; what must and must not pass stands, written by
hand, in \`test/e2e/expectations/\`. It runs in network, mount and process namespaces of its own.

## What ran

| part | version |
|---|---|
${report.versions.map(([name, version]) => `| ${name} | ${version} |\n`).join("")}
## What stood in for what

| real thing | in its place | why |
|---|---|---|
${standIns.map((row) => `| ${row.join(" | ")} |\n`).join("")}
## What is not proved

${unproved.map((line) => `- ${line}\n`).join("")}
## Failover

The longest time without an answer, as a client sees it that asks every 50 ms.

| example | what happens | active member to the other |
|---|---|---|
${failovers(report.claims)}
## Claims

${tables(report.claims)}
## Teeth

${report.score ? `${caught} of ${report.score.results.length} mutations of the manifests were caught. Each is one change to what was written; the same quick run passes without it.` : "Not run."}

| mutation | first thing that failed |
|---|---|
${(report.score?.results ?? []).map((r) => `| ${cell(r.name)} | ${r.found === "" ? "**not caught**" : cell(r.found.split("\n")[0] ?? "")} |\n`).join("")}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function failovers(claims: readonly Claim[]): string {
  const ending = ", the address moves";
  return claims
    .filter((claim) => claim.claim.endsWith(ending))
    .map((c) => `| ${cell(c.subject)} | ${cell(c.claim.slice(0, -ending.length))} | ${cell(c.detail)} |\n`)
    .join("");
}

function tables(claims: readonly Claim[]): string {
  const subjects = [...new Set(claims.map((claim) => `${claim.area}: ${claim.subject}`))];
  return subjects
    .map((subject) => {
      const own = claims.filter((claim) => `${claim.area}: ${claim.subject}` === subject);
      const rows = own.map((c) => `| ${c.ok ? "passed" : "**failed**"} | ${cell(c.claim)} | ${cell(c.detail)} |\n`);
      return `### ${subject}\n\n| verdict | claim | measured, or the evidence |\n|---|---|---|\n${rows.join("")}`;
    })
    .join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", "<br>").slice(0, 600);
}
