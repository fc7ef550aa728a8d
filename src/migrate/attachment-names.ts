import { formatValue } from "../source/format-value.ts";
import { readList } from "../verify/model/manifests/manifest.ts";
import { readManifests } from "../verify/model/manifests/read-manifests.ts";
import type { ClusterObject } from "./object.ts";

/** `web/zone-corp`: names under which pods ask for the network, whichever object makes it. */
export function listAttachmentNames(object: ClusterObject): readonly string[] {
  if (object.kind === "NetworkAttachmentDefinition" || object.kind === "UserDefinedNetwork")
    return [`${object.namespace}/${object.name}`];
  if (object.kind !== "ClusterUserDefinedNetwork") return [];
  const [read] = readManifests([object.file]).manifests;
  const expressions = readList(read?.value, "spec", "namespaceSelector", "matchExpressions");
  return expressions
    .flatMap((one) => readList(one, "values"))
    .map((namespace) => `${formatValue(namespace)}/${object.name}`);
}
