import type { Link } from "../../ir/plan.ts";
import type { DraSupport } from "../../ir/project.ts";

/** Driver names: kubernetes-sigs/dranet (README), k8snetworkplumbingwg/dra-driver-sriov (pkg/consts). */
export const DRIVERS = { dranet: "dra.net", sriov: "sriovnetwork.k8snetworkplumbingwg.io" } as const;

/** The DeviceClass that claims name. One of ours where the platform names none: installers call theirs differently. */
export function resolveDeviceClass(dra: DraSupport): string {
  return dra.deviceClass ?? `plumbline-${dra.driver}`;
}

/**
 * The device that a link is to the driver, as a CEL expression. Every attribute is asked for with has(): one that a device
 * lacks is an error that ends allocation for all devices (KEP-4381).
 */
export function buildDeviceSelector(link: Link, driver: DraSupport["driver"]): string {
  if (driver === "sriov") return equals("k8s.cni.cncf.io", "resourceName", link.resourceName ?? "");
  return equals(DRIVERS.dranet, "ifName", link.interface ?? "");
}

function equals(domain: string, attribute: string, value: string): string {
  const path = `device.attributes["${domain}"].${attribute}`;
  return `has(${path}) && ${path} == ${JSON.stringify(value)}`;
}
