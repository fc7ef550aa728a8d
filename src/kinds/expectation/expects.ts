import type { ExpectedCheck, ExternalDevices } from "../../ir/expects.ts";
import type { Instance } from "../../ir/intent.ts";
import type { Plan } from "../../ir/plan.ts";
import { parseService, type Service } from "../../net/service.ts";
import { indexById } from "../shared/by-id.ts";
import { formatParty, resolvePartyEnd } from "../shared/party-end.ts";
import type { ExpectationSpec } from "./types.ts";

/** The lines of an Expectation, with their ends found. */
export function listExpectedChecks(
  instance: Instance<ExpectationSpec>,
  plan: Plan,
  devices: readonly ExternalDevices[],
): readonly ExpectedCheck[] {
  return instance.spec.checks.map((check, index) => ({
    from: resolvePartyEnd(check.from, plan, devices),
    to: resolvePartyEnd(check.to, plan, devices),
    names: [formatParty(check.from), formatParty(check.to)],
    services: (check.ports ?? []).map((text) => parseService(text) as Service),
    expect: check.expect,
    through: check.through?.map((name) => gatewayNamed(name, plan)),
    origin: instance.at("checks", index),
  }));
}

/** The id of a gateway. A FirewallPair and a VpnEgress may have one name: then the pair is meant. */
function gatewayNamed(name: string, plan: Plan): string {
  const gateways = indexById(plan.gateways, ({ intent }) => intent);
  return [`firewallpair/${name}`, `vpnegress/${name}`].find((id) => gateways.has(id)) ?? `firewallpair/${name}`;
}
