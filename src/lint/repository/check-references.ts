import { findPluginTable } from "../../cni/plugin-table.ts";
import { findValue } from "../../yaml/span.ts";
import { DEFAULT_NETWORK, findPodPath, readPodField } from "../annotation/annotation-sites.ts";
import type { NetworkList, NetworkReference } from "../annotation/network-list.ts";
import { annotationRules } from "../annotation/rules.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import type { Nad } from "../nad/read-nad.ts";
import { formatNadName, RESOURCE_ANNOTATION } from "../nad/read-nad.ts";
import { isFields, locateInObject, readField, readText } from "../read/lint-object.ts";
import { findNetworks, findSimilarNetwork, findUniqueNad, type Repository } from "./repository.ts";

interface Reference {
  readonly asked: NetworkList;
  readonly selection: NetworkReference;
  readonly name: string;
  /** Where the network is looked for; undefined where that may be any namespace. */
  readonly namespace: string | undefined;
}

/** Networks that pods ask for, against those that are here. */
export function checkReferences(repository: Repository): readonly LintFinding[] {
  const references = repository.asked.flatMap(referencesOf);
  const missing = references.filter((one) => findNetworks(repository, one.name, one.namespace).length === 0);
  const known = new Set(references.filter((one) => !missing.includes(one)).map((one) => one.name));
  const unknown = new Set(missing.filter((one) => !repository.networks.has(one.name)).map((one) => one.name));
  // A repository that defines most of what its pods ask for is expected to define all of it.
  const complete = !repository.isPartial && known.size >= 4 && unknown.size * 4 <= known.size;
  return [
    ...missing.flatMap((one) => notFound(repository, one, complete)),
    ...references.flatMap((one) => {
      const nad = findUniqueNad(repository, one.name, one.namespace);
      return nad ? checkAgainstNetwork(one, nad) : [];
    }),
  ];
}

/** References with a name that is known. */
function referencesOf(asked: NetworkList): Reference[] {
  const { annotation } = asked;
  return asked.selections.flatMap((selection) => {
    const { name } = selection;
    if (name === undefined || name.includes("/")) return [];
    // Multus looks for the default network in its own namespace.
    const own = annotation.key === DEFAULT_NETWORK ? undefined : annotation.namespace;
    const namespace = selection.namespace ?? (selection.anyNamespace ? undefined : own);
    return [{ asked, selection, name, namespace }];
  });
}

function notFound(repository: Repository, one: Reference, complete: boolean): readonly LintFinding[] {
  const { selection, name, namespace } = one;
  const elsewhere = repository.networks.get(name);
  if (elsewhere && namespace !== undefined) {
    const other = elsewhere[0]?.namespace ?? "";
    const related = elsewhere
      .slice(0, 1)
      .map(({ object }) => ({ place: locateInObject(object, ["metadata", "name"]), label: "it is here" }));
    const help = selection.fields.name === undefined ? `write \`${other}/${name}\`` : `add \`"namespace": "${other}"\``;
    return [
      createFinding(
        annotationRules.diagnose(
          "network-elsewhere",
          selection.place("name"),
          { name, namespace, other },
          { related, help },
        ),
      ),
    ];
  }
  const close = findSimilarNetwork(repository, name);
  if (close === undefined && !complete) return [];
  const help = close === undefined ? undefined : `did you mean \`${close}\`?`;
  return [createFinding(annotationRules.diagnose("network-not-found", selection.place("name"), { name }, { help }))];
}

/** Plugins that fail where the address plugin gives none. */
const NEEDS_ADDRESS = [
  "macvlan",
  "ipvlan",
  "bridge",
  "cnv-bridge",
  "vlan",
  "ptp",
  "host-device",
  "dummy",
  "tap",
  "sriov",
  "ib-sriov",
  "ipoib",
  "ovs",
];

/** What a pod asks of a network, against what the network can give. */
function checkAgainstNetwork({ asked, selection }: Reference, nad: Nad): readonly LintFinding[] {
  if (asked.annotation.pod === undefined) return [];
  const { fields } = selection;
  const [first] = nad.plugins;
  const addresses = first?.ipam?.addresses;
  const isStatic = first?.ipamType === "static";
  const own = isOpaque(addresses) || (Array.isArray(addresses) && addresses.length > 0);
  const related = [{ place: locateInObject(nad.object, ["metadata", "name"]), label: "the network" }];
  const asks = fields.ips !== undefined || fields["cni-args"] !== undefined;
  const needed = isStatic && first?.type !== undefined && NEEDS_ADDRESS.includes(first.type);
  if (needed && !own && !asks) {
    const network = formatNadName(nad);
    return [createFinding(annotationRules.diagnose("no-address", selection.place("name"), { network }, { related }))];
  }
  return [
    ...(isStatic ? noPrefix(selection, related) : []),
    ...noCapability(selection, nad, related),
    ...noDevice(asked, selection, nad, related),
  ];
}

/** A network resources injector, where the cluster has one, asks in the pod's stead. */
function noDevice(
  { annotation }: NetworkList,
  selection: NetworkReference,
  nad: Nad,
  related: RelatedPlaces,
): readonly LintFinding[] {
  const type = nad.plugins[0]?.type;
  const resource = readText(readField(nad.object, "metadata", "annotations", RESOURCE_ANNOTATION));
  const containers = findPodPath(annotation.object) && readPodField(annotation, "spec", "containers");
  if (resource === undefined || type === undefined || !findPluginTable(type)?.needsResourceName) return [];
  if (!Array.isArray(containers)) return [];
  const asks = (containers as readonly unknown[]).some((one) =>
    ["limits", "requests"].some((key) => findValue(one, ["resources", key, resource]) !== undefined),
  );
  if (asks) return [];
  const parameters = { resource, network: formatNadName(nad) };
  return [
    createFinding(annotationRules.diagnose("no-device-request", selection.place("name"), parameters, { related })),
  ];
}

type RelatedPlaces = readonly { readonly place: ReturnType<typeof locateInObject>; readonly label: string }[];

function noPrefix({ fields, place }: NetworkReference, related: RelatedPlaces): readonly LintFinding[] {
  const list = Array.isArray(fields.ips) ? (fields.ips as readonly unknown[]) : [];
  const bare = list.find((one) => typeof one === "string" && !isOpaque(one) && one !== "" && !one.includes("/"));
  if (typeof bare !== "string") return [];
  const help = `write \`${bare}/${bare.includes(":") ? 64 : 24}\`, with the prefix of the network`;
  return [createFinding(annotationRules.diagnose("no-prefix", place("ips"), { address: bare }, { related, help }))];
}

/** Keys that reach a plugin only where it says so; addresses and MAC also go another way. */
const capabilities: Readonly<Record<string, string>> = {
  portMappings: "portMappings",
  bandwidth: "bandwidth",
  "infiniband-guid": "infinibandGUID",
};

function noCapability({ fields, place }: NetworkReference, nad: Nad, related: RelatedPlaces): readonly LintFinding[] {
  return Object.entries(capabilities).flatMap(([key, capability]) => {
    if (fields[key] === undefined) return [];
    const takes = nad.plugins.some(
      (one) => isFields(one.fields.capabilities) && one.fields.capabilities[capability] !== undefined,
    );
    if (takes) return [];
    const help = `give the plugin \`"capabilities": {"${capability}": true}\``;
    const parameters = { key, network: formatNadName(nad) };
    return [createFinding(annotationRules.diagnose("no-capability", place(key, "key"), parameters, { related, help }))];
  });
}
