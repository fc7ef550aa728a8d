import { defineRules } from "../../diagnostics/rules.ts";

export const memberRules = defineRules("member", {
  "no-such-workload": {
    severity: "error",
    message: ({ ref }: { ref: string }) => `no manifest holds ${ref}`,
    label: "matches no workload",
  },
  "selects-nothing": {
    severity: "error",
    message: ({ namespace }: { namespace: string }) => `the selector matches no workload of namespace \`${namespace}\``,
    label: "matches nothing",
  },
  "not-one-way": {
    severity: "error",
    message: () => "a member has either `workload`, or `namespace` and `selector`",
    label: "write one of the two",
  },
  "single-only": {
    severity: "error",
    message: ({ key }: { key: string }) => `\`${key}\` is for a single workload, not for a selection`,
    label: "needs `workload`",
  },
  twice: {
    severity: "error",
    message: ({ ref }: { ref: string }) => `${ref} is a member here twice`,
    label: "the second entry",
  },
  "more-than-one-pod": {
    severity: "error",
    message: ({ key, ref, pods }: { key: string; ref: string; pods: string }) =>
      `\`${key}\` is fixed, but ${ref} may run ${pods}`,
    label: "for one pod only",
  },
  "two-during-rollout": {
    severity: "warning",
    message: ({ key, ref }: { key: string; ref: string }) =>
      `\`${key}\` is for one pod, and ${ref} runs two during a rollout`,
    label: "two pods have the same address",
    help: "set `strategy: {type: Recreate}` on the Deployment",
  },
  "per-pod-not-stateful": {
    severity: "error",
    message: ({ ref }: { ref: string }) => `\`perPod\` gives addresses by ordinal, and pods of ${ref} have none`,
    label: "for a StatefulSet only",
  },
  "per-pod-too-few": {
    severity: "error",
    message: ({ ref, known, missing }: { ref: string; known: number; missing: number }) =>
      `\`perPod\` has addresses for pods 0 to ${known - 1} of ${ref}, and the manifest makes pod ${missing}`,
    label: "that pod would be denied",
  },
  "per-pod-families": {
    severity: "error",
    message: ({ pod }: { pod: number }) => `pod ${pod} does not have one address of each family that pod 0 has`,
    label: "other address families",
    help: "write one address of each address family for every pod",
  },
  "guest-of-pod": {
    severity: "error",
    message: ({ ref }: { ref: string }) => `${ref} has no guest that could set its addresses`,
    label: "for virtual machines only",
    help: "delete `setBy`: plumbline sets the addresses of pods",
  },
  "guest-without-addresses": {
    severity: "error",
    message: ({ ref }: { ref: string }) => `the guest of ${ref} sets its addresses, and the member does not say which`,
    label: "no `addresses` beside it",
    help: "write the addresses that cloud-init sets: `addresses: […]`",
  },
  "addresses-and-range": {
    severity: "error",
    message: () => "a member has fixed `addresses` or a `range` of its own, not both",
    label: "one of the two",
  },
  "range-too-small": {
    severity: "error",
    message: ({ size, ref, pods }: { size: number; ref: string; pods: number }) =>
      `a range of ${size} is too small for ${ref}, which may run ${pods} pods at once`,
    label: "fewer addresses than pods",
  },
  unread: {
    severity: "warning",
    message: ({ ref, why }: { ref: string; why: string }) => `pods of ${ref} are not on the zone's network: ${why}`,
    label: "makes pods",
    help: "make it a Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Pod or VirtualMachine with a name",
  },
  "refused-by-guard": {
    severity: "error",
    message: ({ ref, what }: { ref: string; what: string }) =>
      `${ref} ${what}, so the zone's admission policy rejects its pods`,
    label: "its pods would not start",
    help: "remove it, or move the workload to a namespace outside every zone",
  },
  "account-shared": {
    severity: "error",
    message: ({ ref, account, other }: { ref: string; account: string; other: string }) =>
      `${ref} is allowed capabilities by its ServiceAccount \`${account}\`, which is also that of ${other}`,
    label: "the other workload gets them too",
  },
  "not-a-member": {
    severity: "error",
    message: ({ ref }: { ref: string }) =>
      `${ref} names networks in its annotation and is not a member, so the zone's admission policy rejects its pods`,
    label: "its pods would not start",
    help: "add it to the zone's `members`, or delete the annotation",
  },
  "host-network": {
    severity: "error",
    message: ({ ref }: { ref: string }) => `${ref} uses the node's network, so it cannot be isolated`,
    label: "its namespace is in a zone",
    help: "move it to a namespace outside every zone, or delete `hostNetwork: true`",
  },
  "virtual-machine-on-macvlan": {
    severity: "error",
    message: ({ ref }: { ref: string }) => `${ref} cannot use macvlan: the guest has its own MAC address`,
    label: "needs `attach: bridge`",
    help: "write `attach: bridge` for this network",
  },
  "interface-twice": {
    severity: "error",
    message: ({ name, ref, other }: { name: string; ref: string; other: string }) =>
      `\`${name}\` is already an interface of ${ref}, by ${other}`,
    label: "the second of that name",
  },
  "interface-reserved": {
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` is reserved: every pod already has it`,
    label: "already there",
    help: "write `net1`, or leave it out",
  },
  "mac-of-master": {
    severity: "error",
    message: ({ network }: { network: string }) =>
      `${network} attaches by ipvlan, where every pod has the MAC address of its master`,
    label: "cannot be set",
    help: "leave `mac` out, or write `attach: macvlan` on the network",
  },
  "already-attached": {
    severity: "error",
    message: ({ ref, network }: { ref: string; network: string }) =>
      `${ref} already names the network \`${network}\` in its annotation`,
    label: "in the annotation already",
    help: "delete it from the manifest's annotation",
  },
});
