import { suggest } from "../../diagnostics/suggest.ts";
import { type Finding, found } from "../finding.ts";
import type { Machine } from "../kubevirt/machine.ts";
import { kubevirtRules } from "../kubevirt/rules.ts";
import { fieldOf, isFields, type LintObject, placeIn, textOf } from "../read/lint-object.ts";
import { sriovRules } from "../sriov/rules.ts";
import { isPrimary } from "../udn/check-udn.ts";
import { udnRules } from "../udn/rules.ts";
import { onlyNad, type Repository } from "./repository.ts";

/** Networks of platforms against what else is here. */
export function checkPlatforms(repository: Repository): readonly Finding[] {
  return [
    ...repository.udns.flatMap((udn) => [...sameName(repository, udn), ...namespaceLabels(repository, udn)]),
    ...resources(repository),
    ...repository.machines.flatMap((machine) => bridges(repository, machine)),
  ];
}

/** OVN-Kubernetes writes a definition of the network's name itself. */
function sameName(repository: Repository, udn: LintObject): readonly Finding[] {
  if (udn.kind !== "UserDefinedNetwork" || udn.name === undefined || udn.namespace === undefined) return [];
  const nad = repository.nads.find((one) => one.name === udn.name && one.namespace === udn.namespace);
  if (!nad) return [];
  const related = [{ place: placeIn(nad.object, ["metadata", "name"]), label: "written by hand" }];
  const name = `${udn.namespace}/${udn.name}`;
  return [found(udnRules.diagnose("same-name-as-nad", placeIn(udn, ["metadata", "name"]), { name }, { related }))];
}

const LABEL = "k8s.ovn.org/primary-user-defined-network";

function namespaceLabels(repository: Repository, udn: LintObject): readonly Finding[] {
  if (!isPrimary(udn)) return [];
  return namespacesOf(udn).flatMap((namespace) => {
    const object = repository.namespaces.get(namespace);
    const labels = object && fieldOf(object, "metadata", "labels");
    if (!object || (isFields(labels) && LABEL in labels)) return [];
    const related = [{ place: placeIn(udn, ["metadata", "name"]), label: "its primary network" }];
    return [
      found(udnRules.diagnose("no-namespace-label", placeIn(object, ["metadata", "name"]), { namespace }, { related })),
    ];
  });
}

/** The namespaces that a network names, rather than selects by labels of somebody's choice. */
function namespacesOf(udn: LintObject): readonly string[] {
  if (udn.kind === "UserDefinedNetwork") return udn.namespace === undefined ? [] : [udn.namespace];
  const name = "kubernetes.io/metadata.name";
  const labelled = textOf(fieldOf(udn, "spec", "namespaceSelector", "matchLabels", name));
  const expressions = fieldOf(udn, "spec", "namespaceSelector", "matchExpressions");
  const listed = (Array.isArray(expressions) ? (expressions as readonly unknown[]) : []).flatMap((one) =>
    isFields(one) && one.key === name && one.operator === "In" && Array.isArray(one.values)
      ? (one.values as readonly unknown[]).flatMap((value) => textOf(value) ?? [])
      : [],
  );
  return labelled === undefined ? listed : [labelled];
}

/** Only a slip is certain: resources also come from device plugins that are not configured here. */
function resources(repository: Repository): readonly Finding[] {
  const policies = repository.sriov.filter((one) => one.kind === "SriovNetworkNodePolicy");
  const made = policies.flatMap((one) => textOf(fieldOf(one, "spec", "resourceName")) ?? []);
  return repository.sriov.flatMap((network) => {
    const resource = textOf(fieldOf(network, "spec", "resourceName"));
    if (network.kind === "SriovNetworkNodePolicy" || resource === undefined || made.includes(resource)) return [];
    const close = suggest(resource, made);
    if (close === undefined || close.replace(/\d/g, "") === resource.replace(/\d/g, "")) return [];
    const place = placeIn(network, ["spec", "resourceName"]);
    return [
      found(sriovRules.diagnose("unknown-resource", place, { resource }, { help: `did you mean \`${close}\`?` })),
    ];
  });
}

/** A bridge in the machine's pod sends with the machine's MAC address, which a macvlan drops. */
function bridges(repository: Repository, { object, networks, interfaces }: Machine): readonly Finding[] {
  return networks.flatMap((network) => {
    const binding = interfaces.find((one) => one.name === network.name);
    const written = isFields(network.fields.multus) ? textOf(network.fields.multus.networkName) : undefined;
    if (written === undefined || !isFields(binding?.fields.bridge)) return [];
    const [before, after] = written.split("/");
    const nad = onlyNad(repository, after ?? before, after === undefined ? object.namespace : before);
    const type = nad?.plugins[0]?.type;
    if (type !== "macvlan" && type !== "ipvlan") return [];
    const place = placeIn(object, [...network.path, "multus", "networkName"]);
    return [found(kubevirtRules.diagnose("bridge-on-macvlan", place, { network: written, type }))];
  });
}
