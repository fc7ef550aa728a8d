import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Manifest } from "../../ir/manifest.ts";
import type { Network } from "../../ir/plan.ts";
import type { DraSupport, Platform } from "../../ir/project.ts";
import { formatInterfaceAddress } from "../../net/cidr.ts";
import { hashContent } from "../../net/hash.ts";
import { formatObjectName } from "../../net/name.ts";
import { buildConflist } from "../shared/cni/conflist.ts";
import { buildManifest, SYNC_WAVES } from "../shared/kubernetes/metadata.ts";
import { buildDeviceSelector, DRIVERS, resolveDeviceClass } from "./device.ts";
import { draRules } from "./rules.ts";
import type { ClaimedInterface } from "./slot.ts";

type Json = Readonly<Record<string, unknown>>;

const REQUEST = "vf";

/**
 * The network that a claim refers to: dra-driver-sriov runs the CNI plugin itself, with the configuration of a
 * NetworkAttachmentDefinition. What an annotation would say of addresses has to stand there.
 */
export function buildSriovNetwork(slot: ClaimedInterface, platform: Platform): Manifest {
  const { network, variant } = slot;
  const config = buildConflist(network, variant, platform) as { plugins: readonly Json[] };
  const [first, ...chained] = config.plugins as [Json, ...Json[]];
  const { capabilities: _asked, ...plugin } = first;
  const fixed = slot.addresses.length > 0;
  const routes = (plugin.ipam as Json).routes;
  const addresses = slot.addresses.map((one) => ({ address: formatInterfaceAddress(one) }));
  const own: Json = {
    ...plugin,
    ...(slot.mac !== undefined && { mac: slot.mac }),
    ...(fixed && { ipam: { type: "static", addresses, ...(routes !== undefined && { routes }) } }),
  };
  const shared = !fixed && slot.mac === undefined;
  const name = shared ? variant.name : formatObjectName([variant.name, hashContent(JSON.stringify(own), 8)]);
  return buildManifest(
    {
      apiVersion: "k8s.cni.cncf.io/v1",
      kind: "NetworkAttachmentDefinition",
      template: "multus/network-attachment-definition",
      file: slot.file,
    },
    {
      name,
      namespace: slot.namespace,
      wave: SYNC_WAVES.network,
      annotations: { "k8s.v1.cni.cncf.io/resourceName": network.link.resourceName ?? "" },
    },
    slot.owner,
    { config: { ...config, name, plugins: [own, ...chained] } },
  );
}

/** `spec.devices` of a claim for dra-driver-sriov (VfConfig). */
export function buildSriovDevices(slot: ClaimedInterface, network: string, dra: DraSupport): Json {
  return {
    requests: [
      {
        name: REQUEST,
        exactly: {
          deviceClassName: resolveDeviceClass(dra),
          selectors: [{ cel: { expression: buildDeviceSelector(slot.network.link, "sriov") } }],
        },
      },
    ],
    config: [
      {
        requests: [REQUEST],
        opaque: {
          driver: DRIVERS.sriov,
          parameters: {
            apiVersion: `${DRIVERS.sriov}/v1alpha1`,
            kind: "VfConfig",
            ifName: slot.interface,
            netAttachDefName: network,
            netAttachDefNamespace: slot.namespace,
          },
        },
      },
    ],
  };
}

export function checkSriov({ link, origin }: Network, found: Diagnostic[]): void {
  if (link.attach !== "sriov")
    found.push(draRules.diagnose("attach", origin, { driver: "sriov", attach: link.attach }));
}
