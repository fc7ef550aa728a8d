import { validateIsolationZone } from "../../generated/validators.ts";
import type { Instance } from "../../ir/intent.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";
import { defineKind, type NetworkRequests } from "../kind.ts";
import type { ClaimContext, IntentContext } from "../plan-builder.ts";
import type { Claim } from "../shared/claims.ts";
import { memberRules } from "../shared/member-rules.ts";
import { expandMembers, type Member } from "../shared/members.ts";
import { checkPluginFields } from "../shared/plugin-fields.ts";
import { isSystemNamespace } from "../shared/system-namespace.ts";
import { findZone } from "../shared/zone-index.ts";
import { checkOpening } from "./check-opening.ts";
import { contributeZone } from "./contribute.ts";
import { checkMisspelledNamespaces } from "./misspelled-namespaces.ts";
import { checkMovedNamespaces } from "./moved-away.ts";
import { zoneRules } from "./rules.ts";
import { isolationZoneSchema } from "./schema.ts";
import type { IsolationZoneSpec } from "./types.ts";

export const isolationZone = defineKind<IsolationZoneSpec>({
  name: "IsolationZone",
  folder: "zones",
  summary: "who may talk among themselves; nothing else crosses the border",
  schema: isolationZoneSchema,
  validate: validateIsolationZone,
  rules: zoneRules,
  check: (instance) => [
    ...(instance.spec.podNetwork?.allow ?? []).flatMap((opening, index) => checkOpening(instance, opening, index)),
    ...checkPluginFields(instance.spec.network, (...path) => instance.at("network", ...path)),
  ],
  networks,
  claims,
  contribute: contributeZone,
});

function networks(instance: Instance<IsolationZoneSpec>, scene: IntentContext): NetworkRequests {
  const { spec, intent } = instance;
  const { members, diagnostics } = expandMembers(spec.members, instance, spec.namespaces, scene.workloads);
  const own = new Set(spec.namespaces);
  const outside = members.filter((member) => !own.has(member.workload.namespace));
  const hosts = spec.namespaces
    .flatMap((namespace) => scene.workloads.inNamespace(namespace))
    .filter((one) => one.hostNetwork);
  const at = (...path: (string | number)[]) => instance.at("network", ...path);
  return {
    networks: [
      {
        id: intent.id,
        name: intent.name,
        formerName: intent.formerName,
        role: "zone",
        target: spec.target ?? scene.cluster.target,
        spec: spec.network,
        origin: at(),
        at,
        podsWithin: undefined,
        membersApart: false,
        members: members.filter((member) => own.has(member.workload.namespace) && !member.workload.hostNetwork),
      },
    ],
    diagnostics: [
      ...diagnostics,
      ...namespacesTwice(instance, scene),
      ...checkMisspelledNamespaces(instance, scene),
      ...checkMovedNamespaces(instance, scene),
      ...spec.namespaces.flatMap((namespace, index) =>
        isSystemNamespace(namespace)
          ? [zoneRules.diagnose("system-namespace", instance.at("namespaces", index), { namespace })]
          : [],
      ),
      ...hosts.map((workload) =>
        memberRules.diagnose(
          "host-network",
          { doc: workload.doc, path: [...workload.templatePath, "spec", "hostNetwork"], on: "value" },
          { ref: formatDisplayName(workload) },
          {
            related: [{ place: instance.at("namespaces"), label: "the zone's namespaces" }],
          },
        ),
      ),
      ...outside.map((member) => reportForeignMember(instance, member, scene)),
    ],
  };
}

/** A member from elsewhere: out of another zone it would be a bridge around every firewall between the two. */
function reportForeignMember(instance: Instance<IsolationZoneSpec>, member: Member, scene: IntentContext) {
  const { namespace } = member.workload;
  const ref = formatDisplayName(member.workload);
  const owner = findZone(scene, namespace);
  if (owner) {
    const related = [{ place: owner.at("namespaces"), label: "the other zone" }];
    return zoneRules.diagnose("workload-twice", member.place, { ref, other: owner.intent.name }, { related });
  }
  const related = [{ place: instance.at("namespaces"), label: "the zone's namespaces" }];
  return zoneRules.diagnose("member-outside", member.place, { ref, namespace }, { related });
}

function namespacesTwice(instance: Instance<IsolationZoneSpec>, scene: IntentContext) {
  const first = new Map<string, number>();
  return instance.spec.namespaces.flatMap((namespace, index) => {
    const owner = findZone(scene, namespace) as Instance<IsolationZoneSpec>;
    const before = first.get(namespace);
    first.set(namespace, before ?? index);
    if (owner === instance && before === undefined) return [];
    const at = owner === instance ? (before as number) : owner.spec.namespaces.indexOf(namespace);
    const related = [{ place: owner.at("namespaces", at), label: "first claimed here" }];
    const place = instance.at("namespaces", index);
    return [zoneRules.diagnose("namespace-twice", place, { namespace, other: owner.intent.name }, { related })];
  });
}

function claims(instance: Instance<IsolationZoneSpec>, sites: ClaimContext): Claim[] {
  if (sites.cluster.platform.adminPolicy === "none") return [];
  const place = instance.at();
  // The upstream API takes 0 to 1000; a lower number is asked first.
  return [{ type: "number", field: "priority", place, space: { kind: "priority" }, first: 1, last: 1000 }];
}
