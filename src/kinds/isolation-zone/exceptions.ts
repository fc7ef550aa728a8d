import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Instance } from "../../ir/intent.ts";
import type { CapabilityException } from "../../ir/plan.ts";
import type { Workload } from "../../ir/workload.ts";
import { placeAt } from "../../source/place.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";
import type { PlanBuilder } from "../plan-builder.ts";
import { memberRules } from "../shared/member-rules.ts";
import type { IsolationZoneSpec } from "./types.ts";

/** Capabilities that pods of the zone keep because the intent says so. */
export function resolveExceptions(
  instance: Instance<IsolationZoneSpec>,
  plan: PlanBuilder,
): readonly CapabilityException[] {
  const whole = (instance.spec.allowCapabilities ?? []).map(
    (capability, index): CapabilityException => ({
      origin: instance.at("allowCapabilities", index),
      capability,
      workload: undefined,
    }),
  );
  const own = plan.members(instance.intent.id).flatMap(({ workload, spec, at: place }) =>
    (spec.allowCapabilities ?? []).map(
      (capability, index): CapabilityException => ({
        origin: place("allowCapabilities", index),
        capability,
        workload,
      }),
    ),
  );
  return [...whole, ...own];
}

/** Which of them pods of a workload keep. */
export function listKeptCapabilities(
  workload: Workload,
  exceptions: readonly CapabilityException[],
): readonly string[] {
  return exceptions.filter((one) => !one.workload || one.workload === workload).map((one) => one.capability);
}

/** A guard knows a workload's pods by their ServiceAccount, so another workload that has it would get the exception too. */
export function checkSharedAccounts(
  exceptions: readonly CapabilityException[],
  plan: PlanBuilder,
): readonly Diagnostic[] {
  const seen = new Set<Workload>();
  return exceptions.flatMap(({ workload, origin }) => {
    if (!workload || seen.has(workload)) return [];
    seen.add(workload);
    const { namespace, name, serviceAccount: account } = workload;
    const other = plan.workloads
      .inNamespace(namespace)
      .find((one) => one !== workload && one.serviceAccount === account);
    if (!other && account !== "default") return [];
    const related = other ? [{ place: accountPlace(other), label: "runs under it too" }] : [];
    const parameters = {
      ref: formatDisplayName(workload),
      account,
      other: other ? formatDisplayName(other) : "every pod of the namespace that names none",
    };
    const help = `write \`serviceAccountName: ${name}\` in the pod template of ${formatDisplayName(workload)}, and add a ServiceAccount \`${name}\` to namespace ${namespace}`;
    return [memberRules.diagnose("account-shared", origin, parameters, { related, help })];
  });
}

function accountPlace({ doc, templatePath }: Workload) {
  return placeAt(doc, ...templatePath, "spec", "serviceAccountName");
}
