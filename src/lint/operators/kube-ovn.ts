import { type Cidr, containsAddress, formatCidr } from "../../net/cidr.ts";
import { spelt } from "../../source/spelt.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import { type Finding, found } from "../finding.ts";
import { addressOf, subnetOf } from "../nad/addresses.ts";
import { platformRanges } from "../nad/platform-ranges.ts";
import { nadRules } from "../nad/rules.ts";
import { type Fields, type LintObject, placeIn, textOf } from "../read/lint-object.ts";
import { operatorRules } from "./rules.ts";

/** A Subnet of Kube-OVN: its CIDR, and what has to be within. */
export function checkSubnet(object: LintObject, spec: Fields): readonly Finding[] {
  const text = textOf(spec.cidrBlock);
  if (text === undefined) return [];
  const refuse = (key: string, problem: string) =>
    found(operatorRules.diagnose("refused", placeIn(object, ["spec", key]), { problem }));
  const subnets = text.split(",").map((one) => ({ one, subnet: subnetOf(one) }));
  const wrong = subnets.find(({ subnet }) => !subnet);
  if (wrong) return isOpaque(wrong.one) ? [] : [refuse("cidrBlock", `\`${wrong.one}\` is not a CIDR`)];
  const whole = subnets.flatMap(({ subnet }) => subnet ?? []);
  const gateways = (textOf(spec.gateway)?.split(",") ?? []).filter((one) => isOutside(one, whole));
  const excluded = (Array.isArray(spec.excludeIps) ? (spec.excludeIps as readonly unknown[]) : []).flatMap(
    (one, index) =>
      spelt(one)
        .split("..")
        .filter((address) => isOutside(address, whole))
        .map((address) => ({ address, index })),
  );
  const shown = whole.map(formatCidr).join(", ");
  return [
    ...gateways.map((one) => refuse("gateway", `the gateway ${one} is not in ${shown}`)),
    ...excluded.map(({ address, index }) => {
      const problem = `${address} is not in ${shown}`;
      return found(operatorRules.diagnose("refused", placeIn(object, ["spec", "excludeIps", index]), { problem }));
    }),
    ...(object.name === "join" || spec.vlan !== undefined ? [] : overlapping(object, whole)),
  ];
}

function isOutside(text: string, subnets: readonly Cidr[]): boolean {
  const address = addressOf(text);
  if (!address) return false;
  return !subnets.some((one) => one.family === address.family && containsAddress(one, address));
}

function overlapping(object: LintObject, subnets: readonly Cidr[]): readonly Finding[] {
  return platformRanges("kube-ovn", subnets).map((parameters) =>
    found(nadRules.diagnose("platform-range", placeIn(object, ["spec", "cidrBlock"]), parameters)),
  );
}
