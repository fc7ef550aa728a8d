import type { ClusterObject } from "./object.ts";

/** How to see that a network was made: what its controller says once it is. */
const said: Readonly<Record<string, string>> = {
  ClusterUserDefinedNetwork: "condition=NetworkCreated",
  UserDefinedNetwork: "condition=NetworkCreated",
  Subnet: "condition=Ready",
  ProviderNetwork: "jsonpath='{.status.ready}'=true",
};

/** Commands that wait until what was applied works. */
export function listWaitCommands(applied: readonly ClusterObject[]): readonly string[] {
  return applied.flatMap(({ kind, apiVersion, namespace, name }) => {
    const condition = Object.hasOwn(said, kind) ? said[kind] : undefined;
    const group = apiVersion.includes("/") ? `.${apiVersion.slice(0, apiVersion.indexOf("/"))}` : "";
    const at = namespace === undefined ? "" : ` -n ${namespace}`;
    if (condition !== undefined)
      return [`kubectl wait${at} ${kind.toLowerCase()}${group}/${name} --for=${condition} --timeout=5m`];
    return kind === "Deployment" ? [`kubectl${at} rollout status deployment/${name} --timeout=10m`] : [];
  });
}
