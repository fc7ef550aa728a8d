import type { Attachment, Plan } from "../ir/plan.ts";
import { formatAddress } from "../net/address.ts";
import type { EndpointState } from "./endpoint-state.ts";

/** What becomes of the address that a workload has in a network. */
export interface AddressChange {
  /** `Deployment web/shop`. */
  readonly workload: string;
  /** `isolationzone/corp`. */
  readonly network: string;
  /** As written, or the range that they are given from; `none` where the workload has no leg in its network. */
  readonly before: string;
  readonly after: string;
  /** Addresses of its own that stay. Those that a pool gives out are given out anew, whatever the range. */
  readonly kept: boolean;
}

/** Of the workloads that move, by name. */
export function listAddressChanges(
  before: EndpointState,
  after: EndpointState,
  workloads: readonly string[],
): readonly AddressChange[] {
  const [old, now] = [legsOf(before.plan), legsOf(after.plan)];
  const moving = new Set(workloads);
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort();
  return keys.flatMap((key) => {
    const [workload, network] = key.split(" in ") as [string, string];
    if (!moving.has(workload)) return [];
    const [a, b] = [old.get(key), now.get(key)];
    const kept = a?.own === true && b?.own === true && a.words === b.words;
    return [{ workload, network, before: a?.words ?? "none", after: b?.words ?? "none", kept }];
  });
}

interface Leg {
  readonly words: string;
  /** Written for this workload, and not from a range. */
  readonly own: boolean;
}

function legsOf(plan: Plan): ReadonlyMap<string, Leg> {
  const variants = new Map(
    plan.networks.flatMap((one) => one.variants.map((variant) => [`${one.intent} ${variant.name}`, variant] as const)),
  );
  const legOf = ({ addresses, network, variant }: Attachment): Leg => {
    if (addresses.length > 0)
      return { words: addresses.map((one) => formatAddress(one.address)).join(", "), own: true };
    const ipam = variants.get(`${network} ${variant}`)?.ipam;
    if (ipam?.mode !== "pool") return { words: ipam?.mode ?? "none", own: false };
    const ranges = ipam.pools.map(({ start, end }) => `${formatAddress(start)}-${formatAddress(end)}`);
    return { words: ranges.join(", "), own: false };
  };
  return new Map(
    plan.attachments.map((one) => {
      const { kind, namespace, name } = one.workload;
      return [`${kind} ${namespace}/${name} in ${one.network}`, legOf(one)] as const;
    }),
  );
}
