import { familiesOf } from "../dataplane/default-flows.ts";
import { intersectServices, type ServiceSet } from "../headerspace/service-set.ts";
import { nameOf, placeIn } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import type { Node } from "../model/pods/node.ts";
import { allowedByPolicy, subjectsOf } from "../model/policies/default-network.ts";
import type { Direction } from "../model/policies/pod-policy.ts";
import type { Hop } from "./trace.ts";

/** Which side's policies keep a connection from coming about over the default network. */
export function whyNotDefault(model: Model, from: Node, to: Node, wanted: ServiceSet): readonly Hop[] {
  const family = familiesOf(model)[0];
  if (!family) return [];
  const shut = (subject: Node, direction: Direction, remote: Node) =>
    intersectServices(allowedByPolicy(model, subject, direction, { node: remote }, family), wanted).length === 0;
  const sides: readonly (readonly [Node, Direction, Node])[] = [
    [from, "egress", to],
    [to, "ingress", from],
  ];
  return sides
    .filter(([subject, direction, remote]) => shut(subject, direction, remote))
    .map(([subject, direction]) => {
      const { admin, pod } = subjectsOf(model, subject);
      const isolating = pod.filter((policy) => policy[direction] !== undefined);
      const names = [...admin, ...isolating].map((policy) => nameOf(policy.manifest)).join(", ");
      const first = isolating[0] ?? admin[0];
      const way = direction === "egress" ? "out of" : "into";
      return {
        at: subject.id,
        text: `stopped: nothing of ${names} lets it ${way} eth0`,
        place: first && placeIn(first.manifest, "spec"),
      };
    });
}
