import type { Path } from "../../source/place.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import {
  type Fields,
  isFields,
  isPlaceholder,
  type LintObject,
  locateInObject,
  readField,
  readText,
} from "../read/lint-object.ts";
import { checkInterfaces, isBadMac, isPodNetworkReplacement, isSet } from "./check-interfaces.ts";
import { kubevirtRules } from "./rules.ts";

/** A network or interface of a virtual machine, with its place. */
export interface NamedEntry {
  readonly name: string;
  readonly path: Path;
  readonly fields: Fields;
}

/** A machine's networks and the interfaces that are on them. */
export interface VirtualMachine {
  readonly object: LintObject;
  /** Of the specification of the machine's instance, from the object. */
  readonly spec: Path;
  readonly networks: readonly NamedEntry[];
  readonly interfaces: readonly NamedEntry[];
  /** Whether an instance type or a preference may bring what is not written. */
  readonly hasPreference: boolean;
}

const specs: Readonly<Record<string, Path>> = {
  VirtualMachine: ["spec", "template", "spec"],
  VirtualMachineInstance: ["spec"],
  VirtualMachineInstanceReplicaSet: ["spec", "template", "spec"],
  VirtualMachinePool: ["spec", "virtualMachineTemplate", "spec", "template", "spec"],
};

/** As many interfaces and networks as KubeVirt takes. */
const ITEMS_MAX = 256;

/** Undefined for what is no machine of KubeVirt. */
export function readVirtualMachine(object: LintObject): VirtualMachine | undefined {
  const isOurs = /^(pool\.)?kubevirt\.io\//.test(object.apiVersion);
  const spec = isOurs && Object.hasOwn(specs, object.kind) ? specs[object.kind] : undefined;
  if (!spec) return undefined;
  const outer = spec.slice(0, -2);
  return {
    object,
    spec,
    networks: namedAt(object, [...spec, "networks"]),
    interfaces: namedAt(object, [...spec, "domain", "devices", "interfaces"]),
    hasPreference:
      isSet(readField(object, ...outer, "preference")) ||
      Object.keys(annotationsOf(object)).some((key) => key.startsWith("kubevirt.io/preference-name")),
  };
}

function annotationsOf(object: LintObject): Fields {
  const annotations = readField(object, "metadata", "annotations");
  return isFields(annotations) ? annotations : {};
}

function namedAt(object: LintObject, path: Path): readonly NamedEntry[] {
  const list = readField(object, ...path);
  return (Array.isArray(list) ? (list as readonly unknown[]) : []).flatMap((one, index) => {
    const name = isFields(one) ? readText(one.name) : undefined;
    return isFields(one) && name !== undefined ? [{ name, path: [...path, index], fields: one }] : [];
  });
}

/** What KubeVirt's admission refuses about networks and interfaces (kubevirt, pkg/network/admitter). */
export function checkVirtualMachine(machine: VirtualMachine): readonly LintFinding[] {
  const { object, interfaces } = machine;
  if (isPlaceholder(object)) return [];
  return [
    ...checkNames(machine),
    ...checkMatching(machine),
    ...checkSources(machine),
    ...checkInterfaces(machine),
    ...checkMigration(machine),
    ...interfaces.flatMap((one) => {
      const mac = one.fields.macAddress;
      if (!isBadMac(mac)) return [];
      return [
        createFinding(kubevirtRules.diagnose("bad-mac", locateInObject(object, [...one.path, "macAddress"]), { mac })),
      ];
    }),
  ];
}

/** Each network has one interface of its name, and each interface one network. */
function checkMatching(machine: VirtualMachine): readonly LintFinding[] {
  const { object, networks, interfaces } = machine;
  const here = (one: NamedEntry, ...path: Path) => locateInObject(object, [...one.path, ...path]);
  // A patch, and a machine with a preference, may have its interfaces from elsewhere.
  const written = interfaces.length > 0 || hasOwnDevices(machine);
  const lone =
    networks.length === 0 ? [] : interfaces.filter((one) => !networks.some((other) => other.name === one.name));
  const idle = networks.filter((one) => written && !interfaces.some((other) => other.name === one.name));
  return [
    ...lone.map((one) =>
      createFinding(kubevirtRules.diagnose("interface-without-network", here(one, "name"), { name: one.name })),
    ),
    ...idle.map((one) =>
      createFinding(kubevirtRules.diagnose("network-without-interface", here(one, "name"), { name: one.name })),
    ),
    ...checkTwice(object, networks, "networks"),
    ...checkTwice(object, interfaces, "interfaces"),
    ...[networks, interfaces].flatMap((list) => {
      const one = list[ITEMS_MAX];
      const problem = `a machine has at most ${ITEMS_MAX} of them`;
      return one ? [createFinding(kubevirtRules.diagnose("refused", here(one, "name"), { problem }))] : [];
    }),
  ];
}

