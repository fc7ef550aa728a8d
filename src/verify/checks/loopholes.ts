import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Flows } from "../dataplane/flow.ts";
import type { Watch } from "../expected/index.ts";
import type { Model } from "../model/model.ts";
import { addressLoopholes } from "./addresses.ts";
import { applied } from "./applied.ts";
import { asymmetry } from "./asymmetry.ts";
import { besideTunnels } from "./beside-tunnel.ts";
import { devicesAlone } from "./device-alone.ts";
import { domainLoopholes } from "./domains.ts";
import { entryLoopholes } from "./entries.ts";
import { externalIps } from "./external-ips.ts";
import { gatewayPods } from "./gateway-pods.ts";
import { gatewayLoopholes } from "./gateways.ts";
import { guardLoopholes } from "./guards.ts";
import { keptNetworks } from "./kept-networks.ts";
import { legLoopholes } from "./legs.ts";
import { linkSettings } from "./link-settings.ts";
import { linkLoopholes } from "./links.ts";
import { memberLoopholes } from "./members.ts";
import { mtuLoopholes } from "./mtu.ts";
import { nodeLinkChecks } from "./node-links.ts";
import { nodeRouters } from "./node-routers.ts";
import { oneNodePools } from "./one-node-pools.ts";
import { ownRoutes } from "./own-routes.ts";
import { platformRefuses } from "./platform-refuses.ts";
import { podAddressLoopholes } from "./pod-addresses.ts";
import { podLoopholes } from "./pods.ts";
import { refusedFields } from "./refused-fields.ts";
import { sameWire } from "./same-wire.ts";
import { sharedLinks } from "./shared-links.ts";
import { speakingForOthers } from "./speaking-for-others.ts";
import { trunkLoopholes } from "./trunks.ts";
import { tunnelAddresses } from "./tunnel-addresses.ts";
import { tunnelLoopholes } from "./tunnels.ts";
import { unknownBetween } from "./unknown-between.ts";
import { unreadAddresses } from "./unread-addresses.ts";
import { unreadObjects } from "./unread-objects.ts";

/** Ways around what is meant that no list of connections shows: each with its place. */
export function loopholes(model: Model, flows: Flows, watch: Watch): readonly Diagnostic[] {
  return [
    ...podLoopholes(model, watch),
    ...memberLoopholes(model, watch),
    ...podAddressLoopholes(model, watch),
    ...legLoopholes(model, watch),
    ...domainLoopholes(model, watch),
    ...unknownBetween(model, watch),
    ...sharedLinks(model, watch),
    ...sameWire(model, watch),
    ...nodeRouters(model, watch),
    ...ownRoutes(model, watch),
    ...oneNodePools(model, watch),
    ...unreadObjects(model, watch),
    ...trunkLoopholes(model, watch),
    ...devicesAlone(model, watch),
    ...speakingForOthers(model, watch),
    ...linkLoopholes(model, watch),
    ...keptNetworks(model, watch),
    ...linkSettings(model, watch),
    ...nodeLinkChecks(model, watch),
    ...platformRefuses(model),
    ...refusedFields(model, watch),
    ...addressLoopholes(model),
    ...asymmetry(model, flows, watch),
    ...gatewayLoopholes(model, watch),
    ...tunnelLoopholes(model, flows, watch),
    ...besideTunnels(model, watch),
    ...tunnelAddresses(model, watch),
    ...mtuLoopholes(model, flows),
    ...gatewayPods(model, watch),
    ...applied(model, watch),
    ...guardLoopholes(model, watch),
    ...entryLoopholes(model, flows, watch),
    ...externalIps(model, watch),
    ...unreadAddresses(model),
  ];
}
