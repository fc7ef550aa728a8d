import type { OutputFile } from "../../ir/compiled.ts";
import type { Manifest } from "../../ir/manifest.ts";
import { hashContent } from "../../net/hash.ts";
import type { PodInterfaces } from "./pods.ts";

export interface RenderedObject {
  readonly manifest: Manifest;
  readonly text: string;
}

/** `apps/v1 Deployment fw-edge/edge-1`: unlike any other object of the cluster. */
export function formatObjectId({ apiVersion, kind, metadata }: Manifest): string {
  return `${apiVersion} ${kind} ${metadata.namespace === undefined ? "" : `${metadata.namespace}/`}${metadata.name}`;
}

/**
 * Every object and every file of a cluster, which the next compile prunes from, and every interface of its pods. Sorted,
 * one a line. `inventory-schema.ts` says what may stand where.
 */
export function renderInventory(
  objects: readonly RenderedObject[],
  files: readonly OutputFile[],
  pods: readonly PodInterfaces[],
): string {
  const known = objects
    .map(({ manifest, text }) => ({
      id: formatObjectId(manifest),
      intent: manifest.intent ?? null,
      hash: hashContent(text, 16),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const written = files
    .map(({ path, text }) => ({ path, hash: hashContent(text, 16) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const parts = Object.entries({ objects: known, pods, files: written }).map(
    ([name, all]) => `  "${name}": [\n${all.map((one) => `    ${JSON.stringify(one)}`).join(",\n")}\n  ]`,
  );
  return `{\n  "version": 1,\n${parts.join(",\n")}\n}\n`;
}
