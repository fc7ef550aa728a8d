import { defineRules } from "../../../src/diagnostics/rules.ts";
import type { LoweredObjects, Manifest } from "../../../src/ir/manifest.ts";
import type { Plan } from "../../../src/ir/plan.ts";
import { formatCidr } from "../../../src/net/cidr.ts";
import { buildManifest } from "../../../src/targets/shared/kubernetes/metadata.ts";
import type { Target } from "../../../src/targets/target.ts";

/**
 * The smallest target there can be, and nothing like Multus: a zone is a label on its namespaces and one network object;
 * pods get a claim each and no annotation. It keeps the Plan honest.
 */
export const toy: Target = {
  name: "toy",
  summary: "a primary network by namespace, a claim per pod",
  maturity: "stable",
  supports: { zone: "yes", "zone-vlan": "yes", "pool-addresses": "yes", "dual-stack": "yes", "fixed-addresses": "yes" },
  rules: defineRules("toy", {}),
  lower(plan: Plan): LoweredObjects {
    const what = { apiVersion: "toy.example/v1", template: "kubernetes/object" };
    const manifests = plan.networks.flatMap((network): Manifest[] => {
      const file = `zones/${network.name}.yaml`;
      const namespaces = plan.zones.find((one) => one.intent === network.intent)?.namespaces ?? [];
      const spec = { cidrs: network.subnets.map(formatCidr), namespaces };
      const claims = plan.attachments
        .filter((one) => one.network === network.intent)
        .map((one) =>
          buildManifest(
            { ...what, kind: "Claim", file },
            { name: one.workload.name, namespace: one.workload.namespace, wave: 0 },
            network,
            { body: { spec: { network: network.name } } },
          ),
        );
      return [
        buildManifest({ ...what, kind: "Network", file }, { name: network.name, wave: -2 }, network, {
          body: { spec },
        }),
        ...claims,
      ];
    });
    return { manifests, patches: [], diagnostics: [] };
  },
};
