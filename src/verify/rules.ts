import { defineRules, type Rule } from "../diagnostics/rules.ts";
import {
  deviceAlone,
  equalRoutesRule,
  joinedByNodeRule,
  type Named,
  nodeIsRouterRule,
  ownDefaultRouteRule,
  perNodePoolRule,
  sameWireRule,
  sharedLinkRule,
  trunkRule,
  trunkTakenRule,
  tunnelBypassRule,
  twoDomainsRule,
  unknownBetweenZonesRule,
} from "./link-rules.ts";

const unreadable: Rule<Named & { readonly why: string }> = {
  severity: "error",
  message: ({ what, why }) => `\`${what}\` cannot be read, so nothing can be verified: ${why}`,
  label: "not understood",
};

function inMillions(steps: number): string {
  return `${Math.ceil(steps / 1_000_000)} million`;
}

const tooMuch: Rule<{
  readonly lists: string;
  readonly steps: number;
  readonly limit: number;
  readonly instead: string;
}> = {
  severity: "error",
  message: ({ lists, steps, limit }) =>
    `verify would compare ${lists}: about ${inMillions(steps)} steps, and a project of this size may take ${inMillions(limit)}`,
  label: "one of the objects",
  help: ({ instead }) => instead,
};

const missingWorkload: Rule<Named> = {
  severity: "error",
  message: ({ what }) => `a patch is for ${what}, which no workload manifest has`,
  label: "patches nothing",
};

const unexpectedPath: Rule<{ readonly from: string; readonly to: string; readonly service: string }> = {
  severity: "error",
  message: ({ from, to, service }) => `${from} can connect to ${to} by ${service}, and no intent allows it`,
  label: "the border is open",
};

const missingPath: Rule<{ readonly from: string; readonly to: string; readonly service: string }> = {
  severity: "error",
  message: ({ from, to, service }) => `${from} cannot reach ${to} by ${service}, which this line allows`,
  label: "this does not get through",
};

const wrongWay: Rule<{ readonly from: string; readonly to: string; readonly service: string; readonly by: string }> = {
  severity: "error",
  message: ({ from, to, service, by }) => `${from} reaches ${to} by ${service}, but through ${by}`,
  label: "not the path of the intent",
};

const expectation: Rule<{
  readonly from: string;
  readonly to: string;
  readonly service: string;
  readonly expected: string;
}> = {
  severity: "error",
  message: ({ from, to, service, expected }) => `${from} to ${to} by ${service} is expected to be ${expected}`,
  label: "the output says otherwise",
};

const expectationNames: Rule<Named> = {
  severity: "error",
  message: ({ what }) => `${what} has no pod and no address in the output, so there is nothing to check`,
  label: "nothing to check",
};

const backDoor: Rule<{ readonly zone: string; readonly other: string; readonly services: string }> = {
  severity: "error",
  message: ({ zone, other, services }) => `${other} reaches pods of ${zone} over the default network: ${services}`,
  label: "a back door past the border",
};

const weakHost: Rule<{ readonly gateway: string; readonly from: string; readonly address: string }> = {
  severity: "error",
  message: ({ gateway, from, address }) => `${gateway} answers ${from} on ${address}, an address of its far leg`,
  label: "accepts what is for another leg",
};

const asymmetricReturn: Rule<{ readonly from: string; readonly to: string; readonly why: string }> = {
  severity: "error",
  message: ({ from, to, why }) => `packets from ${from} arrive at ${to}, but the replies do not return: ${why}`,
  label: "no path for replies",
};

const twiceApplied: Rule<Named> = {
  severity: "error",
  message: ({ what }) => `${what} is among the workloads too, with different content`,
  label: "the one applied last wins",
  help: "delete this copy from your manifests; keep the one in `out/`",
};

const unreadNetwork: Rule<Named & { readonly why: string; readonly link: string | undefined }> = {
  severity: "warning",
  message: ({ what, why, link }) =>
    link === undefined
      ? `${what} cannot be read, and is taken to lead to no zone: ${why}`
      : `${what} cannot be read in full, and its pods may have any address on ${link}: ${why}`,
  label: "where it leads is not known",
  help: "keep it off the links of zones, or describe it as an ExternalNetwork",
};

