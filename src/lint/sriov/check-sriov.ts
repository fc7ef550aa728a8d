import { checkFieldsAgainst, checkIpamFields } from "../../cni/check-plugin.ts";
import {
  convertEdit,
  type EmbeddedJson,
  isOpaque,
  locateJson,
  locateInFile as placeInText,
  readEmbeddedJson,
  readEmbeddedJsonList,
} from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { checkIpamObject } from "../nad/check-ipam.ts";
import { toFinding } from "../nad/field-finding.ts";
import { nadRules } from "../nad/rules.ts";
import {
  type Fields,
  isFields,
  isPlaceholder,
  type LintObject,
  locateInObject,
  readField,
} from "../read/lint-object.ts";
import { sriovFields } from "./fields.ts";
import { sriovRules } from "./rules.ts";

export function isSriov({ kind, apiVersion }: LintObject): boolean {
  return apiVersion.startsWith("sriovnetwork.openshift.io/") && Object.hasOwn(sriovFields, kind);
}

/** An object of the operator, and the JSON that some of its fields are. */
export function checkSriov(object: LintObject): readonly LintFinding[] {
  const spec = readField(object, "spec");
  if (!isFields(spec)) return [];
  const isPatch = /patch|overlay|component/i.test(object.doc.part.file.path);
  const problems = checkFieldsAgainst("$spec", sriovFields[object.kind] ?? {}, spec, {
    required: !isPatch && !isPlaceholder(object),
    opaque: isOpaque,
  });
  const fields = problems.map((one) => {
    const place = locateInObject(object, ["spec", ...one.path], one.on);
    const slug = one.kind === "unknown-key" || one.kind === "key-case" ? "unknown-key" : "refused";
    return createFinding(sriovRules.diagnose(slug, place, { problem: one.problem }, { help: one.help }));
  });
  return [
    ...fields,
    ...names(object, spec),
    ...functions(object, spec),
    ...checkIpamText(object, spec),
    ...checkTexts(object, spec),
  ];
}

function names(object: LintObject, spec: Fields): readonly LintFinding[] {
  const refuse = (key: string, problem: string, help?: string) =>
    createFinding(sriovRules.diagnose("refused", locateInObject(object, ["spec", key]), { problem }, { help }));
  const { minTxRate, maxTxRate, isRdma, deviceType } = spec;
  const findings: LintFinding[] = [];
  if (typeof minTxRate === "number" && typeof maxTxRate === "number" && maxTxRate > 0 && minTxRate > maxTxRate)
    findings.push(refuse("minTxRate", `\`minTxRate\` ${minTxRate} is above \`maxTxRate\` ${maxTxRate}`));
  for (const key of ["vlanQoS", "vlanProto"])
    if (object.kind === "SriovNetwork" && spec[key] !== undefined && spec[key] !== 0 && !spec.vlan)
      findings.push(refuse(key, `\`${key}\` needs \`vlan\``, "add `vlan`"));
  if (isRdma === true && deviceType === "vfio-pci")
    findings.push(
      refuse(
        "isRdma",
        "RDMA needs the kernel's driver, and `vfio-pci` takes the device from it",
        "write `deviceType: netdevice`",
      ),
    );
  return findings;
}

/** `ens1f0#0-3`: virtual functions of a port, of which there are `numVfs`. */
function functions(object: LintObject, { nicSelector, numVfs }: Fields): readonly LintFinding[] {
  const names = isFields(nicSelector) ? nicSelector.pfNames : undefined;
  if (typeof numVfs !== "number") return [];
  return (Array.isArray(names) ? (names as readonly unknown[]) : []).flatMap((one, index) => {
    const [, first, last] = /#(\d+)-(\d+)$/.exec(String(one)) ?? [];
    if (first === undefined || last === undefined) return [];
    const problem =
      Number(last) < Number(first)
        ? `the range of \`${String(one)}\` ends before it starts`
        : Number(last) >= numVfs
          ? `\`${String(one)}\` names function ${last}, and \`numVfs: ${numVfs}\` makes 0 to ${numVfs - 1}`
          : undefined;
    if (problem === undefined) return [];
    const place = locateInObject(object, ["spec", "nicSelector", "pfNames", index]);
    return [createFinding(sriovRules.diagnose("refused", place, { problem }))];
  });
}

function jsonErrors(json: EmbeddedJson): readonly LintFinding[] {
  return json.errors.map((error) => {
    const fix = error.fix && convertEdit(json, error.fix.start, error.fix.end, error.fix.text);
    const place = placeInText(json, error.start, error.end);
    return createFinding(nadRules.diagnose("config-not-json", place, { what: error.what }, { help: error.help }), fix);
  });
}

function textAt(spec: Fields, key: string): string | undefined {
  const text = spec[key];
  return typeof text === "string" && text.trim() !== "" && !(isOpaque(text) && !text.includes('"')) ? text : undefined;
}

/** `ipam` is the JSON that the operator puts into the network's configuration. */
export function checkIpamText(object: LintObject, spec: Fields): readonly LintFinding[] {
  const text = textAt(spec, "ipam");
  if (text === undefined) return [];
  const json = readEmbeddedJson(object.doc, [...object.path, "spec", "ipam"], text);
  const ipam = json.value;
  if (!isFields(ipam)) return jsonErrors(json);
  const fields = checkIpamFields(ipam, { required: true, opaque: isOpaque }).map((one) => toFinding(json, [], one));
  const laws = Object.keys(ipam).length > 0 ? checkIpamObject(json, [], ipam, undefined) : [];
  return [...jsonErrors(json), ...fields, ...laws];
}

/** `capabilities` is an object of truths, `metaPlugins` plugins with commas between. */
function checkTexts(object: LintObject, spec: Fields): readonly LintFinding[] {
  const capabilities = textAt(spec, "capabilities");
  const plugins = textAt(spec, "metaPlugins");
  const at = (key: string) => [...object.path, "spec", key];
  const list = plugins === undefined ? undefined : readEmbeddedJsonList(object.doc, at("metaPlugins"), plugins);
  const untyped = Array.isArray(list?.value)
    ? (list.value as readonly unknown[]).flatMap((one, index) =>
        isFields(one) && one.type === undefined
          ? [
              createFinding(
                nadRules.diagnose("without-type", locateJson(list, [index]), { where: "a plugin of the list" }),
              ),
            ]
          : [],
      )
    : [];
  return [
    ...(capabilities === undefined ? [] : jsonErrors(readEmbeddedJson(object.doc, at("capabilities"), capabilities))),
    ...(list ? jsonErrors(list) : []),
    ...untyped,
  ];
}
