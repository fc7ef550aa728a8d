import { formatSuggestion } from "../../diagnostics/suggest.ts";
import { containsCidr, formatCidr, parseCidr } from "../../net/cidr.ts";
import { formatValue } from "../../source/format-value.ts";
import type { Path } from "../../source/place.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { readSubnet } from "../nad/addresses.ts";
import { findPlatformRanges } from "../nad/platform-ranges.ts";
import { nadRules } from "../nad/rules.ts";
import {
  type Fields,
  isFields,
  isPlaceholder,
  type LintObject,
  locateInObject,
  readField,
  readText,
} from "../read/lint-object.ts";
import { udnRules } from "./rules.ts";

export function isUdn({ kind, apiVersion }: LintObject): boolean {
  return (
    apiVersion.startsWith("k8s.ovn.org/") && (kind === "UserDefinedNetwork" || kind === "ClusterUserDefinedNetwork")
  );
}

const blocks: Readonly<Record<string, string>> = { Layer2: "layer2", Layer3: "layer3", Localnet: "localnet" };

const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  layer2: [
    "role",
    "subnets",
    "mtu",
    "joinSubnets",
    "ipam",
    "defaultGatewayIPs",
    "reservedSubnets",
    "infrastructureSubnets",
  ],
  layer3: ["role", "subnets", "mtu", "joinSubnets"],
  localnet: ["role", "physicalNetworkName", "subnets", "excludeSubnets", "ipam", "mtu", "vlan"],
};
const common = ["topology", "layer2", "layer3", "localnet"];

interface Network {
  readonly object: LintObject;
  /** Of the network within the object. */
  readonly path: Path;
  readonly fields: Fields;
  readonly block: string;
  readonly inner: Fields;
}

/** The network's block, where the object is one that can be read. */
export function readUdnNetwork(object: LintObject): Network | undefined {
  const path = object.kind === "UserDefinedNetwork" ? ["spec"] : ["spec", "network"];
  const fields = readField(object, ...path);
  if (!isFields(fields)) return undefined;
  const block = blocks[readText(fields.topology) ?? ""] ?? "";
  const inner = fields[block];
  return { object, path, fields, block, inner: isFields(inner) ? inner : {} };
}

/** A primary network takes the place of the cluster's own in its namespaces. */
export function isPrimaryUdn(object: LintObject): boolean {
  return readUdnNetwork(object)?.inner.role === "Primary";
}

/** What the API server says of a (Cluster)UserDefinedNetwork, and what it does not. */
export function checkUdn(object: LintObject): readonly LintFinding[] {
  const network = readUdnNetwork(object);
  if (!network || (isPlaceholder(object) && Object.keys(network.fields).length === 0)) return [];
  const shape = [...selectorLaws(object), ...topologyLaws(network)];
  if (shape.some((one) => one.diagnostic.severity === "error")) return shape;
  return [...shape, ...keyLaws(network), ...roleLaws(network), ...subnetLaws(network), ...numberLaws(network)];
}

function reportRefused(
  object: LintObject,
  path: Path,
  problem: string,
  help?: string,
  on: "key" | "value" = "value",
): LintFinding {
  return createFinding(udnRules.diagnose("refused", locateInObject(object, path, on), { problem }, { help }));
}

function selectorLaws(object: LintObject): readonly LintFinding[] {
  if (object.kind === "UserDefinedNetwork") {
    const { namespace } = object;
    if (namespace === undefined || !/^(default$|kube-|openshift-)/.test(namespace)) return [];
    return [
      createFinding(
        udnRules.diagnose("system-namespace", locateInObject(object, ["metadata", "namespace"]), { namespace }),
      ),
    ];
  }
  const selector = readField(object, "spec", "namespaceSelector");
  if (selector === undefined || selector === null)
    return [
      reportRefused(
        object,
        ["spec"],
        "`spec.namespaceSelector` is missing",
        "say which namespaces the network is for",
        "key",
      ),
    ];
  if (isFields(selector) && Object.keys(selector).length === 0)
    return [
      createFinding(udnRules.diagnose("everywhere", locateInObject(object, ["spec", "namespaceSelector"], "key"), {})),
    ];
  return isFields(selector) ? unknownInSelector(object, selector) : [];
}

