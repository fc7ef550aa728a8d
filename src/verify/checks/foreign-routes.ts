import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Family } from "../../net/address.ts";
import { formatCidr } from "../../net/cidr.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import type { Model } from "../model/model.ts";
import { formatRoute } from "../model/pods/merge-nodes.ts";
import type { Node, Route } from "../model/pods/node.ts";
import { isEquallyPreferred } from "../model/pods/routes.ts";
import { verifyRules } from "../rules.ts";
import { isForeignNetwork } from "./foreign-network.ts";

/**
 * Routes by networks that no intent made, of pods whose border is kept: those that take the default route, and those that
 * share their destinations with another route, so that a part of the packets goes either way.
 */
export function checkForeignRoutes(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const node of model.nodes) {
    const zone = watch.zones.get(node.namespace);
    if (node.type !== "workload" || !zone || zone.audit || watch.isExternallyManaged(node)) continue;
    const links = node.interfaces.filter((one) => isForeignNetwork(one, watch));
    if (links.length > 0) found.push(...checkNode(node, new Set(links.map((one) => one.name))));
  }
  return found;
}

function checkNode(node: Node, own: ReadonlySet<string>): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const told = new Set<string>();
  const first = ([4, 6] as const).map((family) => defaultOf(node, family)).find((one) => one && own.has(one));
  if (first !== undefined) {
    told.add(first);
    found.push(verifyRules.diagnose("own-default-route", node.place, { pod: node.id, interface: first }));
  }
  for (const [one, other] of equalRoutes(node)) {
    const name = [one, other].map((route) => route.interface ?? "").find((link) => own.has(link));
    if (name === undefined || told.has(name)) continue;
    told.add(name);
    const notes = [formatRoute(one), formatRoute(other)].map((text) => `route: ${text}`);
    const parameters = { pod: node.id, to: formatCidr(one.to), one: nameOf(one), other: nameOf(other) };
    found.push(verifyRules.diagnose("equal-routes", node.place, parameters, { notes }));
  }
  return found;
}

function nameOf(route: Route): string {
  return route.interface ?? "nothing";
}

/** The link of a default route; of equal ones the last one, which IPv4 asks first and IPv6 asks for a part. */
function defaultOf(node: Node, family: Family): string | undefined {
  const routes = node.routes.filter(({ to, answersOnly }) => to.prefix === 0 && to.family === family && !answersOnly);
  const best = routes.reduce<Route | undefined>((a, b) => (a && a.metric < b.metric ? a : b), undefined);
  return best?.interface;
}

/** Routes of two links to the same destinations, neither of which is better. */
function equalRoutes(node: Node): readonly (readonly [Route, Route])[] {
  const found: (readonly [Route, Route])[] = [];
  const domains = new Map<string | undefined, string>(node.interfaces.map((one) => [one.name, one.domain]));
  const byPrefix = new Map<string, Route[]>();
  for (const route of node.routes) {
    if (route.answersOnly || route.interface === undefined) continue;
    const key = formatCidr(route.to);
    const before = byPrefix.get(key);
    if (!before) byPrefix.set(key, [route]);
    else {
      const equal = before.find(
        (one) => isEquallyPreferred(one, route) && domains.get(one.interface) !== domains.get(route.interface),
      );
      if (equal) found.push([equal, route]);
      before.push(route);
    }
  }
  return found;
}
