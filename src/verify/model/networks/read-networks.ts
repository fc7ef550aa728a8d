import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { SourceFile } from "../../../source/source-file.ts";
import { verifyRules } from "../../rules.ts";
import { formatName, type ReadManifest } from "../manifests/manifest.ts";
import { readGkeNetwork } from "./gke-network.ts";
import { kubeOvnSubnets, resolveSubnet } from "./kube-ovn-subnet.ts";
import type { AttachableNetwork } from "./network.ts";
import { operatorNetworks } from "./operator-networks.ts";
import { readLinkOnly, readNetwork } from "./read-network.ts";
import { readClaimTemplate } from "./resource-claim-template.ts";
import { userDefinedNetworks } from "./user-defined-networks.ts";

/** One way to write networks that pods are attached to. */
export interface NetworkReader {
  /** Kinds of the objects that are networks by themselves. */
  readonly kinds: readonly string[];
  /** The networks of one object (a claim may hold several), or why they cannot be said. `all`: what they may refer to. */
  read(manifest: ReadManifest, all: readonly ReadManifest[]): readonly AttachableNetwork[] | Diagnostic;
}

const networkAttachmentDefinitions: NetworkReader = {
  kinds: ["NetworkAttachmentDefinition"],
  read(manifest, all) {
    const read = readNetwork(manifest);
    if ("code" in read) return read;
    const network = read.plugin === "kube-ovn" ? resolveSubnet(read, all) : read;
    return "code" in network ? network : [network];
  },
};

const claimTemplates: NetworkReader = { kinds: ["ResourceClaimTemplate"], read: readClaimTemplate };

const gkeNetworks: NetworkReader = { kinds: ["Network"], read: readGkeNetwork };

/** Every way there is, each platform's in a line of its own. */
export const networkReaders: readonly NetworkReader[] = [
  networkAttachmentDefinitions,
  claimTemplates,
  gkeNetworks,
  kubeOvnSubnets,
  operatorNetworks,
  userDefinedNetworks,
];

export interface ReadNetworks {
  /** By `namespace/name`, as pods of the platform refer to them. */
  readonly byName: ReadonlyMap<string, AttachableNetwork>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The networks that manifests describe. `ours`: files of out/, where what cannot be read is an error; `kept`: networks there
 * that are written as somebody else wrote them.
 */
export function readNetworks(
  manifests: readonly ReadManifest[],
  ours: ReadonlySet<SourceFile>,
  kept: ReadonlySet<string>,
): ReadNetworks {
  const byName = new Map<string, AttachableNetwork>();
  const diagnostics: Diagnostic[] = [];
  const byKind = new Map(networkReaders.flatMap((reader) => reader.kinds.map((kind) => [kind, reader] as const)));
  for (const manifest of manifests) {
    const read = byKind.get(manifest.kind)?.read(manifest, manifests);
    if (!read) continue;
    // A network that was there before may connect whatever it likes: its pods are then on a link of its own.
    if ("code" in read) {
      if (ours.has(manifest.doc.file) && !kept.has(`${manifest.namespace}/${manifest.name}`)) diagnostics.push(read);
      else if (manifest.kind === "NetworkAttachmentDefinition") {
        const link = readLinkOnly(manifest);
        if (link) byName.set(`${link.namespace}/${link.name}`, link);
        diagnostics.push(unread(manifest, read, link));
      }
    } else for (const one of read) byName.set(`${one.namespace}/${one.name}`, one);
  }
  return { byName, diagnostics };
}

/** What somebody else wrote need not be readable, but whoever trusts the proof has to know. */
function unread(
  manifest: ReadManifest,
  { place, message }: Diagnostic,
  link: AttachableNetwork | undefined,
): Diagnostic {
  const why = message.replace(/^.* cannot be read, so nothing can be verified: /, "");
  return verifyRules.diagnose("unread-network", place, { what: formatName(manifest), why, link: link?.domain });
}