/** What is no part of a selector is dropped, and an empty one selects every namespace. */
function unknownInSelector(object: LintObject, selector: Fields): readonly LintFinding[] {
  const known = ["matchLabels", "matchExpressions"];
  return Object.keys(selector)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const place = locateInObject(object, ["spec", "namespaceSelector", key], "key");
      const help = formatSuggestion(key, known) ?? `write \`matchLabels: {${key}: …}\``;
      return createFinding(udnRules.diagnose("unknown-key", place, { where: "namespaceSelector", key }, { help }));
    });
}

function topologyLaws({ object, path, fields, block }: Network): readonly LintFinding[] {
  const { topology } = fields;
  if (isOpaque(topology)) return [];
  const known = object.kind === "UserDefinedNetwork" ? ["Layer2", "Layer3"] : ["Layer2", "Layer3", "Localnet"];
  if (typeof topology !== "string" || !known.includes(topology)) {
    if (topology === undefined)
      return [reportRefused(object, path, "`topology` is missing", `it is one of: ${known.join(", ")}`, "key")];
    const help =
      topology === "Localnet"
        ? "only a ClusterUserDefinedNetwork can be Localnet"
        : `it is one of: ${known.join(", ")}`;
    return [
      reportRefused(
        object,
        [...path, "topology"],
        `\`${formatValue(topology)}\` is not a topology of a ${object.kind}`,
        help,
      ),
    ];
  }
  if (fields[block] === undefined)
    return [reportRefused(object, [...path, "topology"], `with topology ${topology} there must be \`${block}\``)];
  return Object.values(blocks)
    .filter((one) => one !== block && fields[one] !== undefined)
    .map((one) =>
      reportRefused(object, [...path, one], `\`${one}\` does not go with topology ${topology}`, undefined, "key"),
    );
}

function keyLaws({ object, path, fields, block, inner }: Network): readonly LintFinding[] {
  const outer = object.kind === "UserDefinedNetwork" ? common : [...common, "transport", "noOverlay", "evpn"];
  const unknown = (given: Fields, known: readonly string[], at: Path, where: string) =>
    Object.keys(given)
      .filter((key) => !known.includes(key))
      .map((key) => {
        const help = formatSuggestion(key, known);
        return createFinding(
          udnRules.diagnose("unknown-key", locateInObject(object, [...at, key], "key"), { key, where }, { help }),
        );
      });
  return [
    ...unknown(fields, outer, path, path.join(".")),
    ...unknown(inner, fieldsOf[block] ?? [], [...path, block], block),
  ];
}

const primaryOnly = ["joinSubnets", "defaultGatewayIPs", "reservedSubnets", "infrastructureSubnets"];

function roleLaws({ object, path, block, inner }: Network): readonly LintFinding[] {
  const { role } = inner;
  const at = [...path, block];
  if (isOpaque(role)) return [];
  if (role !== "Primary" && role !== "Secondary") {
    if (role === undefined)
      return [reportRefused(object, at, `\`${block}.role\` is missing`, "it is one of: Primary, Secondary", "key")];
    return [
      reportRefused(
        object,
        [...at, "role"],
        `\`${formatValue(role)}\` is not a role`,
        "it is one of: Primary, Secondary",
      ),
    ];
  }
  if (block === "localnet" && role === "Primary")
    return [reportRefused(object, [...at, "role"], "a Localnet cannot be primary", "write `Secondary`")];
  if (block === "localnet" && inner.physicalNetworkName === undefined)
    return [reportRefused(object, at, "`localnet.physicalNetworkName` is missing", undefined, "key")];
  if (role === "Primary") return [];
  return primaryOnly
    .filter((key) => inner[key] !== undefined)
    .map((key) => reportRefused(object, [...at, key], `\`${key}\` is for primary networks`, undefined, "key"));
}

