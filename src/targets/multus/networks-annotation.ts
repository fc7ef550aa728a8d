import type { PresentAttachment } from "../../ir/workload.ts";

export const NETWORKS = "k8s.v1.cni.cncf.io/networks";

/** One element of the networks annotation (Kubernetes Network CRD de-facto standard 4.1.2). */
export interface NetworkSelection {
  readonly name: string;
  readonly namespace: string;
  readonly interface: string;
  readonly mac?: string;
  readonly ips?: readonly string[];
  readonly "default-route"?: readonly string[];
}

/** The value: what stands there by hand first, so that its default interface names stay what they are. */
export function formatNetworksAnnotation(
  present: readonly PresentAttachment[],
  added: readonly NetworkSelection[],
): string {
  return JSON.stringify([...present.map((one) => one.element), ...added]);
}
