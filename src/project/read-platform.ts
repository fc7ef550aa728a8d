import type { Platform } from "../ir/project.ts";
import { cidr } from "../net/cidr.ts";
import { profiles } from "./profiles.ts";
import { takenSubnets } from "./taken-subnets.ts";
import type { PlatformSpec } from "./types.ts";

const ARGO_CD = "system:serviceaccount:argocd:argocd-application-controller";

/** Written values first, then those of the profile. */
export function readPlatform(spec: PlatformSpec, target: string): Platform {
  const profile = spec.profile ?? "generic";
  const otherwise = profiles[profile];
  if (!otherwise) throw new Error(`no defaults for the profile ${profile}`);
  const controller = spec.multiNetworkPolicy;
  return {
    profile,
    kubernetes: Number((spec.kubernetes ?? "1.36").slice(2)),
    cniVersion: spec.cniVersion ?? "1.0.0",
    namespaceIsolation: spec.namespaceIsolation ?? otherwise.namespaceIsolation,
    ipam: spec.ipam ?? "whereabouts",
    networkResourcesInjector: spec.networkResourcesInjector ?? otherwise.networkResourcesInjector,
    nmstate: spec.nmstate ?? false,
    // macvlan alone is what both controllers enforce unless their operator says more (--network-plugins).
    multiNetworkPolicy: controller && {
      plugins: controller.plugins ?? ["macvlan"],
      endPort: controller.endPort ?? false,
      acceptIcmp6: controller.acceptIcmp6 ?? false,
    },
    networkPolicy: spec.networkPolicy ?? true,
    appliers: spec.appliers ?? [ARGO_CD],
    networkWriters: spec.networkWriters ?? [],
    statusWriters: spec.statusWriters ?? otherwise.statusWriters,
    adminPolicy: spec.adminPolicy ?? otherwise.adminPolicy,
    podNetwork: {
      cidrs: (spec.podNetwork?.cidrs ?? otherwise.cidrs).map(cidr),
      serviceCidrs: (spec.podNetwork?.serviceCidrs ?? otherwise.serviceCidrs).map(cidr),
      mtu: spec.podNetwork?.mtu ?? otherwise.mtu,
      nodeCidrs: (spec.podNetwork?.nodeCidrs ?? []).map(cidr),
      eth0Routes: spec.podNetwork?.eth0Routes ?? false,
    },
    dns: {
      namespace: spec.dns?.namespace ?? otherwise.dnsNamespace,
      podLabels: spec.dns?.podLabels ?? otherwise.dnsLabels,
      ports: spec.dns?.ports ?? [otherwise.dnsPort],
      cidrs: (spec.dns?.cidrs ?? []).map(cidr),
    },
    apiServer: { cidrs: (spec.apiServer?.cidrs ?? []).map(cidr), port: spec.apiServer?.port ?? 6443 },
    dra: { driver: spec.dra?.driver ?? "dranet", deviceClass: spec.dra?.deviceClass },
    gke: {
      networks: new Map(
        Object.entries(spec.gke?.networks ?? {}).map(([uplink, { podRanges, ...vpc }]) => [
          uplink,
          { ...vpc, podRanges: podRanges ?? [] },
        ]),
      ),
    },
    kubeOvn: { externalSubnet: spec.kubeOvn?.externalSubnet, policyFor: spec.kubeOvn?.policyFor ?? false },
    networkKind: { deviceClass: spec.networkKind?.deviceClass },
    sysctlAllowlist: spec.sysctlAllowlist,
    taken: takenSubnets(spec, target),
    securityContextConstraints: spec.securityContextConstraints ?? otherwise.securityContextConstraints,
  };
}
