import { findDifferences } from "../../stages/roundtrip/difference.ts";
import { findValue } from "../../yaml/span.ts";
import { isJsonObject, type Json, readTextField, withAnnotations } from "./resource-list.ts";

/** How a workload was before its patch, so that a run over its own output begins where the first one did. */
const UNPATCH = "plumbline.dev/unpatch";

type Step = readonly [path: readonly (string | number)[], before?: unknown];

/** A patched item that says how to take the patch out again. */
export function recordPatch(before: Json, after: Json): Json {
  const steps = findDifferences(before, after).map(
    ({ path, how }): Step => (how === "added" ? [path] : [path, findValue(before, path)]),
  );
  return steps.length === 0 ? after : withAnnotations(after, { [UNPATCH]: JSON.stringify(steps) });
}

/** An item without the patch of an earlier run; one that says nothing of such a patch as it is. */
export function removePatch(item: Json): Json {
  const text = readTextField(item, "metadata", "annotations", UNPATCH);
  if (text === undefined) return item;
  const { [UNPATCH]: _steps, ...annotations } = (item.metadata as { readonly annotations: Json }).annotations;
  const plain = { ...item, metadata: { ...(item.metadata as Json), annotations } };
  return stepsOf(text).reduceRight<Json>((value, step) => undoStep(value, step) as Json, plain);
}

/** What is no list of steps undoes nothing. */
function stepsOf(text: string): readonly Step[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value)
      ? value.filter((one): one is Step => Array.isArray(one) && Array.isArray(one[0]) && one[0].length > 0)
      : [];
  } catch {
    return [];
  }
}

/** One step, on a copy. A list that was shorter is cut; own fields only. */
function undoStep(value: unknown, [path, ...before]: Step): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return before[0];
  if (Array.isArray(value)) {
    const at = Number(key);
    if (rest.length === 0 && before.length === 0) return value.slice(0, at);
    return value.map((one, index) => (index === at ? undoStep(one, [rest, ...before] as Step) : one));
  }
  if (!isJsonObject(value) || typeof key !== "string") return value;
  if (rest.length > 0)
    return Object.hasOwn(value, key) ? { ...value, [key]: undoStep(value[key], [rest, ...before] as Step) } : value;
  const { [key]: _gone, ...others } = value;
  return before.length === 0 ? others : { ...value, [key]: before[0] };
}
