import type { Plan } from "../../ir/plan.ts";
import type { Lack } from "../target.ts";

/** On an overlay nobody of the default network is there: only the zone itself and addresses outside can be open. */
export function lacks(plan: Plan): readonly Lack[] {
  const overlays = new Set(plan.networks.filter((one) => one.link.separation === "overlay").map((one) => one.intent));
  return plan.boundaries
    .filter((boundary) => overlays.has(boundary.intent))
    .flatMap(({ intent, namespaces, openings }) =>
      openings
        .filter(({ standing, peer }) => !standing && peer.type === "namespaces")
        .filter(({ peer }) => peer.type === "namespaces" && peer.names.some((name) => !namespaces.includes(name)))
        .map(({ origin }): Lack => ({ feature: "openings", intent, place: origin })),
    );
}