function subnetLaws({ object, path, block, inner }: Network): readonly LintFinding[] {
  const at = [...path, block];
  const ipam = isFields(inner.ipam) ? inner.ipam : {};
  const given = Array.isArray(inner.subnets) ? (inner.subnets as readonly unknown[]) : [];
  const disabled = ipam.mode === "Disabled";
  if (disabled && given.length > 0)
    return [
      reportRefused(object, [...at, "subnets"], "`subnets` does not go with `ipam.mode: Disabled`", undefined, "key"),
    ];
  if (!disabled && given.length === 0 && inner.subnets === undefined)
    return [
      reportRefused(
        object,
        at,
        `\`${block}.subnets\` is missing`,
        block === "layer3" ? undefined : "or write `ipam: {mode: Disabled}`",
        "key",
      ),
    ];
  const problems = given.flatMap((one, index) => subnetProblem(object, [...at, "subnets", index], one, block));
  const families = given.flatMap((one) => readSubnet(isFields(one) ? one.cidr : one)?.family ?? []);
  const twice = block !== "layer3" && families.length === 2 && families[0] === families[1];
  return [
    ...problems,
    ...(twice ? [reportRefused(object, [...at, "subnets", 1], "two subnets must be of different families")] : []),
    ...excluded(object, [...at, "excludeSubnets"], inner.excludeSubnets, given),
    ...platform(object, [...at, "subnets"], given),
    ...platform(object, [...at, "joinSubnets"], Array.isArray(inner.joinSubnets) ? inner.joinSubnets : []),
  ];
}

/** Ranges that OVN-Kubernetes keeps for itself; a join subnet of user-defined networks may be written as it is. */
function platform(object: LintObject, at: Path, given: readonly unknown[]): readonly LintFinding[] {
  return given.flatMap((one, index) => {
    const subnet = readSubnet(isFields(one) ? one.cidr : one);
    const isJoin = at.at(-1) === "joinSubnets";
    const [taken] = findPlatformRanges("ovn-kubernetes", subnet ? [subnet] : []);
    if (!taken || (isJoin && /user-defined/.test(taken.use))) return [];
    const path = isFields(one) ? [...at, index, "cidr"] : [...at, index];
    return [
      createFinding(
        nadRules.diagnose("platform-range", locateInObject(object, path), taken, {
          label: "OVN-Kubernetes refuses the network",
        }),
      ),
    ];
  });
}

function subnetProblem(object: LintObject, at: Path, one: unknown, block: string): readonly LintFinding[] {
  const text = isFields(one) ? one.cidr : one;
  const here = isFields(one) ? [...at, "cidr"] : at;
  if (block === "layer3" && typeof one === "string" && !isOpaque(one))
    return [reportRefused(object, at, "a subnet of layer3 is an object", `write \`{cidr: ${one}, hostSubnet: 24}\``)];
  if (block !== "layer3" && isFields(one))
    return [reportRefused(object, at, `a subnet of ${block} is a text`, "write the CIDR alone")];
  if (typeof text !== "string" || isOpaque(text)) return [];
  const read = parseCidr(text);
  if (typeof read === "string" && read !== "host-bits")
    return [reportRefused(object, here, `\`${text}\` is not a CIDR`)];
  const host = isFields(one) ? one.hostSubnet : undefined;
  const prefix = typeof read === "object" ? read.prefix : undefined;
  if (typeof host !== "number" || prefix === undefined) return [];
  if (host <= prefix)
    return [
      reportRefused(object, [...at, "hostSubnet"], `\`hostSubnet\` ${host} must be longer than the prefix /${prefix}`),
    ];
  return [];
}

/** The API server cannot check this one: its expressions know no containment of these. */
function excluded(object: LintObject, at: Path, list: unknown, subnets: readonly unknown[]): readonly LintFinding[] {
  const whole = subnets.flatMap((one) => readSubnet(one) ?? []);
  if (whole.length === 0 || !Array.isArray(list)) return [];
  return (list as readonly unknown[]).flatMap((one, index) => {
    const subnet = readSubnet(one);
    if (!subnet || whole.some((outer) => outer.family === subnet.family && containsCidr(outer, subnet))) return [];
    return [
      createFinding(
        udnRules.diagnose("outside-subnets", locateInObject(object, [...at, index]), { subnet: formatCidr(subnet) }),
      ),
    ];
  });
}

function numberLaws({ object, path, block, inner }: Network): readonly LintFinding[] {
  const at = [...path, block];
  const { mtu, vlan } = inner;
  const id = isFields(vlan) && isFields(vlan.access) ? vlan.access.id : undefined;
  const badMtu = typeof mtu === "number" && (mtu < 576 || mtu > 65536);
  const badVlan = typeof id === "number" && (id < 1 || id > 4094);
  return [
    ...(badMtu ? [reportRefused(object, [...at, "mtu"], `an MTU of ${mtu} is outside 576 to 65536`)] : []),
    ...(badVlan
      ? [reportRefused(object, [...at, "vlan", "access", "id"], `there is no VLAN ${id}: they go from 1 to 4094`)]
      : []),
  ];
}
