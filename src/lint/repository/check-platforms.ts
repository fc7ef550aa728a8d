import { suggestWord } from "../../diagnostics/suggest.ts";
import { annotationRules } from "../annotation/rules.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import type { NamedEntry, VirtualMachine } from "../kubevirt/machine.ts";
import { kubevirtRules } from "../kubevirt/rules.ts";
import { OVN_PLUGIN } from "../nad/check-ovn.ts";
import { formatNadName, type Nad, RESOURCE_ANNOTATION } from "../nad/read-nad.ts";
import {
  formatObjectName,
  isFields,
  type LintObject,
  locateInObject,
  readField,
  readText,
} from "../read/lint-object.ts";
import { sriovRules } from "../sriov/rules.ts";
import { isPrimaryUdn } from "../udn/check-udn.ts";
import { udnRules } from "../udn/rules.ts";
import { findFolder } from "./applied-together.ts";
import { findUniqueNad, type Repository } from "./repository.ts";

/** Networks of platforms against what else is here. */
export function checkPlatforms(repository: Repository): readonly LintFinding[] {
  return [
    ...repository.udns.flatMap((udn) => [...sameName(repository, udn), ...namespaceLabels(repository, udn)]),
    ...resources(repository),
    ...macTwice(repository),
    ...repository.machines.flatMap((machine) =>
      attachedOf(repository, machine).flatMap((one) => [...bridgeOnMacvlan(one), ...withoutDevice(one)]),
    ),
  ];
}

/** OVN-Kubernetes writes a definition of the network's name itself. */
function sameName(repository: Repository, udn: LintObject): readonly LintFinding[] {
  if (udn.kind !== "UserDefinedNetwork" || udn.name === undefined || udn.namespace === undefined) return [];
  const nad = repository.nads.find((one) => one.name === udn.name && one.namespace === udn.namespace);
  if (!nad) return [];
  const related = [{ place: locateInObject(nad.object, ["metadata", "name"]), label: "written by hand" }];
  const name = `${udn.namespace}/${udn.name}`;
  return [
    createFinding(
      udnRules.diagnose("same-name-as-nad", locateInObject(udn, ["metadata", "name"]), { name }, { related }),
    ),
  ];
}

const LABEL = "k8s.ovn.org/primary-user-defined-network";

function namespaceLabels(repository: Repository, udn: LintObject): readonly LintFinding[] {
  if (!isPrimaryUdn(udn)) return [];
  return namespacesOf(udn).flatMap((namespace) => {
    const object = repository.namespaces.get(namespace);
    const labels = object && readField(object, "metadata", "labels");
    if (!object || (isFields(labels) && LABEL in labels)) return [];
    const related = [{ place: locateInObject(udn, ["metadata", "name"]), label: "its primary network" }];
    return [
      createFinding(
        udnRules.diagnose(
          "no-namespace-label",
          locateInObject(object, ["metadata", "name"]),
          { namespace },
          { related },
        ),
      ),
    ];
  });
}

/** The namespaces that a network names, rather than selects by labels of somebody's choice. */
function namespacesOf(udn: LintObject): readonly string[] {
  if (udn.kind === "UserDefinedNetwork") return udn.namespace === undefined ? [] : [udn.namespace];
  const name = "kubernetes.io/metadata.name";
  const labelled = readText(readField(udn, "spec", "namespaceSelector", "matchLabels", name));
  const expressions = readField(udn, "spec", "namespaceSelector", "matchExpressions");
  const listed = (Array.isArray(expressions) ? (expressions as readonly unknown[]) : []).flatMap((one) =>
    isFields(one) && one.key === name && one.operator === "In" && Array.isArray(one.values)
      ? (one.values as readonly unknown[]).flatMap((value) => readText(value) ?? [])
      : [],
  );
  return labelled === undefined ? listed : [labelled];
}

