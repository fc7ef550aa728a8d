import { findFile } from "../source/place.ts";
import type { Diagnostic } from "./diagnostic.ts";

/**
 * Findings of one cluster of several. What stands in an input is found in each cluster anew, in the same words: so the cluster
 * is named, unless the words or the place (below `folder`) do so already.
 */
export function addCluster(found: readonly Diagnostic[], cluster: string, folder: string): readonly Diagnostic[] {
  return found.map((one) => {
    const named = one.message.includes(`\`${cluster}\``) || (one.place && findFile(one.place).path.startsWith(folder));
    return named ? one : { ...one, message: `${one.message} (in cluster \`${cluster}\`)` };
  });
}
