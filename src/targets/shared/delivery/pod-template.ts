import type { PodPatch } from "../../../ir/manifest.ts";
import type { Workload } from "../../../ir/workload.ts";
import type { Path } from "../../../source/place.ts";
import { CONTAINER_LISTS } from "../../../workloads/capability-drops.ts";
import { findValue } from "../../../yaml/span.ts";
import { listContainersToDrop } from "./drop-net-raw.ts";

type Json = Readonly<Record<string, unknown>>;

/** A pod template's changes at the place where the workload's kind has its template. */
export function buildPatchBody(patch: PodPatch): Json {
  const { workload } = patch;
  // A workload without one is refused (no-container.ts).
  const [container] = workload.containers;
  const devices = Object.fromEntries(Object.entries(patch.devices).map(([name, count]) => [name, String(count)]));
  const claims = patch.claims.filter((one) => one.inContainer).map(({ name }) => ({ name }));
  const resources: Json = {
    ...(Object.keys(devices).length > 0 && { requests: devices, limits: devices }),
    ...(claims.length > 0 && { claims }),
  };
  const spec: Json = {
    ...(Object.keys(patch.nodeSelector).length > 0 && { nodeSelector: patch.nodeSelector }),
    ...(patch.resolvers.length > 0 && { dnsPolicy: "None", dnsConfig: { nameservers: patch.resolvers } }),
    ...(patch.claims.length > 0 && {
      resourceClaims: patch.claims.map(({ name, template }) => ({ name, resourceClaimTemplateName: template })),
    }),
    ...containersOf(patch, container, resources),
  };
  return {
    ...(Object.keys(patch.annotations).length > 0 && { metadata: { annotations: patch.annotations } }),
    ...(Object.keys(spec).length > 0 && { spec }),
  };
}

/** By name, as a merge finds them: with what the first one asks for, and what each of them drops. */
function containersOf({ workload, dropsRaw }: PodPatch, first: string | undefined, resources: Json): Json {
  const drops = dropsRaw ? listContainersToDrop(workload) : [];
  const bodies = (list: string) => {
    const own = drops.filter((one) => one.list === list);
    const named = own.map(({ name, drop }) => ({
      name,
      ...(drop && { securityContext: { capabilities: { drop } } }),
    }));
    if (list !== "containers" || first === undefined || Object.keys(resources).length === 0) return named;
    if (named.length === 0) return [{ name: first, resources }];
    return named.map((one) => (one.name === first ? { ...one, resources } : one));
  };
  const lists = CONTAINER_LISTS.map((list) => [list, bodies(list)] as const);
  return Object.fromEntries(lists.filter(([, own]) => own.length > 0));
}

/** Where the workload's object stands in its document: `[]`, or an item of a List. */
export function findObjectPath({ templatePath }: Workload): Path {
  return templatePath[0] === "items" ? templatePath.slice(0, 2) : [];
}

/** A value of the workload's object as its file has it. */
export function readWorkloadValue(workload: Workload, ...path: Path): unknown {
  return findValue(workload.doc.value, [...findObjectPath(workload), ...path]);
}

/** How kustomize finds what a chart renders: not all charts write a namespace, and names are regular expressions. */
export function buildPatchTarget({ apiVersion, kind, name }: Workload): Json {
  const [version, group] = apiVersion.split("/").reverse();
  return { ...(group !== undefined && { group }), version, kind, name: name.replaceAll(".", "\\.") };
}

/** The workload's object with nothing but its names and its pod template's changes. */
export function buildPartialObject(patch: PodPatch, metadata: Json): Json {
  const { workload } = patch;
  const head = { apiVersion: workload.apiVersion, kind: workload.kind };
  const body = buildPatchBody(patch);
  const own = workload.templatePath.slice(findObjectPath(workload).length);
  if (own.length === 0) {
    const { metadata: pod, ...rest } = body as { metadata?: object };
    return { ...head, metadata: { ...metadata, ...pod }, ...rest };
  }
  return { ...head, metadata, ...(own.reduceRight<unknown>((inner, step) => ({ [step]: inner }), body) as Json) };
}
