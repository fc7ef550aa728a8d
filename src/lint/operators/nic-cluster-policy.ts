import { formatSuggestion } from "../../diagnostics/suggest.ts";
import { isOpaque, locateInFile as placeInText, readEmbeddedJson } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { nadRules } from "../nad/rules.ts";
import { type Fields, isFields, type LintObject, locateInObject } from "../read/lint-object.ts";
import { operatorRules } from "./rules.ts";

/** Fields of `spec` (Mellanox/network-operator, api/v1alpha1), with those of earlier releases. */
const FIELDS = [
  "global",
  "ofedDriver",
  "rdmaSharedDevicePlugin",
  "sriovDevicePlugin",
  "ibKubernetes",
  "secondaryNetwork",
  "nvIpam",
  "nicFeatureDiscovery",
  "docaTelemetryService",
  "nicConfigurationOperator",
  "spectrumXOperator",
  "nodeAffinity",
  "tolerations",
  "deploymentNodeAffinity",
  "deploymentTolerations",
  "psp",
  "nvPeerDriver",
  "devicePlugin",
];
const SECONDARY = ["multus", "cniPlugins", "ipoib", "ipamPlugin"];
/** Device plugins with a configuration that is JSON in a text. */
const CONFIGURED = ["rdmaSharedDevicePlugin", "sriovDevicePlugin"];

/** The operator reads one policy, of a name of its choice. */
export const POLICY_NAME = "nic-cluster-policy";

/** A NicClusterPolicy of NVIDIA's network operator. */
export function checkNicPolicy(object: LintObject, spec: Fields): readonly LintFinding[] {
  const unknown = (fields: Fields, known: readonly string[], path: readonly string[]) =>
    Object.keys(fields)
      .filter((key) => !known.includes(key))
      .map((key) => {
        const problem = `\`${path.join(".")}\` has no field \`${key}\``;
        const place = locateInObject(object, [...path, key], "key");
        return createFinding(
          operatorRules.diagnose("unknown-key", place, { problem }, { help: formatSuggestion(key, known) }),
        );
      });
  const { secondaryNetwork } = spec;
  return [
    ...otherName(object),
    ...unknown(spec, FIELDS, ["spec"]),
    ...(isFields(secondaryNetwork) ? unknown(secondaryNetwork, SECONDARY, ["spec", "secondaryNetwork"]) : []),
    ...CONFIGURED.flatMap((key) => configErrors(object, key, spec[key])),
  ];
}

function otherName(object: LintObject): readonly LintFinding[] {
  const { name } = object;
  if (object.kind !== "NicClusterPolicy" || name === undefined || name === POLICY_NAME || isOpaque(name)) return [];
  const problem = `the operator reads the policy \`${POLICY_NAME}\` alone, and this one is \`${name}\``;
  const place = locateInObject(object, ["metadata", "name"]);
  const help = `write \`name: ${POLICY_NAME}\``;
  return [createFinding(operatorRules.diagnose("unknown-key", place, { problem }, { label: "never read", help }))];
}

function configErrors(object: LintObject, key: string, plugin: unknown): readonly LintFinding[] {
  const text = isFields(plugin) ? plugin.config : undefined;
  if (typeof text !== "string" || text.trim() === "" || (isOpaque(text) && !text.includes('"'))) return [];
  const json = readEmbeddedJson(object.doc, [...object.path, "spec", key, "config"], text);
  return json.errors.map((error) => {
    const place = placeInText(json, error.start, error.end);
    return createFinding(nadRules.diagnose("config-not-json", place, { what: error.what }, { help: error.help }));
  });
}
