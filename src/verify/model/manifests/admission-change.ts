import { findRepeatedKey } from "../../../yaml/repeated-key.ts";
import { type Fields, isFields, readFields, readLabels, readList, readText, readTexts } from "./manifest.ts";
import { mergeStrategically } from "./merge-patch.ts";

type Data = Readonly<Record<string, string>>;

const NETWORKS = "k8s.v1.cni.cncf.io/networks";
const PARAMETERS: readonly string[] = ["networks", "hash", "nodeSelector", "resolvers", "container", "devices", "drop"];
const ORDINALS: readonly string[] = [...PARAMETERS.filter((key) => key !== "networks"), "statefulSet", "pods"];

/** A parameter that the known policy does not read. */
export function findUnknownParameter(data: Data): string | undefined {
  const byOrdinal = data.statefulSet !== undefined;
  const isOrdinal = (key: string) => /^(networks|value)\.(0|[1-9]\d*)$/.test(key);
  return Object.keys(data).find((key) =>
    byOrdinal ? !ORDINALS.includes(key) && !isOrdinal(key) : !PARAMETERS.includes(key),
  );
}

/** What a parameter says of each pod, by ordinal, up to the first that has none. */
export function listByOrdinal(data: Data, key: "networks" | "value"): readonly string[] {
  const found: string[] = [];
  for (;;) {
    const text = data[`${key}.${found.length}`];
    if (text === undefined) return found;
    found.push(text);
  }
}

/** Elements as the pods of all ordinals have them together: with the addresses of each. */
export function mergeOrdinals(lists: readonly (readonly unknown[])[]): readonly unknown[] | string {
  const [first = [], ...more] = lists;
  const same = (list: readonly unknown[]) => JSON.stringify(list.map((one) => ({ ...(one as Fields), ips: [] })));
  if (more.some((list) => same(list) !== same(first)))
    return "its networks differ by ordinal in more than their addresses";
  return first.map((one, index) => {
    const ips = lists.flatMap((list) => readTexts(list[index], "ips"));
    return ips.length === 0 ? one : { ...(one as Fields), ips: [...new Set(ips)] };
  });
}

/** Where a workload's pods get what they have: pods that are created from it are changed alike. */
function templateOf(kind: string): readonly string[] {
  if (kind === "Pod") return [];
  return kind === "CronJob" ? ["spec", "jobTemplate", "spec", "template"] : ["spec", "template"];
}

/** A workload whose pods are changed when they are created, as if its template said so. */
export function applyAdmission(value: Fields, kind: string, parameters: Data): Fields | string {
  const path = templateOf(kind);
  const template = readFields(value, ...path);
  const annotations = readLabels(template, "metadata", "annotations");
  const before = annotations[NETWORKS] ?? "";
  const isTest = (annotations["helm.sh/hook"] ?? "").includes("test");
  const data = isTest ? onlyDrop(parameters) : parameters;
  // Without networks of its own a pod is changed in what it drops alone.
  const networks =
    data.statefulSet === undefined
      ? data.networks === ""
        ? undefined
        : appended(before.trim(), data.networks ?? "")
      : appendedByOrdinal(before.trim(), listByOrdinal(data, "networks"));
  if (typeof networks === "string") return networks;
  const spec = {
    ...(data.nodeSelector !== undefined && { nodeSelector: pairsOf(data.nodeSelector) }),
    ...(data.resolvers !== undefined && { dnsPolicy: "None", dnsConfig: { nameservers: data.resolvers.split("\n") } }),
    ...(data.devices !== undefined && {
      containers: [{ name: data.container, resources: { requests: pairsOf(data.devices) } }],
    }),
  };
  const metadata = networks && { metadata: { annotations: { [NETWORKS]: JSON.stringify(networks) } } };
  const within = (body: unknown) => path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), body);
  const changed = mergeStrategically(value, within({ ...metadata, spec })) as Fields;
  if (data.drop === undefined) return changed;
  const own = readFields(changed, ...path, "spec");
  // Containers that no manifest names are changed too: one stands for all of them.
  if (readList(own, "containers").length === 0)
    return mergeStrategically(changed, within({ spec: { containers: [withoutRaw({ name: "any" })] } })) as Fields;
  const lists = ["containers", "initContainers"].flatMap((key) => {
    const list = own[key];
    return Array.isArray(list) ? [[key, list.map(withoutRaw)] as const] : [];
  });
  return mergeStrategically(changed, within({ spec: Object.fromEntries(lists) })) as Fields;
}

/** Pods of `helm test` carry the labels of the pods that they test, and get nothing else of theirs. */
function onlyDrop({ drop }: Data): Data {
  return { networks: "", ...(drop !== undefined && { drop }) };
}

/** A container that drops NET_RAW besides what it drops. */
function withoutRaw(container: unknown): unknown {
  const drop = readTexts(container, "securityContext", "capabilities", "drop");
  if (drop.includes("ALL") || drop.includes("NET_RAW")) return container;
  return mergeStrategically(container, { securityContext: { capabilities: { drop: [...drop, "NET_RAW"] } } });
}

/** What an annotation names already, and then the added elements; left as it is where it holds them. */
function appended(before: string, added: string): readonly unknown[] | string {
  const ours = parseList(`[${added}]`);
  if (!ours || ours.length === 0) return "its networks are no list";
  const present = before.startsWith("[") ? parseList(before) : shortForm(before);
  if (!present) return "the annotation that is there cannot be read";
  const names = new Set(present.map((one) => JSON.stringify(one)));
  return [...present, ...ours.filter((one) => !names.has(JSON.stringify(one)))];
}

function appendedByOrdinal(before: string, added: readonly string[]): readonly unknown[] | string {
  if (added.length === 0) return "it names no networks by ordinal";
  const lists: (readonly unknown[])[] = [];
  for (const one of added) {
    const list = appended(before, one);
    if (typeof list === "string") return list;
    lists.push(list);
  }
  return mergeOrdinals(lists);
}

export function parseList(text: string): readonly unknown[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    const named = Array.isArray(list) && list.every((one) => isFields(one) && readText(one, "name") !== undefined);
    return named && findRepeatedKey(text) === undefined ? (list as readonly unknown[]) : undefined;
  } catch {
    return undefined;
  }
}

function shortForm(text: string): readonly unknown[] | undefined {
  if (text === "") return [];
  const elements = text.split(",").map((one) => /^(?:([^/@]+)\/)?([^/@]+)(?:@([^/@]+))?$/.exec(one.trim()));
  if (elements.includes(null)) return undefined;
  return elements.map((match) => {
    const [, namespace, name, own] = match as RegExpExecArray;
    return { name, ...(namespace !== undefined && { namespace }), ...(own !== undefined && { interface: own }) };
  });
}

function pairsOf(text: string): Data {
  return Object.fromEntries(
    text.split("\n").map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}
