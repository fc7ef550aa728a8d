import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { editIn, isOpaque, placeIn as placeInText } from "../embedded/embedded-text.ts";
import type { JsonNode } from "../embedded/json-node.ts";
import { type Finding, found } from "../finding.ts";
import { type Fields, fieldOf, isFields, isPlaceholder, placeIn } from "../read/lint-object.ts";
import { checkConfig } from "./check-config.ts";
import type { Nad } from "./read-nad.ts";
import { nadRules } from "./rules.ts";

const VERSION = "k8s.cni.cncf.io/v1";

/** A network on its own: the object, the JSON in it, the plugins of that. */
export function checkNad(nad: Nad): readonly Finding[] {
  const { object, config } = nad;
  if (object.apiVersion !== VERSION && !isOpaque(object.value.apiVersion)) {
    const place = object.apiVersion === "" ? placeIn(object, ["kind"], "key") : placeIn(object, ["apiVersion"]);
    return [found(nadRules.diagnose("wrong-api-version", place, { kind: object.kind, version: object.apiVersion }))];
  }
  const fields = unknownFields(nad);
  return config ? [...fields, ...checkText(nad)] : [...fields, ...withoutConfig(nad)];
}

/** The configuration's text: JSON, and then what it says. */
export function checkText(nad: Nad): readonly Finding[] {
  const { config } = nad;
  if (!config) return [];
  const errors = config.errors.map((error) => {
    const place = placeInText(config, error.start, error.end);
    const fix = error.fix && editIn(config, error.fix.start, error.fix.end, error.fix.text);
    return found(nadRules.diagnose("config-not-json", place, { what: error.what }, { help: error.help }), fix);
  });
  if (!config.root) return errors;
  return [...errors, ...duplicates(nad, config.root), ...checkConfig(nad)];
}

function withoutConfig({ object }: Nad): readonly Finding[] {
  const spec = fieldOf(object, "spec");
  const config = fieldOf(object, "spec", "config");
  if (isFields(config) || Array.isArray(config))
    return [found(nadRules.diagnose("config-not-text", placeIn(object, ["spec", "config"], "key"), {}))];
  const isPatch = /patch|overlay|component/i.test(object.doc.part.file.path) || "$patch" in object.value;
  if (isPatch || isPlaceholder(object) || isOpaque(config) || (spec !== undefined && spec !== null && !isFields(spec)))
    return [];
  return [found(nadRules.diagnose("empty-config", placeIn(object, ["spec"], "key"), {}))];
}

/** Beside JSON, the object itself has one field of its own. */
function unknownFields({ object }: Nad): readonly Finding[] {
  const spec = fieldOf(object, "spec");
  const top = unknown(object.value, ["apiVersion", "kind", "metadata", "spec"], "a NetworkAttachmentDefinition");
  const inner = isFields(spec) ? unknown(spec, ["config"], "`spec`") : [];
  return [
    ...top.map((one) => found(one(placeIn(object, [one.key], "key")))),
    ...inner.map((one) => found(one(placeIn(object, ["spec", one.key], "key")))),
  ];
}

type Unknown = ((place: ReturnType<typeof placeIn>) => Diagnostic) & { readonly key: string };

function unknown(fields: Fields, known: readonly string[], where: string): readonly Unknown[] {
  return Object.keys(fields)
    .filter((key) => !known.includes(key) && !key.startsWith("$") && key !== "status")
    .map((key) => {
      const help =
        key === "config" ? "it stands in `spec`" : known.includes("config") ? "`spec` has `config` only" : undefined;
      const make = (place: ReturnType<typeof placeIn>) =>
        nadRules.diagnose("unknown-field", place, { key, where }, { help });
      return Object.assign(make, { key });
    });
}

function duplicates({ config }: Nad, root: JsonNode): readonly Finding[] {
  if (!config) return [];
  const all: Finding[] = [];
  const visit = (node: JsonNode): void => {
    if (node.kind === "array") for (const item of node.items) visit(item);
    if (node.kind !== "object") return;
    const seen = new Map<string, { readonly start: number; readonly end: number }>();
    for (const { key, keyStart, keyEnd, value } of node.entries) {
      const first = seen.get(key);
      if (first) {
        const related = [{ place: placeInText(config, first.start, first.end), label: "the first time" }];
        all.push(
          found(nadRules.diagnose("duplicate-key", placeInText(config, keyStart, keyEnd), { key }, { related })),
        );
      } else seen.set(key, { start: keyStart, end: keyEnd });
      visit(value);
    }
  };
  visit(root);
  return all;
}
