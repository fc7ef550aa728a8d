import { containsCidr, formatCidr } from "../../net/cidr.ts";
import type { Path } from "../../source/place.ts";
import { type EmbeddedJson, isOpaque, locateJson } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { type Fields, readText } from "../read/lint-object.ts";
import { readInterfaceAddress, readSubnet } from "./addresses.ts";
import { findPlatformRanges } from "./platform-ranges.ts";
import type { Nad, NadPlugin } from "./read-nad.ts";
import { nadRules } from "./rules.ts";

export const OVN_PLUGIN = "ovn-k8s-cni-overlay";

interface Refusal {
  readonly at: Path;
  readonly on?: "key" | "value";
  readonly problem: string;
  readonly help?: string;
}

/** What the controller of OVN-Kubernetes refuses (go-controller/pkg/util/multi_network.go). */
export function checkOvn(
  nad: Nad,
  config: EmbeddedJson,
  { type, path, fields, ipamType }: NadPlugin,
): readonly LintFinding[] {
  if (type !== OVN_PLUGIN) return [];
  const refusals = [...listLaws(nad), ...nameLaws(nad, fields), ...topologyLaws(fields), ...subnetLaws(fields)];
  if (ipamType !== undefined)
    refusals.push({
      at: ["ipam"],
      on: "key",
      problem: "OVN-Kubernetes allocates the addresses itself",
      help: "delete `ipam`",
    });
  return [...platform(config, path, fields), ...reportRefusals(config, path, refusals)];
}

/** Ranges that OVN-Kubernetes keeps for itself. */
function platform(config: EmbeddedJson, path: Path, fields: Fields): readonly LintFinding[] {
  const layer3 = fields.topology === "layer3";
  return ["subnets", "joinSubnet", "transitSubnet"].flatMap((key) => {
    const cut = (one: string) => (layer3 && key === "subnets" ? one.replace(/^([^/]+\/\d+)\/\d+$/, "$1") : one);
    const taken = findPlatformRanges(
      "ovn-kubernetes",
      splitList(fields[key]).flatMap((one) => readSubnet(cut(one)) ?? []),
    ).filter(
      ({ use }) =>
        !(key === "joinSubnet" && /user-defined/.test(use)) && !(key === "transitSubnet" && /transit/.test(use)),
    );
    return taken.map((one) =>
      createFinding(nadRules.diagnose("platform-range", locateJson(config, [...path, key]), one)),
    );
  });
}

function reportRefusals(config: EmbeddedJson, path: Path, refusals: readonly Refusal[]): readonly LintFinding[] {
  return refusals.map(({ at, on, problem, help }) =>
    createFinding(
      nadRules.diagnose("ovn-refuses", locateJson(config, [...path, ...at], on ?? "value"), { problem }, { help }),
    ),
  );
}

function listLaws(nad: Nad): Refusal[] {
  const { plugins } = nad.top ?? {};
  if (!Array.isArray(plugins)) return [];
  if (!nad.isList) return [{ at: ["plugins"], on: "key", problem: "either `type` or `plugins`, not both" }];
  return plugins.length > 1 && nad.plugins[0]?.type === OVN_PLUGIN
    ? [{ at: ["type"], problem: "OVN-Kubernetes takes no further plugins in the list" }]
    : [];
}

function nameLaws(nad: Nad, fields: Fields): Refusal[] {
  const refusals: Refusal[] = [];
  const topology = readText(fields.topology);
  const named = readText(fields.netAttachDefName);
  if (topology !== undefined && (nad.networkName === "default" || nad.networkName === "ovn-kubernetes"))
    refusals.push({ at: ["name"], problem: `the name \`${nad.networkName}\` is kept for the cluster's own network` });
  if (topology !== undefined && fields.netAttachDefName === undefined)
    refusals.push({ at: ["topology"], on: "key", problem: "`netAttachDefName` is missing", help: wantedName(nad) });
  if (named === undefined || nad.name === undefined) return refusals;
  const [namespace, name] = named.split("/");
  if (name !== nad.name || (nad.namespace !== undefined && namespace !== nad.namespace))
    refusals.push({
      at: ["netAttachDefName"],
      problem: `this network is \`${nad.namespace ?? namespace}/${nad.name}\`, not \`${named}\``,
      help: wantedName(nad),
    });
  return refusals;
}

