import type { PresentAttachment } from "../ir/workload.ts";
import { findRepeatedKey } from "../yaml/repeated-key.ts";

export const NETWORKS_ANNOTATION = "k8s.v1.cni.cncf.io/networks";

export interface PresentNetworks {
  readonly form: "short" | "json";
  readonly attachments: readonly PresentAttachment[];
}

/** What Multus takes as a name or namespace in the short form (parsePodNetworkObjectName). */
const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/**
 * Reads a networks annotation as Multus does: any of `[`, `{`, `"` makes it JSON, else a comma list of
 * `[namespace/]name[@interface]`. A text is what is wrong with it.
 */
export function parseNetworksAnnotation(value: string, podNamespace: string): PresentNetworks | string {
  if (/[[{"]/.test(value)) return readJson(value, podNamespace);
  const attachments: PresentAttachment[] = [];
  for (const [index, part] of value.split(",").entries()) {
    const match = /^(?:([^/@]*)\/)?([^/@]*)(?:@([^/@]*))?$/.exec(part.trim());
    if (!match) return `has an element that is not \`[namespace/]name[@interface]\`: \`${part.trim()}\``;
    const [, namespace, name = "", named] = match;
    if (!NAME.test(name) || (namespace !== undefined && !NAME.test(namespace)))
      return name === "" ? "has an empty element" : `names \`${part.trim()}\`, which is no network`;
    attachments.push({
      name,
      namespace: namespace ?? podNamespace,
      interface: named ?? `net${index + 1}`,
      element: { name, ...(namespace && { namespace }), ...(named && { interface: named }) },
    });
  }
  return { form: "short", attachments };
}

const KEYS = new Map(
  "name namespace interface interfaceRequest mac ips default-route infiniband-guid portMappings bandwidth cni-args ipam-claim-reference"
    .split(" ")
    .map((key) => [key.toLowerCase(), key]),
);

/**
 * A key that Multus takes for another one: Go matches keys whatever their case, and counts ſ as s and the Kelvin sign
 * as k. What is read as `namespace` there and passed over here could name a network behind the compiler's back.
 */
function keyInDisguise(element: object): string | undefined {
  for (const key of Object.keys(element)) {
    const meant = KEYS.get(key.replaceAll("\u017f", "s").toLowerCase());
    if (meant !== undefined && meant !== key)
      return `spells \`${meant}\` as \`${key}\`, which Multus reads all the same`;
  }
  return undefined;
}

function readJson(value: string, podNamespace: string): PresentNetworks | string {
  let list: unknown;
  try {
    list = JSON.parse(value);
  } catch {
    return "is no JSON";
  }
  if (!Array.isArray(list)) return "is JSON, but not a list";
  const twice = findRepeatedKey(value);
  if (twice !== undefined)
    return `has the key \`${twice}\` twice in one element, and readers differ on which one counts`;
  const attachments: PresentAttachment[] = [];
  for (const [index, element] of list.entries()) {
    if (typeof element !== "object" || element === null || Array.isArray(element))
      return "has an element that is no object";
    const disguised = keyInDisguise(element);
    if (disguised !== undefined) return disguised;
    const { name, namespace, interface: named, interfaceRequest: old } = element as Record<string, unknown>;
    if (typeof name !== "string" || name === "") return "has an element without a `name`";
    attachments.push({
      name,
      namespace: filled(namespace) ?? podNamespace,
      // The second is the old word for it.
      interface: filled(named) ?? filled(old) ?? `net${index + 1}`,
      element: element as Record<string, unknown>,
    });
  }
  return { form: "json", attachments };
}

/** Empty texts are none, as in Go. */
function filled(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
