import type { ExpectedCheck, ExternalDevices } from "../../ir/expects.ts";
import type { Instance } from "../../ir/intent.ts";
import type { Plan } from "../../ir/plan.ts";
import { parseService, type Service } from "../../net/service.ts";
import { byId } from "../shared/by-id.ts";
import { endOfParty, wordsOfParty } from "../shared/party-end.ts";
import type { ExpectationSpec } from "./types.ts";

/** The lines of an Expectation, with their ends found. */
export function expectedChecks(
  instance: Instance<ExpectationSpec>,
  plan: Plan,
  devices: readonly ExternalDevices[],
): readonly ExpectedCheck[] {
  return instance.spec.checks.map((check, index) => ({
    from: endOfParty(check.from, plan, devices),
    to: endOfParty(check.to, plan, devices),
    names: [wordsOfParty(check.from), wordsOfParty(check.to)],
    services: (check.ports ?? []).map((text) => parseService(text) as Service),
    expect: check.expect,
    through: check.through?.map((name) => gatewayNamed(name, plan)),
    origin: instance.at("checks", index),
  }));
}

/** The id of a gateway. A FirewallPair and a VpnEgress may have one name: then the pair is meant. */
function gatewayNamed(name: string, plan: Plan): string {
  const gateways = byId(plan.gateways, ({ intent }) => intent);
  return [`firewallpair/${name}`, `vpnegress/${name}`].find((id) => gateways.has(id)) ?? `firewallpair/${name}`;
}
