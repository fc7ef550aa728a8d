import { checkFieldsAgainst, type FieldProblem } from "../../cni/check-plugin.ts";
import { selectionFields } from "../../cni/plugin-table.ts";
import { isGoAddress, isInterfaceName } from "../../cni/value-formats.ts";
import { findRepeatedKeys } from "../embedded/duplicate-keys.ts";
import { convertEdit, type EmbeddedJson, isOpaque, locateInFile, locateJson } from "../embedded/embedded-text.ts";
import { findJsonNode, OPAQUE } from "../embedded/json-node.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { buildFix } from "../nad/field-finding.ts";
import { type Fields, isFields } from "../read/lint-object.ts";
import { DEFAULT_NETWORK } from "./annotation-sites.ts";
import type { NetworkList, NetworkReference } from "./network-list.ts";
import { annotationRules } from "./rules.ts";

/** What Multus takes as a name or namespace in the short form. */
const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** A list of networks on its own: its form, its elements, its elements with one another. */
export function checkNetworkList(asked: NetworkList): readonly LintFinding[] {
  const { json, annotation } = asked;
  const form = json ? checkJson(asked, json) : checkShort(asked);
  const several = annotation.key === DEFAULT_NETWORK && asked.selections[1];
  return [
    ...form,
    ...(several ? [createFinding(annotationRules.diagnose("several-default-networks", several.place(), {}))] : []),
    ...checkInterfaces(asked),
    ...checkDefaultRoutes(asked.selections),
  ];
}

function checkShort({ elements, text }: NetworkList): readonly LintFinding[] {
  if (text.text.trim() === "") return [];
  return elements.flatMap((element, index) => {
    if (isOpaque(element.text)) return [];
    if (element.text === "") {
      // The comma that has nothing behind it, or at the start nothing before it.
      const comma = index === 0 ? text.text.indexOf(",") : element.start - 1;
      const fix = convertEdit(text, comma, comma + 1, "");
      return [createFinding(annotationRules.diagnose("empty-element", locateInFile(text, comma, comma + 1), {}), fix)];
    }
    const problem = shortProblem(element.text);
    if (problem === undefined) return [];
    const help =
      /^[a-z0-9./@-]+$/.test(element.text) && element.text.includes(".")
        ? "a name with dots needs the JSON form"
        : undefined;
    return [
      createFinding(
        annotationRules.diagnose(
          "bad-short-form",
          locateInFile(text, element.start, element.end),
          { problem },
          { help },
        ),
      ),
    ];
  });
}

function shortProblem(element: string): string | undefined {
  const slashes = element.split("/").length - 1;
  const signs = element.split("@").length - 1;
  if (slashes > 1) return `\`${element}\` has more than one \`/\`: it is \`namespace/name@interface\``;
  if (signs > 1) return `\`${element}\` has more than one \`@\`: it is \`namespace/name@interface\``;
  const [, namespace, name = "", named] = /^(?:([^/@]*)\/)?([^/@]*)(?:@(.*))?$/.exec(element) ?? [];
  const wrong = [namespace, name].find((one) => one !== undefined && !NAME.test(one));
  if (wrong !== undefined) return `\`${wrong}\` of \`${element}\` is not a valid name for Multus`;
  if (named !== undefined && !isInterfaceName(named)) return `\`${named}\` is not a valid interface name`;
  return undefined;
}

function checkJson(asked: NetworkList, json: EmbeddedJson): readonly LintFinding[] {
  const errors = json.errors.map((error) => {
    const place = locateInFile(json, error.start, error.end);
    const fix = error.fix && convertEdit(json, error.fix.start, error.fix.end, error.fix.text);
    return createFinding(annotationRules.diagnose("not-json", place, { what: error.what }, { help: error.help }), fix);
  });
  if (!json.root || json.value === OPAQUE) return errors;
  const list = json.value;
  if (!Array.isArray(list))
    return [...errors, createFinding(annotationRules.diagnose("not-a-list", locateJson(json, []), {}))];
  const elements = (list as readonly unknown[]).flatMap((one, index) => {
    if (one === OPAQUE) return [];
    if (isFields(one)) return checkElement(json, index, one);
    const help = typeof one === "string" ? `write \`{"name": "${one}"}\`` : "an element is an object";
    return [createFinding(annotationRules.diagnose("not-a-list", locateJson(json, [index]), {}, { help }))];
  });
  const twice = findRepeatedKeys(json).map(({ key, place, first }) =>
    createFinding(
      annotationRules.diagnose(
        "duplicate-key",
        place,
        { key },
        { related: [{ place: first, label: "the first time" }] },
      ),
    ),
  );
  return [...errors, ...elements, ...twice, ...asked.selections.flatMap(checkClaim)];
}

