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
    help: "Multus supports one default route; keep one of the two",
  },
  "default-needs-routes": {
    severity: "error",
    message: ({ cluster }: { cluster: string }) =>
      `pods of cluster \`${cluster}\` would lose their routes to pods, Services and nodes together with eth0's default route`,
    label: "replaces the default route",
    help: "set `platform.podNetwork.eth0Routes: true` if pods have those routes (`ip route` in a pod shows them)",
  },
  "no-gateway": {
    severity: "error",
    message: ({ network, found }: { network: string; found: string }) =>
      `\`defaultRoute\` needs exactly one gateway in ${network}, which has ${found}`,
    label: "no single gateway",
  },
});
