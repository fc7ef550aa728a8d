import type { ReadManifest } from "./manifest.ts";

/** Kinds that lead to pods, by what their API begins with. Proxies of many makes have routes of their own kinds. */
const ENTRIES: Readonly<Record<string, RegExp>> = {
  Service: /^v1$/,
  Endpoints: /^v1$/,
  EndpointSlice: /^discovery\.k8s\.io\//,
  Ingress: /^(networking\.k8s\.io|extensions)\//,
  HTTPRoute: /^gateway\.networking\.(x-)?k8s\.io\//,
  GRPCRoute: /^gateway\.networking\.(x-)?k8s\.io\//,
  TLSRoute: /^gateway\.networking\.(x-)?k8s\.io\//,
  TCPRoute: /^gateway\.networking\.(x-)?k8s\.io\//,
  UDPRoute: /^gateway\.networking\.(x-)?k8s\.io\//,
  VirtualService: /^networking\.istio\.io\//,
  IngressRoute: /^traefik\.(io|containo\.us)\//,
  IngressRouteTCP: /^traefik\.(io|containo\.us)\//,
  IngressRouteUDP: /^traefik\.(io|containo\.us)\//,
  TraefikService: /^traefik\.(io|containo\.us)\//,
  HTTPProxy: /^projectcontour\.io\//,
  Route: /^route\.openshift\.io\//,
  VirtualServer: /^k8s\.nginx\.org\//,
  VirtualServerRoute: /^k8s\.nginx\.org\//,
  TransportServer: /^k8s\.nginx\.org\//,
  Mapping: /^getambassador\.io\//,
  TCPMapping: /^getambassador\.io\//,
  ApisixRoute: /^apisix\.apache\.org\//,
  TCPIngress: /^configuration\.konghq\.com\//,
  UDPIngress: /^configuration\.konghq\.com\//,
};

/** Services, Endpoints, Ingresses and routes of every make. */
export function isEntry({ kind, apiVersion }: ReadManifest): boolean {
  return Object.hasOwn(ENTRIES, kind) && (ENTRIES[kind]?.test(apiVersion) ?? false);
}
