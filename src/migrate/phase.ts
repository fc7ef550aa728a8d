import type { ClusterObject } from "./object.ts";

/** What an object is for, in the order in which objects are applied; they are removed the other way round. */
export const phases = ["namespace", "guard", "policy", "network", "other", "pods"] as const;

export type Phase = (typeof phases)[number];

const byKind: Readonly<Record<string, Phase>> = {
  Namespace: "namespace",
  ValidatingAdmissionPolicy: "guard",
  ValidatingAdmissionPolicyBinding: "guard",
  MutatingAdmissionPolicy: "guard",
  MutatingAdmissionPolicyBinding: "guard",
  NetworkPolicy: "policy",
  MultiNetworkPolicy: "policy",
  AdminNetworkPolicy: "policy",
  BaselineAdminNetworkPolicy: "policy",
  ClusterNetworkPolicy: "policy",
  EgressFirewall: "policy",
  NetworkAttachmentDefinition: "network",
  UserDefinedNetwork: "network",
  ClusterUserDefinedNetwork: "network",
  ClusterNetworkConnect: "network",
  AdminPolicyBasedExternalRoute: "network",
  ProviderNetwork: "network",
  Vlan: "network",
  Vpc: "network",
  Subnet: "network",
  DeviceClass: "network",
  ResourceClaimTemplate: "network",
  Network: "network",
  GKENetworkParamSet: "network",
  Deployment: "pods",
  StatefulSet: "pods",
  DaemonSet: "pods",
};

/** Where the guards keep what they compare with. */
const GUARDS = "plumbline-guards";

export function findPhase({ kind, namespace }: ClusterObject): Phase {
  if (namespace === GUARDS) return "guard";
  return Object.hasOwn(byKind, kind) ? (byKind[kind] as Phase) : "other";
}

/** In the order in which they are applied: what denies comes before what could be reached. */
export function sortByPhase(objects: readonly ClusterObject[]): readonly ClusterObject[] {
  return phases.flatMap((phase) => objects.filter((one) => findPhase(one) === phase));
}
