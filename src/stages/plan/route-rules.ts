import { defineRules } from "../../diagnostics/rules.ts";

export const routeRules = defineRules("route", {
  "two-ways": {
    severity: "error",
    message: ({ to, network, a, b }: { to: string; network: string; a: string; b: string }) =>
      `members of ${network} would have two paths to ${to}: by ${a} and by ${b}`,
    label: "the second path",
    help: "let one gateway carry it, or make the destinations disjoint",
  },
  "two-defaults": {
    severity: "error",
    message: ({ ref, a, b }: { ref: string; a: string; b: string }) =>
      `${ref} would have two default routes: by ${a} and by ${b}`,
    label: "the second default route",
    help: "a pod has one default route: keep one of the two, or put the members of one of them into another zone",
  },
  "default-needs-routes": {
    severity: "error",
    message: ({ cluster }: { cluster: string }) =>
      `pods of cluster \`${cluster}\` would lose their routes to pods, Services and nodes together with eth0's default route`,
    label: "replaces the default route",
    help: "write the main CNI plugin as `platform.cni`, or `platform.podNetwork.eth0Routes: true` if pods have those routes (`ip route` in a pod shows them)",
  },
  "probes-from-nodes": {
    severity: "error",
    message: ({ cluster, cni }: { cluster: string; cni: string }) =>
      `with ${cni}, the kubelet reaches pods of cluster \`${cluster}\` from the addresses of the nodes, and these are not known`,
    label: "would take the answers",
    help: "write `platform.podNetwork.nodeCidrs` with the networks in which the nodes have addresses: they stay on eth0",
  },
  "no-gateway": {
    severity: "error",
    message: ({ network, found }: { network: string; found: string }) =>
      `\`defaultRoute\` needs exactly one gateway in ${network}, which has ${found}`,
    label: "no single gateway",
  },
});
