import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { NodePlace } from "../../../source/place.ts";
import { composeManifests } from "../../../yaml/compose-manifests.ts";
import { firstKeyTwice } from "../../../yaml/key-twice.ts";
import { plainValue } from "../../../yaml/plain-value.ts";
import { readBlockYaml } from "../../../yaml/read-block-yaml.ts";
import { tooDeepAt } from "../../../yaml/too-deep.ts";
import { verifyRules } from "../../rules.ts";
import { type Fields, isFields, listAt, type Manifest, placeIn, textAt } from "./manifest.ts";
import { applyOperations, hasDirective, mergePatch } from "./merge-patch.ts";
import type { ReadPatches, WorkloadPatch } from "./workload-patch.ts";

/** The patches of Kustomize components. A patch without a namespace is for that of its folder: `patches/<namespace>/…`. */
export function readPatches(manifests: readonly Manifest[]): ReadPatches {
  const patches: WorkloadPatch[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const component of manifests.filter((one) => one.kind === "Component")) {
    listAt(component.value, "patches").forEach((entry, index) => {
      const read = readPatch(component, entry, placeIn(component, "patches", index, "patch"));
      if (typeof read !== "string") patches.push(...read);
      else {
        const what = `a patch in ${component.doc.file.path}`;
        diagnostics.push(verifyRules.diagnose("unreadable", placeIn(component, "patches", index), { what, why: read }));
      }
    });
  }
  return { patches, diagnostics };
}

function readPatch(component: Manifest, entry: unknown, place: NodePlace): readonly WorkloadPatch[] | string {
  const text = textAt(entry, "patch");
  if (text === undefined) return "it holds no patch";
  const folder = /(?:^|\/)patches\/([^/]+)\//.exec(component.doc.file.path)?.[1] ?? "default";
  const intent = component.intent;
  const documents = parseTexts(text);
  if (!documents) return "it is no YAML";
  const patches: WorkloadPatch[] = [];
  for (const patch of documents) {
    if (Array.isArray(patch)) {
      const head = { kind: textAt(entry, "target", "kind"), name: textAt(entry, "target", "name") };
      if (head.kind === undefined || head.name === undefined) return "operations without a target";
      const namespace = textAt(entry, "target", "namespace") ?? folder;
      const apply = (value: Fields) => applyOperations(value, patch);
      patches.push({ kind: head.kind, name: head.name, namespace, place, intent, apply });
    } else if (isFields(patch) && !hasDirective(patch)) {
      const [kind, name] = [textAt(patch, "kind"), textAt(patch, "metadata", "name")];
      if (kind === undefined || name === undefined) return "it names no object";
      const namespace = textAt(patch, "metadata", "namespace") ?? folder;
      const apply = (value: Fields) => mergePatch(value, patch) as Fields;
      patches.push({ kind, apiVersion: textAt(patch, "apiVersion"), name, namespace, place, intent, apply });
    } else return "it is neither a merge nor a list of operations";
  }
  return patches;
}

function parseTexts(text: string): readonly unknown[] | undefined {
  const fast = readBlockYaml(text);
  if (fast) return fast.filter((one) => one !== null);
  if (tooDeepAt(text) !== undefined) return undefined;
  const { documents, odd } = composeManifests(text);
  if (firstKeyTwice(documents)) return undefined;
  if (documents.some((one) => one.errors.length > 0 || odd.get(one)?.length !== 0)) return undefined;
  const values = documents.map((one) => plainValue(one));
  return values.some((one) => one === undefined)
    ? undefined
    : values.flatMap((one) => (one && one.value !== null ? [one.value] : []));
}
