import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { WorkloadFile } from "../ir/compiled.ts";
import type { UnreadPods, Workload } from "../ir/workload.ts";
import { shown } from "../schema/from-ajv.ts";
import { at, atKey, type Path, type SourceDocument } from "../source/place.ts";
import { valueAt } from "../yaml/span.ts";
import { declaredIn, releaseOf } from "./declared.ts";
import { NETWORKS_ANNOTATION, readNetworks } from "./network-annotation.ts";
import { podsOf } from "./pods-of.ts";
import { workloadRules } from "./rules.ts";
import { typeOf } from "./type-of.ts";
import { unreadPods } from "./unread-pods.ts";

/** Where each kind keeps its pod template; empty = the object is the pod. */
const templates: Readonly<Record<string, { readonly group: string; readonly path: Path }>> = {
  Pod: { group: "v1", path: [] },
  Deployment: { group: "apps/", path: ["spec", "template"] },
  StatefulSet: { group: "apps/", path: ["spec", "template"] },
  DaemonSet: { group: "apps/", path: ["spec", "template"] },
  ReplicaSet: { group: "apps/", path: ["spec", "template"] },
  Job: { group: "batch/", path: ["spec", "template"] },
  CronJob: { group: "batch/", path: ["spec", "jobTemplate", "spec", "template"] },
  VirtualMachine: { group: "kubevirt.io/", path: ["spec", "template"] },
};

export interface ReadWorkload {
  readonly workload: Workload | undefined;
  /** What makes pods that no intent can name. */
  readonly unread?: UnreadPods | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

const none: ReadWorkload = { workload: undefined, diagnostics: [] };

/** The namespaces that a manifest has from without: where it names none, and where it goes whatever it names. */
export type InFile = Pick<WorkloadFile, "namespace" | "placed">;

/** A manifest as a workload; anything that makes no pods is passed over silently. */
export function readWorkload(doc: SourceDocument, where: InFile, path: Path = []): ReadWorkload {
  const object = path.length === 0 ? doc.value : valueAt(doc.value, path);
  const { kind, apiVersion } = typeOf(doc, path);
  if (typeof kind === "string" && typeof apiVersion === "string" && apiVersion.startsWith("plumbline.dev/"))
    return {
      workload: undefined,
      diagnostics: [workloadRules.diagnose("intent-here", at(doc, ...path, "kind"), { kind: kind.slice(0, 60) })],
    };
  const entry = typeof kind === "string" && Object.hasOwn(templates, kind) ? templates[kind] : undefined;
  if (!entry || typeof kind !== "string" || typeof apiVersion !== "string" || !apiVersion.startsWith(entry.group))
    return { ...none, unread: unreadPods(doc, path, where) };
  const name = valueAt(object, ["metadata", "name"]);
  const own = valueAt(object, ["metadata", "namespace"]);
  // A patch or a generateName Job is no workload that an intent could name.
  if (name === undefined) return { ...none, unread: unreadPods(doc, path, where) };
  if (typeof name !== "string" || !/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name))
    return {
      workload: undefined,
      diagnostics: [workloadRules.diagnose("bad-name", at(doc, ...path, "metadata", "name"), { found: shown(name) })],
    };
  const named = typeof own === "string" && own !== "" ? own : undefined;
  const namespace = where.placed ?? named ?? where.namespace;
  const ref = `${kind} ${name}`;
  if (namespace === undefined)
    return {
      workload: undefined,
      diagnostics: [workloadRules.diagnose("no-namespace", at(doc, ...path, "metadata"), { ref })],
    };
  const template = valueAt(object, entry.path);
  if (typeof template !== "object" || template === null)
    return {
      workload: undefined,
      diagnostics: [workloadRules.diagnose("not-readable", atKey(doc, ...path, "kind"), { ref })],
    };
  return assemble(doc, path, entry.path, {
    from: named ?? where.namespace,
    kind,
    apiVersion,
    name,
    namespace,
    named,
  });
}

interface Head {
  readonly kind: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly namespace: string;
  /** The namespace that the manifest names itself. */
  readonly named: string | undefined;
  /** Where it would be without kustomizations. */
  readonly from: string | undefined;
}

function assemble(doc: SourceDocument, path: Path, templatePath: Path, head: Head): ReadWorkload {
  const whole = [...path, ...templatePath];
  const object = valueAt(doc.value, path);
  const annotations = textMap(valueAt(doc.value, [...whole, "metadata", "annotations"]));
  const diagnostics: Diagnostic[] = [];
  const written = annotations[NETWORKS_ANNOTATION]?.trim();
  const present = written ? readNetworks(written, head.namespace) : undefined;
  if (typeof present === "string")
    diagnostics.push(
      workloadRules.diagnose("bad-annotation", at(doc, ...whole, "metadata", "annotations", NETWORKS_ANNOTATION), {
        problem: present,
      }),
    );
  if (
    templatePath.length > 0 &&
    textMap(valueAt(object, ["metadata", "annotations"]))[NETWORKS_ANNOTATION] !== undefined
  )
    diagnostics.push(
      workloadRules.diagnose(
        "misplaced-annotation",
        atKey(doc, ...path, "metadata", "annotations", NETWORKS_ANNOTATION),
        { kind: head.kind },
      ),
    );
  const networks = typeof present === "object" ? present : undefined;
  const declared = declaredIn(doc.file);
  const workload: Workload = {
    namespace: head.namespace,
    kind: head.kind,
    name: head.name,
    doc,
    apiVersion: head.apiVersion,
    ownNamespace: head.named !== undefined,
    ...(head.named !== undefined && head.named !== head.namespace && { writtenNamespace: head.named }),
    ...(head.from !== undefined && head.from !== head.namespace && { movedFrom: head.from }),
    templatePath: whole,
    labels: textMap(valueAt(doc.value, [...whole, "metadata", "labels"])),
    annotations,
    hostNetwork: valueAt(doc.value, [...whole, "spec", "hostNetwork"]) === true,
    ...podsOf(head.kind, object),
    present: networks?.attachments ?? [],
    presentForm: networks?.form,
    nodeSelector: textMap(valueAt(doc.value, [...whole, "spec", "nodeSelector"])),
    containers: namesOf(valueAt(doc.value, [...whole, "spec", "containers"])),
    serviceAccount: accountOf(valueAt(doc.value, [...whole, "spec"])),
    selector: textMap(valueAt(object, ["spec", "selector", "matchLabels"])),
    ...(declared && { declared: { release: releaseOf(declared), knowsRollout: declared.strategy !== undefined } }),
  };
  return { workload: typeof present === "string" ? undefined : workload, diagnostics };
}

function textMap(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  const map: Record<string, string> = {};
  for (const [key, one] of Object.entries(value)) if (typeof one === "string") map[key] = one;
  return map;
}

/** The second is the old word for it. */
function accountOf(spec: unknown): string {
  const named = ["serviceAccountName", "serviceAccount"].map((key) => valueAt(spec, [key]));
  return named.find((one): one is string => typeof one === "string" && one !== "") ?? "default";
}

function namesOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.map((one) => valueAt(one, ["name"])).filter((name): name is string => typeof name === "string");
}
