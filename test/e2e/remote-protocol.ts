import type { Target } from "./agent-protocol.ts";

/** A party of another cluster's world, without its agent. */
export interface RemoteParty {
  readonly id: string;
  readonly name: string;
  readonly gateway: boolean;
  readonly addresses: readonly string[];
}

/** What the other cluster says first. */
export interface RemoteReady {
  readonly parties: readonly RemoteParty[];
  readonly troubles: readonly string[];
}

/** What it is asked: to plug a link into a switch of its own, who holds virtual addresses, or to have a party probe. */
export type RemoteRequest =
  | { readonly op: "plug"; readonly port: string; readonly link: string }
  | { readonly op: "held" }
  | { readonly op: "probe"; readonly name: string; readonly targets: readonly Target[]; readonly timeout: number };
