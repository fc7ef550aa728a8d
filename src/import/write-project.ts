import { pushTo } from "../collections/push-to.ts";
import type { WorkloadFile } from "../ir/compiled.ts";
import { type Cidr, cidrsOverlap, parseCidr } from "../net/cidr.ts";
import { profiles } from "../project/profiles.ts";
import type { SourceFile } from "../source/source-file.ts";
import { emitYaml } from "../yaml/emit-yaml.ts";
import type { ResolvedNetwork } from "./infer-subnets.ts";
import type { PlatformDefaults } from "./write-network.ts";

/** Marks of distributions in the files of a repository. */
const MARKS: readonly (readonly [string, RegExp])[] = [
  ["openshift", /\bapiVersion:\s*["']?[a-z.]*\.openshift\.io\//],
  ["kube-ovn", /\bapiVersion:\s*["']?kubeovn\.io\/|ovn\.kubernetes\.io\/(logical_switch|subnet)/],
  ["gke", /\bapiVersion:\s*["']?networking\.gke\.io\//],
  ["k3s", /rancher\/k3s|k3s\.cattle\.io|helm\.cattle\.io/],
];

/** Addresses that clusters are often given, for when those of the profile are plainly not this one's. */
const OFTEN = { pods: ["10.42.0.0/16", "10.128.0.0/14", "172.16.0.0/16"], services: ["10.43.0.0/16", "172.30.0.0/16"] };

export interface ProjectFacts {
  readonly cluster: string;
  readonly networks: readonly ResolvedNetwork[];
  readonly usual: PlatformDefaults;
  /** Files with workloads that become members. */
  readonly workloads: readonly WorkloadFile[];
  readonly files: readonly SourceFile[];
  /** Whether any pod names a network of another namespace. */
  readonly crosses: boolean;
}

/** The distribution that a repository is for, as far as its files tell. */
export function detectProfile(files: readonly SourceFile[]): string {
  return MARKS.find(([, mark]) => files.some(({ text }) => mark.test(text)))?.[0] ?? "generic";
}

/** plumbline.yaml, with what was guessed marked as such. */
export function writeProject({ cluster, networks, usual, workloads, files, crosses }: ProjectFacts): SourceFile {
  const profile = detectProfile(files);
  const platform = {
    profile,
    cniVersion: versionOf(networks),
    namespaceIsolation: !crosses,
    ipam: usual.ipam,
    ...podNetwork(networks, profile),
  };
  const spec = {
    ...(workloads.length > 0 && { workloads: globs(workloads) }),
    clusters: [{ name: cluster, platform }],
  };
  const body = { apiVersion: "plumbline.dev/v1alpha1", kind: "Project", metadata: { name: cluster }, spec };
  const head = [
    "# `platform` says what is installed in the cluster. Imported: profile, cniVersion, namespaceIsolation and ipam are what the",
    "# files let one guess. Hand-written MultiNetworkPolicies stay as they are: leave `multiNetworkPolicy` out until they are gone.",
  ];
  return { path: "plumbline.yaml", text: `${head.join("\n")}\n${emitYaml(body)}` };
}

/** The oldest version that is in use: plugins that know a newer one know it too. */
function versionOf(networks: readonly ResolvedNetwork[]): string {
  const known = ["0.3.1", "0.4.0", "1.0.0", "1.1.0"];
  const used = networks.map((one) => known.indexOf(one.network.carried.cniVersion ?? "")).filter((index) => index >= 0);
  const older = networks.some(({ network: { carried } }) => /^0\.[123]\./.test(carried.cniVersion ?? ""));
  return older ? "0.3.1" : (known[Math.min(...used)] ?? "0.3.1");
}

/** Written only where a network plainly is not outside of what the profile takes for the cluster's own. */
function podNetwork(networks: readonly ResolvedNetwork[], profile: string): Readonly<Record<string, unknown>> {
  const defaults = profiles[profile] ?? profiles.generic;
  const subnets = networks.flatMap((one) => one.subnets);
  const free = (texts: readonly string[]) =>
    texts.find((text) => !subnets.some((subnet) => cidrsOverlap(read(text), subnet)));
  const meets = (texts: readonly string[]) =>
    texts.some((text) => subnets.some((subnet) => cidrsOverlap(read(text), subnet)));
  const eth0Routes = networks.some((one) => one.members.some((member) => member.defaultRoute.length > 0));
  const pods = meets(defaults?.cidrs ?? []) ? free(OFTEN.pods) : undefined;
  const services = meets(defaults?.serviceCidrs ?? []) ? free(OFTEN.services) : undefined;
  if (pods === undefined && services === undefined && !eth0Routes) return {};
  return {
    podNetwork: {
      ...(pods !== undefined && { cidrs: [pods] }),
      ...(services !== undefined && { serviceCidrs: [services] }),
      ...(eth0Routes && { eth0Routes }),
    },
  };
}

function read(text: string): Cidr {
  const cidr = parseCidr(text);
  if (typeof cidr === "string") throw new Error(`not a network: ${text}`);
  return cidr;
}

/** Files by the namespace of what names none in them. What globs would read otherwise is escaped. */
function globs(workloads: readonly WorkloadFile[]): readonly unknown[] {
  const groups = new Map<string, string[]>();
  for (const { file, namespace = "default" } of workloads)
    pushTo(groups, namespace, file.path.replace(/[\\*?[\]{}()!+@|]/g, "\\$&"));
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([namespace, paths]) => ({ paths: paths.sort(), namespace }));
}
