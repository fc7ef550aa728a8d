import type { ExistingObject } from "../ir/network-spec.ts";
import { checkNad } from "../lint/nad/check-nad.ts";
import { formatNadName, type Nad } from "../lint/nad/read-nad.ts";
import { type Fields, locateInObject, readField } from "../lint/read/lint-object.ts";
import type { TextPlace } from "../source/place.ts";
import { findPosition } from "../source/source-file.ts";
import { findRepeatedKey } from "../yaml/repeated-key.ts";
import { splitAnnotations, splitLabels } from "./labels-and-annotations.ts";
import type { EstateLayout } from "./layout.ts";
import { type ImportLoss, isImportRefusal, type LossSort } from "./loss.ts";
import { type ImportedConfig, readNetworkConfig } from "./read-network-config.ts";

/** What a network was: one object, or copies of it under several names. */
export interface ExistingNetworkObjects {
  readonly objects: readonly ExistingObject[];
  readonly nads: readonly Nad[];
  readonly place: TextPlace;
}

/** A network of an estate that intents can say. */
export interface ExistingNetwork extends ExistingNetworkObjects {
  readonly carried: ImportedConfig;
}

/** A network that is written again as it stands. */
export interface VerbatimCopy {
  readonly network: ExistingNetworkObjects;
  readonly config: Fields;
  readonly why: string;
}

export interface ExistingNetworks {
  readonly networks: readonly ExistingNetwork[];
  readonly kept: readonly VerbatimCopy[];
  readonly losses: readonly ImportLoss[];
  /** `media/iot`: every object that is carried. */
  readonly known: ReadonlySet<string>;
  /** Those and what was left by hand. */
  readonly named: ReadonlySet<string>;
}

/** What a compile refused, by `media/iot`: at first the network is kept as it stands, then it stays by hand. */
export interface CompileRefusal {
  readonly why: string;
  readonly twice: boolean;
}

interface Found {
  readonly nad: Nad;
  readonly object: ExistingObject;
  readonly place: TextPlace;
}

/** The networks that are written by hand, copies of one configuration as one. */
export function readExistingNetworks(
  nads: readonly Nad[],
  layout: EstateLayout,
  refused: ReadonlyMap<string, CompileRefusal>,
  homes: ReadonlyMap<Nad, string> = new Map(),
): ExistingNetworks {
  const losses: ImportLoss[] = [];
  const byId = new Map<string, Found[]>();
  for (const nad of nads) {
    const found = findObject(nad, layout, losses, homes.get(nad));
    if (!found) continue;
    const id = idOf(found.object);
    const list = byId.get(id);
    if (list) list.push(found);
    else byId.set(id, [found]);
  }
  const groups = new Map<
    string,
    { carried: ImportedConfig; objects: ExistingObject[]; nads: Nad[]; place: TextPlace }
  >();
  const kept: VerbatimCopy[] = [];
  const known = new Set<string>();
  for (const [id, written] of byId) {
    const all = selectApplied(written, layout);
    for (const one of written.filter((other) => !all.includes(other)))
      losses.push({
        kind: "detail",
        what: describeNetwork(one),
        why: explainReplacement(all[0] as Found),
        place: one.place,
      });
    const [{ nad, object, place }] = all as [Found];
    const why = hardRefusal(id, all, layout, refused.get(id));
    if (why) {
      for (const one of all)
        losses.push({
          kind: "network",
          sort: why.sort ?? "unknown",
          what: describeNetwork(one),
          why: why.why,
          place: one.place,
        });
      continue;
    }
    known.add(id);
    const before = refused.get(id);
    const read = before ? { why: before.why } : readNetworkConfig(nad);
    if (isImportRefusal(read)) {
      const network = { objects: [object], nads: [nad], place };
      kept.push({ network, config: nad.top as Fields, why: read.why });
      continue;
    }
    const key = keyOf(read, nad);
    const group = groups.get(key);
    if (!group) groups.set(key, { carried: read, objects: [object], nads: [nad], place });
    else {
      group.objects.push(object);
      group.nads.push(nad);
    }
  }
  return { networks: [...groups.values()], kept, losses, known, named: new Set(byId.keys()) };
}

function idOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}

function describeNetwork({ nad, object }: Found): string {
  return `NetworkAttachmentDefinition ${formatNadName({ ...nad, ...object })}`;
}

function findObject(nad: Nad, layout: EstateLayout, losses: ImportLoss[], home: string | undefined): Found | undefined {
  const place = locateInObject(nad.object, ["metadata", "name"]);
  const { path } = nad.object.doc.part.file;
  const namespace = home ?? layout.namespaceOf(path, nad.namespace);
  if (nad.name === undefined) {
    const why = "its name is a placeholder: render it first, and import the rendered file";
    losses.push({
      kind: "network",
      sort: "guess",
      what: `NetworkAttachmentDefinition ${formatNadName({ ...nad, namespace })}`,
      why,
      place,
    });
    return undefined;
  }
  const [{ prefix, suffix } = { prefix: "", suffix: "" }] = layout.placements(path);
  const annotations = splitAnnotations(nad.object).kept;
  const name = `${prefix}${nad.name}${suffix}`;
  return { nad, object: { namespace, name, ...(Object.keys(annotations).length > 0 && { annotations }) }, place };
}

