import { containsCidr, formatCidr } from "../../net/cidr.ts";
import type { Path } from "../../source/place.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { readSubnet } from "../nad/addresses.ts";
import { OVN_PLUGIN } from "../nad/check-ovn.ts";
import type { Nad } from "../nad/read-nad.ts";
import { readPolicyNetworks } from "../policy/check-policy.ts";
import { findControllers } from "../policy/controllers.ts";
import { mnpRules } from "../policy/rules.ts";
import { type Fields, isFields, type LintObject, locateInObject, readField } from "../read/lint-object.ts";
import { findUniqueNad, type Repository } from "./repository.ts";

/** Ports and peers of policies, against what the controllers of their networks read. */
export function checkPeers(repository: Repository): readonly LintFinding[] {
  return repository.policies.flatMap((policy) => {
    const nads = readPolicyNetworks(policy).flatMap((one) => findUniqueNad(repository, one.name, one.namespace) ?? []);
    return [...ports(policy, nads), ...peers(policy, nads), ...neverRead(policy)];
  });
}

interface Rule {
  readonly path: Path;
  readonly ports: readonly unknown[];
  readonly peers: readonly unknown[];
  readonly key: "from" | "to";
}

function rulesOf(policy: LintObject): readonly Rule[] {
  return (["ingress", "egress"] as const).flatMap((direction) => {
    const list = readField(policy, "spec", direction);
    const key = direction === "ingress" ? ("from" as const) : ("to" as const);
    return (Array.isArray(list) ? (list as readonly unknown[]) : []).flatMap((rule, index): Rule[] => {
      if (!isFields(rule)) return [];
      const path = ["spec", direction, index];
      return [{ path, ports: listOf(rule.ports), peers: listOf(rule[key]), key }];
    });
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

function ports(policy: LintObject, nads: readonly Nad[]): readonly LintFinding[] {
  const effect = nads
    .flatMap((nad) => findControllers(nad.plugins[0]?.type))
    .concat(nads.length === 0 ? findControllers(undefined) : [])
    .find((one) => one.namedPort !== undefined)?.namedPort;
  return rulesOf(policy).flatMap((rule) =>
    rule.ports.flatMap((one, index) => {
      if (!isFields(one)) return [];
      const path = [...rule.path, "ports", index];
      return [...namedPort(policy, one, path, effect), ...endPort(policy, one, path)];
    }),
  );
}

function namedPort(
  policy: LintObject,
  { port }: Fields,
  path: Path,
  effect: string | undefined,
): readonly LintFinding[] {
  if (typeof port !== "string" || port === "" || /^\d+$/.test(port) || isOpaque(port) || effect === undefined)
    return [];
  return [createFinding(mnpRules.diagnose("named-port", locateInObject(policy, [...path, "port"]), { port, effect }))];
}

/** A range of ports: both ends are numbers, and the end is not before the start. */
function endPort(policy: LintObject, { port, endPort: end }: Fields, path: Path): readonly LintFinding[] {
  if (typeof end !== "number") return [];
  const place = locateInObject(policy, [...path, "endPort"]);
  const problem =
    port === undefined || port === null
      ? "`endPort` needs `port`"
      : typeof port === "string" && !/^\d+$/.test(port) && !isOpaque(port)
        ? "`endPort` needs a `port` that is a number"
        : typeof port === "number" && end < port
          ? `the range of ports ends at ${end}, before it starts at ${port}`
          : undefined;
  return problem === undefined ? [] : [createFinding(mnpRules.diagnose("end-port", place, { problem }))];
}

/** Controllers find peers by the addresses that the status of pods has. */
function peers(policy: LintObject, nads: readonly Nad[]): readonly LintFinding[] {
  const bare = nads.find(isWithoutAddresses);
  if (!bare || !findControllers(bare.plugins[0]?.type).some((one) => one.needsAddresses)) return [];
  return rulesOf(policy).flatMap((rule) =>
    rule.peers.flatMap((peer, index) => {
      if (!isFields(peer)) return [];
      const key = ["namespaceSelector", "podSelector"].find((one) => isFields(peer[one]));
      if (key === undefined) return [];
      const related = [{ place: locateInObject(bare.object, ["metadata", "name"]), label: "no addresses" }];
      const place = locateInObject(policy, [...rule.path, rule.key, index, key], "key");
      const network = bare.name ?? "";
      return [createFinding(mnpRules.diagnose("peer-without-address", place, { network }, { related }))];
    }),
  );
}

/** A network of which no controller sees addresses: without `ipam`, or an overlay without subnets. */
function isWithoutAddresses({ plugins, object }: Nad): boolean {
  const [first] = plugins;
  if (!first?.type) return false;
  if (first.type === OVN_PLUGIN) return first.fields.subnets === undefined && readField(object, "spec") !== undefined;
  const plain = ["macvlan", "bridge", "cnv-bridge", "ovs", "tap", "sriov", "host-device"];
  return plain.includes(first.type) && first.ipam === undefined && !isOpaque(first.fields.ipam);
}

/** Parts of a policy that no controller reads: of the API server nobody refuses them. */
function neverRead(policy: LintObject): readonly LintFinding[] {
  const types = readField(policy, "spec", "policyTypes");
  const read = (path: Path, problem: string, help: string, on: "key" | "value" = "key") =>
    createFinding(mnpRules.diagnose("never-read", locateInObject(policy, path, on), { problem }, { help }));
  const sides = (
    [
      ["ingress", "Ingress"],
      ["egress", "Egress"],
    ] as const
  ).flatMap(([key, type]) => {
    const rules = readField(policy, "spec", key);
    if (!Array.isArray(types) || types.length === 0 || types.some(isOpaque) || types.includes(type)) return [];
    if (!Array.isArray(rules) || rules.length === 0) return [];
    return [
      read(
        ["spec", key],
        `\`policyTypes\` does not have \`${type}\`, so \`${key}\` is not read`,
        `add \`${type}\` to \`policyTypes\``,
      ),
    ];
  });
  const peers = rulesOf(policy).flatMap((rule) =>
    rule.peers.flatMap((peer, index) => {
      if (!isFields(peer) || !isFields(peer.ipBlock)) return [];
      const path = [...rule.path, rule.key, index];
      const selector = ["podSelector", "namespaceSelector"].find((key) => isFields(peer[key]));
      if (selector !== undefined)
        return [
          read([...path, "ipBlock"], `\`ipBlock\` is not read beside \`${selector}\``, "write two peers, one for each"),
        ];
      return outside(peer.ipBlock).map(({ at, cidr, except }) =>
        read(
          [...path, "ipBlock", "except", at],
          `${except} is not in ${cidr}, so it excludes nothing`,
          `name a part of ${cidr}`,
          "value",
        ),
      );
    }),
  );
  return [...sides, ...peers];
}

function outside({
  cidr,
  except,
}: Fields): readonly { readonly at: number; readonly cidr: string; readonly except: string }[] {
  const whole = readSubnet(cidr);
  if (!whole) return [];
  return listOf(except).flatMap((one, at) => {
    const part = readSubnet(one);
    if (!part || containsCidr(whole, part)) return [];
    return [{ at, cidr: formatCidr(whole), except: formatCidr(part) }];
  });
}
