import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { AgentRequest, ProbeAnswer, Target } from "./agent-protocol.ts";

/** The suite's hand inside one network namespace. */
export interface Agent {
  probe(targets: readonly Target[], timeout?: number): Promise<ProbeAnswer[]>;
  watch(target: Target, every: number, length: number): Promise<number[]>;
  transfer(address: string, port: number, bytes: number, timeout?: number): Promise<number>;
  ping(address: string, options: readonly string[], timeout?: number): Promise<ProbeAnswer>;
  resolve(server: string, name: string, timeout?: number): Promise<string>;
  stop(): void;
}

export interface Listen {
  readonly tcp: readonly number[];
  readonly udp: readonly number[];
  readonly names: Readonly<Record<string, string>>;
}

/** Starts an agent in a network namespace; it has its ports open when the promise resolves. */
export async function startAgent(script: string, netns: string, name: string, listen: Listen): Promise<Agent> {
  const args = [`--net=/run/netns/${netns}`, process.execPath, script, name];
  const child = spawn("nsenter", args, { stdio: ["pipe", "pipe", "pipe"] });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let stderr = "";
  let last = 0;
  child.stderr.on("data", (chunk) => {
    stderr += String(chunk);
  });
  child.stdin.on("error", () => {});
  createInterface({ input: child.stdout }).on("line", (line) => {
    const message = JSON.parse(line) as { id: number; result?: unknown; error?: string };
    const caller = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error === undefined) caller?.resolve(message.result);
    else caller?.reject(new Error(`agent of ${name}: ${message.error}`));
  });
  child.on("close", () => {
    for (const caller of waiting.values()) caller.reject(new Error(`agent of ${name} ended: ${stderr}`));
  });
  const ask = <T>(request: AgentRequest): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve: (value) => resolve(value as T), reject });
      child.stdin.write(`${JSON.stringify({ id, ...request })}\n`);
    });
  await ask({ op: "listen", ...listen });
  return {
    probe: (targets, timeout = 900) =>
      targets.length === 0 ? Promise.resolve([]) : ask({ op: "probe", targets, timeout, width: 256 }),
    watch: (target, every, length) => ask({ op: "watch", target, every, length }),
    transfer: (address, port, bytes, timeout = 5000) => ask({ op: "transfer", address, port, bytes, timeout }),
    ping: (address, options, timeout = 1000) => ask({ op: "ping", address, options, timeout }),
    resolve: (server, name, timeout = 1500) => ask({ op: "resolve", server, name, timeout }),
    stop: () => child.kill("SIGKILL"),
  };
}
