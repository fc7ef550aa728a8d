import type { PodSpec } from "../../../ir/network-spec.ts";
import type { PodSettings } from "../../../ir/plan.ts";

/** Settings of gateway pods with every default filled in. */
export function readPodSettings(spec: PodSpec | undefined): PodSettings {
  return {
    resources: spec?.resources,
    nodeSelector: spec?.nodeSelector ?? {},
    tolerations: spec?.tolerations ?? [],
    imagePullSecrets: spec?.imagePullSecrets ?? [],
    priorityClassName: spec?.priorityClassName,
    topologyKey: spec?.topologyKey ?? "kubernetes.io/hostname",
  };
}
