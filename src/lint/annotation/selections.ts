import type { TextPlace } from "../../source/place.ts";
import {
  type EmbeddedJson,
  type EmbeddedText,
  embeddedJson,
  isOpaque,
  placeIn,
  placeOf,
} from "../embedded/embedded-text.ts";
import { type Fields, isFields, textOf } from "../read/lint-object.ts";
import type { Site } from "./sites.ts";

/** A network that a pod asks for. */
export interface Selection {
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
export interface Asked {
  readonly site: Site;
  readonly text: EmbeddedText;
  /** The JSON form. */
  readonly json: EmbeddedJson | undefined;
  /** Of the short form, its elements as they stand there. */
  readonly elements: readonly { readonly start: number; readonly end: number; readonly text: string }[];
  readonly selections: readonly Selection[];
}

/** Any of these makes Multus read JSON (k8sclient.go, parsePodNetworkAnnotation). */
export function isJsonForm(text: string): boolean {
  return /[[{"]/.test(text);
}

export function readAsked(site: Site): Asked {
  const path = [...site.object.path, ...site.path];
  const text: EmbeddedText = { doc: site.object.doc, path, text: site.text };
  // A substitution has braces too: `${NETWORK}` is no JSON.
  const bare = site.text.replace(/\$\{[^}]*\}/g, "x");
  if (!isJsonForm(bare)) {
    const elements = isOpaque(site.text) && !site.text.includes(",") ? [] : elementsOf(site.text);
    return { site, text, json: undefined, elements, selections: elements.map((one) => shortSelection(text, one)) };
  }
  const json = embeddedJson(text.doc, path, site.text);
  const list = Array.isArray(json.value) ? (json.value as readonly unknown[]) : [];
  const selections = list.flatMap((one, index) => (isFields(one) ? [jsonSelection(json, index, one)] : []));
  return { site, text, json, elements: [], selections };
}

function elementsOf(text: string): Asked["elements"] {
  let at = 0;
  return text.split(",").map((part) => {
    const blank = /^\s*/.exec(part)?.[0].length ?? 0;
    const trimmed = part.trim();
    const start = at + (trimmed === "" ? 0 : blank);
    at += part.length + 1;
    return { start, end: start + trimmed.length, text: trimmed };
  });
}

function shortSelection(text: EmbeddedText, element: Asked["elements"][number]): Selection {
  const [, namespace, name, named] = /^(?:([^/@]*)\/)?([^/@]*)(?:@([^/@]*))?$/.exec(element.text) ?? [];
  return {
    name: textOf(name),
    namespace: textOf(namespace),
    anyNamespace: namespace !== undefined && isOpaque(namespace),
    interface: textOf(named),
    fields: {},
    place: () => placeIn(text, element.start, element.end),
  };
}

function jsonSelection(json: EmbeddedJson, index: number, fields: Fields): Selection {
  const { namespace } = fields;
  return {
    name: textOf(fields.name),
    namespace: textOf(namespace),
    anyNamespace: namespace !== undefined && textOf(namespace) === undefined && namespace !== "" && namespace !== null,
    interface: textOf(fields.interface) ?? textOf(fields.interfaceRequest),
    fields,
    place: (key, on) => placeOf(json, key === undefined ? [index] : [index, key], on),
  };
}
