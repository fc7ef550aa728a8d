import type { Path } from "../../source/place.ts";
import { findValue } from "../../yaml/span.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { operatorRules } from "../operators/rules.ts";
import { isFields, type LintObject, locateInObject, readField, readText } from "../read/lint-object.ts";
import type { Repository } from "./repository.ts";

/** Cilium renames every other configuration of CNI, unless `cni.exclusive` is false: Multus' own as well. */
export function checkExclusive(repository: Repository): readonly LintFinding[] {
  if (repository.nads.length === 0 && repository.asked.length === 0) return [];
  const said = repository.objects.flatMap((object) => {
    const path = exclusivePath(object);
    return path
      ? [createFinding(operatorRules.diagnose("cni-exclusive", locateInObject(object, path), { isSaid: true }))]
      : [];
  });
  return [...said, ...repository.objects.flatMap(ofArgo), ...byDefault(repository)];
}

/** Values of an Application stand in a text, or as parameters. */
function ofArgo(object: LintObject): readonly LintFinding[] {
  if (object.kind !== "Application" || !isOfChart(object, "cilium")) return [];
  const helm: Path = ["spec", "source", "helm"];
  const list = readField(object, ...helm, "parameters");
  const index = (Array.isArray(list) ? (list as readonly unknown[]) : []).findIndex(
    (one) => isFields(one) && one.name === "cni.exclusive" && (one.value === "true" || one.value === true),
  );
  const values = readField(object, ...helm, "values");
  const inText =
    typeof values === "string" && /^cni:[ \t]*\n(?:[ \t]+.*\n|[ \t]*\n)*?[ \t]+exclusive:[ \t]*true\b/m.test(values);
  const path = index >= 0 ? [...helm, "parameters", index, "value"] : inText ? [...helm, "values"] : undefined;
  return path
    ? [createFinding(operatorRules.diagnose("cni-exclusive", locateInObject(object, path), { isSaid: true }))]
    : [];
}

function exclusivePath(object: LintObject): Path | undefined {
  const { kind, name = "", doc } = object;
  const paths: readonly Path[] =
    kind === "ConfigMap" && name === "cilium-config"
      ? [["data", "cni-exclusive"]]
      : kind === "" && /cilium/i.test(doc.part.file.path)
        ? [
            ["cni", "exclusive"],
            ["cilium", "cni", "exclusive"],
          ]
        : isOfChart(object, "cilium")
          ? [
              ["spec", "values", "cni", "exclusive"],
              ["spec", "source", "helm", "valuesObject", "cni", "exclusive"],
            ]
          : kind === "CiliumConfig"
            ? [["spec", "cni", "exclusive"]]
            : [];
  return paths.find((path) => {
    const value = readField(object, ...path);
    return value === true || value === "true";
  });
}

function isOfChart(object: LintObject, wanted: string): boolean {
  const chart =
    readText(readField(object, "spec", "chart", "spec", "chart")) ??
    readText(readField(object, "spec", "source", "chart")) ??
    readText(readField(object, "spec", "chartRef", "name")) ??
    readText(readField(object, "spec", "chart"));
  return (chart ?? object.name ?? "").split("/").at(-1) === wanted || object.name === wanted;
}

/** A release of Cilium whose values are all here and leave the key out, beside an installation of Multus. */
function byDefault({ objects }: Repository): readonly LintFinding[] {
  const installed = objects.filter(isMultus);
  if (installed.length === 0) return [];
  return objects.flatMap((object) => {
    const values = readField(object, "spec", "values");
    if (object.kind !== "HelmRelease" || !isOfChart(object, "cilium") || !isFields(values)) return [];
    if (object.doc.part.templated || hasOtherValues(object)) return [];
    const cni = findValue(values, ["cni"]);
    if (cni !== undefined && !isFields(cni)) return [];
    // Without `install` Cilium writes no configuration, so that it has none to keep alone.
    if (cni && (cni.exclusive !== undefined || cni.install === false || cni.customConf === true)) return [];
    const multus = installed.find((one) => rootOf(one) === rootOf(object));
    if (!multus) return [];
    const related = [{ place: locateInObject(multus, ["metadata", "name"]), label: "Multus is installed" }];
    const place = locateInObject(object, cni ? ["spec", "values", "cni"] : ["spec", "values"], "key");
    const help = "write `exclusive: false` in `cni` of the values";
    return [createFinding(operatorRules.diagnose("cni-exclusive", place, { isSaid: false }, { related, help }))];
  });
}

/** Values that come from a ConfigMap or a Secret may have the key. */
function hasOtherValues(object: LintObject): boolean {
  const from = readField(object, "spec", "valuesFrom");
  return Array.isArray(from) && from.length > 0;
}

function isMultus(object: LintObject): boolean {
  const { kind, name = "" } = object;
  if (kind === "DaemonSet") return /(^|-)multus(-|$)/.test(name);
  return (kind === "HelmRelease" || kind === "Application") && (isOfChart(object, "multus") || name === "multus");
}

/** The folder that holds everything of one cluster, where folders of repositories are named as usual. */
function rootOf({ doc }: LintObject): string {
  const { path } = doc.part.file;
  const [, cluster] = /^(.*?(?:^|\/)(?:clusters?|envs?|environments?|overlays|sites?)\/[^/]+)\//.exec(path) ?? [];
  const apps = path.search(/(^|\/)apps\//);
  return cluster ?? (apps < 0 ? "" : path.slice(0, apps));
}
