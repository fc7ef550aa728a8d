import { pluginTable } from "../../cni/plugin-table.ts";
import { valueAt } from "../../yaml/span.ts";
import { annotationRules } from "../annotation/rules.ts";
import type { Asked, Selection } from "../annotation/selections.ts";
import { DEFAULT_NETWORK, podField, podPath } from "../annotation/sites.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import { type Finding, found } from "../finding.ts";
import type { Nad } from "../nad/read-nad.ts";
import { RESOURCE_ANNOTATION, shownNad } from "../nad/read-nad.ts";
import { fieldOf, isFields, placeIn, textOf } from "../read/lint-object.ts";
import { closeName, networksNamed, onlyNad, type Repository } from "./repository.ts";

interface Reference {
  readonly asked: Asked;
  readonly selection: Selection;
  readonly name: string;
  /** Where the network is looked for; undefined where that may be any namespace. */
  readonly namespace: string | undefined;
}

/** Networks that pods ask for, against those that are here. */
export function checkReferences(repository: Repository): readonly Finding[] {
  const references = repository.asked.flatMap(referencesOf);
  const missing = references.filter((one) => networksNamed(repository, one.name, one.namespace).length === 0);
  const known = new Set(references.filter((one) => !missing.includes(one)).map((one) => one.name));
  const unknown = new Set(missing.filter((one) => !repository.networks.has(one.name)).map((one) => one.name));
  // A repository that defines most of what its pods ask for is expected to define all of it.
  const complete = !repository.isPartial && known.size >= 4 && unknown.size * 4 <= known.size;
  return [
    ...missing.flatMap((one) => notFound(repository, one, complete)),
    ...references.flatMap((one) => {
      const nad = onlyNad(repository, one.name, one.namespace);
      return nad ? checkAgainstNetwork(one, nad) : [];
    }),
  ];
}

/** References with a name that is known. */
function referencesOf(asked: Asked): Reference[] {
  const { site } = asked;
  return asked.selections.flatMap((selection) => {
    const { name } = selection;
    if (name === undefined || name.includes("/")) return [];
    // Multus looks for the default network in its own namespace.
    const own = site.key === DEFAULT_NETWORK ? undefined : site.namespace;
    const namespace = selection.namespace ?? (selection.anyNamespace ? undefined : own);
    return [{ asked, selection, name, namespace }];
  });
}

function notFound(repository: Repository, one: Reference, complete: boolean): readonly Finding[] {
  const { selection, name, namespace } = one;
  const elsewhere = repository.networks.get(name);
  if (elsewhere && namespace !== undefined) {
    const other = elsewhere[0]?.namespace ?? "";
    const related = elsewhere
      .slice(0, 1)
      .map(({ object }) => ({ place: placeIn(object, ["metadata", "name"]), label: "it is here" }));
    const help = selection.fields.name === undefined ? `write \`${other}/${name}\`` : `add \`"namespace": "${other}"\``;
    return [
      found(
        annotationRules.diagnose(
          "network-elsewhere",
          selection.place("name"),
          { name, namespace, other },
          { related, help },
        ),
      ),
    ];
  }
  const close = closeName(repository, name);
  if (close === undefined && !complete) return [];
  const help = close === undefined ? undefined : `did you mean \`${close}\`?`;
  return [found(annotationRules.diagnose("network-not-found", selection.place("name"), { name }, { help }))];
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
function checkAgainstNetwork({ asked, selection }: Reference, nad: Nad): readonly Finding[] {
  if (asked.site.pod === undefined) return [];
  const { fields } = selection;
  const [first] = nad.plugins;
  const addresses = first?.ipam?.addresses;
  const isStatic = first?.ipamType === "static";
  const own = isOpaque(addresses) || (Array.isArray(addresses) && addresses.length > 0);
  const related = [{ place: placeIn(nad.object, ["metadata", "name"]), label: "the network" }];
  const asks = fields.ips !== undefined || fields["cni-args"] !== undefined;
  const needed = isStatic && first?.type !== undefined && NEEDS_ADDRESS.includes(first.type);
  if (needed && !own && !asks) {
    const network = shownNad(nad);
    return [found(annotationRules.diagnose("no-address", selection.place("name"), { network }, { related }))];
  }
  return [
    ...(isStatic ? noPrefix(selection, related) : []),
    ...noCapability(selection, nad, related),
    ...noDevice(asked, selection, nad, related),
  ];
}

/** A network resources injector, where the cluster has one, asks in the pod's stead. */
function noDevice({ site }: Asked, selection: Selection, nad: Nad, related: RelatedPlaces): readonly Finding[] {
  const type = nad.plugins[0]?.type;
  const resource = textOf(fieldOf(nad.object, "metadata", "annotations", RESOURCE_ANNOTATION));
  const containers = podPath(site.object) && podField(site, "spec", "containers");
  if (resource === undefined || type === undefined || !pluginTable(type)?.needsResourceName) return [];
  if (!Array.isArray(containers)) return [];
  const asks = (containers as readonly unknown[]).some((one) =>
    ["limits", "requests"].some((key) => valueAt(one, ["resources", key, resource]) !== undefined),
  );
  if (asks) return [];
  const parameters = { resource, network: shownNad(nad) };
  return [found(annotationRules.diagnose("no-device-request", selection.place("name"), parameters, { related }))];
}

type RelatedPlaces = readonly { readonly place: ReturnType<typeof placeIn>; readonly label: string }[];

function noPrefix({ fields, place }: Selection, related: RelatedPlaces): readonly Finding[] {
  const list = Array.isArray(fields.ips) ? (fields.ips as readonly unknown[]) : [];
  const bare = list.find((one) => typeof one === "string" && !isOpaque(one) && one !== "" && !one.includes("/"));
  if (typeof bare !== "string") return [];
  const help = `write \`${bare}/${bare.includes(":") ? 64 : 24}\`, with the prefix of the network`;
  return [found(annotationRules.diagnose("no-prefix", place("ips"), { address: bare }, { related, help }))];
}

/** Keys that reach a plugin only where it says so; addresses and MAC also go another way. */
const capabilities: Readonly<Record<string, string>> = {
  portMappings: "portMappings",
  bandwidth: "bandwidth",
  "infiniband-guid": "infinibandGUID",
};

function noCapability({ fields, place }: Selection, nad: Nad, related: RelatedPlaces): readonly Finding[] {
  return Object.entries(capabilities).flatMap(([key, capability]) => {
    if (fields[key] === undefined) return [];
    const takes = nad.plugins.some(
      (one) => isFields(one.fields.capabilities) && one.fields.capabilities[capability] !== undefined,
    );
    if (takes) return [];
    const help = `give the plugin \`"capabilities": {"${capability}": true}\``;
    const parameters = { key, network: shownNad(nad) };
    return [found(annotationRules.diagnose("no-capability", place(key, "key"), parameters, { related, help }))];
  });
}
