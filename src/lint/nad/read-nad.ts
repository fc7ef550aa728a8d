import { distance } from "fastest-levenshtein";
import type { Path } from "../../source/place.ts";
import { type EmbeddedJson, isOpaque, readEmbeddedJson } from "../embedded/embedded-text.ts";
import { type Fields, isFields, type LintObject, parseApiGroup, readField, readText } from "../read/lint-object.ts";

/** Whether an object is of `k8s.cni.cncf.io`, or meant to be: without a version, of the core, or with a slip. */
export function isMultusGroup({ apiVersion }: LintObject): boolean {
  const group = parseApiGroup(apiVersion);
  return !group.includes(".") || distance(group, "k8s.cni.cncf.io") <= 4;
}

export const RESOURCE_ANNOTATION = "k8s.v1.cni.cncf.io/resourceName";

/** A plugin of a network's configuration. */
export interface NadPlugin {
  /** In the configuration's JSON. */
  readonly path: Path;
  /** Undefined where it is missing, or filled in later. */
  readonly type: string | undefined;
  readonly fields: Fields;
  /** The `ipam` object, where it is one and holds anything. */
  readonly ipam: Fields | undefined;
  readonly ipamType: string | undefined;
}

/** A NetworkAttachmentDefinition, as far as it can be read. */
export interface Nad {
  readonly object: LintObject;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly config: EmbeddedJson | undefined;
  /** The configuration's top level, where it is an object. */
  readonly top: Fields | undefined;
  /** In their order; a configuration of one plugin has itself as its only one. */
  readonly plugins: readonly NadPlugin[];
  /** Whether the plugins stand in `plugins`. */
  readonly isList: boolean;
  /** What plugins are told: `name` of the configuration, else that of the object. */
  readonly networkName: string | undefined;
}

export function isNad(object: LintObject): boolean {
  return object.kind === "NetworkAttachmentDefinition" && isMultusGroup(object);
}

export function readNad(object: LintObject): Nad {
  return readNetworkAt(object, ["spec", "config"], object.name, object.namespace);
}

/** A network of which the configuration stands somewhere in another object. */
export function readNetworkAt(
  object: LintObject,
  path: Path,
  name: string | undefined,
  namespace: string | undefined,
): Nad {
  const written = readField(object, ...path);
  const text = typeof written === "string" && written.trim() !== "" && !isWholeOpaque(written) ? written : undefined;
  const config = text === undefined ? undefined : readEmbeddedJson(object.doc, [...object.path, ...path], text);
  return { object, name, namespace, config, ...readConfig(config?.value, name) };
}

/** `${CONFIG}`: the whole of it comes from elsewhere. */
function isWholeOpaque(text: string): boolean {
  return isOpaque(text) && !text.includes('"');
}

function readConfig(
  value: unknown,
  outer: string | undefined,
): Pick<Nad, "top" | "plugins" | "isList" | "networkName"> {
  if (!isFields(value)) return { top: undefined, plugins: [], isList: false, networkName: outer };
  const name = value.name === undefined || value.name === "" ? outer : readText(value.name);
  const isList = Array.isArray(value.plugins) && (value.type === undefined || value.type === "");
  const plugins = isList
    ? (value.plugins as readonly unknown[]).flatMap((one, index) =>
        isFields(one) ? [pluginAt(["plugins", index], one)] : [],
      )
    : [pluginAt([], value)];
  return { top: value, plugins, isList, networkName: name };
}

function pluginAt(path: Path, fields: Fields): NadPlugin {
  const ipam = isFields(fields.ipam) && Object.keys(fields.ipam).length > 0 ? fields.ipam : undefined;
  return { path, type: readText(fields.type), fields, ipam, ipamType: readText(ipam?.type) };
}

/** `media/lan`, or what of it is known. */
export function formatNadName({ namespace, name }: Nad): string {
  return `${namespace === undefined ? "" : `${namespace}/`}${name ?? "…"}`;
}
