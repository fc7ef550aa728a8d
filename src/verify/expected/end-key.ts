import type { ExpectedEnd } from "../../ir/expects.ts";

const lists = new WeakMap<readonly string[], string>();
const keys = new WeakMap<ExpectedEnd, string>();

/** Equal for ends that name the same pods: by workload, or by namespaces and labels. Addresses do not count. */
export function formatPodsKey(end: ExpectedEnd): string {
  const known = keys.get(end);
  if (known !== undefined) return known;
  // The openings of a zone share its list of namespaces: it is spelt once.
  const names = lists.get(end.namespaces) ?? JSON.stringify(end.namespaces);
  lists.set(end.namespaces, names);
  const key = `${names} ${JSON.stringify([end.workload, end.pods])}`;
  keys.set(end, key);
  return key;
}