function checkElement(json: EmbeddedJson, index: number, fields: Fields): readonly LintFinding[] {
  const problems = checkFieldsAgainst("$annotation", selectionFields, fields, { opaque: isOpaque });
  return [...checkName(json, index, fields), ...problems.map((one) => fromProblem(json, index, one))];
}

const slugs = {
  "unknown-key": "unknown-key",
  "key-case": "key-case",
  "deprecated-key": "deprecated-key",
  "wrong-type": "wrong-type",
  "out-of-range": "out-of-range",
  "unknown-value": "unknown-value",
  "bad-format": "bad-format",
  "multicast-mac": "multicast-mac",
  "internal-key": "unknown-key",
  "runtime-key": "unknown-key",
  "no-effect": "unknown-key",
  "ignored-value": "unknown-value",
  "missing-key": "without-name",
} as const;

function fromProblem(json: EmbeddedJson, index: number, one: FieldProblem): LintFinding {
  const path = [index, ...one.path];
  const place = locateJson(json, path, one.on);
  const slug = one.kind === "bad-format" && one.path[0] === "interface" ? "bad-interface" : slugs[one.kind];
  const diagnostic = annotationRules.diagnose(slug, place, { problem: one.problem }, { help: one.help });
  return createFinding(diagnostic, buildFix(json, path, one));
}

function checkName(json: EmbeddedJson, index: number, fields: Fields): readonly LintFinding[] {
  const { namespace } = fields;
  const name = fields.name ?? fields[Object.keys(fields).find((key) => key.toLowerCase() === "name") ?? "name"];
  if (name === undefined || name === "" || name === null)
    return [createFinding(annotationRules.diagnose("without-name", locateJson(json, [index]), {}))];
  if (typeof name !== "string" || isOpaque(name) || !name.includes("/")) return [];
  const [before, after] = name.split("/");
  const help = `write \`"name": "${after}", "namespace": "${before}"\``;
  const node = json.root && findJsonNode(json.root, [index, "name"]);
  const whole = namespace === undefined && name.split("/").length === 2 && node && json.errors.length === 0;
  const fix = whole ? convertEdit(json, node.start, node.end, `"${after}", "namespace": "${before}"`) : undefined;
  return [
    createFinding(
      annotationRules.diagnose("namespace-in-name", locateJson(json, [index, "name"]), { name }, { help }),
      fix,
    ),
  ];
}

function checkClaim({ fields, place }: NetworkReference): readonly LintFinding[] {
  const ips = Array.isArray(fields.ips) && fields.ips.length > 0;
  if (!ips || fields["ipam-claim-reference"] === undefined) return [];
  return [createFinding(annotationRules.diagnose("claim-and-ips", place("ipam-claim-reference", "key"), {}))];
}

/** Names that are given, and `netN` that Multus gives where none is: N counts every network of the list. */
function checkInterfaces({ selections, annotation }: NetworkList): readonly LintFinding[] {
  if (annotation.key === DEFAULT_NETWORK) return [];
  const taken = new Map<string, NetworkReference>();
  return selections.flatMap((selection, index) => {
    const written = selection.interface;
    if (written === undefined && selection.fields.interface !== undefined) return [];
    const name = written ?? `net${index + 1}`;
    if (name === "eth0" || name === "lo") {
      const problem = `every pod has an interface \`${name}\` already`;
      return [createFinding(annotationRules.diagnose("bad-interface", selection.place("interface"), { problem }))];
    }
    const first = taken.get(name);
    taken.set(name, first ?? selection);
    if (!first) return [];
    const related = [
      {
        place: first.place("interface"),
        label: first.interface === undefined ? `is \`${name}\` by its position` : "has it first",
      },
    ];
    return [
      createFinding(annotationRules.diagnose("interface-twice", selection.place("interface"), { name }, { related })),
    ];
  });
}

function checkDefaultRoutes(selections: readonly NetworkReference[]): readonly LintFinding[] {
  const first = new Map<number, NetworkReference>();
  return selections.flatMap((selection) => {
    const routes = selection.fields["default-route"];
    return (Array.isArray(routes) ? (routes as readonly unknown[]) : []).flatMap((route) => {
      if (typeof route !== "string" || isOpaque(route) || !isGoAddress(route)) return [];
      const family = route.includes(":") ? 6 : 4;
      const earlier = first.get(family);
      first.set(family, earlier ?? selection);
      if (!earlier) return [];
      const related = [{ place: earlier.place("default-route"), label: "the first one" }];
      return [
        createFinding(
          annotationRules.diagnose("several-default-routes", selection.place("default-route"), { family }, { related }),
        ),
      ];
    });
  });
}
