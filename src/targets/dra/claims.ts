import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Manifest, PodClaim } from "../../ir/manifest.ts";
import type { Cluster } from "../../ir/project.ts";
import type { WorkloadRef } from "../../ir/workload.ts";
import { manifest, waves } from "../shared/kubernetes/metadata.ts";
import { claimName, podClaim } from "./claim.ts";
import { DRIVERS, deviceClassOf } from "./device.ts";
import { checkAddresses, dranetDevices } from "./dranet.ts";
import type { Slot } from "./slot.ts";
import { sriovDevices, sriovNetwork } from "./sriov.ts";

/** Objects of a cluster by their full name: two workloads whose pods need just the same share a template. */
export interface Objects {
  readonly manifests: Map<string, Manifest>;
  /** What pods name, by interface. */
  readonly claims: Map<string, PodClaim>;
}

export function interfaceKey({ namespace, kind, name }: WorkloadRef, inner: string): string {
  return `${namespace} ${kind} ${name} ${inner}`;
}

/** What a pod of a slot names, with the objects behind it. */
export function claimFor(slot: Slot, { platform }: Cluster, objects: Objects, found: Diagnostic[]): PodClaim {
  const { dra } = platform;
  const add = (one: Manifest) =>
    void objects.manifests.set(`${one.kind} ${one.metadata.namespace}/${one.metadata.name}`, one);
  let devices = dranetDevices(slot, dra);
  const contents: Readonly<Record<string, unknown>>[] = [];
  if (dra.driver === "sriov") {
    const network = sriovNetwork(slot, platform);
    add(network);
    contents.push(network.data);
    devices = sriovDevices(slot, network.metadata.name, dra);
  } else checkAddresses(slot, found);
  const name = claimName(slot.network, slot.interface, [devices, ...contents]);
  add(
    manifest(
      {
        apiVersion: "resource.k8s.io/v1",
        kind: "ResourceClaimTemplate",
        template: "kubernetes/object",
        file: slot.file,
      },
      { name, namespace: slot.namespace, wave: waves.network },
      slot.owner,
      { body: { spec: { spec: { devices } } } },
    ),
  );
  // dranet prepares the pod; the SR-IOV driver prepares containers, and one has to name the claim.
  const claim = podClaim(slot.interface, name, dra.driver === "sriov");
  objects.claims.set(interfaceKey(slot.workload, slot.interface), claim);
  return claim;
}

/** The class of the driver's devices, unless the platform has one. */
export function deviceClass({ platform }: Cluster): readonly Manifest[] {
  const { dra } = platform;
  if (dra.deviceClass !== undefined) return [];
  const expression = `device.driver == ${JSON.stringify(DRIVERS[dra.driver])}`;
  const what = { apiVersion: "resource.k8s.io/v1", kind: "DeviceClass", template: "kubernetes/object" };
  return [
    manifest({ ...what, file: "device-classes.yaml" }, { name: deviceClassOf(dra), wave: waves.namespace }, undefined, {
      body: { spec: { selectors: [{ cel: { expression } }] } },
    }),
  ];
}
