import type { WorkloadFile } from "../../src/ir/compiled.ts";
import { formatAddress } from "../../src/net/address.ts";
import { formatCidr, formatInterfaceAddress } from "../../src/net/cidr.ts";
import type { SourceFile } from "../../src/source/source-file.ts";
import { formatAddressSet } from "../../src/verify/headerspace/address-set.ts";
import type { ReadManifest } from "../../src/verify/model/manifests/manifest.ts";
import { readManifests } from "../../src/verify/model/manifests/read-manifests.ts";
import { readPatches } from "../../src/verify/model/manifests/read-patches.ts";
import { patchWorkloads } from "../../src/verify/model/manifests/workload-patch.ts";
import type { AttachableNetwork } from "../../src/verify/model/networks/network.ts";
import { readNetwork } from "../../src/verify/model/networks/read-network.ts";
import { type PodAttachment, readAttachments } from "../../src/verify/model/pods/attachments.ts";
import { readPod } from "../../src/verify/model/pods/pod.ts";

/** What an estate says, as the reader of manifests reads it: networks by `media/iot`, pods by `Deployment media/hub`. */
export interface Read {
  readonly networks: ReadonlyMap<string, unknown>;
  /** Each pod's attachments, in the order of their interfaces. */
  readonly pods: ReadonlyMap<string, readonly Attachment[]>;
}

export interface Attachment {
  readonly interface: string;
  readonly network: string;
  readonly domain: string | undefined;
  readonly [more: string]: unknown;
}

/** An estate as it was: networks and workloads of the same files. */
export function readEstate(files: readonly WorkloadFile[]): Read {
  const manifests = files.flatMap(({ file, namespace }) => readManifests([file], namespace).manifests);
  return readAll(manifests, manifests);
}

/** An estate as it is compiled: networks of `out` alone, workloads as a build with the patches gives them. */
export function readCompiled(out: readonly SourceFile[], files: readonly WorkloadFile[]): Read {
  const written = readManifests(out.filter((one) => /\.ya?ml$/.test(one.path))).manifests;
  const workloads = files.flatMap(({ file, namespace }) => readManifests([file], namespace).manifests);
  const patched = patchWorkloads(workloads, readPatches(written).patches);
  if (patched.diagnostics.length > 0) throw new Error(patched.diagnostics[0]?.message);
  return readAll(written, patched.workloads);
}

function readAll(networks: readonly ReadManifest[], workloads: readonly ReadManifest[]): Read {
  const byName = new Map<string, AttachableNetwork>();
  for (const one of networks) {
    if (one.kind !== "NetworkAttachmentDefinition") continue;
    const read = readNetwork(one);
    if (!("code" in read)) byName.set(`${read.namespace}/${read.name}`, read);
  }
  const pods = new Map<string, readonly Attachment[]>();
  for (const one of workloads) {
    const pod = readPod(one, new Map());
    const attachments = pod ? readAttachments(pod) : "no pod";
    if (!pod || typeof attachments === "string" || attachments.length === 0) continue;
    const macs = macsIn(pod.annotations["k8s.v1.cni.cncf.io/networks"]);
    pods.set(
      pod.id,
      attachments
        .map((each, index) => said(each, byName, macs[index]))
        .sort((a, b) => (a.interface < b.interface ? -1 : 1)),
    );
  }
  return { networks: new Map([...byName].map(([name, network]) => [name, sayNetwork(network)])), pods };
}

function macsIn(text: string | undefined): readonly unknown[] {
  return text?.trim().startsWith("[") ? (JSON.parse(text) as { mac?: unknown }[]).map((one) => one.mac) : [];
}

function sayNetwork(network: AttachableNetwork) {
  const { domain, plugin, routes, sourceRouted, mtu, forwards4, forwards6, reversePath } = network;
  return {
    domain,
    plugin,
    routes: routes.map(({ to, via }) => `${formatCidr(to)} via ${via ? formatAddress(via) : "-"}`).sort(),
    sourceRouted,
    mtu,
    forwards4,
    forwards6,
    reversePath,
    // Leases go on being kept where they are: else an address that is held would be given out again.
    book: network.book,
    pools: network.pools.map(({ subnet, addresses }) => `${formatCidr(subnet)}: ${formatAddressSet(addresses)}`).sort(),
  };
}

function said(one: PodAttachment, networks: ReadonlyMap<string, AttachableNetwork>, mac: unknown): Attachment {
  const name = `${one.namespace}/${one.name}`;
  const network = networks.get(name);
  const { pools, ...rest } = network ? sayNetwork(network) : { pools: [], domain: undefined };
  const given = one.addresses.map((each) =>
    each.prefix === undefined ? formatAddress(each.address) : formatInterfaceAddress(each),
  );
  const fixed = (network?.fixed ?? []).map(({ address, subnet }) =>
    formatInterfaceAddress({ address, prefix: subnet.prefix }),
  );
  return {
    interface: one.interface,
    network: name,
    ...rest,
    addresses: [...given, ...fixed].sort(),
    // Where a pod asks for an address, the range says nothing.
    pools: given.length > 0 ? [] : pools,
    mac,
    defaultRoute: one.defaultRoute.map(formatAddress),
  };
}
