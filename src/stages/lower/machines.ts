import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Plan } from "../../ir/plan.ts";
import { memberRules } from "../../kinds/shared/member-rules.ts";
import type { Target } from "../../targets/target.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";

/** Virtual machines on a macvlan: only where the target puts pods on the link that the uplink's `attach` says. */
export function checkMachinesOnMacvlan(plan: Plan, targets: ReadonlyMap<string, Target>): readonly Diagnostic[] {
  const macvlans = new Set(
    plan.networks
      .filter(({ link, target }) => link.attach === "macvlan" && !targets.get(target)?.ownAttachment)
      .map((network) => network.intent),
  );
  return plan.attachments
    .filter((one) => one.workload.kind === "VirtualMachine" && macvlans.has(one.network))
    .map((one) =>
      memberRules.diagnose("virtual-machine-on-macvlan", one.origin, { ref: formatDisplayName(one.workload) }),
    );
}
