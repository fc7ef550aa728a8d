import { type Fields, type LintObject, readField } from "../lint/read/lint-object.ts";

/** What of an object's labels or annotations goes on, and which keys do not. */
export interface KeptKeys {
  readonly kept: Readonly<Record<string, string>>;
  readonly gone: readonly string[];
}

/** Keys by which appliers know what is theirs: they are for the file that was there, and not for the one that comes. */
const OF_TOOLS =
  /^(app\.kubernetes\.io\/managed-by$|kubectl\.kubernetes\.io\/|kustomize\.|helm\.|meta\.helm\.|argocd\.|config\.k|internal\.config|client\.lifecycle|cli-utils|configmanagement\.|kapp\.|plumbline\.dev\/|(?:.*\.)?fluxcd\.io\/)/;

export function splitLabels(object: LintObject): KeptKeys {
  return keysOf(object, "labels");
}

export function splitAnnotations(object: LintObject): KeptKeys {
  return keysOf(object, "annotations");
}

function keysOf(object: LintObject, which: "labels" | "annotations"): KeptKeys {
  const written = readField(object, "metadata", which);
  if (typeof written !== "object" || written === null) return { kept: {}, gone: [] };
  const all = Object.entries(written as Fields);
  const goes = ([key, value]: [string, unknown]) => typeof value === "string" && !OF_TOOLS.test(key);
  return {
    kept: Object.fromEntries(all.filter(goes)) as Record<string, string>,
    gone: all.filter((one) => !goes(one)).map(([key]) => key),
  };
}
