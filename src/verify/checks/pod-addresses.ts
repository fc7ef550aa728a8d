import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { formatInterfaceAddress } from "../../net/cidr.ts";
import type { ExpectedMember } from "../expected/expected.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import { type BoundAdmissionPolicy, readAdmissionPolicies } from "../model/guards/read-policies.ts";
import { listByOrdinal, parseList } from "../model/manifests/admission-change.ts";
import { readText, readTexts } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { verifyRules } from "../rules.ts";

/** Pods of a StatefulSet that have addresses by ordinal: pod i has just those that are meant for it, and no other pod has them. */
export function checkPodAddresses(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  const members = watch.expected.members.filter((one) => one.perPod);
  if (members.length === 0) return [];
  const pods = new Map(model.pods.map((one) => [one.id, one]));
  const guards = new Map<string, BoundAdmissionPolicy[]>();
  for (const one of readAdmissionPolicies(model.written).guards) {
    if (one.role !== "pod addresses" || !one.denies || one.namespaces.not) continue;
    for (const namespace of one.namespaces.names) {
      const key = `StatefulSet ${namespace}/${one.data.statefulSet}`;
      const list = guards.get(key);
      if (list) list.push(one);
      else guards.set(key, [one]);
    }
  }
  return members.flatMap((member) => {
    const guard = guards.get(member.node)?.[0];
    const annotations = pods.get(member.node)?.annotations ?? {};
    const pools = Object.keys(annotations).filter((key) => key.endsWith(".kubernetes.io/ip_pool"));
    const why = guard
      ? findUnexpectedParameter(member, guard)
      : findUnexpectedPool(
          member,
          pools.map((key) => annotations[key] ?? ""),
        );
    if (why === undefined) return [];
    const what = `the attachment of ${member.node} to ${member.network}`;
    const related = guard ? [{ place: guard.dataAt, label: "written here" }] : [];
    return [verifyRules.diagnose("no-traffic", member.origin, { what, why }, { related })];
  });
}

function findUnexpectedParameter(
  { perPod = [], interface: name }: ExpectedMember,
  guard: BoundAdmissionPolicy,
): string | undefined {
  const values = listByOrdinal(guard.data, "value");
  // An interface of another network may have fewer: then the shorter list holds.
  if (values.length === 0 || values.length > perPod.length)
    return `addresses are written for ${values.length} pods, and are meant for ${perPod.length}`;
  for (const [ordinal, value] of values.entries()) {
    const element = parseList(value)?.find((one) => readText(one, "interface") === name);
    const held = readTexts(element, "ips").join(" and ");
    const meant = (perPod[ordinal] ?? []).map(formatInterfaceAddress).join(" and ");
    const given = listByOrdinal(guard.data, "networks")[ordinal] ?? "";
    if (!parseList(`[${given}]`)?.some((one) => JSON.stringify(one) === JSON.stringify(element)))
      return `pod ${ordinal} is given other networks than it must have, so it is denied`;
    if (held !== meant) return `pod ${ordinal} has ${held || "no address"}, and ${meant} is meant`;
  }
  return undefined;
}

/** Kube-OVN gives a pod of a StatefulSet the entry of its ordinal. */
function findUnexpectedPool({ perPod = [] }: ExpectedMember, pools: readonly string[]): string | undefined {
  const meant = perPod.map((own) =>
    [...own]
      .sort((a, b) => a.address.family - b.address.family)
      .map((one) => formatInterfaceAddress(one).replace(/\/\d+$/, ""))
      .join(","),
  );
  const text = meant.join((perPod[0]?.length ?? 0) > 1 ? ";" : ",");
  return pools.includes(text) ? undefined : "no policy is written that gives each pod its own addresses";
}
