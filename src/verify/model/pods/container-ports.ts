import { readList } from "../manifests/manifest.ts";
import type { Pod } from "./pod.ts";

/**
 * Every port that a pod names, those of init containers too: one that restarts serves as long as the pod runs, and
 * controllers resolve names of all of them (Kubernetes' FindPort since 1.32, Calico, Kube-OVN).
 */
export function listPodPorts(pod: Pod | undefined): readonly unknown[] {
  return ["containers", "initContainers"]
    .flatMap((key) => readList(pod?.spec, key))
    .flatMap((container) => readList(container, "ports"));
}
