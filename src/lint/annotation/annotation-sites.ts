import { distance } from "fastest-levenshtein";
import type { Path } from "../../source/place.ts";
import { findValue } from "../../yaml/span.ts";
import { type LintObject, parseApiGroup, readText } from "../read/lint-object.ts";
import { hasTemplateFiller } from "../read/templates.ts";

export const NETWORKS = "k8s.v1.cni.cncf.io/networks";
export const DEFAULT_NETWORK = "v1.multus-cni.io/default-network";
export const POLICY_FOR = "k8s.v1.cni.cncf.io/policy-for";

/** A place where annotations of Multus stand. */
export interface AnnotationSite {
  readonly object: LintObject;
  /** Of the annotation, from the object. */
  readonly path: Path;
  readonly key: typeof NETWORKS | typeof DEFAULT_NETWORK;
  readonly text: string;
  /** The pod or pod template that has it; undefined where it is on something that is none. */
  readonly pod: Path | undefined;
  /** Of the pods, where it is known. */
  readonly namespace: string | undefined;
}

export interface MisplacedKey {
  readonly object: LintObject;
  readonly path: Path;
  readonly key: string;
  /** What was meant; undefined for the right key in a wrong place. */
  readonly meant: string | undefined;
}

interface PodKind {
  /** API groups that have the kind. Others have kinds of the same name with another shape. */
  readonly groups: readonly string[];
  /** Where its pods are described. */
  readonly path: Path;
}

const template: Path = ["spec", "template"];
const apps = ["apps", "extensions"];

const templates: Readonly<Record<string, PodKind>> = {
  Pod: { groups: [""], path: [] },
  PodTemplate: { groups: [""], path: ["template"] },
  VirtualMachineInstance: { groups: ["kubevirt.io"], path: [] },
  Deployment: { groups: apps, path: template },
  StatefulSet: { groups: apps, path: template },
  DaemonSet: { groups: apps, path: template },
  ReplicaSet: { groups: apps, path: template },
  ReplicationController: { groups: [""], path: template },
  Job: { groups: ["batch"], path: template },
  Rollout: { groups: ["argoproj.io"], path: template },
  VirtualMachine: { groups: ["kubevirt.io"], path: template },
  VirtualMachineInstanceReplicaSet: { groups: ["kubevirt.io"], path: template },
  VirtualMachinePool: { groups: ["pool.kubevirt.io"], path: ["spec", "virtualMachineTemplate", "spec", "template"] },
  CronJob: { groups: ["batch"], path: ["spec", "jobTemplate", "spec", "template"] },
};

/** Objects that speak of annotations without having them. */
const SPEAKING =
  /Policy$|PolicyBinding$|^(ConfigMap|Secret|CustomResourceDefinition|NetworkAttachmentDefinition|ConstraintTemplate)$/;

/** Where the pods of an object are described; undefined for a kind that is not known to have any. */
export function findPodPath({ kind, apiVersion }: LintObject): Path | undefined {
  const known = Object.hasOwn(templates, kind) ? templates[kind] : undefined;
  // A patch may do without its version.
  const fits = apiVersion === "" || hasTemplateFiller(apiVersion) || known?.groups.includes(parseApiGroup(apiVersion));
  return fits ? known?.path : undefined;
}

export interface AnnotationSites {
  readonly sites: readonly AnnotationSite[];
  readonly misplaced: readonly MisplacedKey[];
  /** Annotations of pods of which the value is no text. */
  readonly notText: readonly NotText[];
}

export interface NotText {
  readonly object: LintObject;
  readonly path: Path;
  readonly key: string;
  readonly value: unknown;
}

/** Keys of Multus that are annotations. */
const OURS = [NETWORKS, DEFAULT_NETWORK, POLICY_FOR, "k8s.v1.cni.cncf.io/resourceName"];

const NESTED_MAX = 40;

