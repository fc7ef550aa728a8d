import { formatValue } from "../../source/format-value.ts";
import { readPodCount } from "../../workloads/pods-of.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { formatObjectName, locateInObject } from "../read/lint-object.ts";
import { type AnnotationSites, hasPodAnnotation, NETWORKS, readPodField } from "./annotation-sites.ts";
import type { NetworkList } from "./network-list.ts";
import { annotationRules } from "./rules.ts";

/** Annotations that stand where nobody looks. */
export function checkAnnotationPlaces(all: AnnotationSites): readonly LintFinding[] {
  const misplaced = all.misplaced.map(({ object, path, key, meant }) => {
    const place = locateInObject(object, path, "key");
    if (meant !== undefined) return createFinding(annotationRules.diagnose("misspelt-key", place, { key, meant }));
    const help = "it is an annotation, not a label";
    return createFinding(
      annotationRules.diagnose("wrong-place", place, { object: `the labels of ${formatObjectName(object)}` }, { help }),
    );
  });
  const notText = all.notText.map(({ object, path, key, value }) => {
    const what = Array.isArray(value)
      ? "a list"
      : typeof value === "object"
        ? "an object"
        : `\`${formatValue(value)}\``;
    return createFinding(annotationRules.diagnose("not-text", locateInObject(object, path, "key"), { key, what }));
  });
  if (hasPodAnnotation(all)) return [...misplaced, ...notText];
  const wrong = all.sites
    .filter((site) => site.pod === undefined && site.key === NETWORKS)
    .map(({ object, path }) => {
      const help =
        object.kind === "Namespace"
          ? "annotate the pods: a namespace has no networks"
          : object.kind.startsWith("VirtualMachine")
            ? "name it in `networks` of the machine: `- {name: …, multus: {networkName: …}}`"
            : `move it to \`${object.kind === "CronJob" ? "spec.jobTemplate.spec.template" : "spec.template"}.metadata.annotations\``;
      const parameters = { object: formatObjectName(object) };
      return createFinding(
        annotationRules.diagnose("wrong-place", locateInObject(object, path, "key"), parameters, { help }),
      );
    });
  return [...misplaced, ...notText, ...wrong];
}

/** A list of networks, and the pods that ask for them. */
export function checkPodAnnotations(asked: NetworkList): readonly LintFinding[] {
  const { annotation, selections } = asked;
  if (annotation.pod === undefined) return [];
  const { object } = annotation;
  if (readPodField(annotation, "spec", "hostNetwork") === true) {
    const parameters = { object: formatObjectName(object) };
    return [
      createFinding(
        annotationRules.diagnose("host-network", locateInObject(object, annotation.path, "key"), parameters),
      ),
    ];
  }
  const many = describeCopies(annotation.object.kind, object.value);
  if (many === undefined) return [];
  return selections.flatMap(({ fields, place }) => {
    const { ips, mac } = fields;
    const key =
      Array.isArray(ips) && ips.length > 0 ? "ips" : typeof mac === "string" && mac !== "" ? "mac" : undefined;
    if (key === undefined || isOpaque(fields[key])) return [];
    const help = key === "ips" ? "give the network a pool, or run one pod" : "leave `mac` out, or run one pod";
    const parameters = { object: formatObjectName(object), count: many };
    return [createFinding(annotationRules.diagnose("fixed-address-shared", place(key), parameters, { help }))];
  });
}

/** How many pods of an object run side by side, in words, where it is certain that there are several. */
function describeCopies(kind: string, object: unknown): string | undefined {
  if (kind === "DaemonSet") return "a pod on every node";
  const { replicas } = readPodCount(kind, object);
  return replicas !== undefined && replicas > 1 ? `${replicas} pods` : undefined;
}
