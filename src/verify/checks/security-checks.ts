import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { FlowSet } from "../dataplane/flow.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import type { Model } from "../model/model.ts";
import { checkAddressConflicts } from "./addresses.ts";
import { checkAdmissionPolicies } from "./admission-policies.ts";
import { checkApplied } from "./applied.ts";
import { checkTunnelBypass } from "./beside-tunnel.ts";
import { devicesAlone } from "./device-alone.ts";
import { checkDomains } from "./domains.ts";
import { checkExposedServices } from "./exposed-services.ts";
import { checkExternalIps } from "./external-ips.ts";
import { checkForeignAttachment } from "./foreign-attachment.ts";
import { checkForeignRoutes } from "./foreign-routes.ts";
import { checkGatewayInterfaces } from "./gateway-interfaces.ts";
import { checkGatewayPods } from "./gateway-pods.ts";
import { checkGateways } from "./gateways.ts";
import { checkLinkSettings } from "./link-settings.ts";
import { checkMembers } from "./members.ts";
import { checkMtu } from "./mtu.ts";
import { checkNodeLinks } from "./node-links.ts";
import { checkNodeRouters } from "./node-routers.ts";
import { checkPerNodePools } from "./one-node-pools.ts";
import { checkPlatformLimits } from "./platform-refuses.ts";
import { checkPodAddresses } from "./pod-addresses.ts";
import { checkPods } from "./pods.ts";
import { checkRefusedFields } from "./refused-fields.ts";
import { checkReturnPaths } from "./return-path.ts";
import { checkSharedWire } from "./same-wire.ts";
import { checkSharedLinks } from "./shared-links.ts";
import { checkSpoofing } from "./speaking-for-others.ts";
import { checkTrunks } from "./trunks.ts";
import { checkTunnelAddresses } from "./tunnel-addresses.ts";
import { checkTunnels } from "./tunnels.ts";
import { checkUnknownLinks } from "./unknown-between.ts";
import { checkUnreadAddresses } from "./unread-addresses.ts";
import { checkUnreadObjects } from "./unread-objects.ts";
import { checkVerbatimNetworks } from "./verbatim-networks.ts";

/** Ways around what is meant that no list of connections shows: each with its place. */
export function runSecurityChecks(model: Model, flows: FlowSet, watch: ExpectedIndex): readonly Diagnostic[] {
  return [
    ...checkPods(model, watch),
    ...checkMembers(model, watch),
    ...checkPodAddresses(model, watch),
    ...checkGatewayInterfaces(model, watch),
    ...checkDomains(model, watch),
    ...checkUnknownLinks(model, watch),
    ...checkSharedLinks(model, watch),
    ...checkSharedWire(model, watch),
    ...checkNodeRouters(model, watch),
    ...checkForeignRoutes(model, watch),
    ...checkPerNodePools(model, watch),
    ...checkUnreadObjects(model, watch),
    ...checkTrunks(model, watch),
    ...devicesAlone(model, watch),
    ...checkSpoofing(model, watch),
    ...checkForeignAttachment(model, watch),
    ...checkVerbatimNetworks(model, watch),
    ...checkLinkSettings(model, watch),
    ...checkNodeLinks(model, watch),
    ...checkPlatformLimits(model),
    ...checkRefusedFields(model, watch),
    ...checkAddressConflicts(model),
    ...checkReturnPaths(model, flows, watch),
    ...checkGateways(model, watch),
    ...checkTunnels(model, flows, watch),
    ...checkTunnelBypass(model, watch),
    ...checkTunnelAddresses(model, watch),
    ...checkMtu(model, flows),
    ...checkGatewayPods(model, watch),
    ...checkApplied(model, watch),
    ...checkAdmissionPolicies(model, watch),
    ...checkExposedServices(model, flows, watch),
    ...checkExternalIps(model, watch),
    ...checkUnreadAddresses(model),
  ];
}
