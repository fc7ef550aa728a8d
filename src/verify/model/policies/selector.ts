import { isFields, readFields, readLabels, readList, readText, readTexts } from "../manifests/manifest.ts";

export type Labels = Readonly<Record<string, string>>;

interface Requirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values: ReadonlySet<string>;
}

/** A label selector (apimachinery meta/v1): every requirement must hold, and none at all holds for everything. */
export interface Selector {
  /** Equal selectors have equal keys. */
  readonly key: string;
  readonly requirements: readonly Requirement[];
}

export const matchEverything: Selector = { key: "", requirements: [] };

const OPERATORS: readonly string[] = ["In", "NotIn", "Exists", "DoesNotExist"];

/** A selector as it is written; one that cannot be read selects nothing and says so. */
export function readSelector(value: unknown): Selector | string {
  if (value === undefined || value === null) return matchEverything;
  if (!isFields(value)) return "a selector that is no object";
  const unknown = Object.keys(value).find((key) => key !== "matchLabels" && key !== "matchExpressions");
  if (unknown !== undefined) return `\`${unknown}\` in a selector`;
  const labels = readLabels(value, "matchLabels");
  if (Object.keys(readFields(value, "matchLabels")).length !== Object.keys(labels).length)
    return "a label that is no text";
  const requirements: Requirement[] = Object.keys(labels)
    .sort()
    .map((key) => ({ key, operator: "In", values: new Set([labels[key] as string]) }));
  for (const one of readList(value, "matchExpressions")) {
    const [key, operator] = [readText(one, "key"), readText(one, "operator")];
    if (key === undefined || operator === undefined || !OPERATORS.includes(operator)) return "a selector's expression";
    requirements.push({
      key,
      operator: operator as Requirement["operator"],
      values: new Set(readTexts(one, "values")),
    });
  }
  const key = requirements.map((one) => `${one.key} ${one.operator} ${[...one.values].sort().join(",")}`).join(";");
  return { key, requirements };
}

export function matchesSelector(selector: Selector, labels: Labels): boolean {
  return selector.requirements.every(({ key, operator, values }) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    if (operator === "In") return value !== undefined && values.has(value);
    if (operator === "NotIn") return value === undefined || !values.has(value);
    return (value !== undefined) === (operator === "Exists");
  });
}

/** The values that a label must have one of, where the selector says so: the way to an index. */
export function listRequiredValues(selector: Selector, key: string): ReadonlySet<string> | undefined {
  return selector.requirements.find((one) => one.key === key && one.operator === "In")?.values;
}
