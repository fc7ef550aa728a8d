import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Instance } from "../../ir/intent.ts";
import { EVERY_PODS_INTERFACES } from "../../net/name.ts";
import { checkImage } from "../shared/gateway/image.ts";
import { checkPolicyName } from "../shared/gateway/policy-name.ts";
import { gatewayRules } from "../shared/gateway/rules.ts";
import { memberRules } from "../shared/member-rules.ts";
import { countMembers, listPairInterfaces, type PairInterface } from "./interfaces.ts";
import { firewallRules } from "./rules.ts";
import type { FirewallPairSpec } from "./types.ts";

/** What a firewall pair says wrong by itself. */
export function checkFirewallPair(instance: Instance<FirewallPairSpec>): Diagnostic[] {
  const { spec } = instance;
  const at = (...path: (string | number)[]) => instance.at(...path);
  const legs = listPairInterfaces(instance);
  const found = legs.flatMap((leg) => checkLeg(leg, countMembers(spec)));
  found.push(...repeated(legs, "name", (leg) => leg.spec.name, "name"));
  found.push(...repeated(legs, "network", (leg) => leg.spec.zone ?? leg.spec.external, "zone"));
  found.push(...repeated(legs, "interface", (leg) => leg.interface, "interface"));
  for (const leg of legs)
    if (leg.spec.interface !== undefined && EVERY_PODS_INTERFACES.includes(leg.spec.interface))
      found.push(memberRules.diagnose("interface-reserved", leg.at("interface"), { name: leg.spec.interface }));
  for (const [index, rule] of spec.rules.entries()) {
    found.push(...checkPolicyName(`${instance.intent.name}-${rule.name}`, at("rules", index, "name")));
    const first = spec.rules.findIndex((other) => other.name === rule.name);
    if (first === index) continue;
    const related = [{ place: at("rules", first, "name"), label: "the first one" }];
    found.push(firewallRules.diagnose("duplicate-rule", at("rules", index, "name"), { name: rule.name }, { related }));
  }
  return [...found, ...checkPods(instance)];
}

function checkPods(instance: Instance<FirewallPairSpec>): Diagnostic[] {
  const { spec } = instance;
  const at = (...path: (string | number)[]) => instance.at(...path);
  if (spec.adopt) {
    if (spec.image !== undefined) return [firewallRules.diagnose("image-and-adopt", at("image"), {})];
    const wanted = countMembers(spec);
    if (spec.adopt.length === wanted) return [];
    return [firewallRules.diagnose("adopt-count", at("adopt"), { found: spec.adopt.length, wanted })];
  }
  return spec.image === undefined
    ? [firewallRules.diagnose("missing-image", at(), {})]
    : checkImage(spec.image, at("image"));
}

function checkLeg({ spec, at }: PairInterface, members: number): Diagnostic[] {
  const found: Diagnostic[] = [];
  if ((spec.zone === undefined) === (spec.external === undefined))
    found.push(
      firewallRules.diagnose("leg-network", at("name"), {
        leg: spec.name,
        found: spec.zone === undefined ? "none" : "both",
      }),
    );
  if (spec.zone !== undefined && spec.nat !== undefined && spec.nat !== "none")
    found.push(firewallRules.diagnose("nat-on-zone", at("nat"), { leg: spec.name }));
  if (spec.addresses && spec.addresses.length !== members)
    found.push(
      gatewayRules.diagnose("address-count", at("addresses"), { found: spec.addresses.length, wanted: members }),
    );
  return found;
}

function repeated(
  legs: readonly PairInterface[],
  what: string,
  of: (leg: PairInterface) => string | undefined,
  key: string,
): Diagnostic[] {
  return legs.flatMap((leg, index) => {
    const value = of(leg);
    const first = legs.findIndex((other) => of(other) === value);
    const other = legs[first];
    if (value === undefined || first === index || !other) return [];
    const related = [{ place: other.at("name"), label: "the first one" }];
    const place = leg.at(key === "zone" && leg.spec.external !== undefined ? "external" : key);
    return [firewallRules.diagnose("duplicate-leg", place, { what, name: value }, { related })];
  });
}
