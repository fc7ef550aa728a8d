import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { formatSuggestion } from "../../diagnostics/suggest.ts";
import type { Instance } from "../../ir/intent.ts";
import type { MemberSpec, WrittenMember } from "../../ir/network-spec.ts";
import { UNKNOWN_KIND, type Workload, type WorkloadRef, type Workloads } from "../../ir/workload.ts";
import { type NodePlace, placeAt } from "../../source/place.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";
import { isTestHook } from "../../workloads/test-hook.ts";
import { memberRules } from "./member-rules.ts";
import { checkPerPod } from "./per-pod.ts";
import { matchesSelector } from "./select.ts";

/** A workload that is attached to a network, and what was said of it. */
export interface Member {
  readonly workload: Workload;
  readonly spec: MemberSpec;
  /** The member's entry, or `namespaces` when it is there by default. */
  readonly place: NodePlace;
  /** Where a field of the entry stands. */
  at(...path: (string | number)[]): NodePlace;
}

export interface ExpandedMembers {
  readonly members: readonly Member[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Listed members, or every workload of the namespaces when none are listed. */
export function expandMembers(
  listed: readonly WrittenMember[] | undefined,
  instance: Instance,
  namespaces: readonly string[],
  workloads: Workloads,
): ExpandedMembers {
  if (listed === undefined) {
    const place = instance.at("namespaces");
    const all = namespaces.flatMap((namespace) => workloads.inNamespace(namespace)).filter(isChosen);
    return { members: all.map((workload) => ({ workload, spec: {}, place, at: () => place })), diagnostics: [] };
  }
  const seen = new Map<Workload, Member>();
  const diagnostics: Diagnostic[] = [];
  for (const [index, written] of listed.entries()) {
    const spec = specOf(written);
    const place = instance.at("members", index);
    const entry: Entry = { spec, place, at: (...path) => instance.at("members", index, ...path) };
    const matched = matchedBy(entry, workloads, diagnostics);
    for (const workload of matched) {
      const first = seen.get(workload);
      if (!first) seen.set(workload, { workload, ...entry });
      else if (spec.workload && first.spec.workload) {
        const related = [{ place: first.place, label: "the first entry" }];
        diagnostics.push(memberRules.diagnose("twice", place, { ref: formatDisplayName(workload) }, { related }));
      }
      // An entry for one workload says more than a selection that happens to match it too.
      else if (spec.workload) seen.set(workload, { workload, ...entry });
    }
  }
  const members = [...seen.values()];
  const { existing } = (instance.spec as { network?: { existing?: unknown } }).network ?? {};
  diagnostics.push(...members.flatMap((one) => checkMember(one, existing !== undefined)));
  return { members, diagnostics };
}

/** Whether a selection takes a workload in: not what is on the node's network, and not the pods of `helm test`. */
function isChosen(workload: Workload): boolean {
  return !workload.hostNetwork && !isTestHook(workload);
}

type Entry = Omit<Member, "workload">;

function specOf({ addresses, ...rest }: WrittenMember): MemberSpec {
  if (addresses === undefined) return rest;
  if (!("perPod" in addresses)) return { ...rest, addresses };
  return { ...rest, addresses: addresses.perPod.flat(), perPod: addresses.perPod };
}

function matchedBy(entry: Entry, workloads: Workloads, found: Diagnostic[]): readonly Workload[] {
  const { spec, place } = entry;
  if (spec.workload && !spec.namespace && !spec.selector) {
    const workload = workloads.find(spec.workload);
    if (!workload) found.push(reportUnknownWorkload(spec.workload, entry.at("workload", "name"), workloads));
    return workload ? [workload] : [];
  }
  if (spec.workload || spec.namespace === undefined) {
    found.push(memberRules.diagnose("not-one-way", place, {}));
    return [];
  }
  for (const key of ["mac", "addresses", "range"] as const)
    if (spec[key] !== undefined) found.push(memberRules.diagnose("single-only", entry.at(key), { key }));
  const matched = workloads
    .inNamespace(spec.namespace)
    .filter((one) => isChosen(one) && matchesSelector(spec.selector ?? {}, one.labels));
  if (matched.length === 0)
    found.push(
      memberRules.diagnose("selects-nothing", entry.at(spec.selector ? "selector" : "namespace"), {
        namespace: spec.namespace,
      }),
    );
  return matched;
}

/** The finding for a reference to a workload that no manifest holds, with the nearest one that does exist. */
export function reportUnknownWorkload(ref: WorkloadRef, place: NodePlace, workloads: Workloads): Diagnostic {
  const near = workloads.inNamespace(ref.namespace);
  const sameKind = near.filter((one) => one.kind === ref.kind || ref.kind === UNKNOWN_KIND).map((one) => one.name);
  const elsewhere = near.find((one) => one.name === ref.name) ?? workloads.all.find((one) => one.name === ref.name);
  const help =
    formatSuggestion(ref.name, sameKind) ??
    (elsewhere
      ? `did you mean ${formatDisplayName(elsewhere)}?`
      : "check the name, and the paths of `spec.workloads` in plumbline.yaml: only manifests found there are known");
  return memberRules.diagnose("no-such-workload", place, { ref: formatDisplayName(ref) }, { help });
}

function podsOf(workload: Workload): string {
  if (workload.pods === undefined) return "one pod per node";
  return workload.surges ? `${workload.pods} pods at once during a rollout` : `${workload.pods} pods`;
}

/** Addresses that a guest sets: declared for a virtual machine, one list of them. */
function checkGuest({ workload, spec, at: place }: Member): Diagnostic[] {
  if (spec.setBy !== "guest") return [];
  const ref = formatDisplayName(workload);
  if (workload.kind !== "VirtualMachine" && workload.kind !== "VirtualMachineInstance")
    return [memberRules.diagnose("guest-of-pod", place("setBy"), { ref })];
  return spec.addresses ? [] : [memberRules.diagnose("guest-without-addresses", place("setBy"), { ref })];
}

/** `asBefore`: the network is taken over, so what its pods do during a rollout they did before. */
function checkMember(member: Member, asBefore: boolean): Diagnostic[] {
  const { workload, spec } = member;
  const found: Diagnostic[] = [];
  const ref = formatDisplayName(workload);
  found.push(...checkGuest(member));
  if (spec.addresses && spec.range) found.push(memberRules.diagnose("addresses-and-range", member.at("range"), {}));
  for (const key of ["addresses", "mac"] as const) {
    if (spec[key] === undefined || workload.pods === 1) continue;
    if (key === "addresses" && spec.perPod) continue;
    const related = [
      { place: placeAt(workload.doc, ...workload.templatePath.slice(0, -1), "replicas"), label: "how many pods" },
    ];
    const help =
      workload.replicas === 1
        ? "set `strategy: {type: Recreate}` on the Deployment"
        : key === "addresses" && workload.kind === "StatefulSet"
          ? "write `addresses: {perPod: [[…], […]]}` with one entry per pod, or use `range: {size: …}`"
          : "use `range: {size: …}`";
    const mayRecreate = workload.declared && !workload.declared.knowsRollout;
    if ((asBefore || mayRecreate) && workload.replicas === 1 && workload.surges) {
      const declared = { help: "write `strategy: Recreate` in its `declared` entry, if the chart sets that" };
      const more = { related, ...(mayRecreate && declared) };
      found.push(memberRules.diagnose("two-during-rollout", member.at(key), { key, ref }, more));
      continue;
    }
    found.push(
      memberRules.diagnose(
        "more-than-one-pod",
        member.at(key),
        { key, ref, pods: podsOf(workload) },
        { related, help },
      ),
    );
  }
  found.push(...checkPerPod(member));
  if (spec.range && workload.pods !== undefined && spec.range.size < workload.pods) {
    const parameters = { size: spec.range.size, ref, pods: workload.pods };
    const help = `write \`size: ${workload.pods}\` or more`;
    found.push(memberRules.diagnose("range-too-small", member.at("range", "size"), parameters, { help }));
  }
  if (workload.hostNetwork) found.push(memberRules.diagnose("host-network", member.place, { ref }));
  return found;
}
