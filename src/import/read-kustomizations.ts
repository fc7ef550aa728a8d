import { posix } from "node:path";
import type { SourceFile } from "../source/source-file.ts";
import { readDocuments } from "../yaml/read-documents.ts";

/** A kustomization.yaml, as far as it says where objects land and what changes them. */
export interface Kustomization {
  readonly file: SourceFile;
  readonly folder: string;
  readonly isComponent: boolean;
  readonly namespace: string | undefined;
  readonly prefix: string;
  readonly suffix: string;
  readonly resources: readonly string[];
  readonly components: readonly string[];
  readonly patchFiles: readonly string[];
  readonly patches: readonly KustomizePatch[];
}

/** A patch, and what it is for; absent keys select everything. */
export interface KustomizePatch {
  readonly kind: string | undefined;
  readonly name: string | undefined;
  readonly text: string;
}

export interface FluxKustomization {
  readonly folder: string;
  readonly namespace: string | undefined;
}

type Json = Readonly<Record<string, unknown>>;

const NAMED = /(^|\/)(kustomization\.ya?ml|Kustomization)$/;
const FLUX = "kustomize.toolkit.fluxcd.io/";

export function readKustomizations(files: readonly SourceFile[]): {
  readonly kustomizations: readonly Kustomization[];
  readonly flux: readonly FluxKustomization[];
} {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const kustomizations: Kustomization[] = [];
  const flux: FluxKustomization[] = [];
  for (const file of files) {
    const isNamed = NAMED.test(file.path);
    if (!isNamed && !file.text.includes(FLUX)) continue;
    for (const { value } of readDocuments(file, "manifest").documents) {
      const fields = isMap(value) ? value : {};
      if (textAt(fields, "apiVersion")?.startsWith(FLUX)) {
        const spec = isMap(fields.spec) ? fields.spec : {};
        const folder = textAt(spec, "path");
        if (fields.kind === "Kustomization" && folder !== undefined)
          flux.push({ folder, namespace: nameAt(spec, "targetNamespace") });
      } else if (isNamed) kustomizations.push(readOne(file, fields, byPath));
    }
  }
  return { kustomizations, flux };
}

function readOne(file: SourceFile, fields: Json, byPath: ReadonlyMap<string, SourceFile>): Kustomization {
  const folder = posix.dirname(file.path);
  const texts = (key: string) => listAt(fields, key).filter((one): one is string => typeof one === "string");
  const patches = [...listAt(fields, "patches"), ...listAt(fields, "patchesJson6902")].filter(isMap);
  const merges = texts("patchesStrategicMerge");
  const patchFiles = [
    ...patches.flatMap((one) => textAt(one, "path") ?? []),
    ...merges.filter((one) => byPath.has(posix.join(folder, one))),
  ];
  const textOf = (path: string) => byPath.get(posix.join(folder, path))?.text ?? path;
  return {
    file,
    folder,
    isComponent: fields.kind === "Component",
    namespace: nameAt(fields, "namespace"),
    prefix: textAt(fields, "namePrefix") ?? "",
    suffix: textAt(fields, "nameSuffix") ?? "",
    resources: [...texts("resources"), ...texts("bases")],
    components: texts("components"),
    patchFiles,
    patches: [
      ...patches.map((one) => {
        const target = isMap(one.target) ? one.target : undefined;
        const path = textAt(one, "path");
        const text = textAt(one, "patch") ?? (path === undefined ? "" : textOf(path));
        return target ? { kind: textAt(target, "kind"), name: textAt(target, "name"), text } : ofText(text);
      }),
      ...merges.map((one) => ofText(textOf(one))),
    ],
  };
}

/** A strategic merge patch says itself what it is for. */
function ofText(text: string): KustomizePatch {
  const kind = /^\s*kind:\s*["']?(\w+)/m.exec(text)?.[1];
  const name = /^\s*name:\s*["']?([a-z0-9.-]+)/m.exec(text)?.[1];
  return { kind, name, text };
}

function isMap(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listAt(fields: Json, key: string): readonly unknown[] {
  const value = fields[key];
  return Array.isArray(value) ? value : [];
}

function textAt(fields: Json, key: string): string | undefined {
  const value = fields[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A namespace that is filled in later is none. */
function nameAt(fields: Json, key: string): string | undefined {
  const text = textAt(fields, key);
  return text !== undefined && /^[a-z0-9-]+$/.test(text) ? text : undefined;
}