const unreadObject: Rule<Named & { readonly effect: string; readonly where: string }> = {
  severity: "warning",
  message: ({ what, effect, where }) => `${what} is not read, and may ${effect} ${where}`,
  label: "not verified",
};

const policyNotEnforced: Rule<Named & { readonly why: string }> = {
  severity: "warning",
  message: ({ what, why }) => `${what} has no effect: ${why}`,
  label: "nothing enforces this",
};

const serviceCrosses: Rule<Named & { readonly zone: string }> = {
  severity: "warning",
  message: ({ what, zone }) => `${what} allows traffic from outside the cluster to pods of ${zone}`,
  label: "an entry from outside",
};

const externalIp: Rule<{ readonly service: string; readonly address: string; readonly owner: string }> = {
  severity: "warning",
  message: ({ service, address, owner }) => `${service} takes ${address} on every node, an address of ${owner}`,
  label: "redirects traffic for this address",
  help: "give the Service an address of its own, or none",
};

const unreadAddress: Rule<Named & { readonly address: string }> = {
  severity: "warning",
  message: ({ what, address }) =>
    `${what} is for \`${address}\`, which plumbline does not read as an address: its owner is not known`,
  label: "the owner is not known",
  help: "write numbers without leading zeros, and IPv4 as four numbers alone",
};

const hostNetwork: Rule<{ readonly pod: string; readonly zone: string }> = {
  severity: "error",
  message: ({ pod, zone }) => `${pod} uses the node's own network, where no policy of ${zone} applies`,
  label: "outside of every policy",
};

const mtuBlackHole: Rule<{
  readonly from: string;
  readonly gateway: string;
  readonly mtu: number;
  readonly next: number;
}> = {
  severity: "error",
  message: ({ from, gateway, mtu, next }) =>
    `${from} sends packets of ${mtu} bytes, ${gateway} passes on ${next}, and nothing tells the sender`,
  label: "large packets are lost",
};

const dnsLeak: Rule<{ readonly pod: string; readonly vpn: string }> = {
  severity: "error",
  message: ({ pod, vpn }) => `${pod} sends all traffic by ${vpn}, but asks the cluster's resolver for names`,
  label: "DNS queries bypass the tunnel",
};

const clearText: Rule<{
  readonly pod: string;
  readonly vpn: string;
  readonly destination: string;
  /** The link that it leaves by at once; absent: eth0, once the way to the tunnel is down. */
  readonly by?: string;
}> = {
  severity: "error",
  message: ({ pod, vpn, destination, by }) =>
    by === undefined
      ? `${pod} reaches ${destination} in clear text by eth0 when its way to ${vpn} is down`
      : `${pod} sends what is for ${destination} in clear text by ${by}, and ${vpn} is meant for it`,
  label: "no kill switch here",
};

const overlappingAddresses: Rule<{ readonly address: string; readonly one: string; readonly other: string }> = {
  severity: "error",
  message: ({ address, one, other }) => `${address} may be given to ${one} and to ${other}`,
  label: "one address, two owners",
};

const gatewayOpens: Rule<{ readonly gateway: string; readonly why: string }> = {
  severity: "error",
  message: ({ gateway, why }) => `${gateway} does not fail closed: ${why}`,
  label: "allows traffic before it filters",
};

const noTraffic: Rule<Named & { readonly why: string }> = {
  severity: "error",
  message: ({ what, why }) => `${what} does not work: ${why}`,
  label: "cannot work",
};

const networkElsewhere: Rule<{ readonly network: string; readonly namespace: string }> = {
  severity: "error",
  message: ({ network, namespace }) => `pods of namespace ${namespace} may attach to ${network}, and no intent says so`,
  label: "selects too much",
};

const oneLayerOpen: Rule<Named & { readonly layer: string }> = {
  severity: "warning",
  message: ({ layer, what }) => `only ${layer} blocks this: without it, ${what}`,
  label: "one layer in place of two",
};

const weakGuard: Rule<Named & { readonly why: string }> = {
  severity: "error",
  message: ({ what, why }) => `${what} does not protect as intended: ${why}`,
  label: "not the admission policy of the intents",
};

