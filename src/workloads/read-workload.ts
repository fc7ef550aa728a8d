import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { WorkloadFile } from "../ir/compiled.ts";
import type { UnnamedPods, Workload } from "../ir/workload.ts";
import { formatShort } from "../schema/from-ajv.ts";
import { type Path, placeAt, placeAtKey, type SourceDocument } from "../source/place.ts";
import { findValue } from "../yaml/span.ts";
import { findDeclared, resolveRelease } from "./declared.ts";
import { NETWORKS_ANNOTATION, parseNetworksAnnotation } from "./network-annotation.ts";
import { readObjectType } from "./object-type.ts";
import { readPodCount } from "./pods-of.ts";
import { workloadRules } from "./rules.ts";
import { findUnnamedPods } from "./unread-pods.ts";

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
  readonly unread?: UnnamedPods | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

const none: ReadWorkload = { workload: undefined, diagnostics: [] };

/** The namespaces that a manifest has from without: where it names none, and where it goes whatever it names. */
export type InFile = Pick<WorkloadFile, "namespace" | "placed">;

/** A manifest as a workload; anything that makes no pods is passed over silently. */
export function readWorkload(doc: SourceDocument, where: InFile, path: Path = []): ReadWorkload {
  const object = path.length === 0 ? doc.value : findValue(doc.value, path);
  const { kind, apiVersion } = readObjectType(doc, path);
  if (typeof kind === "string" && typeof apiVersion === "string" && apiVersion.startsWith("plumbline.dev/"))
    return {
      workload: undefined,
      diagnostics: [workloadRules.diagnose("intent-here", placeAt(doc, ...path, "kind"), { kind: kind.slice(0, 60) })],
    };
  const entry = typeof kind === "string" && Object.hasOwn(templates, kind) ? templates[kind] : undefined;
  if (!entry || typeof kind !== "string" || typeof apiVersion !== "string" || !apiVersion.startsWith(entry.group))
    return { ...none, unread: findUnnamedPods(doc, path, where) };
  const name = findValue(object, ["metadata", "name"]);
  const own = findValue(object, ["metadata", "namespace"]);
  // A patch or a generateName Job is no workload that an intent could name.
  if (name === undefined) return { ...none, unread: findUnnamedPods(doc, path, where) };
  if (typeof name !== "string" || !/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name))
    return {
      workload: undefined,
      diagnostics: [
        workloadRules.diagnose("bad-name", placeAt(doc, ...path, "metadata", "name"), { found: formatShort(name) }),
      ],
    };
  const named = typeof own === "string" && own !== "" ? own : undefined;
  const namespace = where.placed ?? named ?? where.namespace;
  const ref = `${kind} ${name}`;
  if (namespace === undefined)
    return {
      workload: undefined,
      diagnostics: [workloadRules.diagnose("no-namespace", placeAt(doc, ...path, "metadata"), { ref })],
    };
  const template = findValue(object, entry.path);
  if (typeof template !== "object" || template === null)
    return {
      workload: undefined,
      diagnostics: [workloadRules.diagnose("not-readable", placeAtKey(doc, ...path, "kind"), { ref })],
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
  const object = findValue(doc.value, path);
  const annotations = textMap(findValue(doc.value, [...whole, "metadata", "annotations"]));
  const diagnostics: Diagnostic[] = [];
  const written = annotations[NETWORKS_ANNOTATION]?.trim();
  const present = written ? parseNetworksAnnotation(written, head.namespace) : undefined;
  if (typeof present === "string")
    diagnostics.push(
      workloadRules.diagnose("bad-annotation", placeAt(doc, ...whole, "metadata", "annotations", NETWORKS_ANNOTATION), {
        problem: present,
      }),
    );
  if (
    templatePath.length > 0 &&
    textMap(findValue(object, ["metadata", "annotations"]))[NETWORKS_ANNOTATION] !== undefined
  )
    diagnostics.push(
      workloadRules.diagnose(
        "misplaced-annotation",
        placeAtKey(doc, ...path, "metadata", "annotations", NETWORKS_ANNOTATION),
        { kind: head.kind },
      ),
    );
  const networks = typeof present === "object" ? present : undefined;
  const declared = findDeclared(doc.file);
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
    labels: textMap(findValue(doc.value, [...whole, "metadata", "labels"])),
    annotations,
    hostNetwork: findValue(doc.value, [...whole, "spec", "hostNetwork"]) === true,
    ...readPodCount(head.kind, object),
    present: networks?.attachments ?? [],
    presentForm: networks?.form,
    nodeSelector: textMap(findValue(doc.value, [...whole, "spec", "nodeSelector"])),
    containers: namesOf(findValue(doc.value, [...whole, "spec", "containers"])),
    serviceAccount: accountOf(findValue(doc.value, [...whole, "spec"])),
    selector: textMap(findValue(object, ["spec", "selector", "matchLabels"])),
    ...(declared && { declared: { release: resolveRelease(declared), knowsRollout: declared.strategy !== undefined } }),
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
  const named = ["serviceAccountName", "serviceAccount"].map((key) => findValue(spec, [key]));
  return named.find((one): one is string => typeof one === "string" && one !== "") ?? "default";
}

function namesOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.map((one) => findValue(one, ["name"])).filter((name): name is string => typeof name === "string");
}
