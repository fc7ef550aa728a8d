import { type Address, parseAddress } from "../../../net/address.ts";
import { type InterfaceAddress, parseInterfaceAddress } from "../../../net/cidr.ts";
import { findRepeatedKey } from "../../../yaml/repeated-key.ts";
import { type Fields, isFields, readList, readText, readTexts } from "../manifests/manifest.ts";
import type { Pod } from "./pod.ts";

/** One network that a pod names. */
export interface PodAttachment {
  readonly namespace: string;
  readonly name: string;
  readonly interface: string;
  /** With a prefix, or an address that gets that of its subnet. */
  readonly addresses: readonly (InterfaceAddress | { readonly address: Address; readonly prefix: undefined })[];
  /** Hardware address that it asks for. */
  readonly mac?: string | undefined;
  /** Next hops that replace the default route of eth0. */
  readonly defaultRoute: readonly Address[];
}

export const NETWORKS = "k8s.v1.cni.cncf.io/networks";
const DEFAULT_NETWORK = "v1.multus-cni.io/default-network";

/** The networks of a pod as Multus reads them from its annotation, or why they cannot be read. */
export function readAttachments(pod: Pod): readonly PodAttachment[] | string {
  if (pod.annotations[DEFAULT_NETWORK] !== undefined) return `it replaces its default network (${DEFAULT_NETWORK})`;
  const read = parseAttachments(pod.annotations[NETWORKS] ?? "", pod.namespace);
  if (typeof read === "string" || !pod.manifest.kind.startsWith("VirtualMachine")) return read;
  return [...guestNetworks(pod), ...read];
}

/** The networks that a value of the annotation names, for a pod of that namespace. */
export function parseAttachments(value: string, namespace: string): readonly PodAttachment[] | string {
  const text = value.trim();
  return text.startsWith("[") ? readJson(text, namespace) : readShort(text, namespace);
}

/** `[namespace/]name[@interface], …` */
function readShort(text: string, namespace: string): readonly PodAttachment[] | string {
  const found: PodAttachment[] = [];
  if (text === "") return found;
  for (const [index, item] of text.split(",").entries()) {
    const match = /^(?:([a-z0-9-]+)\/)?([a-z0-9][a-z0-9.-]*)(?:@([^\s/@]+))?$/.exec(item.trim());
    if (!match) return `\`${item.trim()}\` in its networks`;
    found.push({
      namespace: match[1] ?? namespace,
      name: match[2] as string,
      interface: match[3] ?? `net${index + 1}`,
      addresses: [],
      defaultRoute: [],
    });
  }
  return found;
}

function readJson(text: string, namespace: string): readonly PodAttachment[] | string {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return "its networks are no JSON";
  }
  if (!Array.isArray(list)) return "its networks are no list";
  const twice = findRepeatedKey(text);
  if (twice !== undefined) return `the key \`${twice}\` of its networks, which stands twice`;
  const found: PodAttachment[] = [];
  for (const [index, element] of list.entries()) {
    const read = isFields(element) ? readElement(element, index, namespace) : "an element of its networks is no object";
    if (typeof read === "string") return read;
    found.push(read);
  }
  return found;
}

/** What Go reads as texts. An empty one, or null, is none. */
const TEXTS = ["name", "namespace", "interface", "interfaceRequest", "mac"];

function readElement(element: Fields, index: number, namespace: string): PodAttachment | string {
  // encoding/json matches keys by Unicode case folding, so NAME is a name.
  const other = Object.keys(element).find(
    (key) =>
      !/^[\w-]+$/.test(key) ||
      (/^(name|namespace|interface|ips|mac|default-route)$/i.test(key) && key !== key.toLowerCase()) ||
      (/^interfacerequest$/i.test(key) && key !== "interfaceRequest"),
  );
  if (other !== undefined) return `the key \`${other}\` of its networks`;
  const odd = TEXTS.find((key) => typeof (element[key] ?? "") !== "string");
  if (odd !== undefined) return `\`${odd}\` of an element of its networks is no text`;
  const text = (key: string) => readText(element, key) || undefined;
  const name = text("name");
  if (name === undefined) return "an element of its networks has no name";
  const addresses: PodAttachment["addresses"][number][] = [];
  for (const one of readTexts(element, "ips")) {
    const whole = parseInterfaceAddress(one);
    const bare = parseAddress(one);
    if (typeof whole !== "string") addresses.push(whole);
    else if (bare) addresses.push({ address: bare, prefix: undefined });
    else return `the address \`${one}\``;
  }
  const hops = readTexts(element, "default-route").map(parseAddress);
  if (hops.includes(undefined)) return "its default-route";
  return {
    namespace: text("namespace") ?? namespace,
    name,
    // The second is the old word for it.
    interface: text("interface") ?? text("interfaceRequest") ?? `net${index + 1}`,
    addresses,
    mac: text("mac"),
    defaultRoute: hops.filter((hop) => hop !== undefined),
  };
}

/** Multus networks of a KubeVirt machine; its guest has them in this order. */
function guestNetworks(pod: Pod): readonly PodAttachment[] {
  const devices = new Map(
    readList(pod.spec, "domain", "devices", "interfaces").map((one) => [readText(one, "name"), one]),
  );
  return readList(pod.spec, "networks").flatMap((network, index) => {
    const name = readText(network, "multus", "networkName");
    if (name === undefined) return [];
    const [first = "", second] = name.split("/");
    return [
      {
        namespace: second === undefined ? pod.namespace : first,
        name: second ?? first,
        interface: readText(network, "name") ?? `net${index}`,
        mac: readText(devices.get(readText(network, "name")), "macAddress"),
        addresses: [],
        defaultRoute: [],
      },
    ];
  });
}
