import { formatAddress } from "../../net/address.ts";
import { type Cidr, cidrsOverlap, containsAddress, formatCidr, toNetwork } from "../../net/cidr.ts";
import { formatValue } from "../../source/format-value.ts";
import { isOpaque } from "../embedded/embedded-text.ts";
import type { Fields } from "../read/lint-object.ts";
import { readAddress, readInterfaceAddress, readSubnet } from "./addresses.ts";
import { checkGatewayInSubnet } from "./gateways.ts";
import type { IpamProblem } from "./ipam-problem.ts";
import { listHostLocalRanges, type RangeFields } from "./pools.ts";

/** What host-local checks when a pod starts (plugins/ipam/host-local/backend/allocator). */
export function checkHostLocal(ipam: Fields): readonly IpamProblem[] {
  const ranges = listHostLocalRanges(ipam);
  const given = ipam.ranges === undefined || Array.isArray(ipam.ranges);
  const fromRuntime = ipam.ranges !== undefined && isOpaque(ipam.ranges);
  if (ranges.length === 0 && given && !fromRuntime && !(Array.isArray(ipam.ranges) && ipam.ranges.length > 0))
    return [{ slug: "no-range", at: ["type"], parameters: { type: "host-local", key: "ranges" } }];
  return [
    ...ranges.flatMap(subnetLaws),
    ...ranges.flatMap(endLaws),
    ...ranges.flatMap(outside),
    ...checkBetweenRanges(ranges),
  ];
}

function subnetLaws({ at, fields }: RangeFields): IpamProblem[] {
  const written = readInterfaceAddress(fields.subnet);
  if (!written) return [];
  const subnet = toNetwork(written);
  const here = [...at, "subnet"];
  if (subnet.base !== written.address.value) {
    const problem = `${formatValue(fields.subnet)} is not a subnet: it has host bits set`;
    return [{ slug: "bad-subnet", at: here, parameters: { problem }, help: `write \`${formatCidr(subnet)}\`` }];
  }
  const longest = subnet.family === 4 ? 30 : 126;
  if (subnet.prefix <= longest) return [];
  const problem = `${formatCidr(subnet)} is too small to give addresses out of`;
  return [{ slug: "bad-subnet", at: here, parameters: { problem }, help: `a prefix of at most /${longest}` }];
}

function endLaws({ at, fields }: RangeFields): IpamProblem[] {
  const subnet = readSubnet(fields.subnet);
  if (!subnet) return [];
  const start = readAddress(fields.rangeStart);
  const end = readAddress(fields.rangeEnd);
  const found: IpamProblem[] = [];
  for (const [key, address] of [
    ["rangeStart", start],
    ["rangeEnd", end],
  ] as const)
    if (address && !containsAddress(subnet, address)) {
      const problem = `${formatAddress(address)} is not in ${formatCidr(subnet)}`;
      found.push({ slug: "outside-subnet", at: [...at, key], parameters: { problem } });
    }
  if (found.length === 0 && start && end && end.value < start.value) {
    const problem = `the range ends at ${formatAddress(end)}, before it starts at ${formatAddress(start)}`;
    found.push({ slug: "outside-subnet", at: [...at, "rangeEnd"], parameters: { problem } });
  }
  return found;
}

function outside({ at, fields }: RangeFields): IpamProblem[] {
  const subnet = readSubnet(fields.subnet);
  return subnet ? checkGatewayInSubnet(fields.gateway, subnet, [...at, "gateway"]) : [];
}

interface Own {
  readonly range: RangeFields;
  readonly subnet: Cidr;
}

/** Sets may not overlap, and a set has one family. */
function checkBetweenRanges(ranges: readonly RangeFields[]): IpamProblem[] {
  const own: readonly Own[] = ranges.flatMap((range) => {
    const subnet = readSubnet(range.fields.subnet);
    return subnet ? [{ range, subnet }] : [];
  });
  return own.flatMap(({ range, subnet }, index) => {
    const earlier = own.slice(0, index);
    const mixed = earlier.find((one) => sameSet(one.range, range) && one.subnet.family !== subnet.family);
    const same = earlier.find(
      (one) => !sameSet(one.range, range) && cidrsOverlap(one.subnet, subnet) && spansOverlap(one.range, range),
    );
    const other = mixed ?? same;
    if (!other) return [];
    const problem = mixed
      ? "one set of ranges has addresses of both families"
      : `${formatCidr(subnet)} has addresses of ${formatCidr(other.subnet)} in another set`;
    const related = [{ at: [...other.range.at, "subnet"], label: "the other one" }];
    const help = mixed ? "write a set for each family" : undefined;
    return [
      {
        slug: "ranges-overlap" as const,
        at: [...range.at, "subnet"],
        parameters: { problem },
        related,
        ...(help && { help }),
      },
    ];
  });
}

/** Ends that are written keep ranges of one subnet apart. */
function spansOverlap(a: RangeFields, b: RangeFields): boolean {
  const [startA, endA] = [readAddress(a.fields.rangeStart)?.value, readAddress(a.fields.rangeEnd)?.value];
  const [startB, endB] = [readAddress(b.fields.rangeStart)?.value, readAddress(b.fields.rangeEnd)?.value];
  const before = endA !== undefined && startB !== undefined && endA < startB;
  const after = endB !== undefined && startA !== undefined && endB < startA;
  return !before && !after;
}

function sameSet(a: RangeFields, b: RangeFields): boolean {
  return a.at[1] === b.at[1] && a.at.length > 0 && b.at.length > 0;
}
