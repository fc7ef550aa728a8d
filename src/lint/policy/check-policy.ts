import { formatSuggestion } from "../../diagnostics/suggest.ts";
import { formatShort } from "../../schema/from-ajv.ts";
import type { Path } from "../../source/place.ts";
import { POLICY_FOR } from "../annotation/annotation-sites.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { readInterfaceAddress } from "../nad/addresses.ts";
import { isMultusGroup } from "../nad/read-nad.ts";
import { nadRules } from "../nad/rules.ts";
import { isFields, isPlaceholder, type LintObject, locateInObject, readField } from "../read/lint-object.ts";
import { mnpRules } from "./rules.ts";

export function isPolicy(object: LintObject): boolean {
  return object.kind === "MultiNetworkPolicy" && isMultusGroup(object);
}

/** A network that a policy is for. */
export interface PolicyNetwork {
  readonly name: string;
  readonly namespace: string | undefined;
}

/** `namespace/name, name`: without a namespace, the policy's own. */
export function readPolicyNetworks(policy: LintObject): readonly PolicyNetwork[] {
  const text = readField(policy, "metadata", "annotations", POLICY_FOR);
  if (typeof text !== "string" || isOpaque(text)) return [];
  return text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "")
    .map((one) => {
      const [before, after] = one.split("/");
      return after === undefined
        ? { name: before ?? "", namespace: policy.namespace }
        : { name: after, namespace: before };
    });
}

/** A policy on its own. */
export function checkPolicy(policy: LintObject): readonly LintFinding[] {
  const { apiVersion } = policy;
  // Upstream serves v1beta1 alone; some clusters have a CRD that serves v1beta2.
  if (!/^(k8s\.cni\.cncf\.io\/v1beta[12])?$/.test(apiVersion) && !isOpaque(apiVersion)) {
    const parameters = { kind: policy.kind, version: apiVersion };
    return [createFinding(nadRules.diagnose("wrong-api-version", locateInObject(policy, ["apiVersion"]), parameters))];
  }
  const text = readField(policy, "metadata", "annotations", POLICY_FOR);
  const unnamed = text === undefined || text === null || (typeof text === "string" && text.trim() === "");
  const name = policy.name ?? "";
  return [
    ...(unnamed && !isPlaceholder(policy)
      ? [createFinding(mnpRules.diagnose("no-network", locateInObject(policy, ["metadata", "name"]), { name }))]
      : []),
    ...checkShape(policy),
  ];
}

interface Shape {
  readonly [key: string]: Shape | readonly [Shape] | "any" | "text" | "texts" | "cidr" | "cidrs" | "types" | "protocol";
}

const selector: Shape = {
  matchLabels: "any",
  matchExpressions: [{ key: "text", operator: "text", values: "texts" }],
};
const peer: Shape = { podSelector: selector, namespaceSelector: selector, ipBlock: { cidr: "cidr", except: "cidrs" } };
const port: Shape = { port: "any", endPort: "any", protocol: "protocol" };
/** `spec` of a MultiNetworkPolicy, as the CRD has it (v1beta1), with the newer `endPort`. */
const spec: Shape = {
  podSelector: selector,
  policyTypes: "types",
  ingress: [{ from: [peer], ports: [port] }],
  egress: [{ to: [peer], ports: [port] }],
};

function checkShape(policy: LintObject): readonly LintFinding[] {
  const value = readField(policy, "spec");
  return isFields(value) ? walk(policy, spec, value, ["spec"]) : [];
}

function walk(policy: LintObject, shape: Shape, value: Readonly<Record<string, unknown>>, path: Path): LintFinding[] {
  return Object.entries(value).flatMap(([key, inner]): LintFinding[] => {
    const here = [...path, key];
    const known = shape[key];
    if (known === undefined) {
      const where = String(path.at(-1) === undefined || typeof path.at(-1) === "number" ? path.at(-2) : path.at(-1));
      const help = formatSuggestion(key, Object.keys(shape));
      return [
        createFinding(mnpRules.diagnose("unknown-key", locateInObject(policy, here, "key"), { key, where }, { help })),
      ];
    }
    if (inner === null || inner === undefined || isOpaque(inner)) return [];
    if (typeof known === "string") return leaf(policy, known, key, inner, here);
    if (Array.isArray(known)) {
      if (!Array.isArray(inner)) return [reportRefused(policy, here, `\`${key}\` takes a list`)];
      return (inner as readonly unknown[]).flatMap((one, index) =>
        isFields(one) ? walk(policy, known[0] as Shape, one, [...here, index]) : [],
      );
    }
    if (!isFields(inner)) return [reportRefused(policy, here, `\`${key}\` takes an object`)];
    return walk(policy, known as Shape, inner, here);
  });
}

function reportRefused(policy: LintObject, path: Path, problem: string, help?: string): LintFinding {
  return createFinding(mnpRules.diagnose("refused", locateInObject(policy, path), { problem }, { help }));
}

function leaf(policy: LintObject, known: string, key: string, value: unknown, path: Path): LintFinding[] {
  if (known === "cidr") return badCidr(policy, value, path);
  if (known === "cidrs" && Array.isArray(value))
    return (value as readonly unknown[]).flatMap((one, index) => badCidr(policy, one, [...path, index]));
  if (known === "types" && Array.isArray(value))
    return (value as readonly unknown[]).flatMap((one, index) =>
      one === "Ingress" || one === "Egress" || isOpaque(one)
        ? []
        : [
            reportRefused(
              policy,
              [...path, index],
              `\`${formatShort(one)}\` is not a policy type`,
              "it is one of: Ingress, Egress",
            ),
          ],
    );
  if (known === "protocol" && typeof value === "string" && !["TCP", "UDP", "SCTP"].includes(value))
    return [reportRefused(policy, path, `\`${value}\` is not a protocol of a policy`, "it is one of: TCP, UDP, SCTP")];
  if ((known === "types" || known === "texts" || known === "cidrs") && !Array.isArray(value))
    return [reportRefused(policy, path, `\`${key}\` takes a list`)];
  return [];
}

function badCidr(policy: LintObject, value: unknown, path: Path): LintFinding[] {
  if (typeof value !== "string" || isOpaque(value) || readInterfaceAddress(value)) return [];
  const help = /^[0-9.]+$/.test(value) ? `write \`${value}/32\`` : undefined;
  return [
    createFinding(
      mnpRules.diagnose("bad-cidr", locateInObject(policy, path), { problem: `\`${value}\` is not a CIDR` }, { help }),
    ),
  ];
}
