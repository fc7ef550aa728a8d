import type { TextPlace } from "../../source/place.ts";
import {
  type EmbeddedJson,
  type EmbeddedText,
  isOpaque,
  locateInFile,
  locateJson,
  readEmbeddedJson,
} from "../embedded/embedded-text.ts";
import { type Fields, isFields, readText } from "../read/lint-object.ts";
import type { AnnotationSite } from "./annotation-sites.ts";

/** A network that a pod asks for. */
export interface NetworkReference {
  /** Undefined where it is missing, or filled in later. */
  readonly name: string | undefined;
  /** As written; absent, the pod's own. */
  readonly namespace: string | undefined;
  /** Whether the namespace is one that is filled in later. */
  readonly anyNamespace: boolean;
  readonly interface: string | undefined;
  /** Of the JSON form; of the short form nothing but what stands above. */
  readonly fields: Fields;
  place(key?: string, on?: "key" | "value"): TextPlace;
}

/** What a site asks for, as Multus reads it. */
export interface NetworkList {
  readonly annotation: AnnotationSite;
  readonly text: EmbeddedText;
  /** The JSON form. */
  readonly json: EmbeddedJson | undefined;
  /** Of the short form, its elements as they stand there. */
  readonly elements: readonly { readonly start: number; readonly end: number; readonly text: string }[];
  readonly selections: readonly NetworkReference[];
}

/** Any of these makes Multus read JSON (k8sclient.go, parsePodNetworkAnnotation). */
export function isJsonForm(text: string): boolean {
  return /[[{"]/.test(text);
}

export function readNetworkList(annotation: AnnotationSite): NetworkList {
  const path = [...annotation.object.path, ...annotation.path];
  const text: EmbeddedText = { doc: annotation.object.doc, path, text: annotation.text };
  // A substitution has braces too: `${NETWORK}` is no JSON.
  const bare = annotation.text.replace(/\$\{[^}]*\}/g, "x");
  if (!isJsonForm(bare)) {
    const elements = isOpaque(annotation.text) && !annotation.text.includes(",") ? [] : elementsOf(annotation.text);
    return {
      annotation,
      text,
      json: undefined,
      elements,
      selections: elements.map((one) => shortSelection(text, one)),
    };
  }
  const json = readEmbeddedJson(text.doc, path, annotation.text);
  const list = Array.isArray(json.value) ? (json.value as readonly unknown[]) : [];
  const selections = list.flatMap((one, index) => (isFields(one) ? [jsonSelection(json, index, one)] : []));
  return { annotation, text, json, elements: [], selections };
}

function elementsOf(text: string): NetworkList["elements"] {
  let at = 0;
  return text.split(",").map((part) => {
    const blank = /^\s*/.exec(part)?.[0].length ?? 0;
    const trimmed = part.trim();
    const start = at + (trimmed === "" ? 0 : blank);
    at += part.length + 1;
    return { start, end: start + trimmed.length, text: trimmed };
  });
}

function shortSelection(text: EmbeddedText, element: NetworkList["elements"][number]): NetworkReference {
  const [, namespace, name, named] = /^(?:([^/@]*)\/)?([^/@]*)(?:@([^/@]*))?$/.exec(element.text) ?? [];
  return {
    name: readText(name),
    namespace: readText(namespace),
    anyNamespace: namespace !== undefined && isOpaque(namespace),
    interface: readText(named),
    fields: {},
    place: () => locateInFile(text, element.start, element.end),
  };
}

function jsonSelection(json: EmbeddedJson, index: number, fields: Fields): NetworkReference {
  const { namespace } = fields;
  return {
    name: readText(fields.name),
    namespace: readText(namespace),
    anyNamespace:
      namespace !== undefined && readText(namespace) === undefined && namespace !== "" && namespace !== null,
    interface: readText(fields.interface) ?? readText(fields.interfaceRequest),
    fields,
    place: (key, on) => locateJson(json, key === undefined ? [index] : [index, key], on),
  };
}
