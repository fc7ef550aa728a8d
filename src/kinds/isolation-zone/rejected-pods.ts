import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Instance } from "../../ir/intent.ts";
import type { CapabilityException } from "../../ir/plan.ts";
import type { ReleaseObject, Workload } from "../../ir/workload.ts";
import { placeAt, placeAtKey } from "../../source/place.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";
import { NETWORKS_ANNOTATION } from "../../workloads/network-annotation.ts";
import { findPolicyBypasses, type PolicyBypass } from "../../workloads/policy-bypass.ts";
import type { PlanBuilder } from "../plan-builder.ts";
import { memberRules } from "../shared/member-rules.ts";
import { listKeptCapabilities } from "./exceptions.ts";
import type { IsolationZoneSpec } from "./types.ts";

/** Known workloads of the zone's namespaces whose pods its guard would refuse: better told here than by the cluster. */
export function checkRejectedPods(
  instance: Instance<IsolationZoneSpec>,
  exceptions: readonly CapabilityException[],
  plan: PlanBuilder,
): readonly Diagnostic[] {
  const related = [{ place: instance.at("namespaces"), label: "the zone's namespaces" }];
  const workloads = [...new Set(instance.spec.namespaces)].flatMap((name) => plan.workloads.inNamespace(name));
  return workloads.flatMap((workload) => {
    const ref = formatDisplayName(workload);
    const kept = listKeptCapabilities(workload, exceptions);
    const refused = findPolicyBypasses(workload, kept).map((way) => {
      const more = { related, ...helpFor(way, workload) };
      return memberRules.diagnose("refused-by-guard", way.place, { ref, what: way.what }, more);
    });
    if (workload.present.length === 0 || isMember(workload, instance, plan)) return refused;
    const place = placeAt(workload.doc, ...workload.templatePath, "metadata", "annotations", NETWORKS_ANNOTATION);
    return [...refused, memberRules.diagnose("not-a-member", place, { ref }, { related })];
  });
}

const EXCEPTIONS = ["NET_RAW", "NET_ADMIN"];

/** What to type, where it is more than to leave it. */
function helpFor({ capability }: PolicyBypass, { namespace, kind, name }: Workload): { readonly help?: string } {
  if (capability === undefined || !EXCEPTIONS.includes(capability)) return {};
  const entry = `{workload: {namespace: ${namespace}, kind: ${kind}, name: ${name}}, allowCapabilities: [${capability}]}`;
  return { help: `remove it, or accept the risk: write \`${entry}\` in the zone's \`members\`` };
}

/** What to type: which workloads a chart makes is known to nobody but who renders it. */
function declareHelp({ kind, name, namespace, targetNamespace }: ReleaseObject): string {
  const where = namespace === targetNamespace ? "" : `, namespace: ${namespace}`;
  const release = `release: {kind: ${kind}, name: ${name}${where}}`;
  return `add each of its workloads to \`spec.declared\` in plumbline.yaml: \`{namespace: ${targetNamespace}, kind: Deployment, name: ${name}, podLabels: {app.kubernetes.io/name: ${name}}, containers: [app], ${release}}\``;
}

/** What makes pods in the zone's namespaces that no intent can name: such pods stay off its network. */
export function checkUnnamedPods(instance: Instance<IsolationZoneSpec>, plan: PlanBuilder): readonly Diagnostic[] {
  const related = [{ place: instance.at("namespaces"), label: "the zone's namespaces" }];
  return [...new Set(instance.spec.namespaces)].flatMap((name) =>
    // Where members are listed, the others are left out on purpose; nobody can list what a chart makes.
    plan.workloads
      .unreadIn(name)
      .filter((one) => instance.spec.members === undefined || one.release)
      .map((one) => {
        const why = one.release
          ? "no manifest and no `declared` entry describes them"
          : one.named
            ? "its kind is none that intents can name"
            : "it has no name of its own";
        return memberRules.diagnose(
          "unread",
          placeAtKey(one.doc, ...one.path, "metadata"),
          { ref: formatDisplayName(one.release ?? one), why },
          { related, ...(one.release && { help: declareHelp(one.release) }) },
        );
      }),
  );
}

/** Of the zone, of a Network or of an external network: such workloads are patched, and what stands in them is admitted. */
function isMember(workload: Workload, instance: Instance, plan: PlanBuilder): boolean {
  const networks = [instance, ...plan.all("ExternalNetwork"), ...plan.all("Network")].map((one) => one.intent.id);
  return networks.some((network) => plan.members(network).some((member) => member.workload === workload));
}
