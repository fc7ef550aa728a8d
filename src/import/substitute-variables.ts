import { posix } from "node:path";
import type { SourceFile } from "../source/source-file.ts";
import { readDocuments } from "../yaml/read-documents.ts";

/** What a Kustomization of Flux puts in the place of `${NAME}`, below its folder. */
interface Substitution {
  readonly folder: string;
  readonly values: ReadonlyMap<string, string>;
}

type Json = Readonly<Record<string, unknown>>;

const FLUX = "kustomize.toolkit.fluxcd.io/";
/** Where a document forbids it. */
const DISABLED = /kustomize\.toolkit\.fluxcd\.io\/substitute:\s*["']?disabled/;

/**
 * Files with the values that Flux substitutes, as far as they are in these files: literal ones, and those of ConfigMaps.
 * Values of Secrets are unknown, and a name that a later source may set again stays open, as does a file of two folders that
 * set it differently. Lines keep their numbers.
 */
export function substituteVariables(files: readonly SourceFile[]): readonly SourceFile[] {
  if (!files.some(({ text }) => text.includes("postBuild:"))) return files;
  const substitutions = substitutionsOf(files);
  if (substitutions.length === 0) return files;
  return files.map((file) => {
    if (!file.text.includes("${") || DISABLED.test(file.text)) return file;
    const over = substitutions.filter(({ folder }) => folder === "." || file.path.startsWith(`${folder}/`));
    const longest = Math.max(...over.map(({ folder }) => folder.length));
    const nearest = over.filter(({ folder }) => folder.length === longest);
    const text = file.text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (written, name: string) => {
      const values = new Set(nearest.map((one) => one.values.get(name)));
      const [value] = values;
      return values.size === 1 && value !== undefined ? value : written;
    });
    return text === file.text ? file : { ...file, text };
  });
}

function substitutionsOf(files: readonly SourceFile[]): readonly Substitution[] {
  const maps = new Map<string, ReadonlyMap<string, string>>();
  const sources: Json[] = [];
  for (const file of files) {
    const isFlux = file.text.includes(FLUX);
    if (!isFlux && !/^kind:\s*["']?ConfigMap\b/m.test(file.text)) continue;
    for (const { value } of readDocuments(file, "manifest").documents) {
      const object = mapAt(value);
      if (object.kind === "ConfigMap") {
        const name = String(mapAt(object.metadata).name);
        // Two of one name may be of two clusters.
        maps.set(name, maps.has(name) ? new Map() : valuesOf(mapAt(object.data)));
      } else if (object.kind === "Kustomization" && String(object.apiVersion).startsWith(FLUX)) sources.push(object);
    }
  }
  return sources.flatMap((object) => {
    const spec = mapAt(object.spec);
    const build = mapAt(spec.postBuild);
    const folder = typeof spec.path === "string" ? posix.normalize(spec.path.replace(/^\/+/, "")) : undefined;
    if (folder === undefined || spec.postBuild === undefined) return [];
    const own = valuesOf(mapAt(build.substitute));
    return [{ folder: folder.replace(/\/$/, ""), values: new Map([...fromMaps(build.substituteFrom, maps), ...own]) }];
  });
}

/** Values of ConfigMaps that no later source can replace: a Secret, or a ConfigMap that is not here, may have any name. */
function fromMaps(list: unknown, maps: ReadonlyMap<string, ReadonlyMap<string, string>>): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const one of Array.isArray(list) ? (list as readonly unknown[]) : []) {
    const { kind, name } = mapAt(one);
    const known = kind === "ConfigMap" ? maps.get(String(name)) : undefined;
    if (!known) values.clear();
    for (const [key, value] of known ?? []) values.set(key, value);
  }
  return values;
}

/** Texts of one line: other values change what stands below them. */
function valuesOf(fields: Json): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(fields).flatMap(([key, value]) => {
      const text = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
      return typeof text === "string" && !/[\n${}]/.test(text) ? [[key, text] as const] : [];
    }),
  );
}

function mapAt(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
