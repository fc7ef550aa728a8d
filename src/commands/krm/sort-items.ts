import type { Inputs } from "../../ir/compiled.ts";
import { API_VERSION } from "../../schema/document.ts";
import type { SourceFile } from "../../source/source-file.ts";
import { emitYaml } from "../../yaml/emit-yaml.ts";
import { isJsonObject, type Json, type ResourceList, readItemFile, readTextField } from "./resource-list.ts";
import { removePatch } from "./unpatch.ts";

/** The items of a list by what they are to plumbline. */
export interface SortedItems {
  readonly project: Json;
  readonly intents: readonly Json[];
  /** Written by an earlier run: made anew. */
  readonly generated: readonly Json[];
  /** The ConfigMap that keeps what was given out. */
  readonly lock: Json | undefined;
  /** Everything else: workloads, and what plumbline has no business with. */
  readonly others: readonly Json[];
  readonly cluster: string | undefined;
}

export const LOCK_NAME = "plumbline-lock";
export const LOCK_KEY = "plumbline.lock.yaml";

/** What each item is, or why the list cannot be used. */
export function sortItems({ functionConfig, items }: ResourceList): SortedItems | string {
  const projects = [...(functionConfig ? [functionConfig] : []), ...items].filter(
    (one) => isOurs(one) && one.kind === "Project",
  );
  const [project, second] = projects;
  if (!project) return "there is no Project, neither as functionConfig nor among the items";
  if (second) return "there are two Projects: one as functionConfig or one item";
  const intents = items.filter((one) => isOurs(one) && one.kind !== "Project");
  const rest = items.filter((one) => !isOurs(one));
  const locks = rest.filter((one) => one.kind === "ConfigMap" && readTextField(one, "metadata", "name") === LOCK_NAME);
  if (locks.length > 1) return `there are two ConfigMaps of the name ${LOCK_NAME}`;
  const generated = rest.filter(
    (one) =>
      readTextField(one, "metadata", "labels", "app.kubernetes.io/managed-by") === "plumbline" && !locks.includes(one),
  );
  const others = rest.filter((one) => !locks.includes(one) && !generated.includes(one)).map(removePatch);
  const cluster = functionConfig && readTextField(functionConfig, "data", "cluster");
  return { project, intents, generated, lock: locks[0], others, cluster };
}

function isOurs(item: Json): boolean {
  return item.apiVersion === API_VERSION;
}

/** Items as the compiler reads them: each a text of its own, by the name of its file. */
export function buildInputs(sorted: SortedItems): {
  readonly inputs: Inputs;
  itemOf(file: SourceFile): Json | undefined;
} {
  const items = new Map<SourceFile, Json>();
  const file = (item: Json, path: string, value: unknown = item): SourceFile => {
    const made = { path: readItemFile(item)?.path ?? path, text: emitYaml(value) };
    items.set(made, item);
    return made;
  };
  const lock = sorted.lock && readTextField(sorted.lock, "data", LOCK_KEY);
  const inputs: Inputs = {
    project: file(sorted.project, "functionConfig", asRendered(withoutAnnotations(sorted.project))),
    intents: sorted.intents.map((one, index) => file(one, `items/${index}`, withoutAnnotations(one))),
    workloads: sorted.others.map((one, index) => ({ file: file(one, `items/${index}`), namespace: undefined })),
    lock: lock === undefined ? undefined : { path: LOCK_KEY, text: lock },
    templates: [],
  };
  return { inputs, itemOf: (one) => items.get(one) };
}

/** Annotations are those of whoever runs the function. */
function withoutAnnotations(item: Json): Json {
  if (!isJsonObject(item.metadata)) return item;
  const { annotations: _annotations, ...metadata } = item.metadata;
  return { ...item, metadata };
}

/** Workloads are items here, so that patches go right into them. */
function asRendered(project: Json): Json {
  const spec = isJsonObject(project.spec) ? project.spec : {};
  const { argocd: _argocd, flux: _flux, ...delivery } = isJsonObject(spec.delivery) ? spec.delivery : ({} as Json);
  return { ...project, spec: { ...spec, delivery: { ...delivery, patches: "rendered", gitops: "none" } } };
}