const keepsNetRaw: Rule<{ readonly pod: string; readonly container: string }> = {
  severity: "error",
  message: ({ pod, container }) =>
    `container \`${container}\` of ${pod} does not drop NET_RAW, so the pod can send from any address of its links`,
  label: "can use addresses of others",
  help: "deliver the patch that `compile` writes for it, write `capabilities: {drop: [NET_RAW]}`, or accept it: `allowCapabilities: [NET_RAW]` on the member",
};

const speaksForOthers: Rule<{
  readonly pod: string;
  readonly by: string;
  readonly means: string;
  readonly domains: string;
  readonly rules: string;
}> = {
  severity: "warning",
  message: ({ pod, by, means, domains, rules }) => `${pod} sends from ${means} on ${domains}, by ${by}: ${rules}`,
  label: "rules by workload do not hold against it",
  help: "put it into a zone of its own, so that a firewall is between it and the others",
};

const linkSetting: Rule<Named & { readonly key: string; readonly held: string; readonly meant: string }> = {
  severity: "error",
  message: ({ what, key, held, meant }) => `${what} sets \`${key}\` to ${held}, but must be ${meant}`,
  label: "wrong setting",
};

const refusedField: Rule<{ readonly network: string; readonly what: string; readonly why: string }> = {
  severity: "error",
  message: ({ network, what, why }) => `${network} holds ${what}, which cannot be accepted: ${why}`,
  label: "changes which connections are possible",
  help: "leave it out, and run `plumbline compile` again",
};

const gatewayPod: Rule<{ readonly gateway: string; readonly why: string }> = {
  severity: "error",
  message: ({ gateway, why }) => `${gateway} does not run as the intent says: ${why}`,
  label: "differs from the intent",
};

const notApplied: Rule<Named & { readonly why: string }> = {
  severity: "error",
  message: ({ what, why }) => `${what} is not applied as it was verified: ${why}`,
  label: "something else is applied",
};

const platformRefusesRule: Rule<Named & { readonly why: string }> = {
  severity: "error",
  message: ({ what, why }) => `the platform refuses ${what}: ${why}`,
  label: "no pod starts on it",
};

const nodeLink: Rule<Named & { readonly why: string }> = {
  severity: "error",
  message: ({ what, why }) => `${what} creates other links than expected: ${why}`,
  label: "not the link that is expected",
};

/** Findings of the reader of written manifests. */
export const verifyRules = defineRules("verify", {
  unreadable,
  "missing-workload": missingWorkload,
  "unexpected-path": unexpectedPath,
  "missing-path": missingPath,
  "wrong-way": wrongWay,
  expectation,
  "expectation-without-end": expectationNames,
  "back-door": backDoor,
  "weak-host": weakHost,
  "asymmetric-return": asymmetricReturn,
  "two-domains": twoDomainsRule,
  trunk: trunkRule,
  "too-much": tooMuch,
  "device-alone": deviceAlone,
  "trunk-taken": trunkTakenRule,
  "twice-applied": twiceApplied,
  "unread-network": unreadNetwork,
  "unread-object": unreadObject,
  "unknown-between": unknownBetweenZonesRule,
  "shared-link": sharedLinkRule,
  "same-wire": sameWireRule,
  "joined-by-node": joinedByNodeRule,
  "node-is-router": nodeIsRouterRule,
  "own-default-route": ownDefaultRouteRule,
  "equal-routes": equalRoutesRule,
  "one-node-pool": perNodePoolRule,
  "policy-not-enforced": policyNotEnforced,
  "service-crosses": serviceCrosses,
  "external-ip": externalIp,
  "unread-address": unreadAddress,
  "host-network": hostNetwork,
  "mtu-black-hole": mtuBlackHole,
  "dns-leak": dnsLeak,
  "clear-text": clearText,
  "beside-tunnel": tunnelBypassRule,
  "overlapping-addresses": overlappingAddresses,
  "fails-open": gatewayOpens,
  "no-traffic": noTraffic,
  "one-layer-open": oneLayerOpen,
  "network-elsewhere": networkElsewhere,
  "weak-guard": weakGuard,
  "keeps-net-raw": keepsNetRaw,
  "speaks-for-others": speaksForOthers,
  "not-applied": notApplied,
  "gateway-pod": gatewayPod,
  "link-setting": linkSetting,
  "node-link": nodeLink,
  "platform-refuses": platformRefusesRule,
  "refused-field": refusedField,
});
