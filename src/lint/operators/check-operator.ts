import { checkFieldsAgainst, type FieldProblem } from "../../cni/check-plugin.ts";
import type { PluginField } from "../../cni/plugin-table.ts";
import type { Path } from "../../source/place.ts";
import { isOpaque, locateInFile as placeInText, readEmbeddedJson } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { nadRules } from "../nad/rules.ts";
import {
  type Fields,
  isFields,
  isPlaceholder,
  type LintObject,
  locateInObject,
  parseApiGroup,
  readField,
} from "../read/lint-object.ts";
import { checkIpamText } from "../sriov/check-sriov.ts";
import { operatorFields, spiderBlocks } from "./fields.ts";
import { checkSubnet } from "./kube-ovn.ts";
import { checkNicPolicy } from "./nic-cluster-policy.ts";
import { SPIDERPOOL } from "./operator-network.ts";
import { checkRook } from "./rook.ts";
import { operatorRules } from "./rules.ts";

const groups: Readonly<Record<string, string>> = {
  MacvlanNetwork: "mellanox.com",
  HostDeviceNetwork: "mellanox.com",
  IPoIBNetwork: "mellanox.com",
  NicClusterPolicy: "mellanox.com",
  NicNodePolicy: "mellanox.com",
  Vlan: "kubeovn.io",
  ProviderNetwork: "kubeovn.io",
  Subnet: "kubeovn.io",
  SpiderMultusConfig: SPIDERPOOL,
};

/** An object of an operator on its own. */
export function checkOperator(object: LintObject): readonly LintFinding[] {
  if (object.kind === "CephCluster") return checkRook(object);
  const spec = readField(object, "spec");
  const isKnown = Object.hasOwn(groups, object.kind) && groups[object.kind] === parseApiGroup(object.apiVersion);
  if (!isKnown || !isFields(spec) || isPlaceholder(object)) return [];
  if (object.kind === "NicClusterPolicy" || object.kind === "NicNodePolicy") return checkNicPolicy(object, spec);
  if (object.kind === "SpiderMultusConfig") return checkSpider(object, spec);
  if (object.kind === "Subnet") return checkSubnet(object, spec);
  return [
    ...checkFields(object, ["spec"], operatorFields[object.kind] ?? {}, spec),
    ...withoutResource(object, spec),
    ...checkIpamText(object, spec),
  ];
}

/** The operator makes a network without a resource all the same: no pod on it gets a device. */
function withoutResource(object: LintObject, spec: Fields): readonly LintFinding[] {
  if (object.kind !== "HostDeviceNetwork" || /patch|overlay|component/i.test(object.doc.part.file.path)) return [];
  if (Object.keys(spec).some((key) => key.toLowerCase() === "resourcename")) return [];
  const place = locateInObject(object, ["spec"], "key");
  const help = "set `resourceName`";
  return [createFinding(nadRules.diagnose("no-resource", place, { type: "host-device" }, { help }))];
}

function checkFields(
  object: LintObject,
  path: Path,
  known: Readonly<Record<string, PluginField>>,
  fields: Fields,
): readonly LintFinding[] {
  const isPatch = /patch|overlay|component/i.test(object.doc.part.file.path);
  return checkFieldsAgainst("$spec", known, fields, { required: !isPatch, opaque: isOpaque }).map((one) =>
    fromProblem(object, path, one),
  );
}

function fromProblem(object: LintObject, path: Path, one: FieldProblem): LintFinding {
  const place = locateInObject(object, [...path, ...one.path], one.on);
  const slug = one.kind === "unknown-key" || one.kind === "key-case" ? "unknown-key" : "refused";
  return createFinding(operatorRules.diagnose(slug, place, { problem: one.problem }, { help: one.help }));
}

/** What the webhook of Spiderpool says (pkg/multuscniconfig). */
function checkSpider(object: LintObject, spec: Fields): readonly LintFinding[] {
  const refuse = (path: Path, problem: string, help?: string, on: "key" | "value" = "value") =>
    createFinding(
      operatorRules.diagnose("refused", locateInObject(object, ["spec", ...path], on), { problem }, { help }),
    );
  const type = spec.cniType ?? "custom";
  if (isOpaque(type) || typeof type !== "string") return [];
  const own = Object.hasOwn(spiderBlocks, type) ? spiderBlocks[type] : undefined;
  const types = Object.keys(spiderBlocks);
  if (!own) return [refuse(["cniType"], `\`${type}\` is not a \`cniType\``, `it is one of: ${types.join(", ")}`)];
  const others = types.flatMap((one) => {
    const block = spiderBlocks[one]?.block ?? "";
    if (block === own.block || spec[block] === undefined || spec[block] === null) return [];
    return [
      refuse(
        [block],
        `with \`cniType: ${type}\` there is the block \`${own.block}\` alone`,
        `delete \`${block}\``,
        "key",
      ),
    ];
  });
  const block = spec[own.block];
  if (block === undefined || block === null) {
    // Without a type and a configuration, Spiderpool makes nothing but its own chain.
    if (own.block === "customCNI") return others;
    return [...others, refuse(["cniType"], `\`cniType: ${type}\` needs the block \`${own.block}\``)];
  }
  if (typeof block === "string") return [...others, ...customErrors(object, block)];
  if (!own.fields || !isFields(block)) return others;
  return [
    ...others,
    ...checkFields(object, ["spec", own.block], own.fields, block),
    ...checkLinks(block, own.block, refuse),
  ];
}

function checkLinks(
  block: Fields,
  name: string,
  refuse: (path: Path, problem: string, help?: string) => LintFinding,
): readonly LintFinding[] {
  const { master, bond, minTxRateMbps: least, maxTxRateMbps: most } = block;
  const findings: LintFinding[] = [];
  if (Array.isArray(master) && master.length > 1 && !isFields(bond))
    findings.push(refuse([name, "master"], `${master.length} links need a \`bond\``, "name one link, or add `bond`"));
  if (Array.isArray(master) && master.length === 0) findings.push(refuse([name, "master"], "`master` names no link"));
  if (typeof least === "number" && typeof most === "number" && most > 0 && least > most)
    findings.push(refuse([name, "minTxRateMbps"], `\`minTxRateMbps\` ${least} is above \`maxTxRateMbps\` ${most}`));
  return findings;
}

function customErrors(object: LintObject, text: string): readonly LintFinding[] {
  if (isOpaque(text) && !text.includes('"')) return [];
  const json = readEmbeddedJson(object.doc, [...object.path, "spec", "customCNI"], text);
  return json.errors.map((error) => {
    const place = placeInText(json, error.start, error.end);
    return createFinding(nadRules.diagnose("config-not-json", place, { what: error.what }, { help: error.help }));
  });
}
