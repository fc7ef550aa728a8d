import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Manifest, PodClaim } from "../../ir/manifest.ts";
import type { Cluster } from "../../ir/project.ts";
import type { WorkloadRef } from "../../ir/workload.ts";
import { buildManifest, SYNC_WAVES } from "../shared/kubernetes/metadata.ts";
import { buildPodClaim, formatClaimName } from "./claim.ts";
import { DRIVERS, resolveDeviceClass } from "./device.ts";
import { buildDranetDevices, checkAddresses } from "./dranet.ts";
import type { ClaimedInterface } from "./slot.ts";
import { buildSriovDevices, buildSriovNetwork } from "./sriov.ts";

/** Objects of a cluster by their full name: two workloads whose pods need just the same share a template. */
export interface ClaimObjects {
  readonly manifests: Map<string, Manifest>;
  /** What pods name, by interface. */
  readonly claims: Map<string, PodClaim>;
}

export function formatInterfaceKey({ namespace, kind, name }: WorkloadRef, inner: string): string {
  return `${namespace} ${kind} ${name} ${inner}`;
}

/** What a pod of a slot names, with the objects behind it. */
export function buildClaim(
  slot: ClaimedInterface,
  { platform }: Cluster,
  objects: ClaimObjects,
  found: Diagnostic[],
): PodClaim {
  const { dra } = platform;
  const add = (one: Manifest) =>
    void objects.manifests.set(`${one.kind} ${one.metadata.namespace}/${one.metadata.name}`, one);
  let devices = buildDranetDevices(slot, dra);
  const contents: Readonly<Record<string, unknown>>[] = [];
  if (dra.driver === "sriov") {
    const network = buildSriovNetwork(slot, platform);
    add(network);
    contents.push(network.data);
    devices = buildSriovDevices(slot, network.metadata.name, dra);
  } else checkAddresses(slot, found);
  const name = formatClaimName(slot.network, slot.interface, [devices, ...contents]);
  add(
    buildManifest(
      {
        apiVersion: "resource.k8s.io/v1",
        kind: "ResourceClaimTemplate",
        template: "kubernetes/object",
        file: slot.file,
      },
      { name, namespace: slot.namespace, wave: SYNC_WAVES.network },
      slot.owner,
      { body: { spec: { spec: { devices } } } },
    ),
  );
  // dranet prepares the pod; the SR-IOV driver prepares containers, and one has to name the claim.
  const claim = buildPodClaim(slot.interface, name, dra.driver === "sriov");
  objects.claims.set(formatInterfaceKey(slot.workload, slot.interface), claim);
  return claim;
}

/** The class of the driver's devices, unless the platform has one. */
export function buildDeviceClass({ platform }: Cluster): readonly Manifest[] {
  const { dra } = platform;
  if (dra.deviceClass !== undefined) return [];
  const expression = `device.driver == ${JSON.stringify(DRIVERS[dra.driver])}`;
  const what = { apiVersion: "resource.k8s.io/v1", kind: "DeviceClass", template: "kubernetes/object" };
  return [
    buildManifest(
      { ...what, file: "device-classes.yaml" },
      { name: resolveDeviceClass(dra), wave: SYNC_WAVES.namespace },
      undefined,
      {
        body: { spec: { selectors: [{ cel: { expression } }] } },
      },
    ),
  ];
}
