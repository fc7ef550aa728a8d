/** One thing to try: an address and a port (0 for icmp). */
export interface Target {
  readonly protocol: "tcp" | "udp" | "icmp";
  readonly address: string;
  readonly port: number;
}

/** What became of it: who answered, which source address they saw, or why there was no answer. */
export interface ProbeAnswer {
  readonly ok: boolean;
  /** Something answered, if only the other side's kernel. */
  readonly connected: boolean;
  readonly by: string;
  readonly seen: string;
  readonly error: string;
  readonly milliseconds: number;
}

/** What an agent in a network namespace can be asked. Times are milliseconds. */
export type AgentRequest =
  | {
      readonly op: "listen";
      readonly tcp: readonly number[];
      readonly udp: readonly number[];
      readonly names: Readonly<Record<string, string>>;
    }
  | { readonly op: "probe"; readonly targets: readonly Target[]; readonly timeout: number; readonly width: number }
  | { readonly op: "watch"; readonly target: Target; readonly every: number; readonly length: number }
  | {
      readonly op: "transfer";
      readonly address: string;
      readonly port: number;
      readonly bytes: number;
      readonly timeout: number;
    }
  | { readonly op: "ping"; readonly address: string; readonly options: readonly string[]; readonly timeout: number }
  | { readonly op: "resolve"; readonly server: string; readonly name: string; readonly timeout: number };
