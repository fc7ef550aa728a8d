import { pushTo } from "../../../collections/push-to.ts";
import type { AdminPolicy } from "./admin-policy.ts";
import { listRequiredValues } from "./selector.ts";

/** Policies of a tier by the namespaces that they name. */
export interface SubjectIndex {
  /** Those that may hold for pods of a namespace, in the order they are asked. */
  candidates(namespace: string): readonly AdminPolicy[];
}

const made = new WeakMap<readonly AdminPolicy[], SubjectIndex>();

/** An index, so that a thousand zones with a policy each are not asked about every pod. */
export function createSubjectIndex(policies: readonly AdminPolicy[]): SubjectIndex {
  const known = made.get(policies);
  if (known) return known;
  const named = new Map<string, number[]>();
  const others: number[] = [];
  policies.forEach(({ subject }, position) => {
    const names = listRequiredValues(subject.namespaces, "kubernetes.io/metadata.name");
    if (!names) others.push(position);
    else for (const name of names) pushTo(named, name, position);
  });
  const index: SubjectIndex = {
    candidates: (namespace) => {
      const positions = [...(named.get(namespace) ?? []), ...others].sort((a, b) => a - b);
      return positions.map((position) => policies[position] as AdminPolicy);
    },
  };
  made.set(policies, index);
  return index;
}