function wantedName({ namespace, name }: Nad): string {
  return `write \`"netAttachDefName": "${namespace ?? "<namespace>"}/${name ?? "<name>"}"\``;
}

/** Fields that only some topologies have. */
const only: Readonly<Record<string, readonly string[]>> = {
  vlanID: ["localnet"],
  physicalNetworkName: ["localnet"],
  joinSubnet: ["layer2", "layer3"],
  allowPersistentIPs: ["layer2", "localnet"],
  reservedSubnets: ["layer2"],
  infrastructureSubnets: ["layer2"],
  defaultGatewayIPs: ["layer2"],
  transitSubnet: ["layer2"],
};

function topologyLaws(fields: Fields): Refusal[] {
  const topology = readText(fields.topology);
  if (topology === undefined) return [];
  const wrong = Object.entries(only)
    .filter(([key, topologies]) => fields[key] !== undefined && !topologies.includes(topology))
    .map(([key, topologies]): Refusal => {
      const problem = `\`${key}\` is for topology ${topologies.join(" and ")}, not ${topology}`;
      return { at: [key], on: "key", problem };
    });
  if (topology === "localnet" && fields.role === "primary")
    wrong.push({ at: ["role"], problem: "a network of topology localnet cannot be primary" });
  return wrong;
}

function splitList(value: unknown): readonly string[] {
  return typeof value === "string" && value !== "" && !isOpaque(value) ? value.split(",").map((one) => one.trim()) : [];
}

/** `subnets` is a text: CIDRs with commas between, of layer3 with the prefix of a node's share behind each. */
function subnetLaws(fields: Fields): Refusal[] {
  const layer3 = fields.topology === "layer3";
  const subnets = splitList(fields.subnets);
  const badSubnets = subnets
    .filter((one) => !readInterfaceAddress(layer3 ? one.replace(/^([^/]+\/\d+)\/\d+$/, "$1") : one))
    .map((one): Refusal => ({ at: ["subnets"], problem: `\`${one}\` is not a CIDR` }));
  const whole = subnets.flatMap((one) => readSubnet(one) ?? []);
  const excluded = splitList(fields.excludeSubnets).flatMap((one): Refusal[] => {
    const subnet = readSubnet(one);
    const at = ["excludeSubnets"];
    if (!subnet)
      return [{ at, problem: `\`${one}\` is not a CIDR`, help: `write \`${one}/${one.includes(":") ? 128 : 32}\`` }];
    if (whole.length === 0 || whole.some((outer) => outer.family === subnet.family && containsCidr(outer, subnet)))
      return [];
    return [{ at, problem: `${formatCidr(subnet)} is not in \`subnets\`` }];
  });
  return [...badSubnets, ...excluded];
}

/** The provider of a Kube-OVN network is its definition: `<name>.<namespace>.ovn`, of its address plugin without `.ovn`. */
export function checkKubeOvn(
  nad: Nad,
  config: EmbeddedJson,
  { type, path, fields, ipam }: NadPlugin,
): readonly LintFinding[] {
  const checks = [
    { written: type === "kube-ovn" ? fields.provider : undefined, at: [...path, "provider"], suffix: ".ovn" },
    {
      written: ipam?.type === "kube-ovn" && type !== "kube-ovn" ? ipam.provider : undefined,
      at: [...path, "ipam", "provider"],
      suffix: "",
    },
  ];
  return checks.flatMap(({ written, at, suffix }) => {
    const provider = readText(written);
    if (provider === undefined || nad.name === undefined || provider === "ovn") return [];
    const fits =
      nad.namespace === undefined
        ? provider.startsWith(`${nad.name}.`)
        : provider === `${nad.name}.${nad.namespace}${suffix}`;
    if (fits) return [];
    const wanted = `${nad.name}.${nad.namespace ?? "<namespace>"}${suffix}`;
    return [createFinding(nadRules.diagnose("kube-ovn-provider", locateJson(config, at), { provider, wanted }))];
  });
}
