import { checkAgainst, checkIpamFields } from "../../cni/check-plugin.ts";
import {
  type EmbeddedJson,
  editIn,
  embeddedJson,
  embeddedJsonList,
  isOpaque,
  placeIn as placeInText,
  placeOf,
} from "../embedded/embedded-text.ts";
import { type Finding, found } from "../finding.ts";
import { checkIpamOf } from "../nad/check-ipam.ts";
import { fromField } from "../nad/from-field.ts";
import { nadRules } from "../nad/rules.ts";
import { type Fields, fieldOf, isFields, isPlaceholder, type LintObject, placeIn } from "../read/lint-object.ts";
import { sriovFields } from "./fields.ts";
import { sriovRules } from "./rules.ts";

export function isSriov({ kind, apiVersion }: LintObject): boolean {
  return apiVersion.startsWith("sriovnetwork.openshift.io/") && Object.hasOwn(sriovFields, kind);
}

/** An object of the operator, and the JSON that some of its fields are. */
export function checkSriov(object: LintObject): readonly Finding[] {
  const spec = fieldOf(object, "spec");
  if (!isFields(spec)) return [];
  const isPatch = /patch|overlay|component/i.test(object.doc.part.file.path);
  const problems = checkAgainst("$spec", sriovFields[object.kind] ?? {}, spec, {
    required: !isPatch && !isPlaceholder(object),
    opaque: isOpaque,
  });
  const fields = problems.map((one) => {
    const place = placeIn(object, ["spec", ...one.path], one.on);
    const slug = one.kind === "unknown-key" || one.kind === "key-case" ? "unknown-key" : "refused";
    return found(sriovRules.diagnose(slug, place, { problem: one.problem }, { help: one.help }));
  });
  return [
    ...fields,
    ...names(object, spec),
    ...functions(object, spec),
    ...checkIpamText(object, spec),
    ...checkTexts(object, spec),
  ];
}

function names(object: LintObject, spec: Fields): readonly Finding[] {
  const refuse = (key: string, problem: string, help?: string) =>
    found(sriovRules.diagnose("refused", placeIn(object, ["spec", key]), { problem }, { help }));
  const { minTxRate, maxTxRate, isRdma, deviceType } = spec;
  const findings: Finding[] = [];
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
function functions(object: LintObject, { nicSelector, numVfs }: Fields): readonly Finding[] {
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
    const place = placeIn(object, ["spec", "nicSelector", "pfNames", index]);
    return [found(sriovRules.diagnose("refused", place, { problem }))];
  });
}

function jsonErrors(json: EmbeddedJson): readonly Finding[] {
  return json.errors.map((error) => {
    const fix = error.fix && editIn(json, error.fix.start, error.fix.end, error.fix.text);
    const place = placeInText(json, error.start, error.end);
    return found(nadRules.diagnose("config-not-json", place, { what: error.what }, { help: error.help }), fix);
  });
}

function textAt(spec: Fields, key: string): string | undefined {
  const text = spec[key];
  return typeof text === "string" && text.trim() !== "" && !(isOpaque(text) && !text.includes('"')) ? text : undefined;
}

/** `ipam` is the JSON that the operator puts into the network's configuration. */
export function checkIpamText(object: LintObject, spec: Fields): readonly Finding[] {
  const text = textAt(spec, "ipam");
  if (text === undefined) return [];
  const json = embeddedJson(object.doc, [...object.path, "spec", "ipam"], text);
  const ipam = json.value;
  if (!isFields(ipam)) return jsonErrors(json);
  const fields = checkIpamFields(ipam, { required: true, opaque: isOpaque }).map((one) => fromField(json, [], one));
  const laws = Object.keys(ipam).length > 0 ? checkIpamOf(json, [], ipam, undefined) : [];
  return [...jsonErrors(json), ...fields, ...laws];
}

/** `capabilities` is an object of truths, `metaPlugins` plugins with commas between. */
function checkTexts(object: LintObject, spec: Fields): readonly Finding[] {
  const capabilities = textAt(spec, "capabilities");
  const plugins = textAt(spec, "metaPlugins");
  const at = (key: string) => [...object.path, "spec", key];
  const list = plugins === undefined ? undefined : embeddedJsonList(object.doc, at("metaPlugins"), plugins);
  const untyped = Array.isArray(list?.value)
    ? (list.value as readonly unknown[]).flatMap((one, index) =>
        isFields(one) && one.type === undefined
          ? [found(nadRules.diagnose("without-type", placeOf(list, [index]), { where: "a plugin of the list" }))]
          : [],
      )
    : [];
  return [
    ...(capabilities === undefined ? [] : jsonErrors(embeddedJson(object.doc, at("capabilities"), capabilities))),
    ...(list ? jsonErrors(list) : []),
    ...untyped,
  ];
}
