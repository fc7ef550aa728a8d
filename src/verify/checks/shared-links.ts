import { pushTo } from "../../collections/push-to.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { ExternalDevices } from "../../ir/expects.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { hasCommonAddress, toAddressSet } from "../headerspace/address-set.ts";
import type { Model } from "../model/model.ts";
import type { Interface, Node } from "../model/pods/node.ts";
import { describeNode } from "../report/describe.ts";
import { verifyRules } from "../rules.ts";
import { formatExpectedDomain } from "./domains.ts";
import { isForeignNetwork } from "./foreign-network.ts";

interface Member {
  readonly node: Node;
  readonly link: Interface;
  readonly party: string;
  /** Of a zone whose border is kept: not of one under audit. */
  readonly held: boolean;
}

/**
 * Links that no intent made, with pods of a zone and of somebody else who have no addresses that could be held against each
 * other: from a DHCP server, from nobody, or of subnets apart. They are neighbours all the same: every interface has an
 * address of IPv6 there (RFC 4291, 2.1), and whoever shares a link shares a broadcast domain.
 */
export function checkSharedLinks(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const meant = domainsOfIntents(model, watch);
  const devices = devicesByDomain(model, watch);
  const found = new Map<string, Diagnostic>();
  for (const [domain, members] of byDomain(model, watch)) {
    const device = devices.get(domain);
    const stray = device && members.find((one) => isUnknownOn(one, watch));
    if (stray) {
      const parameters = { pod: stray.node.id, party: stray.party, other: "devices", others: device.id, domain };
      const related = [{ place: device.origin, label: "the other one" }];
      found.set(domain, verifyRules.diagnose("shared-link", stray.node.place, parameters, { related }));
    }
    if (meant.has(domain)) continue;
    const pair = firstPair(members);
    if (!pair) continue;
    const [one, other] = pair;
    const parameters = { pod: one.node.id, party: one.party, other: other.node.id, others: other.party, domain };
    const related = other.node.place ? [{ place: other.node.place, label: "the other one" }] : [];
    found.set(domain, verifyRules.diagnose("shared-link", one.node.place, parameters, { related }));
  }
  return [...found.values()];
}

/** Links of devices, whether or not a pod is attached by their intent. */
function devicesByDomain(
  model: Model,
  watch: ExpectedIndex,
): ReadonlyMap<string, Pick<ExternalDevices, "id" | "origin">> {
  const found = new Map<string, Pick<ExternalDevices, "id" | "origin">>();
  const devices = new Map(model.externals.map((one) => [one.id, one]));
  for (const link of watch.expected.links) {
    const device = devices.get(link.network);
    const domain = device && formatExpectedDomain(link, "");
    if (device && domain !== undefined) found.set(domain, device);
  }
  for (const { type, id, interfaces } of model.nodes) {
    const device = type === "external" ? devices.get(id) : undefined;
    if (device) for (const { domain } of interfaces) found.set(domain, device);
  }
  return found;
}

/** What intents say is on these: the flows between their members are proved. */
function domainsOfIntents(model: Model, watch: ExpectedIndex): ReadonlySet<string> {
  const takenOver = new Set(watch.expected.links.flatMap((one) => one.takesOver));
  const own = model.networks.filter(
    ({ manifest, namespace, name }) => manifest.intent !== undefined || takenOver.has(`${namespace}/${name}`),
  );
  const devices = model.nodes.filter((one) => one.type === "external").flatMap((one) => one.interfaces);
  return new Set([...own, ...devices].map((one) => one.domain));
}

function byDomain(model: Model, watch: ExpectedIndex): ReadonlyMap<string, readonly Member[]> {
  const domains = new Map<string, Member[]>();
  for (const node of model.nodes) {
    if (node.type !== "workload" || watch.isExternallyManaged(node)) continue;
    const zone = watch.zones.get(node.namespace);
    for (const link of node.interfaces) {
      if (link.type !== "attachment" || !link.network) continue;
      const member = {
        node,
        link,
        party: describeNode(node, watch.zones),
        held: zone !== undefined && !zone.audit,
      };
      const known = domains.get(link.domain);
      if (known) known.push(member);
      else domains.set(link.domain, [member]);
    }
  }
  return domains;
}

/**
 * On a link of devices by a network of its own, with an address that nobody knows: it may be any there. Guests of machines
 * set their own.
 */
function isUnknownOn({ node, link }: Member, watch: ExpectedIndex): boolean {
  if (!isForeignNetwork(link, watch)) return false;
  return link.addresses.length === 0 || (node.pod?.manifest.kind.startsWith("VirtualMachine") ?? false);
}

/** The first two across a border that no list of flows tells of. Each is held against a few before it, not against all. */
function firstPair(members: readonly Member[]): readonly [Member, Member] | undefined {
  const before = new Map<string, Member[]>();
  for (const member of members) {
    for (const other of [...before.values()].flat())
      if (other.party !== member.party && (other.held || member.held) && !areAddressed(member, other))
        return [member, other];
    // Two parties of each kind are enough: whoever comes next is of another one than one of them.
    const kind = `${member.held} ${member.link.addresses.length > 0}`;
    const known = before.get(kind) ?? [];
    if (known.length < 2 && known.every((one) => one.party !== member.party)) pushTo(before, kind, member);
  }
  return undefined;
}

/** Whether one's addresses are of the other's subnet: then what passes between them is a flow, and judged as one. */
function areAddressed(one: Member, other: Member): boolean {
  return reaches(one, other) || reaches(other, one);
}

function reaches({ node, link }: Member, other: Member): boolean {
  const near = node.routes.filter((route) => route.interface === link.name && !route.via).map((route) => route.to);
  return hasCommonAddress(toAddressSet(near), other.link.addresses);
}
