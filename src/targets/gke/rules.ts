import { defineRules } from "../../diagnostics/rules.ts";

export const gkeRules = defineRules("gke", {
  "no-vpc": {
    severity: "error",
    message: ({ uplink, cluster }: { uplink: string; cluster: string }) =>
      `cluster ${cluster} names no VPC for the uplink \`${uplink}\``,
    label: "on an uplink without a VPC",
    help: "write `platform.gke.networks.<uplink>: {vpc, subnet, podRanges}` in plumbline.yaml",
  },
  "shared-uplink": {
    severity: "error",
    message: ({ uplink, other }: { uplink: string; other: string }) =>
      `the VPC of the uplink \`${uplink}\` is that of ${other} already`,
    label: "the second network on it",
  },
  "bad-annotation": {
    severity: "error",
    message: ({ ref, problem }: { ref: string; problem: string }) => `the interfaces annotation of ${ref} ${problem}`,
    label: "cannot be merged",
  },
  "policy-not-enforced": {
    severity: "warning",
    message: ({ network }: { network: string }) =>
      `no policy is written for the pods on ${network}: only its VPC separates it`,
    label: "no policy here",
  },
});
