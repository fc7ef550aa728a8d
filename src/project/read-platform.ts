import type { Cni, Platform, PodNetwork, TakenSubnet } from "../ir/project.ts";
import { parseKnownCidr } from "../net/cidr.ts";
import { cniRoutes, keepsRoutes } from "./cni-routes.ts";
import { type ProfileDefaults, profiles } from "./profiles.ts";
import { listTakenSubnets } from "./taken-subnets.ts";
import type { PlatformSpec } from "./types.ts";

const ARGO_CD = "system:serviceaccount:argocd:argocd-application-controller";

/** Written values first, then those of the profile. */
export function readPlatform(spec: PlatformSpec, target: string): Platform {
  const profile = spec.profile ?? "generic";
  const otherwise = profiles[profile];
  if (!otherwise) throw new Error(`no defaults for the profile ${profile}`);
  const controller = spec.multiNetworkPolicy;
  const taken = listTakenSubnets(spec, target);
  return {
    profile,
    kubernetes: Number((spec.kubernetes ?? "1.36").slice(2)),
    cniVersion: spec.cniVersion ?? "1.0.0",
    cni: cniOf(spec, target),
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
    podNetwork: podNetworkOf(spec, target, otherwise, taken),
    dns: {
      namespace: spec.dns?.namespace ?? otherwise.dnsNamespace,
      podLabels: spec.dns?.podLabels ?? otherwise.dnsLabels,
      ports: spec.dns?.ports ?? [otherwise.dnsPort],
      cidrs: (spec.dns?.cidrs ?? []).map(parseKnownCidr),
    },
    apiServer: { cidrs: (spec.apiServer?.cidrs ?? []).map(parseKnownCidr), port: spec.apiServer?.port ?? 6443 },
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
    taken,
    securityContextConstraints: spec.securityContextConstraints ?? otherwise.securityContextConstraints,
  };
}

const BY_TARGET: Readonly<Record<string, Cni>> = { "ovn-kubernetes": "ovn-kubernetes", "kube-ovn": "kube-ovn" };

function cniOf(spec: PlatformSpec, target: string): Cni | undefined {
  return spec.cni ?? profiles[spec.profile ?? "generic"]?.cni ?? BY_TARGET[target];
}

function podNetworkOf(
  spec: PlatformSpec,
  target: string,
  otherwise: ProfileDefaults,
  taken: readonly TakenSubnet[],
): PodNetwork {
  const written = spec.podNetwork;
  const cidrs = (written?.cidrs ?? otherwise.cidrs).map(parseKnownCidr);
  const serviceCidrs = (written?.serviceCidrs ?? otherwise.serviceCidrs).map(parseKnownCidr);
  const nodeCidrs = (written?.nodeCidrs ?? []).map(parseKnownCidr);
  const cni = cniOf(spec, target);
  const eth0Routes = written?.eth0Routes ?? keepsRoutes(cni);
  const known = cni !== undefined && cni !== "other";
  const own = [...cidrs, ...serviceCidrs];
  return {
    cidrs,
    serviceCidrs,
    mtu: written?.mtu ?? otherwise.mtu,
    nodeCidrs,
    eth0Routes,
    defaultElsewhere: eth0Routes ? "replaces" : known ? "beside" : undefined,
    onEth0: eth0Routes ? own : [...own, ...nodeCidrs, ...taken.map((one) => one.cidr)],
    probedFromNodes: known && cniRoutes[cni].probesFrom === "nodes",
  };
}
