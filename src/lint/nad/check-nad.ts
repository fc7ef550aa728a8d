import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { repeatedKeys } from "../embedded/duplicate-keys.ts";
import { type EmbeddedJson, editIn, isOpaque, placeIn as placeInText } from "../embedded/embedded-text.ts";
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
  return [...errors, ...duplicates(config), ...checkConfig(nad)];
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
        key === "config" ? "it belongs in `spec`" : known.includes("config") ? "`spec` has `config` only" : undefined;
      const make = (place: ReturnType<typeof placeIn>) =>
        nadRules.diagnose("unknown-field", place, { key, where }, { help });
      return Object.assign(make, { key });
    });
}

function duplicates(config: EmbeddedJson): readonly Finding[] {
  return repeatedKeys(config).map(({ key, place, first }) =>
    found(nadRules.diagnose("duplicate-key", place, { key }, { related: [{ place: first, label: "the first time" }] })),
  );
}
