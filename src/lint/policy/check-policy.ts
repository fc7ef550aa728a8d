import { didYouMean } from "../../diagnostics/suggest.ts";
import { shown } from "../../schema/from-ajv.ts";
import type { Path } from "../../source/place.ts";
import { POLICY_FOR } from "../annotation/sites.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import { type Finding, found } from "../finding.ts";
import { interfaceAddressOf } from "../nad/addresses.ts";
import { isMultusGroup } from "../nad/read-nad.ts";
import { nadRules } from "../nad/rules.ts";
import { fieldOf, isFields, isPlaceholder, type LintObject, placeIn } from "../read/lint-object.ts";
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
export function networksOf(policy: LintObject): readonly PolicyNetwork[] {
  const text = fieldOf(policy, "metadata", "annotations", POLICY_FOR);
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
export function checkPolicy(policy: LintObject): readonly Finding[] {
  const { apiVersion } = policy;
  // Upstream serves v1beta1 alone; some clusters have a CRD that serves v1beta2.
  if (!/^(k8s\.cni\.cncf\.io\/v1beta[12])?$/.test(apiVersion) && !isOpaque(apiVersion)) {
    const parameters = { kind: policy.kind, version: apiVersion };
    return [found(nadRules.diagnose("wrong-api-version", placeIn(policy, ["apiVersion"]), parameters))];
  }
  const text = fieldOf(policy, "metadata", "annotations", POLICY_FOR);
  const unnamed = text === undefined || text === null || (typeof text === "string" && text.trim() === "");
  const name = policy.name ?? "";
  return [
    ...(unnamed && !isPlaceholder(policy)
      ? [found(mnpRules.diagnose("no-network", placeIn(policy, ["metadata", "name"]), { name }))]
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

function checkShape(policy: LintObject): readonly Finding[] {
  const value = fieldOf(policy, "spec");
  return isFields(value) ? walk(policy, spec, value, ["spec"]) : [];
}

function walk(policy: LintObject, shape: Shape, value: Readonly<Record<string, unknown>>, path: Path): Finding[] {
  return Object.entries(value).flatMap(([key, inner]): Finding[] => {
    const here = [...path, key];
    const known = shape[key];
    if (known === undefined) {
      const where = String(path.at(-1) === undefined || typeof path.at(-1) === "number" ? path.at(-2) : path.at(-1));
      const help = didYouMean(key, Object.keys(shape));
      return [found(mnpRules.diagnose("unknown-key", placeIn(policy, here, "key"), { key, where }, { help }))];
    }
    if (inner === null || inner === undefined || isOpaque(inner)) return [];
    if (typeof known === "string") return leaf(policy, known, key, inner, here);
    if (Array.isArray(known)) {
      if (!Array.isArray(inner)) return [refused(policy, here, `\`${key}\` takes a list`)];
      return (inner as readonly unknown[]).flatMap((one, index) =>
        isFields(one) ? walk(policy, known[0] as Shape, one, [...here, index]) : [],
      );
    }
    if (!isFields(inner)) return [refused(policy, here, `\`${key}\` takes an object`)];
    return walk(policy, known as Shape, inner, here);
  });
}

function refused(policy: LintObject, path: Path, problem: string, help?: string): Finding {
  return found(mnpRules.diagnose("refused", placeIn(policy, path), { problem }, { help }));
}

function leaf(policy: LintObject, known: string, key: string, value: unknown, path: Path): Finding[] {
  if (known === "cidr") return badCidr(policy, value, path);
  if (known === "cidrs" && Array.isArray(value))
    return (value as readonly unknown[]).flatMap((one, index) => badCidr(policy, one, [...path, index]));
  if (known === "types" && Array.isArray(value))
    return (value as readonly unknown[]).flatMap((one, index) =>
      one === "Ingress" || one === "Egress" || isOpaque(one)
        ? []
        : [
            refused(
              policy,
              [...path, index],
              `\`${shown(one)}\` is not a policy type`,
              "it is one of: Ingress, Egress",
            ),
          ],
    );
  if (known === "protocol" && typeof value === "string" && !["TCP", "UDP", "SCTP"].includes(value))
    return [refused(policy, path, `\`${value}\` is not a protocol of a policy`, "it is one of: TCP, UDP, SCTP")];
  if ((known === "types" || known === "texts" || known === "cidrs") && !Array.isArray(value))
    return [refused(policy, path, `\`${key}\` takes a list`)];
  return [];
}

function badCidr(policy: LintObject, value: unknown, path: Path): Finding[] {
  if (typeof value !== "string" || isOpaque(value) || interfaceAddressOf(value)) return [];
  const help = /^[0-9.]+$/.test(value) ? `write \`${value}/32\`` : undefined;
  return [
    found(mnpRules.diagnose("bad-cidr", placeIn(policy, path), { problem: `\`${value}\` is not a CIDR` }, { help })),
  ];
}
