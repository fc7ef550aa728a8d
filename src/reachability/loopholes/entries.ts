import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Flows } from "../flows/flow.ts";
import { fieldsAt, labelsAt, listAt, type Manifest, nameOf, placeIn, textAt } from "../manifests/manifest.ts";
import type { Model } from "../model.ts";
import type { Node } from "../pods/node.ts";
import { verifyRules } from "../rules.ts";
import type { Watch } from "../watch.ts";

/** Services and Ingresses that lead from outside of the cluster to pods of a zone whose eth0 lets them in. */
export function entryLoopholes(model: Model, flows: Flows, watch: Watch): readonly Diagnostic[] {
  const exposed = new Set<Node>([...flows.outside.filter((one) => one.direction === "ingress").map((one) => one.node)]);
  const services = new Map(
    model.entries.filter((one) => one.kind === "Service").map((one) => [`${one.namespace}/${one.name}`, one]),
  );
  return model.entries.flatMap((entry) => {
    const zone = watch.zones.get(entry.namespace);
    if (!zone || zone.audit) return [];
    const led = leadsTo(entry, services, model);
    if (!led) return [];
    const open = led.pods.length === 0 || led.pods.some((node) => exposed.has(node)) || led.inside;
    if (!open) return [];
    return [verifyRules.diagnose("service-crosses", placeIn(entry, "kind"), { what: nameOf(entry), zone: zone.id })];
  });
}

interface Led {
  readonly pods: readonly Node[];
  /** The way in is a pod of the cluster itself: a proxy that may be let in by its namespace. */
  readonly inside: boolean;
}

function leadsTo(entry: Manifest, services: ReadonlyMap<string, Manifest>, model: Model): Led | undefined {
  if (entry.kind === "Service") {
    const type = textAt(entry.value, "spec", "type") ?? "ClusterIP";
    const external = listAt(entry.value, "spec", "externalIPs").length > 0;
    if (type !== "LoadBalancer" && type !== "NodePort" && !external) return undefined;
    return { pods: podsOf(entry, model), inside: false };
  }
  if (entry.kind !== "Ingress" && entry.kind !== "HTTPRoute") return undefined;
  const names = JSON.stringify(fieldsAt(entry.value, "spec")).matchAll(/"name":"([a-z0-9-]+)"/g);
  const found = [...names]
    .map((match) => services.get(`${entry.namespace}/${match[1]}`))
    .filter((one) => one !== undefined);
  return { pods: found.flatMap((service) => podsOf(service, model)), inside: true };
}

function podsOf(service: Manifest, model: Model): readonly Node[] {
  const selector = Object.entries(labelsAt(service.value, "spec", "selector"));
  if (selector.length === 0) return [];
  return model.nodes.filter(
    (node) =>
      node.namespace === service.namespace && node.pod && selector.every(([key, value]) => node.labels[key] === value),
  );
}
