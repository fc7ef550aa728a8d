import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Network } from "../../ir/plan.ts";
import type { DraSupport } from "../../ir/project.ts";
import { formatAddress } from "../../net/address.ts";
import { formatCidr, formatInterfaceAddress } from "../../net/cidr.ts";
import { buildDeviceSelector, DRIVERS, resolveDeviceClass } from "./device.ts";
import { draRules } from "./rules.ts";
import type { ClaimedInterface } from "./slot.ts";

type Json = Readonly<Record<string, unknown>>;

/** Name of the one request of a claim; it need not be unique beyond it. */
const REQUEST = "device";

/**
 * `spec.devices` of a claim for dranet (NetworkConfig, decoded strictly). The driver reads only the first configuration of
 * a request, so there is one.
 */
export function buildDranetDevices(slot: ClaimedInterface, dra: DraSupport): Json {
  const { network, variant, mac, addresses } = slot;
  const { ipam, routes, forwards } = variant;
  const parameters = {
    interface: {
      name: slot.interface,
      ...(addresses.length > 0 && { addresses: addresses.map(formatInterfaceAddress) }),
      ...(ipam.mode === "dhcp" && { dhcp: true }),
      mtu: network.mtu,
      ...(mac !== undefined && { hardwareAddr: mac }),
      // A gateway answers for an address only on the link that it is on.
      ...(forwards && { forwarding: true, arpIgnore: 1, arpAnnounce: 2 }),
    },
    ...(routes.length > 0 && {
      routes: routes.map(({ to, via }) => ({ destination: formatCidr(to), gateway: formatAddress(via) })),
    }),
  };
  return {
    requests: [
      {
        name: REQUEST,
        exactly: {
          deviceClassName: resolveDeviceClass(dra),
          selectors: [{ cel: { expression: buildDeviceSelector(network.link, "dranet") } }],
        },
      },
    ],
    config: [{ requests: [REQUEST], opaque: { driver: DRIVERS.dranet, parameters } }],
  };
}

/** What dranet cannot do with a network: it moves links of the node, and sets addresses, routes and little more. */
export function checkDranet(network: Network, found: Diagnostic[]): void {
  const { link, origin } = network;
  const lacks = (what: string) =>
    found.push(draRules.diagnose("driver-lacks", origin, { driver: "dranet", what, network: network.intent }));
  if (link.attach !== "macvlan")
    found.push(draRules.diagnose("attach", origin, { driver: "dranet", attach: link.attach }));
  if (Object.keys(network.sysctls).length > 0) lacks("sysctls");
  if (Object.keys(network.plugin).length > 0 || network.chain.length > 0) lacks("fields of CNI plugins");
}

/** Whether the pods of a slot get the addresses that the intents give them. */
export function checkAddresses({ variant, addresses, place, words }: ClaimedInterface, found: Diagnostic[]): void {
  if (variant.ipam.mode === "pool" && addresses.length === 0)
    found.push(draRules.diagnose("no-addresses", place, { ref: words }));
}
