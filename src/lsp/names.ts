import { pushTo } from "../collections/push-to.ts";
import type { Path } from "../source/place.ts";
import type { SourceFile } from "../source/source-file.ts";
import { findValue } from "../yaml/span.ts";
import { type DocumentScalar, listScalars } from "./documents.ts";
import type { ProjectState } from "./project-state.ts";

/** What a name is the name of. */
export type NameKind =
  | "zone"
  | "external"
  | "vpn"
  | "pair"
  | "fabric"
  | "uplink"
  | "pool"
  | "cluster"
  | "namespace"
  | "workload"
  | "host";

/** A name where it is given, or where something refers to it. */
export interface Occurrence {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
  /** `zone pci`: a reference may mean one of two sorts. */
  readonly keys: readonly string[];
  readonly role: "definition" | "reference";
}

const sortOfKind: Readonly<Record<string, NameKind>> = {
  IsolationZone: "zone",
  ExternalNetwork: "external",
  VpnEgress: "vpn",
  FirewallPair: "pair",
  Fabric: "fabric",
};

/** Keys of intents whose value, or each text of whose list, is the name of something. */
const sortsOfKey: Readonly<Record<string, readonly NameKind[]>> = {
  zone: ["zone"],
  external: ["external"],
  vpn: ["vpn"],
  uplink: ["uplink"],
  pools: ["pool"],
  clusters: ["cluster"],
  through: ["pair", "vpn"],
  namespaces: ["namespace"],
  namespace: ["namespace"],
};

export function nameKey(sort: NameKind, name: string): string {
  return `${sort} ${name}`;
}

/** The last step of a path that is a key. */
function lastKey(path: Path): string {
  return String(path.findLast((step) => typeof step === "string") ?? "");
}

/** What the value at a path of an intent names. */
export function nameKindsAt(path: Path): readonly NameKind[] {
  const key = lastKey(path);
  if (key === "name" && path.at(-2) === "workload") return ["workload"];
  if (key === "host") return ["host"];
  const isItem = typeof path.at(-1) === "number";
  const isList = /s$|^through$/.test(key);
  return path[0] === "spec" && isItem === isList ? (sortsOfKey[key] ?? []) : [];
}

/** Every name that a project gives, and every reference to one. */
export interface NameIndex {
  readonly definitions: ReadonlyMap<string, readonly Occurrence[]>;
  readonly references: ReadonlyMap<string, readonly Occurrence[]>;
}

const made = new WeakMap<ProjectState, NameIndex>();

export function indexNames(state: ProjectState): NameIndex {
  const known = made.get(state);
  if (known) return known;
  const definitions = new Map<string, Occurrence[]>();
  const references = new Map<string, Occurrence[]>();
  for (const file of state.files.values())
    for (const one of occurrencesIn(file)) {
      const into = one.role === "definition" ? definitions : references;
      for (const key of one.keys) pushTo(into, key, one);
    }
  const names = { definitions, references };
  made.set(state, names);
  return names;
}

/** The names at an offset of a file. */
export function findOccurrence(file: SourceFile, offset: number): Occurrence | undefined {
  return occurrencesIn(file).find((one) => one.start <= offset && offset <= one.end);
}

const perFile = new WeakMap<SourceFile, readonly Occurrence[]>();

function occurrencesIn(file: SourceFile): readonly Occurrence[] {
  const known = perFile.get(file);
  if (known) return known;
  const { all, values } = listScalars(file);
  const found = all.flatMap((leaf): Occurrence[] => {
    if (leaf.on !== "value" || typeof leaf.value !== "string") return [];
    const meant = meaningOf(leaf, values[leaf.doc]);
    return meant ? [{ file, start: leaf.start, end: leaf.end, ...meant }] : [];
  });
  perFile.set(file, found);
  return found;
}

function meaningOf(leaf: DocumentScalar, doc: unknown): Pick<Occurrence, "keys" | "role"> | undefined {
  const text = (...path: Path) => {
    const value = findValue(doc, path);
    return typeof value === "string" ? value : "";
  };
  const name = String(leaf.value);
  const isOurs = text("apiVersion").startsWith("plumbline.dev/");
  const defined = isOurs
    ? definedBy(leaf.path, text("kind"), text("metadata", "name"))
    : definedByManifest(leaf.path, text);
  if (defined) return { keys: [nameKey(defined.sort, `${defined.scope}${name}`)], role: "definition" };
  if (!isOurs) return undefined;
  const sorts = nameKindsAt(leaf.path);
  const beside = (key: string) => text(...leaf.path.slice(0, -1), key);
  const scope = (sort: NameKind) =>
    sort === "workload" ? `${beside("namespace")}/${beside("kind")}/` : sort === "host" ? `${beside("external")}/` : "";
  return sorts.length === 0
    ? undefined
    : { keys: sorts.map((sort) => nameKey(sort, `${scope(sort)}${name}`)), role: "reference" };
}

interface Defined {
  readonly sort: NameKind;
  readonly scope: string;
}

function definedBy(path: Path, kind: string, intent: string): Defined | undefined {
  const spelt = path.map((step) => (typeof step === "number" ? "#" : step)).join(".");
  const sort = sortOfKind[kind];
  if (spelt === "metadata.name") return sort && { sort, scope: "" };
  if (kind === "Fabric" && spelt === "spec.uplinks.#.name") return { sort: "uplink", scope: "" };
  if (kind === "Fabric" && spelt === "spec.pools.#.name") return { sort: "pool", scope: "" };
  if (kind === "Project" && spelt === "spec.clusters.#.name") return { sort: "cluster", scope: "" };
  if (kind === "ExternalNetwork" && spelt === "spec.hosts.#.name") return { sort: "host", scope: `${intent}/` };
  return undefined;
}

/** A manifest gives a workload its name. Its namespace has no better place than where a workload is in it. */
function definedByManifest(path: Path, text: (...path: Path) => string): Defined | undefined {
  const at = path.length === 2 && path[0] === "metadata" ? path[1] : undefined;
  if (at === "name" && text("kind") === "Namespace") return { sort: "namespace", scope: "" };
  if (at === "name")
    return { sort: "workload", scope: `${text("metadata", "namespace") || "default"}/${text("kind")}/` };
  return at === "namespace" ? { sort: "namespace", scope: "" } : undefined;
}
