import { formatSuggestion } from "../../diagnostics/suggest.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { isFields, type LintObject, locateInObject, parseApiGroup, readField } from "../read/lint-object.ts";
import { operatorRules } from "./rules.ts";

const NETWORKS = ["public", "cluster"];

/** `spec.network` of a CephCluster: selectors count with the provider `multus` alone, and there are two of them. */
export function checkRook(object: LintObject): readonly LintFinding[] {
  if (object.kind !== "CephCluster" || parseApiGroup(object.apiVersion) !== "ceph.rook.io") return [];
  const network = readField(object, "spec", "network");
  if (!isFields(network) || !isFields(network.selectors)) return [];
  const keys = Object.keys(network.selectors);
  if (network.provider !== "multus" && keys.length > 0) {
    if (network.provider !== undefined && network.provider !== "" && network.provider !== "host") return [];
    const problem = "Rook reads `selectors` with `provider: multus` alone";
    const place = locateInObject(object, ["spec", "network", "selectors"], "key");
    return [
      createFinding(
        operatorRules.diagnose(
          "unknown-key",
          place,
          { problem },
          { label: "never read", help: "add `provider: multus`" },
        ),
      ),
    ];
  }
  return keys
    .filter((key) => !NETWORKS.includes(key))
    .map((key) => {
      const problem = `Rook has no network \`${key}\`: there are \`public\` and \`cluster\``;
      const place = locateInObject(object, ["spec", "network", "selectors", key], "key");
      return createFinding(
        operatorRules.diagnose(
          "unknown-key",
          place,
          { problem },
          { label: "never read", help: formatSuggestion(key, NETWORKS) },
        ),
      );
    });
}
