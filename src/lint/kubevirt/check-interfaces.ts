import { isMac, isMulticastMac } from "../../cni/value-formats.ts";
import { formatSuggestion } from "../../diagnostics/suggest.ts";
import { parseAddress } from "../../net/address.ts";
import { formatValue } from "../../source/format-value.ts";
import type { Path } from "../../source/place.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { isFields, locateInObject, readText } from "../read/lint-object.ts";
import type { NamedEntry, VirtualMachine } from "./machine.ts";
import { kubevirtRules } from "./rules.ts";

/** Ways to connect an interface (kubevirt, pkg/network/admitter/binding.go). */
const BINDINGS = ["bridge", "masquerade", "sriov", "passtBinding", "binding"];
/** Ways that KubeVirt no longer takes (pkg/network/admitter/discontinued.go). */
const DISCONTINUED = ["slirp", "macvtap", "passt"];
const MODELS = ["e1000", "e1000e", "igb", "ne2k_pci", "pcnet", "rtl8139", "virtio"];
const STATES = ["up", "down", "absent"];
/** The MAC address that KubeVirt's own bridge in the pod has. */
const RESERVED_MAC = "02:00:00:00:00:00";

/** A problem of one interface, at a path below it. */
interface Problem {
  readonly at: Path;
  readonly problem: string;
  readonly help?: string | undefined;
}

/** A key with an empty value is not set: Go reads `null` as nothing. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** What KubeVirt's admission says about each interface (pkg/network/admitter/netiface.go). */
export function checkInterfaces(machine: VirtualMachine): readonly LintFinding[] {
  const { object, interfaces, networks } = machine;
  const byName = new Map(networks.map((one) => [one.name, one]));
  return interfaces.flatMap((one) => {
    const network = byName.get(one.name);
    const problems = [
      ...bindingProblems(one, network),
      ...nameProblems(one),
      ...deviceProblems(one),
      ...stateProblems(one, network),
      ...(network && isSet(network.fields.pod) ? portProblems(one) : []),
      ...dhcpProblems(one),
    ];
    return [
      ...problems.map(({ at, problem, help }) =>
        createFinding(
          kubevirtRules.diagnose("refused", locateInObject(object, [...one.path, ...at]), { problem }, { help }),
        ),
      ),
      ...discontinued(machine, one),
      ...withoutBinding(machine, one),
    ];
  });
}

function bindingsOf({ fields }: NamedEntry): readonly string[] {
  return [...BINDINGS, ...DISCONTINUED].filter((key) => isSet(fields[key]));
}

function bindingProblems(one: NamedEntry, network: NamedEntry | undefined): Problem[] {
  const bindings = bindingsOf(one);
  const second = bindings[1];
  if (second !== undefined) {
    const problem = `interface \`${one.name}\` has ${bindings.length} bindings, and takes one: ${bindings.join(", ")}`;
    return [{ at: [second], problem, help: "delete all but one" }];
  }
  if (!network || isOpaque(one.name)) return [];
  if (isSet(one.fields.masquerade) && !isSet(network.fields.pod)) {
    const problem = `\`masquerade\` works on the pod network only, and \`${one.name}\` is another one`;
    return [{ at: ["masquerade"], problem, help: "write `bridge: {}` for a network of Multus" }];
  }
  if (isSet(one.fields.passtBinding) && !isSet(network.fields.pod))
    return [{ at: ["passtBinding"], problem: "`passtBinding` works on the pod network only" }];
  return [];
}

function discontinued({ object }: VirtualMachine, one: NamedEntry): readonly LintFinding[] {
  // Of several bindings it is said already that there are too many.
  if (bindingsOf(one).length > 1) return [];
  return DISCONTINUED.filter((key) => isSet(one.fields[key])).map((key) => {
    const place = locateInObject(object, [...one.path, key], "key");
    return createFinding(kubevirtRules.diagnose("discontinued-binding", place, { binding: key }));
  });
}

/** A preference may bring the binding, so it is missed only where there is none. */
function withoutBinding({ object, hasPreference }: VirtualMachine, one: NamedEntry): readonly LintFinding[] {
  if (bindingsOf(one).length > 0 || hasPreference) return [];
  if (Object.values(one.fields).some(isOpaque)) return [];
  const empty = [...BINDINGS, ...DISCONTINUED].find((key) => one.fields[key] === null);
  const help = empty === undefined ? undefined : `write \`${empty}: {}\`: an empty value is not a binding`;
  const place = locateInObject(object, [...one.path, empty ?? "name"], empty === undefined ? "value" : "key");
  return [createFinding(kubevirtRules.diagnose("no-binding", place, { name: one.name }, { help }))];
}

function nameProblems({ name }: NamedEntry): Problem[] {
  if (isOpaque(name) || /^[A-Za-z0-9_-]+$/.test(name)) return [];
  return [{ at: ["name"], problem: `\`${name}\` is not a valid interface name`, help: "letters, digits, `-` and `_`" }];
}

