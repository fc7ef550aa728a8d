import { dra } from "./dra/index.ts";
import { gke } from "./gke/index.ts";
import { kubeOvn } from "./kube-ovn/index.ts";
import { multus } from "./multus/index.ts";
import { networkKind } from "./network-kind/index.ts";
import { ovnKubernetes } from "./ovn-kubernetes/index.ts";
import type { Target } from "./target.ts";

/** Every target, in the order of the table in the README. */
export const targets: readonly Target[] = [multus, ovnKubernetes, dra, kubeOvn, gke, networkKind];
