import type { FindingCollector } from "../../diagnostics/findings.ts";
import type { ObjectName } from "../../ir/network-spec.ts";
import type { Workload } from "../../ir/workload.ts";
import { memberRules } from "../../kinds/shared/member-rules.ts";
import type { Member } from "../../kinds/shared/members.ts";
import { EVERY_PODS_INTERFACES } from "../../net/name.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";

/** One wish for an interface on a pod. */
export interface PodInterfaceRequest {
  readonly network: string;
  readonly member: Member;
  /** What the network takes over: those elements of the annotation are gone. */
  readonly takesOver: readonly ObjectName[];
}

/**
 * Names of the interfaces of one pod: written ones as they are, the others the first free netN. Multus counts every
 * element of the annotation, so those present by hand keep their numbers.
 */
export function nameInterfaces(
  workload: Workload,
  wishes: readonly PodInterfaceRequest[],
  findings: FindingCollector,
): ReadonlyMap<PodInterfaceRequest, string> {
  const names = new Map<PodInterfaceRequest, string>();
  const users = new Map<string, string>();
  const gone = wishes.flatMap((wish) => wish.takesOver);
  for (const present of workload.present)
    if (!gone.some((one) => one.name === present.name && one.namespace === present.namespace))
      users.set(present.interface, "its manifest");
  for (const wish of wishes) {
    const written = wish.member.spec.interface;
    if (written === undefined) continue;
    const place = wish.member.at("interface");
    const other = users.get(written);
    if (EVERY_PODS_INTERFACES.includes(written))
      findings.add([memberRules.diagnose("interface-reserved", place, { name: written })]);
    else if (other !== undefined)
      findings.add([
        memberRules.diagnose(
          "interface-twice",
          place,
          { name: written, ref: formatDisplayName(workload), other },
          related(wishes, written, wish),
        ),
      ]);
    users.set(written, wish.network);
    names.set(wish, written);
  }
  let next = 1;
  for (const wish of wishes) {
    if (names.has(wish)) continue;
    while (users.has(`net${next}`)) next++;
    users.set(`net${next}`, wish.network);
    names.set(wish, `net${next}`);
  }
  return names;
}

function related(wishes: readonly PodInterfaceRequest[], name: string, not: PodInterfaceRequest) {
  const other = wishes.find((wish) => wish !== not && wish.member.spec.interface === name);
  return other ? { related: [{ place: other.member.at("interface"), label: "the first of that name" }] } : {};
}
