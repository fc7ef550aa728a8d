import type { Attach } from "../ir/plan.ts";
import type { Fields } from "../lint/read/lint-object.ts";
import { isInterfaceName } from "../net/name.ts";
import { formatValue } from "../source/format-value.ts";
import type { ImportRefusal } from "./loss.ts";

/** What of the nodes a network is on. */
export interface ExistingLink {
  readonly attach: Exclude<Attach, "overlay">;
  /** Undefined: that of the nodes' default route, or one that only the nodes know. */
  readonly interface: string | undefined;
  readonly bridge: string | undefined;
  readonly resourceName: string | undefined;
  readonly vlan: number | undefined;
}

const none = { interface: undefined, bridge: undefined, resourceName: undefined, vlan: undefined };

/** The link of an attaching plugin, from `master`, `bridge`, `vlan` and the resource of the object. */
export function readLink(type: string, fields: Fields, resource: string | undefined): ExistingLink | ImportRefusal {
  switch (type) {
    case "macvlan":
    case "ipvlan":
      if (type === "ipvlan" && fields.mode !== undefined && fields.mode !== "" && fields.mode !== "l2")
        return { why: `ipvlan in mode \`${formatValue(fields.mode)}\` routes, and no intent says that of a link` };
      return onMaster(type, fields.master);
    case "bridge":
      return onBridge(fields);
    case "ovs":
      if (typeof fields.bridge !== "string") return { why: "Open vSwitch chooses the bridge by itself" };
      return { ...none, attach: "ovs", interface: fields.bridge, vlan: tagOf(fields.vlan) };
    case "sriov":
      if (resource === undefined) return { why: "no annotation names the device resource" };
      return { ...none, attach: "sriov", resourceName: resource, vlan: tagOf(fields.vlan) };
    default:
      return { why: `there is no way to attach by \`${type}\`` };
  }
}

function onMaster(attach: "macvlan" | "ipvlan", master: unknown): ExistingLink | ImportRefusal {
  if (master === undefined || master === "") return { ...none, attach };
  if (typeof master !== "string" || !isInterfaceName(master)) return { why: `\`${formatValue(master)}\` is no link` };
  const [, parent, digits] = /^(.+)\.(\d{1,4})$/.exec(master) ?? [];
  const vlan = Number(digits);
  if (parent !== undefined && vlan >= 1 && vlan <= 4094 && String(vlan) === digits)
    return { ...none, attach, interface: parent, vlan };
  return { ...none, attach, interface: master };
}

function onBridge(fields: Fields): ExistingLink | ImportRefusal {
  const makes = ["isGateway", "isDefaultGateway", "ipMasq"].find((key) => fields[key] === true);
  if (makes !== undefined) return { why: `with \`${makes}\`, the node itself has an address on the bridge` };
  if (fields.vlanTrunk !== undefined) return { why: "`vlanTrunk` connects a pod to several networks at once" };
  const bridge = fields.bridge ?? "cni0";
  if (typeof bridge !== "string" || !isInterfaceName(bridge)) return { why: `\`${formatValue(bridge)}\` is no bridge` };
  return { ...none, attach: "bridge", bridge, vlan: tagOf(fields.vlan) };
}

/** VLAN 0 is none. */
function tagOf(vlan: unknown): number | undefined {
  return typeof vlan === "number" && vlan > 0 ? vlan : undefined;
}
