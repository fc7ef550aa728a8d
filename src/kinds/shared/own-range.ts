import type { WorkloadRef } from "../../ir/workload.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";

/** How a workload is a member of a network: by an entry of its own, by one that selects it, or since none are listed. */
export type MemberListing =
  | { readonly by: "entry" | "selection" }
  | { readonly by: "default"; readonly namespaces: readonly string[] };

/** Pods that a workload is taken to have where it has one on every node. */
const UNKNOWN = 14;

/** What to type so that a workload has addresses of its own: only by them can a rule tell it from the rest of its network. */
export function suggestOwnRange(
  ref: WorkloadRef,
  pods: number | undefined,
  network: string,
  listing: MemberListing,
): string {
  const size = Math.max(4, 2 ** Math.ceil(Math.log2((pods ?? UNKNOWN) + 1)));
  const range = `range: {size: ${size}}`;
  const entry = `{workload: {namespace: ${ref.namespace}, kind: ${ref.kind}, name: ${ref.name}}, ${range}}`;
  if (listing.by === "default") {
    // A list takes the place of everybody in the namespaces.
    const others = listing.namespaces.map((name) => `{namespace: ${name}}`);
    return `list the members of ${network}: \`members: [${[entry, ...others].join(", ")}]\``;
  }
  return listing.by === "entry"
    ? `write into the entry of ${formatDisplayName(ref)} among the members of ${network}: \`${range}\``
    : `add to the members of ${network}: \`- ${entry}\``;
}
