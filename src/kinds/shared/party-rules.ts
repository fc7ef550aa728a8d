import { defineRules } from "../../diagnostics/rules.ts";

export const partyRules = defineRules("party", {
  "not-exactly-one": {
    severity: "error",
    message: ({ found }: { found: string }) =>
      `a party is exactly one of zone, external, vpn, cidr, workload; this has ${found}`,
    label: "write exactly one",
  },
  "host-without-external": {
    severity: "error",
    message: () => "`host` is a host of an ExternalNetwork, so it needs `external`",
    label: "`external` is missing",
  },
  "unknown-host": {
    severity: "error",
    message: ({ host, external }: { host: string; external: string }) =>
      `ExternalNetwork \`${external}\` has no host \`${host}\``,
    label: "not one of its hosts",
  },
  "not-attached": {
    severity: "error",
    message: ({ ref }: { ref: string }) => `${ref} is a member of no network`,
    label: "has no address to match",
  },
  "no-addresses": {
    severity: "error",
    message: ({ ref, network }: { ref: string; network: string }) =>
      `${ref} shares the address pool of ${network}, but a rule needs an address range of its own`,
    label: "has no addresses of its own",
  },
});
