import { targets } from "../targets/index.ts";
import { type Feature, features } from "../targets/target.ts";
import type { ExitCode, Io } from "./io.ts";

const words: Readonly<Record<Feature, string>> = {
  zone: "isolation zones",
  "zone-physical": "an uplink of its own",
  "zone-overlay": "overlay networks",
  "fixed-addresses": "fixed addresses",
  "own-range": "ranges of their own",
  dhcp: "addresses by dhcp",
  external: "external networks",
  firewall: "firewall pairs",
  vpn: "VPN egress (WireGuard)",
  "vpn-all": "everything through a tunnel",
  "vpn-ipsec": "VPN egress (IPsec)",
  "virtual-machines": "virtual machines",
};

/** The capability matrix as Markdown: a row per feature, a column per target. */
export function targetsTable(): string {
  const head = [
    "",
    ...targets.map((target) => target.name + (target.maturity === "experimental" ? " (experimental)" : "")),
  ];
  const rows = features.map((feature) => [
    words[feature],
    ...targets.map((target) => (target.supports.includes(feature) ? "yes" : "no")),
  ]);
  const widths = head.map((_cell, column) =>
    Math.max(3, ...[head, ...rows].map((row) => (row[column] as string).length)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] as number)).join(" | ")} |\n`;
  return line(head) + line(widths.map((width) => "-".repeat(width))) + rows.map(line).join("");
}

export function listTargets(io: Io): ExitCode {
  io.out(targetsTable());
  return 0;
}
