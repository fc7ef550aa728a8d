import { didYouMean } from "../../diagnostics/suggest.ts";
import { containsCidr, formatCidr, parseCidr } from "../../net/cidr.ts";
import type { Path } from "../../source/place.ts";
import { spelt } from "../../source/spelt.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import { type Finding, found } from "../finding.ts";
import { subnetOf } from "../nad/addresses.ts";
import { platformRanges } from "../nad/platform-ranges.ts";
import { nadRules } from "../nad/rules.ts";
import {
  type Fields,
  fieldOf,
  isFields,
  isPlaceholder,
  type LintObject,
  placeIn,
  textOf,
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
export function networkOf(object: LintObject): Network | undefined {
  const path = object.kind === "UserDefinedNetwork" ? ["spec"] : ["spec", "network"];
  const fields = fieldOf(object, ...path);
  if (!isFields(fields)) return undefined;
  const block = blocks[textOf(fields.topology) ?? ""] ?? "";
  const inner = fields[block];
  return { object, path, fields, block, inner: isFields(inner) ? inner : {} };
}

/** A primary network takes the place of the cluster's own in its namespaces. */
export function isPrimary(object: LintObject): boolean {
  return networkOf(object)?.inner.role === "Primary";
}

/** What the API server says of a (Cluster)UserDefinedNetwork, and what it does not. */
export function checkUdn(object: LintObject): readonly Finding[] {
  const network = networkOf(object);
  if (!network || (isPlaceholder(object) && Object.keys(network.fields).length === 0)) return [];
  const shape = [...selectorLaws(object), ...topologyLaws(network)];
  if (shape.some((one) => one.diagnostic.severity === "error")) return shape;
  return [...shape, ...keyLaws(network), ...roleLaws(network), ...subnetLaws(network), ...numberLaws(network)];
}

function refused(
  object: LintObject,
  path: Path,
  problem: string,
  help?: string,
  on: "key" | "value" = "value",
): Finding {
  return found(udnRules.diagnose("refused", placeIn(object, path, on), { problem }, { help }));
}

function selectorLaws(object: LintObject): readonly Finding[] {
  if (object.kind === "UserDefinedNetwork") {
    const { namespace } = object;
    if (namespace === undefined || !/^(default$|kube-|openshift-)/.test(namespace)) return [];
    return [found(udnRules.diagnose("system-namespace", placeIn(object, ["metadata", "namespace"]), { namespace }))];
  }
  const selector = fieldOf(object, "spec", "namespaceSelector");
  if (selector === undefined || selector === null)
    return [
      refused(
        object,
        ["spec"],
        "`spec.namespaceSelector` is missing",
        "say which namespaces the network is for",
        "key",
      ),
    ];
  if (isFields(selector) && Object.keys(selector).length === 0)
    return [found(udnRules.diagnose("everywhere", placeIn(object, ["spec", "namespaceSelector"], "key"), {}))];
  return isFields(selector) ? unknownInSelector(object, selector) : [];
}

/** What is no part of a selector is dropped, and an empty one selects every namespace. */
function unknownInSelector(object: LintObject, selector: Fields): readonly Finding[] {
  const known = ["matchLabels", "matchExpressions"];
  return Object.keys(selector)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const place = placeIn(object, ["spec", "namespaceSelector", key], "key");
      const help = didYouMean(key, known) ?? `write \`matchLabels: {${key}: …}\``;
      return found(udnRules.diagnose("unknown-key", place, { where: "namespaceSelector", key }, { help }));
    });
}

function topologyLaws({ object, path, fields, block }: Network): readonly Finding[] {
  const { topology } = fields;
  if (isOpaque(topology)) return [];
  const known = object.kind === "UserDefinedNetwork" ? ["Layer2", "Layer3"] : ["Layer2", "Layer3", "Localnet"];
  if (typeof topology !== "string" || !known.includes(topology)) {
    if (topology === undefined)
      return [refused(object, path, "`topology` is missing", `it is one of: ${known.join(", ")}`, "key")];
    const help =
      topology === "Localnet"
        ? "only a ClusterUserDefinedNetwork can be Localnet"
        : `it is one of: ${known.join(", ")}`;
    return [
      refused(object, [...path, "topology"], `\`${spelt(topology)}\` is not a topology of a ${object.kind}`, help),
    ];
  }
  if (fields[block] === undefined)
    return [refused(object, [...path, "topology"], `with topology ${topology} there must be \`${block}\``)];
  return Object.values(blocks)
    .filter((one) => one !== block && fields[one] !== undefined)
    .map((one) =>
      refused(object, [...path, one], `\`${one}\` does not go with topology ${topology}`, undefined, "key"),
    );
}

function keyLaws({ object, path, fields, block, inner }: Network): readonly Finding[] {
  const outer = object.kind === "UserDefinedNetwork" ? common : [...common, "transport", "noOverlay", "evpn"];
  const unknown = (given: Fields, known: readonly string[], at: Path, where: string) =>
    Object.keys(given)
      .filter((key) => !known.includes(key))
      .map((key) => {
        const help = didYouMean(key, known);
        return found(udnRules.diagnose("unknown-key", placeIn(object, [...at, key], "key"), { key, where }, { help }));
      });
  return [
    ...unknown(fields, outer, path, path.join(".")),
    ...unknown(inner, fieldsOf[block] ?? [], [...path, block], block),
  ];
}

const primaryOnly = ["joinSubnets", "defaultGatewayIPs", "reservedSubnets", "infrastructureSubnets"];

