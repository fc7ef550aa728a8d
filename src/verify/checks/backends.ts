import {
  hasValue,
  isFields,
  type ReadManifest,
  readFields,
  readLabels,
  readList,
  readText,
} from "../model/manifests/manifest.ts";

/** A Service by its name. */
export interface Backend {
  readonly namespace: string;
  readonly name: string;
}

/** Services that an Ingress (networking.k8s.io/v1), a route of the Gateway API or a route of a proxy's own kind leads to. */
export function listBackends(entry: ReadManifest): readonly Backend[] {
  const { value, namespace } = entry;
  if (Object.hasOwn(ROUTES, entry.kind)) return [...ofProxy(entry), ...inAnnotations(entry)];
  if (entry.kind === "Ingress") {
    const paths = readList(value, "spec", "rules").flatMap((rule) => readList(rule, "http", "paths"));
    const all = [readFields(value, "spec", "defaultBackend"), ...paths.map((path) => readFields(path, "backend"))];
    const named = all.flatMap((backend) => {
      const name = readText(backend, "service", "name");
      return name === undefined ? [] : [{ namespace, name }];
    });
    return [...named, ...inAnnotations(entry)];
  }
  const routed = readList(value, "spec", "rules").flatMap((rule) => {
    const mirrors = readList(rule, "filters").map((filter) => readFields(filter, "requestMirror", "backendRef"));
    return [...readList(rule, "backendRefs"), ...mirrors].flatMap((backend): Backend[] => {
      const name = readText(backend, "name");
      const isService = isFields(backend) && (!hasValue(backend, "kind") || backend.kind === "Service");
      return name === undefined || !isService ? [] : [{ namespace: readText(backend, "namespace") ?? namespace, name }];
    });
  });
  return [...routed, ...inAnnotations(entry)];
}

/** Keys at which routes of proxies name a Service, wherever they stand in the spec: by its name, or as a host. */
const ROUTES: Readonly<Record<string, { readonly lists?: readonly string[]; readonly texts?: readonly string[] }>> = {
  VirtualService: { texts: ["host"] },
  IngressRoute: { lists: ["services"] },
  IngressRouteTCP: { lists: ["services"] },
  IngressRouteUDP: { lists: ["services"] },
  TraefikService: { lists: ["services", "mirrors", "mirroring"] },
  HTTPProxy: { lists: ["services"] },
  Route: { lists: ["to", "alternateBackends"] },
  VirtualServer: { texts: ["service", "backup"] },
  VirtualServerRoute: { texts: ["service", "backup"] },
  TransportServer: { texts: ["service", "backup"] },
  Mapping: { texts: ["service"] },
  TCPMapping: { texts: ["service"] },
  ApisixRoute: { texts: ["serviceName"] },
  TCPIngress: { texts: ["serviceName"] },
  UDPIngress: { texts: ["serviceName"] },
};

function ofProxy({ kind, value, namespace }: ReadManifest): readonly Backend[] {
  const { lists = [], texts = [] } = ROUTES[kind] ?? {};
  const found: Backend[] = [];
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) for (const one of part) visit(one);
    if (!isFields(part)) return;
    for (const [key, below] of Object.entries(part)) {
      if (lists.includes(key))
        for (const one of Array.isArray(below) ? below : [below]) {
          const name = readText(one, "name");
          if (name !== undefined) found.push({ namespace: readText(one, "namespace") ?? namespace, name });
        }
      if (texts.includes(key) && typeof below === "string") found.push(atHost(below, namespace));
      visit(below);
    }
  };
  visit(value.spec);
  return found;
}

/** `https://api.shop:443`, `shop/api`, `api`: without a namespace it is that of the route. */
function atHost(text: string, namespace: string): Backend {
  const host = text.replace(/^[a-z0-9+.-]+:\/\//i, "").replace(/:\d+$/, "");
  const [first = "", second] = host.split("/");
  if (second !== undefined && second !== "") return { namespace: first, name: second };
  return parseServiceHost(first) ?? { namespace, name: first };
}

/** Annotations by which a controller is told of one more Service: by its name, or by its name in the cluster's DNS. */
function inAnnotations({ value, namespace }: ReadManifest): readonly Backend[] {
  return Object.entries(readLabels(value, "metadata", "annotations")).flatMap(([key, text]): Backend[] => {
    const hosts = [...text.matchAll(/[\w.-]+\.svc\b/g)]
      .map(([host]) => parseServiceHost(host))
      .filter((one) => one !== undefined);
    if (!/\bdefault-?backend(-service)?$/i.test(key)) return hosts;
    const [first = "", second] = text.trim().split(":")[0]?.split("/") ?? [];
    return [...hosts, second === undefined ? { namespace, name: first } : { namespace: first, name: second }];
  });
}

/** The Service that a name of the cluster's DNS is for: `api.ehr`, `api.ehr.svc`, `api-0.api.ehr.svc.cluster.local`. */
export function parseServiceHost(host: string): Backend | undefined {
  const labels = host.toLowerCase().replace(/\.$/, "").split(".");
  const at = labels.indexOf("svc", 2);
  const [name, namespace] = at < 0 ? (labels.length === 2 ? labels : []) : labels.slice(at - 2, at);
  return name === undefined || namespace === undefined ? undefined : { namespace, name };
}
