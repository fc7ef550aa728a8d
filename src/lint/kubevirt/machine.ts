import { isMac, isMulticastMac } from "../../cni/value-formats.ts";
import type { Path } from "../../source/place.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import { type Finding, found } from "../finding.ts";
import { type Fields, fieldOf, isFields, type LintObject, placeIn, textOf } from "../read/lint-object.ts";
import { kubevirtRules } from "./rules.ts";

/** A network or interface of a virtual machine, with its place. */
export interface Named {
  readonly name: string;
  readonly path: Path;
  readonly fields: Fields;
}

/** A machine's networks and the interfaces that are on them. */
export interface Machine {
  readonly object: LintObject;
  readonly networks: readonly Named[];
  readonly interfaces: readonly Named[];
}

const specs: Readonly<Record<string, Path>> = {
  VirtualMachine: ["spec", "template", "spec"],
  VirtualMachineInstance: ["spec"],
  VirtualMachineInstanceReplicaSet: ["spec", "template", "spec"],
};

/** Undefined for what is no machine of KubeVirt. */
export function readMachine(object: LintObject): Machine | undefined {
  const spec = object.apiVersion.startsWith("kubevirt.io/") ? specs[object.kind] : undefined;
  if (!spec) return undefined;
  return {
    object,
    networks: namedAt(object, [...spec, "networks"]),
    interfaces: namedAt(object, [...spec, "domain", "devices", "interfaces"]),
  };
}

function namedAt(object: LintObject, path: Path): readonly Named[] {
  const list = fieldOf(object, ...path);
  return (Array.isArray(list) ? (list as readonly unknown[]) : []).flatMap((one, index) => {
    const name = isFields(one) ? textOf(one.name) : undefined;
    return isFields(one) && name !== undefined ? [{ name, path: [...path, index], fields: one }] : [];
  });
}

/** What KubeVirt's admission refuses about networks and interfaces. */
export function checkMachine({ object, networks, interfaces }: Machine): readonly Finding[] {
  const here = (one: Named, ...path: Path) => placeIn(object, [...one.path, ...path]);
  // A machine made from an instance type or a preference may have its interfaces from there.
  const written = interfaces.length > 0;
  const lone =
    networks.length === 0 ? [] : interfaces.filter((one) => !networks.some((other) => other.name === one.name));
  const idle = networks.filter((one) => written && !interfaces.some((other) => other.name === one.name));
  const multus = networks.filter((one) => isFields(one.fields.multus));
  const defaults = networks.filter(
    (one) => one.fields.pod !== undefined || (one.fields.multus as Fields | undefined)?.default === true,
  );
  const second = defaults[1];
  return [
    ...lone.map((one) =>
      found(kubevirtRules.diagnose("interface-without-network", here(one, "name"), { name: one.name })),
    ),
    ...idle.map((one) =>
      found(kubevirtRules.diagnose("network-without-interface", here(one, "name"), { name: one.name })),
    ),
    ...multus
      .filter((one) => (one.fields.multus as Fields).networkName === undefined)
      .map((one) => found(kubevirtRules.diagnose("without-network-name", here(one, "name"), { name: one.name }))),
    ...(second ? [found(kubevirtRules.diagnose("several-defaults", here(second, "name"), {}))] : []),
    ...interfaces.flatMap((one) => {
      const mac = one.fields.macAddress;
      if (typeof mac !== "string" || isOpaque(mac) || (isMac(mac) && !isMulticastMac(mac))) return [];
      return [found(kubevirtRules.diagnose("bad-mac", here(one, "macAddress"), { mac }))];
    }),
  ];
}