function roleLaws({ object, path, block, inner }: Network): readonly Finding[] {
  const { role } = inner;
  const at = [...path, block];
  if (isOpaque(role)) return [];
  if (role !== "Primary" && role !== "Secondary") {
    if (role === undefined)
      return [refused(object, at, `\`${block}.role\` is missing`, "it is one of: Primary, Secondary", "key")];
    return [refused(object, [...at, "role"], `\`${spelt(role)}\` is not a role`, "it is one of: Primary, Secondary")];
  }
  if (block === "localnet" && role === "Primary")
    return [refused(object, [...at, "role"], "a Localnet cannot be primary", "write `Secondary`")];
  if (block === "localnet" && inner.physicalNetworkName === undefined)
    return [refused(object, at, "`localnet.physicalNetworkName` is missing", undefined, "key")];
  if (role === "Primary") return [];
  return primaryOnly
    .filter((key) => inner[key] !== undefined)
    .map((key) => refused(object, [...at, key], `\`${key}\` is for primary networks`, undefined, "key"));
}

function subnetLaws({ object, path, block, inner }: Network): readonly Finding[] {
  const at = [...path, block];
  const ipam = isFields(inner.ipam) ? inner.ipam : {};
  const given = Array.isArray(inner.subnets) ? (inner.subnets as readonly unknown[]) : [];
  const disabled = ipam.mode === "Disabled";
  if (disabled && given.length > 0)
    return [refused(object, [...at, "subnets"], "`subnets` does not go with `ipam.mode: Disabled`", undefined, "key")];
  if (!disabled && given.length === 0 && inner.subnets === undefined)
    return [
      refused(
        object,
        at,
        `\`${block}.subnets\` is missing`,
        block === "layer3" ? undefined : "or write `ipam: {mode: Disabled}`",
        "key",
      ),
    ];
  const problems = given.flatMap((one, index) => subnetProblem(object, [...at, "subnets", index], one, block));
  const families = given.flatMap((one) => subnetOf(isFields(one) ? one.cidr : one)?.family ?? []);
  const twice = block !== "layer3" && families.length === 2 && families[0] === families[1];
  return [
    ...problems,
    ...(twice ? [refused(object, [...at, "subnets", 1], "two subnets must be of different families")] : []),
    ...excluded(object, [...at, "excludeSubnets"], inner.excludeSubnets, given),
    ...platform(object, [...at, "subnets"], given),
    ...platform(object, [...at, "joinSubnets"], Array.isArray(inner.joinSubnets) ? inner.joinSubnets : []),
  ];
}

/** Ranges that OVN-Kubernetes keeps for itself; a join subnet of user-defined networks may be written as it is. */
function platform(object: LintObject, at: Path, given: readonly unknown[]): readonly Finding[] {
  return given.flatMap((one, index) => {
    const subnet = subnetOf(isFields(one) ? one.cidr : one);
    const isJoin = at.at(-1) === "joinSubnets";
    const [taken] = platformRanges("ovn-kubernetes", subnet ? [subnet] : []);
    if (!taken || (isJoin && /user-defined/.test(taken.use))) return [];
    const path = isFields(one) ? [...at, index, "cidr"] : [...at, index];
    return [
      found(
        nadRules.diagnose("platform-range", placeIn(object, path), taken, {
          label: "OVN-Kubernetes refuses the network",
        }),
      ),
    ];
  });
}

function subnetProblem(object: LintObject, at: Path, one: unknown, block: string): readonly Finding[] {
  const text = isFields(one) ? one.cidr : one;
  const here = isFields(one) ? [...at, "cidr"] : at;
  if (block === "layer3" && typeof one === "string" && !isOpaque(one))
    return [refused(object, at, "a subnet of layer3 is an object", `write \`{cidr: ${one}, hostSubnet: 24}\``)];
  if (block !== "layer3" && isFields(one))
    return [refused(object, at, `a subnet of ${block} is a text`, "write the CIDR alone")];
  if (typeof text !== "string" || isOpaque(text)) return [];
  const read = parseCidr(text);
  if (typeof read === "string" && read !== "host-bits") return [refused(object, here, `\`${text}\` is not a CIDR`)];
  const host = isFields(one) ? one.hostSubnet : undefined;
  const prefix = typeof read === "object" ? read.prefix : undefined;
  if (typeof host !== "number" || prefix === undefined) return [];
  if (host <= prefix)
    return [refused(object, [...at, "hostSubnet"], `\`hostSubnet\` ${host} must be longer than the prefix /${prefix}`)];
  return [];
}

/** The API server cannot check this one: its expressions know no containment of these. */
function excluded(object: LintObject, at: Path, list: unknown, subnets: readonly unknown[]): readonly Finding[] {
  const whole = subnets.flatMap((one) => subnetOf(one) ?? []);
  if (whole.length === 0 || !Array.isArray(list)) return [];
  return (list as readonly unknown[]).flatMap((one, index) => {
    const subnet = subnetOf(one);
    if (!subnet || whole.some((outer) => outer.family === subnet.family && containsCidr(outer, subnet))) return [];
    return [
      found(udnRules.diagnose("outside-subnets", placeIn(object, [...at, index]), { subnet: formatCidr(subnet) })),
    ];
  });
}

function numberLaws({ object, path, block, inner }: Network): readonly Finding[] {
  const at = [...path, block];
  const { mtu, vlan } = inner;
  const id = isFields(vlan) && isFields(vlan.access) ? vlan.access.id : undefined;
  const badMtu = typeof mtu === "number" && (mtu < 576 || mtu > 65536);
  const badVlan = typeof id === "number" && (id < 1 || id > 4094);
  return [
    ...(badMtu ? [refused(object, [...at, "mtu"], `an MTU of ${mtu} is outside 576 to 65536`)] : []),
    ...(badVlan
      ? [refused(object, [...at, "vlan", "access", "id"], `there is no VLAN ${id}: they go from 1 to 4094`)]
      : []),
  ];
}
