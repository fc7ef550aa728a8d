import { spelt } from "../../source/spelt.ts";
import { podsOf } from "../../workloads/pods-of.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import { type Finding, found } from "../finding.ts";
import { placeIn, shownObject } from "../read/lint-object.ts";
import { annotationRules } from "./rules.ts";
import type { Asked } from "./selections.ts";
import { hasOnPods, NETWORKS, podField, type Sites } from "./sites.ts";

/** Annotations that stand where nobody looks. */
export function checkPlaces(all: Sites): readonly Finding[] {
  const misplaced = all.misplaced.map(({ object, path, key, meant }) => {
    const place = placeIn(object, path, "key");
    if (meant !== undefined) return found(annotationRules.diagnose("misspelt-key", place, { key, meant }));
    const help = "it is an annotation, not a label";
    return found(
      annotationRules.diagnose("wrong-place", place, { object: `the labels of ${shownObject(object)}` }, { help }),
    );
  });
  const notText = all.notText.map(({ object, path, key, value }) => {
    const what = Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `\`${spelt(value)}\``;
    return found(annotationRules.diagnose("not-text", placeIn(object, path, "key"), { key, what }));
  });
  if (hasOnPods(all)) return [...misplaced, ...notText];
  const wrong = all.sites
    .filter((site) => site.pod === undefined && site.key === NETWORKS)
    .map(({ object, path }) => {
      const help =
        object.kind === "Namespace"
          ? "annotate the pods: a namespace has no networks"
          : object.kind.startsWith("VirtualMachine")
            ? "name it in `networks` of the machine: `- {name: …, multus: {networkName: …}}`"
            : `move it to \`${object.kind === "CronJob" ? "spec.jobTemplate.spec.template" : "spec.template"}.metadata.annotations\``;
      const parameters = { object: shownObject(object) };
      return found(annotationRules.diagnose("wrong-place", placeIn(object, path, "key"), parameters, { help }));
    });
  return [...misplaced, ...notText, ...wrong];
}

/** A list of networks, and the pods that ask for them. */
export function checkPods(asked: Asked): readonly Finding[] {
  const { site, selections } = asked;
  if (site.pod === undefined) return [];
  const { object } = site;
  if (podField(site, "spec", "hostNetwork") === true) {
    const parameters = { object: shownObject(object) };
    return [found(annotationRules.diagnose("host-network", placeIn(object, site.path, "key"), parameters))];
  }
  const many = copies(site.object.kind, object.value);
  if (many === undefined) return [];
  return selections.flatMap(({ fields, place }) => {
    const { ips, mac } = fields;
    const key =
      Array.isArray(ips) && ips.length > 0 ? "ips" : typeof mac === "string" && mac !== "" ? "mac" : undefined;
    if (key === undefined || isOpaque(fields[key])) return [];
    const help = key === "ips" ? "give the network a pool, or run one pod" : "leave `mac` out, or run one pod";
    const parameters = { object: shownObject(object), count: many };
    return [found(annotationRules.diagnose("fixed-address-shared", place(key), parameters, { help }))];
  });
}

/** How many pods of an object run side by side, in words, where it is certain that there are several. */
function copies(kind: string, object: unknown): string | undefined {
  if (kind === "DaemonSet") return "a pod on every node";
  const { replicas } = podsOf(kind, object);
  return replicas !== undefined && replicas > 1 ? `${replicas} pods` : undefined;
}
