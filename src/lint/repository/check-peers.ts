import { containsCidr, formatCidr } from "../../net/cidr.ts";
import type { Path } from "../../source/place.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import { type Finding, found } from "../finding.ts";
import { subnetOf } from "../nad/addresses.ts";
import { OVN } from "../nad/check-ovn.ts";
import type { Nad } from "../nad/read-nad.ts";
import { networksOf } from "../policy/check-policy.ts";
import { controllersOf } from "../policy/controllers.ts";
import { mnpRules } from "../policy/rules.ts";
import { type Fields, fieldOf, isFields, type LintObject, placeIn } from "../read/lint-object.ts";
import { onlyNad, type Repository } from "./repository.ts";

/** Ports and peers of policies, against what the controllers of their networks read. */
export function checkPeers(repository: Repository): readonly Finding[] {
  return repository.policies.flatMap((policy) => {
    const nads = networksOf(policy).flatMap((one) => onlyNad(repository, one.name, one.namespace) ?? []);
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
    const list = fieldOf(policy, "spec", direction);
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

function ports(policy: LintObject, nads: readonly Nad[]): readonly Finding[] {
  const effect = nads
    .flatMap((nad) => controllersOf(nad.plugins[0]?.type))
    .concat(nads.length === 0 ? controllersOf(undefined) : [])
    .find((one) => one.namedPort !== undefined)?.namedPort;
  return rulesOf(policy).flatMap((rule) =>
    rule.ports.flatMap((one, index) => {
      if (!isFields(one)) return [];
      const path = [...rule.path, "ports", index];
      return [...namedPort(policy, one, path, effect), ...endPort(policy, one, path)];
    }),
  );
}

function namedPort(policy: LintObject, { port }: Fields, path: Path, effect: string | undefined): readonly Finding[] {
  if (typeof port !== "string" || port === "" || /^\d+$/.test(port) || isOpaque(port) || effect === undefined)
    return [];
  return [found(mnpRules.diagnose("named-port", placeIn(policy, [...path, "port"]), { port, effect }))];
}

/** A range of ports: both ends are numbers, and the end is not before the start. */
function endPort(policy: LintObject, { port, endPort: end }: Fields, path: Path): readonly Finding[] {
  if (typeof end !== "number") return [];
  const place = placeIn(policy, [...path, "endPort"]);
  const problem =
    port === undefined || port === null
      ? "`endPort` needs `port`"
      : typeof port === "string" && !/^\d+$/.test(port) && !isOpaque(port)
        ? "`endPort` needs a `port` that is a number"
        : typeof port === "number" && end < port
          ? `the range of ports ends at ${end}, before it starts at ${port}`
          : undefined;
  return problem === undefined ? [] : [found(mnpRules.diagnose("end-port", place, { problem }))];
}

/** Controllers find peers by the addresses that the status of pods has. */
function peers(policy: LintObject, nads: readonly Nad[]): readonly Finding[] {
  const bare = nads.find(isWithoutAddresses);
  if (!bare || !controllersOf(bare.plugins[0]?.type).some((one) => one.needsAddresses)) return [];
  return rulesOf(policy).flatMap((rule) =>
    rule.peers.flatMap((peer, index) => {
      if (!isFields(peer)) return [];
      const key = ["namespaceSelector", "podSelector"].find((one) => isFields(peer[one]));
      if (key === undefined) return [];
      const related = [{ place: placeIn(bare.object, ["metadata", "name"]), label: "no addresses" }];
      const place = placeIn(policy, [...rule.path, rule.key, index, key], "key");
      const network = bare.name ?? "";
      return [found(mnpRules.diagnose("peer-without-address", place, { network }, { related }))];
    }),
  );
}

/** A network of which no controller sees addresses: without `ipam`, or an overlay without subnets. */
function isWithoutAddresses({ plugins, object }: Nad): boolean {
  const [first] = plugins;
  if (!first?.type) return false;
  if (first.type === OVN) return first.fields.subnets === undefined && fieldOf(object, "spec") !== undefined;
  const plain = ["macvlan", "bridge", "cnv-bridge", "ovs", "tap", "sriov", "host-device"];
  return plain.includes(first.type) && first.ipam === undefined && !isOpaque(first.fields.ipam);
}

/** Parts of a policy that no controller reads: of the API server nobody refuses them. */
function neverRead(policy: LintObject): readonly Finding[] {
  const types = fieldOf(policy, "spec", "policyTypes");
  const read = (path: Path, problem: string, help: string, on: "key" | "value" = "key") =>
    found(mnpRules.diagnose("never-read", placeIn(policy, path, on), { problem }, { help }));
  const sides = (
    [
      ["ingress", "Ingress"],
      ["egress", "Egress"],
    ] as const
  ).flatMap(([key, type]) => {
    const rules = fieldOf(policy, "spec", key);
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
  const whole = subnetOf(cidr);
  if (!whole) return [];
  return listOf(except).flatMap((one, at) => {
    const part = subnetOf(one);
    if (!part || containsCidr(whole, part)) return [];
    return [{ at, cidr: formatCidr(whole), except: formatCidr(part) }];
  });
}