/** Every annotation of Multus in an object: where pods have them, where charts are told them, and where nobody looks. */
export function findAnnotations(object: LintObject): AnnotationSites {
  const sites: AnnotationSite[] = [];
  const misplaced: MisplacedKey[] = [];
  const notText: NotText[] = [];
  if (object.kind === "NetworkAttachmentDefinition" || object.kind === "MultiNetworkPolicy") {
    const annotations = findValue(object.value, ["metadata", "annotations"]);
    for (const [key, value] of Object.entries(typeof annotations === "object" ? (annotations ?? {}) : {}))
      if (OURS.includes(key) && isNoText(value))
        notText.push({ object, path: ["metadata", "annotations", key], key, value });
  }
  if (SPEAKING.test(object.kind)) return { sites, misplaced, notText };
  const walk = (value: unknown, path: Path): void => {
    if (path.length > NESTED_MAX || typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) walk(item, [...path, index]);
      return;
    }
    const last = path.at(-1);
    const holds = typeof last === "string" && /(^a|A)nnotations$/.test(last);
    for (const [key, inner] of Object.entries(value)) {
      const here = [...path, key];
      if (holds && (key === NETWORKS || key === DEFAULT_NETWORK) && typeof inner === "string")
        sites.push(siteAt(object, here, key, inner));
      else if (holds && OURS.includes(key) && isNoText(inner) && path.at(-2) === "metadata")
        notText.push({ object, path: here, key, value: inner });
      else if (holds && findMeantKey(key) !== undefined)
        misplaced.push({ object, path: here, key, meant: findMeantKey(key) });
      else if (last === "labels" && key === NETWORKS && path.at(-2) === "metadata")
        misplaced.push({ object, path: here, key, meant: undefined });
      else walk(inner, here);
    }
  };
  walk(object.value, []);
  return { sites, misplaced, notText };
}

/** An empty value is no text either, but is taken for an empty one. */
function isNoText(value: unknown): boolean {
  return value !== null && value !== undefined && typeof value !== "string";
}

function siteAt(object: LintObject, path: Path, key: AnnotationSite["key"], text: string): AnnotationSite {
  const template = findPodPath(object);
  const owner = path.slice(0, -1);
  const own = template && sameStart(owner, [...template, "metadata", "annotations"]);
  const known = template !== undefined || object.kind === "Namespace";
  const pod = own ? template : known ? undefined : owner;
  return { object, path, key, text, pod, namespace: namespaceOf(object) };
}

function sameStart(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((step, index) => step === b[index]);
}

/** A chart's pods live where the release says; pods of other objects where the object does. */
function namespaceOf(object: LintObject): string | undefined {
  if (object.kind === "Application" || object.kind === "ApplicationSet") return undefined;
  return readText(findValue(object.value, ["spec", "targetNamespace"])) ?? object.namespace;
}

const KNOWN_KEYS = ["networks", "networks-status", "network-status", "resourceName", "policy-for"];

/** The key of Multus that another one was meant to be. */
function findMeantKey(key: string): string | undefined {
  const slash = key.indexOf("/");
  if (slash < 0) return undefined;
  const [domain, name] = [key.slice(0, slash), key.slice(slash + 1)];
  if (domain === "v1.multus-cni.io")
    return name !== "default-network" && distance(name, "default-network") <= 2 ? DEFAULT_NETWORK : undefined;
  const meantDomain = domain !== "k8s.v1.cni.cncf.io" && distance(domain, "k8s.v1.cni.cncf.io") <= 3;
  const close = distance(name.toLowerCase(), "networks") <= 2;
  if (meantDomain) return close ? NETWORKS : undefined;
  return domain === "k8s.v1.cni.cncf.io" && close && !KNOWN_KEYS.includes(name) ? NETWORKS : undefined;
}

/** Whether an object has pods that carry the annotation as they should. */
export function hasPodAnnotation({ sites }: AnnotationSites): boolean {
  return sites.some((site) => site.pod !== undefined && site.key === NETWORKS);
}

/** What stands at a path of an object's pods. */
export function readPodField(site: AnnotationSite, ...path: Path): unknown {
  return site.pod && findValue(site.object.value, [...site.pod, ...path]);
}
