import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { hasErrors } from "../diagnostics/diagnostic.ts";
import { validateProject } from "../generated/validators.ts";
import type { Project } from "../ir/project.ts";
import { checkAgainstSchema } from "../schema/check-value.ts";
import { buildDocumentSchema } from "../schema/document.ts";
import { describeType, formatShort } from "../schema/from-ajv.ts";
import { placeAt, placeAtFile, type SourceDocument } from "../source/place.ts";
import type { SourceFile } from "../source/source-file.ts";
import { readDocuments } from "../yaml/read-documents.ts";
import { findValue } from "../yaml/span.ts";
import { checkRequires } from "./check-requires.ts";
import { readDeclaredWorkload } from "./read-declared.ts";
import { checkDelivery, readDelivery } from "./read-delivery.ts";
import { readPlatform } from "./read-platform.ts";
import { projectRules } from "./rules.ts";
import { projectSchema } from "./schema.ts";
import type { ProjectSpec } from "./types.ts";

const schema = buildDocumentSchema("Project", projectSchema);

export interface ReadProject {
  readonly value: Project | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** plumbline.yaml with every default filled in. */
export function readProject(file: SourceFile): ReadProject {
  const { documents, diagnostics } = readDocuments(file, "intent");
  const doc = documents[0];
  if (!doc || hasErrors(diagnostics)) return { value: undefined, diagnostics };
  const found = [...diagnostics, ...checkShape(doc, documents)];
  if (hasErrors(found)) return { value: undefined, diagnostics: found };
  const project = fromDocument(doc);
  return { value: project, diagnostics: [...found, ...checkClusters(project), ...checkDelivery(project)] };
}

function checkShape(doc: SourceDocument, documents: readonly SourceDocument[]): Diagnostic[] {
  const kind = findValue(doc.value, ["kind"]);
  if (typeof doc.value !== "object" || Array.isArray(doc.value))
    return [projectRules.diagnose("not-a-project", placeAtFile(doc.file), { found: describeType(doc.value) })];
  if (kind !== "Project") {
    const what = typeof kind === "string" ? `\`kind: ${formatShort(kind)}\`` : "a document without `kind: Project`";
    return [projectRules.diagnose("not-a-project", placeAt(doc, "kind"), { found: what })];
  }
  const unmet = checkRequires(doc);
  if (unmet.length > 0) return [...unmet];
  const second = documents[1];
  if (second) return [projectRules.diagnose("several-documents", placeAt(second), {})];
  return checkAgainstSchema(validateProject, "Project", schema, doc.value, (path, on) => ({ doc, path, on }));
}

function fromDocument(doc: SourceDocument): Project {
  const { metadata, spec } = doc.value as { metadata: { name: string }; spec: ProjectSpec };
  return {
    doc,
    name: metadata.name,
    intents: spec.intents ?? ["intents/**/*.{yaml,yml}"],
    workloads: (spec.workloads ?? ["workloads/**/*.{yaml,yml}"]).map((entry) =>
      typeof entry === "string"
        ? { paths: [entry], namespace: undefined }
        : { paths: entry.paths, namespace: entry.namespace },
    ),
    declared: (spec.declared ?? []).map(readDeclaredWorkload),
    kustomizations: spec.kustomizations,
    out: spec.out ?? "out",
    lock: spec.lock ?? "plumbline.lock.yaml",
    templates: spec.templates,
    templateDomains: spec.templateDomains ?? [],
    clusters: spec.clusters.map((cluster, index) => ({
      name: cluster.name,
      index,
      target: cluster.target ?? "multus",
      platform: readPlatform(cluster.platform ?? {}, cluster.target ?? "multus"),
    })),
    delivery: readDelivery(spec.delivery ?? {}, metadata.name),
    defaults: { images: spec.defaults?.images ?? {} },
    allowLoss: spec.allowLoss ?? [],
    experimental: spec.experimental ?? false,
  };
}

function checkClusters(project: Project): Diagnostic[] {
  const seen = new Map<string, number>();
  const found: Diagnostic[] = [];
  for (const { name, index } of project.clusters) {
    const first = seen.get(name);
    const place = placeAt(project.doc, "spec", "clusters", index, "name");
    if (first === undefined) seen.set(name, index);
    else {
      const related = [{ place: placeAt(project.doc, "spec", "clusters", first, "name"), label: "the first one" }];
      found.push(projectRules.diagnose("duplicate-cluster", place, { name }, { related }));
    }
  }
  return found;
}
