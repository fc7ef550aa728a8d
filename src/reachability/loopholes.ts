import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Flows } from "./flows/flow.ts";
import { addressLoopholes } from "./loopholes/addresses.ts";
import { applied } from "./loopholes/applied.ts";
import { asymmetry } from "./loopholes/asymmetry.ts";
import { domainLoopholes } from "./loopholes/domains.ts";
import { entryLoopholes } from "./loopholes/entries.ts";
import { externalIps } from "./loopholes/external-ips.ts";
import { gatewayPods } from "./loopholes/gateway-pods.ts";
import { gatewayLoopholes } from "./loopholes/gateways.ts";
import { guardLoopholes } from "./loopholes/guards.ts";
import { keptNetworks } from "./loopholes/kept-networks.ts";
import { legLoopholes } from "./loopholes/legs.ts";
import { linkSettings } from "./loopholes/link-settings.ts";
import { linkLoopholes } from "./loopholes/links.ts";
import { memberLoopholes } from "./loopholes/members.ts";
import { mtuLoopholes } from "./loopholes/mtu.ts";
import { podLoopholes } from "./loopholes/pods.ts";
import { sharedLinks } from "./loopholes/shared-links.ts";
import { trunkLoopholes } from "./loopholes/trunks.ts";
import { tunnelLoopholes } from "./loopholes/tunnels.ts";
import { unknownBetween } from "./loopholes/unknown-between.ts";
import { unreadAddresses } from "./loopholes/unread-addresses.ts";
import { unreadObjects } from "./loopholes/unread-objects.ts";
import type { Model } from "./model.ts";
import type { Watch } from "./watch.ts";

/** Ways around what is meant that no list of connections shows: each with its place. */
export function loopholes(model: Model, flows: Flows, watch: Watch): readonly Diagnostic[] {
  return [
    ...podLoopholes(model, watch),
    ...memberLoopholes(model, watch),
    ...legLoopholes(model, watch),
    ...domainLoopholes(model, watch),
    ...unknownBetween(model, watch),
    ...sharedLinks(model, watch),
    ...unreadObjects(model, watch),
    ...trunkLoopholes(model, watch),
    ...linkLoopholes(model, watch),
    ...keptNetworks(model, watch),
    ...linkSettings(model, watch),
    ...addressLoopholes(model),
    ...asymmetry(model, flows, watch),
    ...gatewayLoopholes(model, watch),
    ...tunnelLoopholes(model, flows, watch),
    ...mtuLoopholes(model, flows),
    ...gatewayPods(model, watch),
    ...applied(model, watch),
    ...guardLoopholes(model, watch),
    ...entryLoopholes(model, flows, watch),
    ...externalIps(model, watch),
    ...unreadAddresses(model),
  ];
}
