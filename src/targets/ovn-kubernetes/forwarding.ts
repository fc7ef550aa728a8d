import type { Manifest } from "../../ir/manifest.ts";
import type { Gateway, Plan } from "../../ir/plan.ts";
import type { Platform } from "../../ir/project.ts";
import { buildManifest, formatIntentPath, SYNC_WAVES } from "../shared/kubernetes/metadata.ts";
import { OVN_KUBERNETES } from "./cluster-network.ts";

/** Name of the definition by which a gateway's pods forward, in the gateway's namespace. */
const FORWARDING = "forwarding";

/**
 * An attachment of OVN-Kubernetes cannot make its pod forward: OVN takes no chained plugin. So the pods of a gateway that has
 * no interface of another target name one more definition. Its plugins make no interface: `loopback` finds the one that every
 * pod has, and `tuning` sets what the kernel asks for.
 */
export function buildForwardingNetworks(plan: Plan): readonly Manifest[] {
  return plan.gateways
    .filter((gateway) => needsForwarding(plan, gateway))
    .map((gateway) => {
      const what = {
        apiVersion: "k8s.cni.cncf.io/v1",
        kind: "NetworkAttachmentDefinition",
        template: "multus/network-attachment-definition",
        file: formatIntentPath(gateway.role, gateway.intent),
      };
      const head = { name: FORWARDING, namespace: gateway.namespace, wave: SYNC_WAVES.network };
      return buildManifest(what, head, gateway, { config: configOf(gateway, plan.cluster.platform) });
    });
}

/** The element of the networks annotation that names it. */
export function buildForwardingElement(plan: Plan, gateway: Gateway): object | undefined {
  if (!needsForwarding(plan, gateway)) return undefined;
  return { name: FORWARDING, namespace: gateway.namespace, interface: FORWARDING };
}

/** Gateways of other targets have an interface that forwards; nothing of ours runs in one that is managed elsewhere. */
function needsForwarding(plan: Plan, gateway: Gateway): boolean {
  const own = new Set(plan.networks.filter((one) => one.target === OVN_KUBERNETES).map((one) => one.intent));
  const all = gateway.legs.every((leg) => own.has(leg.network));
  return gateway.target === OVN_KUBERNETES && gateway.adopted.length === 0 && all;
}

function configOf({ legs }: Gateway, { cniVersion }: Platform) {
  const families = new Set(legs.flatMap((leg) => leg.subnets.map((subnet) => subnet.family)));
  const sysctl = {
    ...(families.has(4) && { "net.ipv4.ip_forward": "1" }),
    ...(families.has(6) && { "net.ipv6.conf.all.forwarding": "1" }),
  };
  return { cniVersion, name: FORWARDING, plugins: [{ type: "loopback" }, { type: "tuning", sysctl }] };
}
