import { type Fields, isFields } from "./manifest.ts";

/** Lists that a strategic merge joins by a key of their elements (patchMergeKey in k8s.io/api core/v1). */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  containers: "name",
  initContainers: "name",
  volumes: "name",
  env: "name",
  resourceClaims: "name",
  claims: "name",
  volumeMounts: "mountPath",
  ports: "containerPort",
};

/** A strategic merge of a patch into an object: maps by key, the lists above by theirs, all else replaced. */
export function mergeStrategically(base: unknown, patch: unknown, key = ""): unknown {
  if (isFields(base) && isFields(patch)) {
    const merged: Record<string, unknown> = { ...base };
    for (const name of Object.keys(patch)) {
      if (patch[name] === null) delete merged[name];
      else
        merged[name] = Object.hasOwn(merged, name) ? mergeStrategically(merged[name], patch[name], name) : patch[name];
    }
    return merged;
  }
  const by = Object.hasOwn(MERGE_KEYS, key) ? MERGE_KEYS[key] : undefined;
  if (by !== undefined && Array.isArray(base) && Array.isArray(patch)) return mergeLists(base, patch, by);
  return patch;
}

function mergeLists(base: readonly unknown[], patch: readonly unknown[], by: string): unknown[] {
  const merged = [...base];
  for (const element of patch) {
    const at = merged.findIndex((one) => isFields(one) && isFields(element) && one[by] === element[by]);
    if (at < 0) merged.push(element);
    else merged[at] = mergeStrategically(merged[at], element);
  }
  return merged;
}

/** Directives of a strategic merge that change what it means; none is written here, so one is not understood. */
export function hasDirective(patch: unknown): boolean {
  if (Array.isArray(patch)) return patch.some(hasDirective);
  if (!isFields(patch)) return false;
  return Object.keys(patch).some((key) => key.startsWith("$") || hasDirective(patch[key]));
}

/** Applies the operations of a JSON patch (RFC 6902) that are written here: add, replace, remove, test. */
export function applyOperations(base: Fields, operations: readonly unknown[]): Fields | string {
  const copy = structuredClone(base) as Fields;
  for (const operation of operations) {
    const problem = isFields(operation) ? applyOperation(copy, operation) : "an operation is no object";
    if (problem !== undefined) return problem;
  }
  return copy;
}

function applyOperation(copy: Fields, operation: Fields): string | undefined {
  const { op, path, value } = operation;
  if (typeof op !== "string" || typeof path !== "string") return "an operation without `op` or `path`";
  const steps = path
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = steps.pop() ?? "";
  let parent: unknown = copy;
  for (const step of steps) {
    if (typeof parent !== "object" || parent === null || !Object.hasOwn(parent, step)) return `nothing at ${path}`;
    parent = (parent as Record<string, unknown>)[step];
  }
  if (Array.isArray(parent) && op === "add" && last === "-") parent.push(value);
  else if (typeof parent !== "object" || parent === null) return `nothing at ${path}`;
  else {
    const fields = parent as Record<string, unknown>;
    if (op === "add" || op === "replace") fields[last] = value;
    else if (op === "remove") delete fields[last];
    else if (op === "test") return JSON.stringify(fields[last]) === JSON.stringify(value) ? undefined : `test ${path}`;
    else return `an operation \`${op}\``;
  }
  return undefined;
}
