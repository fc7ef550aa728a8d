import { isOpaque } from "../embedded/embedded-text.ts";
import type { Nad } from "../nad/read-nad.ts";
import { readText } from "../read/lint-object.ts";

/** The link or VLAN underneath a network, so far as its configuration says. */
export interface LinkIdentity {
  /** The same for networks whose pods reach each other. */
  readonly key: string;
  /** `VLAN 100 of bridge br0`. */
  readonly words: string;
  readonly isVlan: boolean;
}

/** Undefined where nothing certain can be said. */
export function identifyLink(nad: Nad): LinkIdentity | undefined {
  const [first] = nad.plugins;
  if (!first || nad.object.doc.part.templated) return undefined;
  const { fields, type } = first;
  const number = (value: unknown) => (typeof value === "number" && value > 0 ? value : undefined);
  switch (type) {
    case "macvlan":
    case "ipvlan":
      return link("link", readText(fields.master), undefined);
    case "vlan":
      return link("link", readText(fields.master), number(fields.vlanId));
    case "bridge":
    case "cnv-bridge":
      if (fields.vlan !== undefined && isOpaque(fields.vlan)) return undefined;
      return number(fields.vlan) === undefined
        ? undefined
        : link("bridge", readText(fields.bridge), number(fields.vlan));
    case "ovs":
      return number(fields.vlan) === undefined
        ? undefined
        : link("bridge", readText(fields.bridge), number(fields.vlan));
    default:
      return undefined;
  }
}

/** `eth0.100` is VLAN 100 of eth0, by whatever plugin. */
function link(what: string, name: string | undefined, vlan: number | undefined): LinkIdentity | undefined {
  if (name === undefined) return undefined;
  const dotted = /^(.+)\.(\d+)$/.exec(name);
  const id = vlan ?? (dotted ? Number(dotted[2]) : undefined);
  const base = vlan === undefined && dotted ? (dotted[1] as string) : name;
  if (id === undefined) return { key: `${what} ${name}`, words: `${what} \`${name}\``, isVlan: false };
  return { key: `${what} ${base} ${id}`, words: `VLAN ${id} of ${what} \`${base}\``, isVlan: true };
}
