import type { FormatName } from "../diagnostics/format/index.ts";

/** Everything that a command may touch of the process. */
export interface Io {
  readonly cwd: string;
  out(text: string): void;
  err(text: string): void;
  /** Whether stderr is a terminal: then long work shows progress. */
  readonly terminal: boolean;
  readonly process: { readonly id: number; isAlive(id: number): boolean };
  now(): number;
}

/** Options that every command has. */
export interface Common {
  readonly root: string;
  readonly format: FormatName;
  readonly colour: boolean;
  readonly strict: boolean;
  readonly quiet: boolean;
  readonly version: string;
}

/** 0 fine · 1 the intents are wrong, or stale · 2 bad usage or a defect of ours. */
export type ExitCode = 0 | 1 | 2;
