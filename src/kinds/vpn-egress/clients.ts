import type { Instance } from "../../ir/intent.ts";
import type { IsolationZoneSpec } from "../isolation-zone/types.ts";
import type { IntentContext } from "../plan-builder.ts";
import { expandMembers, type Member } from "../shared/members.ts";
import { matchesSelector } from "../shared/select.ts";
import type { VpnEgressSpec } from "./types.ts";

/** Members of the clients' zone that use the tunnel. */
export function listClients(instance: Instance<VpnEgressSpec>, scene: IntentContext): readonly Member[] {
  const { zone, selector } = instance.spec.clients;
  const owner = scene.find("IsolationZone", zone) as Instance<IsolationZoneSpec> | undefined;
  if (!owner) return [];
  const { members } = expandMembers(owner.spec.members, owner, owner.spec.namespaces, scene.workloads);
  const known = members.filter((member) => !member.workload.hostNetwork);
  return selector ? known.filter((member) => matchesSelector(selector, member.workload.labels)) : known;
}
