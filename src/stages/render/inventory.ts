import type { Manifest } from "../../ir/manifest.ts";
import { contentHash } from "../../net/hash.ts";

export interface RenderedObject {
  readonly manifest: Manifest;
  readonly text: string;
}

/** `apps/v1 Deployment fw-edge/edge-1`: unlike any other object of the cluster. */
export function objectId({ apiVersion, kind, metadata }: Manifest): string {
  return `${apiVersion} ${kind} ${metadata.namespace === undefined ? "" : `${metadata.namespace}/`}${metadata.name}`;
}

/** Every object of a cluster, sorted, one a line. */
export function inventoryOf(objects: readonly RenderedObject[]): string {
  const lines = objects
    .map(({ manifest, text }) => ({
      id: objectId(manifest),
      intent: manifest.intent ?? null,
      hash: contentHash(text, 16),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((one) => `    ${JSON.stringify(one)}`);
  return `{\n  "version": 1,\n  "objects": [\n${lines.join(",\n")}\n  ]\n}\n`;
}
