import type { PodPatch } from "../../../ir/manifest.ts";
import { findValue } from "../../../yaml/span.ts";

type Json = Readonly<Record<string, unknown>>;

/** A machine's networks, and its interfaces of the same names. */
export interface GuestDevices {
  readonly networks: readonly Json[];
  readonly interfaces: readonly Json[];
}

/** What a patch adds to a virtual machine. */
export function listAddedDevices(patch: PodPatch): GuestDevices {
  return {
    networks: patch.virtual.map((one) => ({ name: one.name, multus: { networkName: one.network } })),
    interfaces: patch.virtual.map(({ name, mac, binding }) => ({
      name,
      ...(mac && { macAddress: mac }),
      [binding]: {},
    })),
  };
}

/**
 * What stands in the machine's manifest. One that lists nothing gets the pod network from KubeVirt, but only as long as
 * it lists nothing: with the first network of its own it must name that one, too.
 */
export function listPresentDevices({ workload }: PodPatch): GuestDevices & { readonly isListed: boolean } {
  const list = (...path: string[]) => findValue(workload.doc.value, [...workload.templatePath, "spec", ...path]);
  const networks = list("networks");
  const interfaces = list("domain", "devices", "interfaces");
  if (Array.isArray(networks) && Array.isArray(interfaces)) return { networks, interfaces, isListed: true };
  return {
    networks: Array.isArray(networks) ? networks : [{ name: "default", pod: {} }],
    interfaces: Array.isArray(interfaces) ? interfaces : [{ name: "default", masquerade: {} }],
    isListed: false,
  };
}
