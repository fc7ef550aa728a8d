import { defineRules } from "../../diagnostics/rules.ts";

export const draRules = defineRules("dra", {
  attach: {
    severity: "error",
    message: ({ driver, attach }: { driver: string; attach: string }) =>
      `the DRA driver \`${driver}\` has no devices of the kind \`${attach}\``,
    label: ({ attach }: { driver: string; attach: string }) => `by ${attach}`,
  },
  "no-addresses": {
    severity: "error",
    message: ({ ref }: { ref: string }) =>
      `dranet gives out no addresses, and all pods of ${ref} share one claim template`,
    label: "would have no address",
    help: "write `addresses` or `range: {size: 1}` for the member, or `addressing: dhcp` for the network",
  },
  "driver-lacks": {
    severity: "error",
    message: ({ driver, what, network }: { driver: string; what: string; network: string }) =>
      `the DRA driver \`${driver}\` has no ${what}, which ${network} asks for`,
    label: ({ driver }: { driver: string; what: string; network: string }) => `not with ${driver}`,
  },
  "one-pod-a-node": {
    severity: "warning",
    message: ({ device, network }: { device: string; network: string }) =>
      `a pod takes the device \`${device}\` whole: of ${network} one pod fits on a node`,
    label: "one pod a node",
  },
  "policy-not-enforced": {
    severity: "warning",
    message: ({ network }: { network: string }) =>
      `nothing enforces policies on DRA devices: on ${network} only its link separates it`,
    label: "no policy here",
  },
});
