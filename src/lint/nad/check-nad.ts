import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { findRepeatedKeys } from "../embedded/duplicate-keys.ts";
import { convertEdit, type EmbeddedJson, isOpaque, locateInFile as placeInText } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { type Fields, isFields, isPlaceholder, locateInObject, readField } from "../read/lint-object.ts";
import { checkConfig } from "./check-config.ts";
import type { Nad } from "./read-nad.ts";
import { nadRules } from "./rules.ts";

const VERSION = "k8s.cni.cncf.io/v1";

/** A network on its own: the object, the JSON in it, the plugins of that. */
export function checkNad(nad: Nad): readonly LintFinding[] {
  const { object, config } = nad;
  if (object.apiVersion !== VERSION && !isOpaque(object.value.apiVersion)) {
    const place =
      object.apiVersion === "" ? locateInObject(object, ["kind"], "key") : locateInObject(object, ["apiVersion"]);
    return [
      createFinding(nadRules.diagnose("wrong-api-version", place, { kind: object.kind, version: object.apiVersion })),
    ];
  }
  const fields = unknownFields(nad);
  return config ? [...fields, ...checkText(nad)] : [...fields, ...withoutConfig(nad)];
}

/** The configuration's text: JSON, and then what it says. */
export function checkText(nad: Nad): readonly LintFinding[] {
  const { config } = nad;
  if (!config) return [];
  const errors = config.errors.map((error) => {
    const place = placeInText(config, error.start, error.end);
    const fix = error.fix && convertEdit(config, error.fix.start, error.fix.end, error.fix.text);
    return createFinding(nadRules.diagnose("config-not-json", place, { what: error.what }, { help: error.help }), fix);
  });
  if (!config.root) return errors;
  return [...errors, ...duplicates(config), ...checkConfig(nad)];
}

function withoutConfig({ object }: Nad): readonly LintFinding[] {
  const spec = readField(object, "spec");
  const config = readField(object, "spec", "config");
  if (isFields(config) || Array.isArray(config))
    return [createFinding(nadRules.diagnose("config-not-text", locateInObject(object, ["spec", "config"], "key"), {}))];
  const isPatch = /patch|overlay|component/i.test(object.doc.part.file.path) || "$patch" in object.value;
  if (isPatch || isPlaceholder(object) || isOpaque(config) || (spec !== undefined && spec !== null && !isFields(spec)))
    return [];
  return [createFinding(nadRules.diagnose("empty-config", locateInObject(object, ["spec"], "key"), {}))];
}

/** Beside JSON, the object itself has one field of its own. */
function unknownFields({ object }: Nad): readonly LintFinding[] {
  const spec = readField(object, "spec");
  const top = findUnknownKeys(
    object.value,
    ["apiVersion", "kind", "metadata", "spec"],
    "a NetworkAttachmentDefinition",
  );
  const inner = isFields(spec) ? findUnknownKeys(spec, ["config"], "`spec`") : [];
  return [
    ...top.map((one) => createFinding(one(locateInObject(object, [one.key], "key")))),
    ...inner.map((one) => createFinding(one(locateInObject(object, ["spec", one.key], "key")))),
  ];
}

type Unknown = ((place: ReturnType<typeof locateInObject>) => Diagnostic) & { readonly key: string };

function findUnknownKeys(fields: Fields, known: readonly string[], where: string): readonly Unknown[] {
  return Object.keys(fields)
    .filter((key) => !known.includes(key) && !key.startsWith("$") && key !== "status")
    .map((key) => {
      const help =
        key === "config" ? "it belongs in `spec`" : known.includes("config") ? "`spec` has `config` only" : undefined;
      const make = (place: ReturnType<typeof locateInObject>) =>
        nadRules.diagnose("unknown-field", place, { key, where }, { help });
      return Object.assign(make, { key });
    });
}

function duplicates(config: EmbeddedJson): readonly LintFinding[] {
  return findRepeatedKeys(config).map(({ key, place, first }) =>
    createFinding(
      nadRules.diagnose("duplicate-key", place, { key }, { related: [{ place: first, label: "the first time" }] }),
    ),
  );
}
