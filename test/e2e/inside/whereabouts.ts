/**
 * Stands in for the whereabouts IPAM plugin, which cannot be built here: gives the first free address of the range,
 * leaves out what is excluded, and never gives one address of a network name twice, as whereabouts does with its
 * overlapping-range reservations. State: a file per address under PLB_IPAM_DIR (one folder is one cluster).
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { holds, toAddress, toBlock, toNumber } from "../address.ts";

interface RangeConfig {
  readonly range: string;
  readonly range_start?: string;
  readonly range_end?: string;
  readonly exclude?: readonly string[];
  readonly gateway?: string;
}

interface IpamConfig extends Partial<RangeConfig> {
  readonly ipRanges?: readonly RangeConfig[];
  readonly routes?: readonly unknown[];
  readonly network_name?: string;
}

/** The first and last address that may be given out: not the network's own, nor the broadcast address. */
function bounds(config: RangeConfig): { first: bigint; last: bigint; cidr: string } {
  const dashed = /^([^-]+)-([^/]+)\/(\d+)$/.exec(config.range);
  const cidr = dashed ? `${dashed[1]}/${dashed[3]}` : config.range;
  const block = toBlock(cidr);
  const start = config.range_start ?? dashed?.[1];
  const end = config.range_end ?? dashed?.[2];
  const first = start ? toNumber(start) : block.first + 1n;
  const last = end ? toNumber(end) : block.last - 1n;
  if (first < block.first || last > block.last) throw new Error(`range_start or range_end is outside of ${cidr}`);
  return { first, last, cidr };
}

function give(config: RangeConfig, folder: string, owner: string): { address: string; gateway?: string } {
  const { first, last, cidr } = bounds(config);
  const block = toBlock(cidr);
  for (let value = first; value <= last; value++) {
    const address = toAddress(value, block.family);
    if ((config.exclude ?? []).some((excluded) => holds(excluded, address))) continue;
    try {
      writeFileSync(join(folder, address), owner, { flag: "wx" });
      return { address: `${address}/${block.prefix}`, ...(config.gateway ? { gateway: config.gateway } : {}) };
    } catch {
      // Taken: the next one.
    }
  }
  throw new Error(`no free address in ${cidr}`);
}

function main(): unknown {
  const command = process.env.CNI_COMMAND;
  if (command === "VERSION") return { cniVersion: "1.0.0", supportedVersions: ["0.3.1", "0.4.0", "1.0.0"] };
  const input = JSON.parse(readFileSync(0, "utf8")) as { cniVersion: string; ipam: IpamConfig };
  const folder = join(process.env.PLB_IPAM_DIR ?? "", input.ipam.network_name || "unnamed");
  const owner = `${process.env.CNI_CONTAINERID} ${process.env.CNI_IFNAME}`;
  mkdirSync(folder, { recursive: true });
  if (command === "DEL") {
    for (const name of readdirSync(folder)) {
      if (readFileSync(join(folder, name), "utf8") === owner) rmSync(join(folder, name));
    }
    return undefined;
  }
  if (command !== "ADD") return undefined;
  const own = input.ipam.range === undefined ? [] : [input.ipam as RangeConfig];
  const ips = [...own, ...(input.ipam.ipRanges ?? [])].map((range) => give(range, folder, owner));
  if (ips.length === 0) throw new Error("no range");
  return { cniVersion: input.cniVersion, ips, routes: input.ipam.routes ?? [], dns: {} };
}

try {
  const result = main();
  if (result !== undefined) process.stdout.write(JSON.stringify(result));
} catch (error) {
  process.stdout.write(JSON.stringify({ code: 999, msg: `whereabouts stand-in: ${(error as Error).message}` }));
  process.exitCode = 1;
}