/** Only a slip is certain: resources also come from device plugins that are not configured here. */
function resources(repository: Repository): readonly LintFinding[] {
  const policies = repository.sriov.filter((one) => one.kind === "SriovNetworkNodePolicy");
  const made = policies.flatMap((one) => readText(readField(one, "spec", "resourceName")) ?? []);
  return repository.sriov.flatMap((network) => {
    const resource = readText(readField(network, "spec", "resourceName"));
    if (network.kind === "SriovNetworkNodePolicy" || resource === undefined || made.includes(resource)) return [];
    const beside = policies
      .filter((one) => findFolder(one.doc.part.file.path) === findFolder(network.doc.part.file.path))
      .flatMap((one) => readText(readField(one, "spec", "resourceName")) ?? []);
    // Another number is another resource of a row, unless the whole row stands beside it.
    const close = suggestWord(resource, beside) ?? suggestWord(resource, made);
    const isRow = close?.replace(/\d/g, "") === resource.replace(/\d/g, "");
    if (close === undefined || (isRow && !beside.includes(close))) return [];
    const place = locateInObject(network, ["spec", "resourceName"]);
    return [
      createFinding(
        sriovRules.diagnose("unknown-resource", place, { resource }, { help: `did you mean \`${close}\`?` }),
      ),
    ];
  });
}

/** A network of a machine, its interface, and its configuration where that is here. */
interface Attached {
  readonly object: LintObject;
  readonly network: NamedEntry;
  readonly binding: NamedEntry;
  readonly written: string;
  readonly nad: Nad;
  readonly type: string;
}

function attachedOf(repository: Repository, { object, networks, interfaces }: VirtualMachine): readonly Attached[] {
  return networks.flatMap((network) => {
    const binding = interfaces.find((one) => one.name === network.name);
    const written = isFields(network.fields.multus) ? readText(network.fields.multus.networkName) : undefined;
    if (written === undefined || !binding) return [];
    const [before, after] = written.split("/");
    const nad = findUniqueNad(repository, after ?? before, after === undefined ? object.namespace : before);
    const type = nad?.plugins[0]?.type;
    return nad && type !== undefined ? [{ object, network, binding, written, nad, type }] : [];
  });
}

/** One MAC address of two machines on one network, where both are applied. */
function macTwice(repository: Repository): readonly LintFinding[] {
  const taken = new Map<string, Attached>();
  return repository.machines.flatMap((machine) =>
    attachedOf(repository, machine).flatMap((one) => {
      const mac = readText(one.binding.fields.macAddress);
      if (mac === undefined || isOpaque(mac)) return [];
      const address = mac.toLowerCase().replaceAll("-", ":");
      const id = `${formatNadName(one.nad)} ${address}`;
      const first = taken.get(id);
      if (!first) taken.set(id, one);
      if (!first || first.object === one.object || formatObjectName(first.object) === formatObjectName(one.object))
        return [];
      if (!repository.joined.areAppliedTogether(first.object.doc.part.file.path, one.object.doc.part.file.path))
        return [];
      const macOf = ({ object, binding }: Attached) => locateInObject(object, [...binding.path, "macAddress"]);
      const related = [{ place: macOf(first), label: "requests it first" }];
      const parameters = { address, a: formatObjectName(first.object), b: formatObjectName(one.object) };
      return [createFinding(annotationRules.diagnose("address-twice", macOf(one), parameters, { related }))];
    }),
  );
}

/** A bridge in the machine's pod sends with the machine's MAC address, which a macvlan drops. */
function bridgeOnMacvlan({ object, network, binding, written, type }: Attached): readonly LintFinding[] {
  if (!isFields(binding.fields.bridge) || (type !== "macvlan" && type !== "ipvlan")) return [];
  const place = locateInObject(object, [...network.path, "multus", "networkName"]);
  return [createFinding(kubevirtRules.diagnose("bridge-on-macvlan", place, { network: written, type }))];
}

/** Plugins of which no device comes, unless the network names a resource of a device plugin. */
const WITHOUT_DEVICE = [
  "bridge",
  "cnv-bridge",
  "macvlan",
  "ipvlan",
  "vlan",
  "ptp",
  "tap",
  "dummy",
  "ovs",
  "kube-ovn",
  OVN_PLUGIN,
];

/** The `sriov` binding hands a device of the pod to the machine. */
function withoutDevice({ object, binding, written, nad, type }: Attached): readonly LintFinding[] {
  if (!isFields(binding.fields.sriov) || !WITHOUT_DEVICE.includes(type)) return [];
  if (readField(nad.object, "metadata", "annotations", RESOURCE_ANNOTATION) !== undefined) return [];
  if (readText(readField(nad.object, "spec", "resourceName")) !== undefined) return [];
  const related = [{ place: locateInObject(nad.object, ["metadata", "name"]), label: "the network" }];
  const place = locateInObject(object, [...binding.path, "sriov"], "key");
  return [createFinding(kubevirtRules.diagnose("no-device", place, { network: written, type }, { related }))];
}
