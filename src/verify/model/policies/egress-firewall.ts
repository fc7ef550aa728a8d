import { parseInterfaceAddress, toNetwork } from "../../../net/cidr.ts";
import type { Protocol } from "../../../net/service.ts";
import { type AddressSet, containsAddresses, hasCommonAddress, toAddressSet } from "../../headerspace/address-set.ts";
import {
  anyService,
  createPortSet,
  intersectServices,
  noServices,
  type ServiceSet,
  subtractServices,
  uniteServices,
} from "../../headerspace/service-set.ts";
import { isFields, type ReadManifest, readList, readNumber, readText } from "../manifests/manifest.ts";

/** What a namespace may send out of the cluster (OVN-Kubernetes): the first rule that matches decides, and none lets out. */
export interface EgressFirewall {
  readonly manifest: ReadManifest;
  readonly rules: readonly EgressRule[];
}

interface EgressRule {
  readonly allow: boolean;
  readonly addresses: AddressSet;
  readonly services: ServiceSet;
}

/** OVN-Kubernetes looks at this one alone. */
export const EGRESS_FIREWALL_NAME = "default";

/** An EgressFirewall, or why it cannot be read. The patterns of its CRD are not anchored, so what passes may mean nothing. */
export function readEgressFirewall(manifest: ReadManifest): EgressFirewall | string {
  const rules: EgressRule[] = [];
  for (const one of readList(manifest.value, "spec", "egress")) {
    const type = readText(one, "type");
    const text = readText(one, "to", "cidrSelector");
    const read = text === undefined ? "none" : parseInterfaceAddress(text);
    if (type !== "Allow" && type !== "Deny") return `the type \`${type}\` of a rule`;
    // Names and nodes may be any address: what they deny is not counted on, and what they allow is.
    if (typeof read === "string" && (text !== undefined || type === "Allow")) return "a rule that names no network";
    if (typeof read === "string") continue;
    const services = servicesOf(one);
    if (typeof services === "string") return services;
    rules.push({ allow: type === "Allow", addresses: toAddressSet([toNetwork(read)]), services });
  }
  return { manifest, rules };
}

function servicesOf(rule: unknown): ServiceSet | string {
  const ports = readList(rule, "ports");
  if (ports.length === 0) return anyService;
  const sets: ServiceSet[] = [];
  for (const one of ports) {
    const protocol = readText(one, "protocol") ?? "";
    const port = isFields(one) ? readNumber(one, "port") : undefined;
    if (!["TCP", "UDP", "SCTP"].includes(protocol) || port === undefined) return `the protocol \`${protocol}\``;
    sets.push(createPortSet(protocol.toLowerCase() as Protocol, port, port));
  }
  return uniteServices(...sets);
}

/** Services that it lets out to addresses which all its rules treat alike. */
export function computeEgressServices(firewall: EgressFirewall | undefined, addresses: AddressSet): ServiceSet {
  let left: ServiceSet = anyService;
  let allowed: ServiceSet = noServices;
  for (const rule of firewall?.rules ?? []) {
    if (!hasCommonAddress(rule.addresses, addresses)) continue;
    const hit = intersectServices(left, rule.services);
    if (rule.allow) allowed = uniteServices(allowed, hit);
    if (rule.allow || containsAddresses(rule.addresses, addresses)) left = subtractServices(left, hit);
  }
  return uniteServices(allowed, left);
}
