import type { LabelSelector } from "../../ir/intent.ts";

/** Whether a selector matches labels (apimachinery labels.Selector: NotIn and DoesNotExist match where the key is absent). */
export function matchesSelector(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) if (labels[key] !== value) return false;
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    if (operator === "In" && (value === undefined || !values.includes(value))) return false;
    if (operator === "NotIn" && value !== undefined && values.includes(value)) return false;
    if (operator === "Exists" && value === undefined) return false;
    if (operator === "DoesNotExist" && value !== undefined) return false;
  }
  return true;
}

/** Selectors of which a pod matches at least one exactly when it does not match the given one. */
export function complementSelectors(selector: LabelSelector): readonly LabelSelector[] {
  const opposite = { In: "NotIn", NotIn: "In", Exists: "DoesNotExist", DoesNotExist: "Exists" } as const;
  return [
    ...Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({
      matchExpressions: [{ key, operator: "NotIn" as const, values: [value] }],
    })),
    ...(selector.matchExpressions ?? []).map((one) => ({
      matchExpressions: [{ ...one, operator: opposite[one.operator] }],
    })),
  ];
}

/** Every label of a workload's pods, as a selector: the narrowest that a policy can say. */
export function buildSelector(labels: Readonly<Record<string, string>>): LabelSelector {
  return Object.keys(labels).length > 0 ? { matchLabels: labels } : {};
}
