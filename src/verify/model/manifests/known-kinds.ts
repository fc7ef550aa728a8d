/** Kinds that are written, with the version of their API that the API server is asked for. */
export const KNOWN_KINDS: Readonly<Record<string, readonly string[]>> = {
  AdminNetworkPolicy: ["policy.networking.k8s.io/v1alpha1"],
  BaselineAdminNetworkPolicy: ["policy.networking.k8s.io/v1alpha1"],
  ClusterNetworkPolicy: ["policy.networking.k8s.io/v1alpha2"],
  Application: ["argoproj.io/v1alpha1"],
  ApplicationSet: ["argoproj.io/v1alpha1"],
  ClusterUserDefinedNetwork: ["k8s.ovn.org/v1"],
  Component: ["kustomize.config.k8s.io/v1alpha1"],
  ConfigMap: ["v1"],
  Deployment: ["apps/v1"],
  DeviceClass: ["resource.k8s.io/v1"],
  EgressFirewall: ["k8s.ovn.org/v1"],
  GKENetworkParamSet: ["networking.gke.io/v1"],
  Kustomization: ["kustomize.config.k8s.io/v1beta1", "kustomize.toolkit.fluxcd.io/v1"],
  MultiNetworkPolicy: ["k8s.cni.cncf.io/v1beta1"],
  MutatingAdmissionPolicy: ["admissionregistration.k8s.io/v1"],
  MutatingAdmissionPolicyBinding: ["admissionregistration.k8s.io/v1"],
  Namespace: ["v1"],
  Network: ["networking.gke.io/v1"],
  NetworkAttachmentDefinition: ["k8s.cni.cncf.io/v1"],
  NetworkKind: ["multinetwork.networking.x-k8s.io/v1alpha1"],
  NetworkPolicy: ["networking.k8s.io/v1"],
  NodeNetworkConfigurationPolicy: ["nmstate.io/v1"],
  PodDisruptionBudget: ["policy/v1"],
  ProviderNetwork: ["kubeovn.io/v1"],
  ResourceClaimTemplate: ["resource.k8s.io/v1"],
  RoleBinding: ["rbac.authorization.k8s.io/v1"],
  ServiceAccount: ["v1"],
  Subnet: ["kubeovn.io/v1"],
  ValidatingAdmissionPolicy: ["admissionregistration.k8s.io/v1"],
  ValidatingAdmissionPolicyBinding: ["admissionregistration.k8s.io/v1"],
  Vlan: ["kubeovn.io/v1"],
  Vpc: ["kubeovn.io/v1"],
  VpcEgressGateway: ["kubeovn.io/v1"],
};

const GROUPS: ReadonlySet<string> = new Set(Object.values(KNOWN_KINDS).flat().map(groupOf));

function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

/** Why an API server would not take an object for what it is read as. Groups of others are theirs to know. */
export function findUnexpectedVersion(kind: string, apiVersion: string): string | undefined {
  const known = Object.hasOwn(KNOWN_KINDS, kind) ? KNOWN_KINDS[kind] : undefined;
  if (known) return known.includes(apiVersion) ? undefined : `${apiVersion} has no ${kind} that is read here`;
  return GROUPS.has(groupOf(apiVersion)) ? `${apiVersion} has no kind ${kind}` : undefined;
}
