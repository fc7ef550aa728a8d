import type { Manifest } from "../../../ir/manifest.ts";
import { manifest, waves } from "../kubernetes/metadata.ts";

/** Where admission policies keep their parameters: nobody but the appliers has business there. */
export const GUARDS_NAMESPACE = "plumbline-guards";

export function guardsNamespace(file: string): Manifest {
  const what = { apiVersion: "v1", kind: "Namespace", template: "kubernetes/plain-object", file };
  return manifest(what, { name: GUARDS_NAMESPACE, wave: waves.namespace }, undefined, { body: {} });
}
