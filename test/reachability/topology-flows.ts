import type { Platform } from "../../src/ir/project.ts";
import { parseKnownCidr } from "../../src/net/cidr.ts";
import { computeFlows } from "../../src/verify/dataplane/compute-flows.ts";
import type { FlowSet } from "../../src/verify/dataplane/flow.ts";
import { buildModel } from "../../src/verify/model/build-model.ts";
import { exampleInputs, knownOf } from "./example.ts";
import { renderTopology } from "./render-topology.ts";
import type { Topology } from "./topology.ts";

/** Pods of the default network in a generated world. */
export const POD_CIDRS = { 4: "10.244.0.0/16", 6: "fd00:244::/56" } as const;

const base = [...knownOf(exampleInputs()).values()][0]?.plan.cluster.platform as Platform;

/** What the model reads out of the manifests of a generated world; throws where it cannot read them. */
export function flowsOf(world: Topology): FlowSet {
  const { files, workloads } = renderTopology(world);
  const podNetwork = {
    ...base.podNetwork,
    cidrs: [parseKnownCidr(POD_CIDRS[4]), ...(world.dual ? [parseKnownCidr(POD_CIDRS[6])] : [])],
  };
  const platform: Platform = {
    ...base,
    adminPolicy: "none",
    podNetwork,
    multiNetworkPolicy: { plugins: world.enforced ? ["macvlan"] : ["ipvlan"], endPort: false, acceptIcmp6: true },
  };
  const read = workloads.map((file) => ({ file, namespace: undefined }));
  const input = { cluster: "one", platform, files, workloads: read, externals: [], externallyManaged: [], guests: [] };
  const { model, diagnostics } = buildModel(input);
  const wrong = diagnostics.find((one) => one.severity === "error");
  if (wrong) throw new Error(wrong.message);
  return computeFlows(model);
}