function deviceProblems({ fields }: NamedEntry): Problem[] {
  const problems: Problem[] = [];
  const model = readText(fields.model);
  if (model !== undefined && !MODELS.includes(model)) {
    const help = formatSuggestion(model, MODELS) ?? `it is one of: ${MODELS.join(", ")}`;
    problems.push({ at: ["model"], problem: `\`${model}\` is not an interface model`, help });
  }
  const pci = readText(fields.pciAddress);
  if (pci !== undefined && !/^[0-9a-fA-F]{4}:[0-9a-fA-F]{2}:[0-1][0-9a-fA-F]\.[0-7]$/.test(pci))
    problems.push({ at: ["pciAddress"], problem: `\`${pci}\` is not a PCI address`, help: "as in `0000:81:00.1`" });
  const { bootOrder } = fields;
  if (typeof bootOrder === "number" && bootOrder < 1)
    problems.push({ at: ["bootOrder"], problem: "`bootOrder` starts at 1" });
  if (isSet(fields.masquerade) && readText(fields.macAddress)?.toLowerCase().replaceAll("-", ":") === RESERVED_MAC)
    problems.push({
      at: ["macAddress"],
      problem: `\`${RESERVED_MAC}\` is the address of KubeVirt's bridge in the pod`,
    });
  return problems;
}

function stateProblems({ fields }: NamedEntry, network: NamedEntry | undefined): Problem[] {
  const state = readText(fields.state);
  if (state === undefined) return [];
  if (!STATES.includes(state))
    return [
      { at: ["state"], problem: `\`${state}\` is not an interface state`, help: "it is one of: up, down, absent" },
    ];
  if (isSet(fields.sriov) && state !== "absent")
    return [{ at: ["state"], problem: `an SR-IOV interface cannot be \`${state}\`` }];
  if (state !== "absent") return [];
  if (!isSet(fields.bridge) && !isSet(fields.sriov))
    return [{ at: ["state"], problem: "`absent` is for interfaces with the `bridge` binding" }];
  return network && isPodNetworkReplacement(network)
    ? [{ at: ["state"], problem: "the default network of a machine cannot be `absent`" }]
    : [];
}

/** The network in place of the pod's own. */
export function isPodNetworkReplacement({ fields }: NamedEntry): boolean {
  return isSet(fields.pod) || (isFields(fields.multus) && fields.multus.default === true);
}

/** Ports count on the pod network alone. */
function portProblems({ fields }: NamedEntry): Problem[] {
  const ports = Array.isArray(fields.ports) ? (fields.ports as readonly unknown[]) : [];
  const names = new Set<string>();
  return ports.flatMap((port, index): Problem[] => {
    if (!isFields(port)) return [];
    const at = (key: string) => ["ports", index, key];
    const problems: Problem[] = [];
    const name = readText(port.name);
    if (name !== undefined && names.has(name)) problems.push({ at: at("name"), problem: `two ports are \`${name}\`` });
    if (name !== undefined) names.add(name);
    if (name !== undefined && !isPortName(name))
      problems.push({
        at: at("name"),
        problem: `\`${name}\` is not a valid port name`,
        help: "at most 15 lower-case letters, digits and `-`, with a letter among them",
      });
    const { port: number, protocol } = port;
    if (number === undefined || number === null || number === 0)
      problems.push({ at: ["ports", index], problem: "`port` is missing" });
    else if (typeof number === "number" && (number < 1 || number > 65535))
      problems.push({ at: at("port"), problem: `there is no port ${number}: they go from 1 to 65535` });
    if (typeof protocol === "string" && !["", "TCP", "UDP"].includes(protocol) && !isOpaque(protocol))
      problems.push({ at: at("protocol"), problem: `\`${protocol}\` is not a protocol of a port`, help: "TCP or UDP" });
    return problems;
  });
}

function isPortName(name: string): boolean {
  return (
    name.length <= 15 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) && /[a-z]/.test(name) && !name.includes("--")
  );
}

function dhcpProblems({ fields }: NamedEntry): Problem[] {
  const { dhcpOptions } = fields;
  if (!isFields(dhcpOptions)) return [];
  const servers = Array.isArray(dhcpOptions.ntpServers) ? (dhcpOptions.ntpServers as readonly unknown[]) : [];
  const options = Array.isArray(dhcpOptions.privateOptions) ? (dhcpOptions.privateOptions as readonly unknown[]) : [];
  const seen = new Set<unknown>();
  return [
    ...servers.flatMap((one, index): Problem[] =>
      isOpaque(one) || parseAddress(formatValue(one))?.family === 4
        ? []
        : [{ at: ["dhcpOptions", "ntpServers", index], problem: `\`${formatValue(one)}\` is not an IPv4 address` }],
    ),
    ...options.flatMap((one, index): Problem[] => {
      const option = isFields(one) ? one.option : undefined;
      if (typeof option !== "number") return [];
      const at = ["dhcpOptions", "privateOptions", index, "option"];
      if (option < 224 || option > 254) return [{ at, problem: `DHCP option ${option} is outside 224 to 254` }];
      if (seen.has(option)) return [{ at, problem: `DHCP option ${option} is there twice` }];
      seen.add(option);
      return [];
    }),
  ];
}

/** A MAC address that KubeVirt or the kernel refuses. */
export function isBadMac(mac: unknown): mac is string {
  if (typeof mac !== "string" || mac === "" || isOpaque(mac)) return false;
  return !isMac(mac) || isMulticastMac(mac) || mac.replace(/[^0-9a-fA-F]/g, "").length !== 12;
}