/** Devices without any interface, in a machine that is whole: KubeVirt adds one only where no network is written. */
function hasOwnDevices({ object, spec, hasPreference }: VirtualMachine): boolean {
  const outer = spec.slice(0, -2);
  if (hasPreference || isSet(readField(object, ...outer, "instancetype"))) return false;
  return (
    isSet(readField(object, ...spec, "domain", "devices")) &&
    !/patch|overlay|component/i.test(object.doc.part.file.path)
  );
}

/** A name that YAML reads as a number or a truth: the API server takes text alone. */
function checkNames({ object, spec }: VirtualMachine): readonly LintFinding[] {
  const lists = [
    [...spec, "networks"],
    [...spec, "domain", "devices", "interfaces"],
  ];
  return lists.flatMap((path) => {
    const list = readField(object, ...path);
    return (Array.isArray(list) ? (list as readonly unknown[]) : []).flatMap((one, index) => {
      const name = isFields(one) ? one.name : undefined;
      if (typeof name !== "number" && typeof name !== "boolean") return [];
      const problem = `\`name\` takes text, and YAML reads this as ${typeof name === "number" ? "a number" : `\`${name}\``}`;
      const place = locateInObject(object, [...path, index, "name"]);
      return [createFinding(kubevirtRules.diagnose("refused", place, { problem }, { help: "put it in quotes" }))];
    });
  });
}

function checkTwice(object: LintObject, list: readonly NamedEntry[], what: string): readonly LintFinding[] {
  const seen = new Map<string, NamedEntry>();
  return list.flatMap((one) => {
    const first = seen.get(one.name);
    if (!first) {
      seen.set(one.name, one);
      return [];
    }
    const related = [{ place: locateInObject(object, [...first.path, "name"]), label: "the first one" }];
    const place = locateInObject(object, [...one.path, "name"]);
    return [createFinding(kubevirtRules.diagnose("name-twice", place, { name: one.name, what }, { related }))];
  });
}

/** A network is the pod's, or one of Multus, or a claim of a device: one of them. */
function checkSources({ object, networks }: VirtualMachine): readonly LintFinding[] {
  const here = (one: NamedEntry, ...path: Path) => locateInObject(object, [...one.path, ...path]);
  const multus = networks.filter((one) => isFields(one.fields.multus));
  const second = networks.filter(isPodNetworkReplacement)[1];
  return [
    ...networks.flatMap((one) => {
      const sources = ["pod", "multus", "resourceClaim"].filter((key) => isSet(one.fields[key]));
      if (sources.length === 1 || Object.values(one.fields).some(isOpaque)) return [];
      const extra = sources[1];
      if (extra !== undefined) {
        const problem = `network \`${one.name}\` is both \`${sources[0]}\` and \`${extra}\``;
        return [createFinding(kubevirtRules.diagnose("refused", here(one, extra), { problem }))];
      }
      const empty = ["pod", "multus"].find((key) => one.fields[key] === null);
      const help = empty === undefined ? "write `pod: {}`, or `multus: {networkName: …}`" : `write \`${empty}: {}\``;
      const problem = `network \`${one.name}\` is of no type`;
      return [createFinding(kubevirtRules.diagnose("refused", here(one, empty ?? "name"), { problem }, { help }))];
    }),
    ...multus
      .filter(
        (one) => !isSet((one.fields.multus as Fields).networkName) || (one.fields.multus as Fields).networkName === "",
      )
      .map((one) =>
        createFinding(kubevirtRules.diagnose("without-network-name", here(one, "name"), { name: one.name })),
      ),
    ...(second ? [createFinding(kubevirtRules.diagnose("several-defaults", here(second, "name"), {}))] : []),
  ];
}

const PERMIT = "kubevirt.io/allow-pod-bridge-network-live-migration";

/** A bridge onto the pod network takes the pod's address, which another pod does not have. */
function checkMigration({ object, spec, networks, interfaces }: VirtualMachine): readonly LintFinding[] {
  const strategy = readField(object, ...spec, "evictionStrategy");
  if (strategy !== "LiveMigrate") return [];
  const annotations = readField(object, ...spec.slice(0, -1), "metadata", "annotations");
  if (isFields(annotations) && PERMIT in annotations) return [];
  const pod = networks.find((one) => isSet(one.fields.pod));
  const bridged = pod && interfaces.find((one) => one.name === pod.name && isSet(one.fields.bridge));
  if (!bridged) return [];
  return [
    createFinding(
      kubevirtRules.diagnose("not-migratable", locateInObject(object, [...bridged.path, "bridge"], "key"), {}),
    ),
  ];
}
