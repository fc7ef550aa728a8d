import type { Path } from "../../source/place.ts";
import { valueAt } from "../../yaml/span.ts";
import { type Finding, found } from "../finding.ts";
import { operatorRules } from "../operators/rules.ts";
import { fieldOf, isFields, type LintObject, placeIn, textOf } from "../read/lint-object.ts";
import type { Repository } from "./repository.ts";

/** Cilium renames every other configuration of CNI, unless `cni.exclusive` is false: Multus' own as well. */
export function checkExclusive(repository: Repository): readonly Finding[] {
  if (repository.nads.length === 0 && repository.asked.length === 0) return [];
  const said = repository.objects.flatMap((object) => {
    const path = exclusivePath(object);
    return path ? [found(operatorRules.diagnose("cni-exclusive", placeIn(object, path), { isSaid: true }))] : [];
  });
  return [...said, ...repository.objects.flatMap(ofArgo), ...byDefault(repository)];
}

/** Values of an Application stand in a text, or as parameters. */
function ofArgo(object: LintObject): readonly Finding[] {
  if (object.kind !== "Application" || !isOfChart(object, "cilium")) return [];
  const helm: Path = ["spec", "source", "helm"];
  const list = fieldOf(object, ...helm, "parameters");
  const index = (Array.isArray(list) ? (list as readonly unknown[]) : []).findIndex(
    (one) => isFields(one) && one.name === "cni.exclusive" && (one.value === "true" || one.value === true),
  );
  const values = fieldOf(object, ...helm, "values");
  const inText =
    typeof values === "string" && /^cni:[ \t]*\n(?:[ \t]+.*\n|[ \t]*\n)*?[ \t]+exclusive:[ \t]*true\b/m.test(values);
  const path = index >= 0 ? [...helm, "parameters", index, "value"] : inText ? [...helm, "values"] : undefined;
  return path ? [found(operatorRules.diagnose("cni-exclusive", placeIn(object, path), { isSaid: true }))] : [];
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
    const value = fieldOf(object, ...path);
    return value === true || value === "true";
  });
}

function isOfChart(object: LintObject, wanted: string): boolean {
  const chart =
    textOf(fieldOf(object, "spec", "chart", "spec", "chart")) ??
    textOf(fieldOf(object, "spec", "source", "chart")) ??
    textOf(fieldOf(object, "spec", "chartRef", "name")) ??
    textOf(fieldOf(object, "spec", "chart"));
  return (chart ?? object.name ?? "").split("/").at(-1) === wanted || object.name === wanted;
}

/** A release of Cilium whose values are all here and leave the key out, beside an installation of Multus. */
function byDefault({ objects }: Repository): readonly Finding[] {
  const installed = objects.filter(isMultus);
  if (installed.length === 0) return [];
  return objects.flatMap((object) => {
    const values = fieldOf(object, "spec", "values");
    if (object.kind !== "HelmRelease" || !isOfChart(object, "cilium") || !isFields(values)) return [];
    if (object.doc.part.templated || hasOtherValues(object)) return [];
    const cni = valueAt(values, ["cni"]);
    if (cni !== undefined && !isFields(cni)) return [];
    // Without `install` Cilium writes no configuration, so that it has none to keep alone.
    if (cni && (cni.exclusive !== undefined || cni.install === false || cni.customConf === true)) return [];
    const multus = installed.find((one) => rootOf(one) === rootOf(object));
    if (!multus) return [];
    const related = [{ place: placeIn(multus, ["metadata", "name"]), label: "Multus is installed" }];
    const place = placeIn(object, cni ? ["spec", "values", "cni"] : ["spec", "values"], "key");
    const help = "write `exclusive: false` in `cni` of the values";
    return [found(operatorRules.diagnose("cni-exclusive", place, { isSaid: false }, { related, help }))];
  });
}

/** Values that come from a ConfigMap or a Secret may have the key. */
function hasOtherValues(object: LintObject): boolean {
  const from = fieldOf(object, "spec", "valuesFrom");
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
