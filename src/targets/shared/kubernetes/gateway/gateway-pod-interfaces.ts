import type { PodClaim } from "../../../../ir/manifest.ts";

/** What a target adds to a gateway's pod so that it has its legs. */
export interface GatewayPodInterfaces {
  readonly annotations: Readonly<Record<string, string>>;
  /** Nodes that have every uplink. */
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Device requests by resource name. */
  readonly devices: Readonly<Record<string, number>>;
  readonly claims: readonly PodClaim[];
  /** Interfaces that come without their addresses: the pod takes those itself. */
  readonly bare: readonly string[];
  /** Routes that its networks carry to no interface: the pod makes them itself, when it has its addresses. */
  readonly routes?: readonly OwnRoute[];
  /** What the networks say that it names, where their names do not tell: it is read only when a pod starts. */
  readonly says: readonly string[];
  /** What the gateway's NetworkPolicy has to say so that it closes eth0 and none of its legs. */
  readonly onPolicy?: Readonly<Record<string, string>>;
}

export interface OwnRoute {
  readonly to: string;
  readonly via: string;
  readonly interface: string;
  /** `4` or `6`. */
  readonly family: string;
}

/** Legs of several targets on one pod: each in a form of its own, lists of networks put together. */
export function mergeInterfaces(parts: readonly GatewayPodInterfaces[]): GatewayPodInterfaces {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const annotations: Record<string, string> = {};
  const devices: Record<string, number> = {};
  for (const part of parts) {
    for (const [key, value] of Object.entries(part.annotations))
      annotations[key] = appendJsonList(annotations[key], value);
    for (const [name, count] of Object.entries(part.devices)) devices[name] = (devices[name] ?? 0) + count;
  }
  return {
    annotations,
    nodeSelector: Object.assign({}, ...parts.map((part) => part.nodeSelector)) as Record<string, string>,
    devices,
    claims: parts.flatMap((part) => part.claims),
    bare: parts.flatMap((part) => part.bare),
    routes: parts.flatMap((part) => part.routes ?? []),
    says: parts.flatMap((part) => part.says),
    onPolicy: Object.assign({}, ...parts.map((part) => part.onPolicy)) as Record<string, string>,
  };
}

/** Two targets name networks in one annotation, as a list in JSON; any other key is of one of them. */
function appendJsonList(before: string | undefined, value: string): string {
  if (before === undefined) return value;
  return JSON.stringify([...(JSON.parse(before) as unknown[]), ...(JSON.parse(value) as unknown[])]);
}