/** Why a network stays by hand altogether. */
function hardRefusal(
  id: string,
  all: readonly Found[],
  layout: EstateLayout,
  refused: CompileRefusal | undefined,
): { readonly why: string; readonly sort?: LossSort } | undefined {
  const [{ nad }] = all as [Found];
  if (refused?.twice) return { why: refused.why };
  const other = all.find((one) => meaningOf(one) !== meaningOf(all[0] as Found));
  if (other) return explainConflict(id, all);
  const { part } = nad.object.doc;
  if (part.templated)
    return { sort: "guess", why: "it is a template: render it first (`helm template`), and import the rendered file" };
  if (!nad.config) {
    const text = readField(nad.object, "spec", "config");
    return typeof text === "string" && text.trim() !== ""
      ? { sort: "guess", why: "its configuration is a placeholder: render it first, and import the rendered file" }
      : { sort: "cannot", why: "it has no configuration of its own: the node's file of that name has it" };
  }
  const open = /\$\{[^}]*\}|\{\{[^}]*\}\}/.exec(nad.config.text)?.[0];
  if (open !== undefined)
    return {
      sort: "guess",
      why: `\`${open}\` is a placeholder: render it first (\`flux build\`, \`envsubst\`, \`helm template\`), and import the rendered file`,
    };
  const broken = brokenJson(nad);
  if (broken !== undefined) return { sort: "cannot", why: broken };
  return explainPatch(nad, layout) ?? explainPlacements(nad, layout);
}

/** Why the configuration is none that Multus could read, or could be read in two ways. */
function brokenJson(nad: Nad): string | undefined {
  const text = nad.config?.text ?? "";
  try {
    JSON.parse(text);
  } catch {
    const wrong = checkNad(nad).find(({ diagnostic }) => diagnostic.code === "nad/config-not-json");
    return `no pod can start with it: ${wrong?.diagnostic.message ?? "its configuration is no JSON"}`;
  }
  if (!nad.top) return "no pod can start with it: its configuration is no JSON object";
  const twice = findRepeatedKey(text);
  return twice === undefined ? undefined : `its key \`${twice}\` stands twice, and readers differ on which one counts`;
}

/** Of several definitions, those that a kustomization takes in: nothing applies the others. */
function selectApplied(written: readonly Found[], layout: EstateLayout): readonly Found[] {
  if (written.length < 2) return written;
  const placed = written.filter(({ nad }) => layout.placements(nad.object.doc.part.file.path).length > 0);
  return placed.length > 0 ? placed : written;
}

function explainReplacement({ place }: Found): string {
  const other = `${place.file.path}:${findPosition(place.file, place.start).line}`;
  return `no kustomization takes this definition in; the compiled object replaces it with that of ${other}`;
}

function explainConflict(id: string, all: readonly Found[]) {
  const places = all.map(({ place }) => `${place.file.path}:${findPosition(place.file, place.start).line}`).join(", ");
  const why = `${id} is written ${all.length} times, and not alike (${places}): which one holds in this cluster cannot be seen. Import the folder of one cluster at a time, or leave the others out`;
  return { sort: "guess" as const, why };
}

/** A patch of kustomize that is for the network: files alone do not show what comes of it. */
function explainPatch(nad: Nad, layout: EstateLayout) {
  for (const { folder, file, patches } of layout.kustomizations) {
    const one = patches.find(({ kind, name, text }) => {
      if (kind !== undefined ? !selects(kind, "NetworkAttachmentDefinition") : !/config/.test(text)) return false;
      return name === undefined || selects(name, nad.name ?? "");
    });
    if (!one) continue;
    const why = `a patch of ${file.path} changes it: render it first (\`kubectl kustomize ${folder} > rendered.yaml\`), and import the rendered file`;
    return { sort: "guess" as const, why };
  }
  return undefined;
}

/** Targets of patches are regular expressions of whole words. */
function selects(pattern: string, word: string): boolean {
  if (pattern === word) return true;
  try {
    return new RegExp(`^(?:${pattern})$`).test(word);
  } catch {
    return false;
  }
}

function explainPlacements(nad: Nad, layout: EstateLayout) {
  const places = layout.placements(nad.object.doc.part.file.path);
  if (places.length < 2) return undefined;
  const shown = places.map(
    ({ forced, prefix, suffix }) => `${forced ?? nad.namespace ?? "?"}/${prefix}${nad.name}${suffix}`,
  );
  const why = `several kustomizations take its file in, as ${[...new Set(shown)].join(", ")}: import the rendered output of one of them`;
  return { sort: "guess" as const, why };
}

/** What two definitions of one object must have alike. */
function meaningOf({ nad, object }: Found): string {
  return JSON.stringify([sortKeys(nad.top ?? nad.config?.text), sortKeys(object.annotations ?? {})]);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      // An empty `ipam` is none.
      .filter(([key, one]) => key !== "ipam" || Object.keys(Object(one)).length > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sortKeys(one)]),
  );
}

/**
 * Equal for networks that do the same, leases included: host-local and the DHCP daemon keep them under the name in the
 * configuration, whereabouts by range.
 */
function keyOf(carried: ImportedConfig, nad: Nad): string {
  const plain = (_key: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);
  const { cniName, ...rest } = carried;
  const byRange = carried.ipam === "whereabouts" && cniName === undefined;
  return JSON.stringify([rest, byRange ? "" : nad.networkName, splitLabels(nad.object).kept], plain);
}
