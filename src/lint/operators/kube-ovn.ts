import { type Cidr, containsAddress, formatCidr } from "../../net/cidr.ts";
import { formatValue } from "../../source/format-value.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { readAddress, readSubnet } from "../nad/addresses.ts";
import { findPlatformRanges } from "../nad/platform-ranges.ts";
import { nadRules } from "../nad/rules.ts";
import { type Fields, type LintObject, locateInObject, readText } from "../read/lint-object.ts";
import { operatorRules } from "./rules.ts";

/** A Subnet of Kube-OVN: its CIDR, and what has to be within. */
export function checkSubnet(object: LintObject, spec: Fields): readonly LintFinding[] {
  const text = readText(spec.cidrBlock);
  if (text === undefined) return [];
  const refuse = (key: string, problem: string) =>
    createFinding(operatorRules.diagnose("refused", locateInObject(object, ["spec", key]), { problem }));
  const subnets = text.split(",").map((one) => ({ one, subnet: readSubnet(one) }));
  const wrong = subnets.find(({ subnet }) => !subnet);
  if (wrong) return isOpaque(wrong.one) ? [] : [refuse("cidrBlock", `\`${wrong.one}\` is not a CIDR`)];
  const whole = subnets.flatMap(({ subnet }) => subnet ?? []);
  const gateways = (readText(spec.gateway)?.split(",") ?? []).filter((one) => isOutside(one, whole));
  const excluded = (Array.isArray(spec.excludeIps) ? (spec.excludeIps as readonly unknown[]) : []).flatMap(
    (one, index) =>
      formatValue(one)
        .split("..")
        .filter((address) => isOutside(address, whole))
        .map((address) => ({ address, index })),
  );
  const shown = whole.map(formatCidr).join(", ");
  return [
    ...gateways.map((one) => refuse("gateway", `the gateway ${one} is not in ${shown}`)),
    ...excluded.map(({ address, index }) => {
      const problem = `${address} is not in ${shown}`;
      return createFinding(
        operatorRules.diagnose("refused", locateInObject(object, ["spec", "excludeIps", index]), { problem }),
      );
    }),
    ...(object.name === "join" || spec.vlan !== undefined ? [] : overlapping(object, whole)),
  ];
}

function isOutside(text: string, subnets: readonly Cidr[]): boolean {
  const address = readAddress(text);
  if (!address) return false;
  return !subnets.some((one) => one.family === address.family && containsAddress(one, address));
}

function overlapping(object: LintObject, subnets: readonly Cidr[]): readonly LintFinding[] {
  return findPlatformRanges("kube-ovn", subnets).map((parameters) =>
    createFinding(nadRules.diagnose("platform-range", locateInObject(object, ["spec", "cidrBlock"]), parameters)),
  );
}
