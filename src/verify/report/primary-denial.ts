import { listPodFamilies } from "../dataplane/primary-flows.ts";
import { intersectServices, type ServiceSet } from "../headerspace/service-set.ts";
import { formatName, locateInManifest } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import type { Node } from "../model/pods/node.ts";
import type { Direction } from "../model/policies/pod-policy.ts";
import { computeAllowedServices, findPolicies } from "../model/policies/primary-network.ts";
import type { Hop } from "./trace.ts";

/** Which side's policies keep a connection from coming about over the default network. */
export function explainPrimaryDenial(model: Model, from: Node, to: Node, wanted: ServiceSet): readonly Hop[] {
  const family = listPodFamilies(model)[0];
  if (!family) return [];
  const shut = (subject: Node, direction: Direction, remote: Node) =>
    intersectServices(computeAllowedServices(model, subject, direction, { node: remote }, family), wanted).length === 0;
  const sides: readonly (readonly [Node, Direction, Node])[] = [
    [from, "egress", to],
    [to, "ingress", from],
  ];
  return sides
    .filter(([subject, direction, remote]) => shut(subject, direction, remote))
    .map(([subject, direction]) => {
      const { admin, pod } = findPolicies(model, subject);
      const isolating = pod.filter((policy) => policy[direction] !== undefined);
      const names = [...admin, ...isolating].map((policy) => formatName(policy.manifest)).join(", ");
      const first = isolating[0] ?? admin[0];
      const way = direction === "egress" ? "out of" : "into";
      return {
        at: subject.id,
        text: `stopped: nothing of ${names} lets it ${way} eth0`,
        place: first && locateInManifest(first.manifest, "spec"),
      };
    });
}
