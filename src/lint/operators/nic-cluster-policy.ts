import { didYouMean } from "../../diagnostics/suggest.ts";
import { embeddedJson, isOpaque, placeIn as placeInText } from "../embedded/embedded-text.ts";
import { type Finding, found } from "../finding.ts";
import { nadRules } from "../nad/rules.ts";
import { type Fields, isFields, type LintObject, placeIn } from "../read/lint-object.ts";
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
export function checkNicPolicy(object: LintObject, spec: Fields): readonly Finding[] {
  const unknown = (fields: Fields, known: readonly string[], path: readonly string[]) =>
    Object.keys(fields)
      .filter((key) => !known.includes(key))
      .map((key) => {
        const problem = `\`${path.join(".")}\` has no field \`${key}\``;
        const place = placeIn(object, [...path, key], "key");
        return found(operatorRules.diagnose("unknown-key", place, { problem }, { help: didYouMean(key, known) }));
      });
  const { secondaryNetwork } = spec;
  return [
    ...otherName(object),
    ...unknown(spec, FIELDS, ["spec"]),
    ...(isFields(secondaryNetwork) ? unknown(secondaryNetwork, SECONDARY, ["spec", "secondaryNetwork"]) : []),
    ...CONFIGURED.flatMap((key) => configErrors(object, key, spec[key])),
  ];
}

function otherName(object: LintObject): readonly Finding[] {
  const { name } = object;
  if (object.kind !== "NicClusterPolicy" || name === undefined || name === POLICY_NAME || isOpaque(name)) return [];
  const problem = `the operator reads the policy \`${POLICY_NAME}\` alone, and this one is \`${name}\``;
  const place = placeIn(object, ["metadata", "name"]);
  const help = `write \`name: ${POLICY_NAME}\``;
  return [found(operatorRules.diagnose("unknown-key", place, { problem }, { label: "never read", help }))];
}

function configErrors(object: LintObject, key: string, plugin: unknown): readonly Finding[] {
  const text = isFields(plugin) ? plugin.config : undefined;
  if (typeof text !== "string" || text.trim() === "" || (isOpaque(text) && !text.includes('"'))) return [];
  const json = embeddedJson(object.doc, [...object.path, "spec", key, "config"], text);
  return json.errors.map((error) => {
    const place = placeInText(json, error.start, error.end);
    return found(nadRules.diagnose("config-not-json", place, { what: error.what }, { help: error.help }));
  });
}
