import type { Manifest } from "../../../ir/manifest.ts";
import { buildManifest, SYNC_WAVES } from "../kubernetes/metadata.ts";

/** Where admission policies keep their parameters: nobody but the appliers has business there. */
export const ADMISSION_NAMESPACE = "plumbline-guards";

export function buildAdmissionNamespace(file: string): Manifest {
  const what = { apiVersion: "v1", kind: "Namespace", template: "kubernetes/plain-object", file };
  return buildManifest(what, { name: ADMISSION_NAMESPACE, wave: SYNC_WAVES.namespace }, undefined, { body: {} });
}
