import type { FormatName, PassedCheck } from "../diagnostics/format/names.ts";
import type { OutputFormat } from "./output-formats.ts";

/** Everything that a command may touch of the process. */
export interface Io {
  readonly cwd: string;
  out(text: string): void;
  err(text: string): void;
  /** Whether stderr is a terminal: then long work shows progress. */
  readonly terminal: boolean;
  /** Whether stdout is one: then answers have colour. */
  readonly outTerminal?: boolean;
  /** How wide the terminal is; undefined where there is none. */
  readonly columns?: number | undefined;
  readonly process: { readonly id: number; isAlive(id: number): boolean };
  now(): number;
  /** Calls back once when the process is asked to end (Ctrl-C). Only for commands that go on until then. */
  onInterrupt?(end: () => void): void;
  /** Standard input and output themselves. Only for a command that speaks a protocol over them. */
  readonly streams?: { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream };
}

/** Options that every command has. */
export interface CommonOptions {
  /** Absolute path of the project's folder. */
  readonly root: string;
  /** The same as seen from where the command runs, as paths are shown: `shop/`, or nothing. */
  readonly folder: string;
  /** What was asked for: a form of findings, or of the command's answer. */
  readonly form: OutputFormat;
  /** How findings are shown. */
  readonly format: FormatName;
  readonly colour: boolean;
  /** The same for stdout, which may be a file while stderr is a terminal. */
  readonly outColour?: boolean;
  /** Columns of the terminal that findings are shown on. */
  readonly width?: number | undefined;
  readonly strict: boolean;
  readonly quiet: boolean;
  readonly version: string;
  /** The page of a code; only for a form that carries pages with it, since they take time to load. */
  readonly pageOf?: ((code: string) => string | undefined) | undefined;
  /** What was checked and holds, for reports of tests. */
  readonly passed?: readonly PassedCheck[];
}

/** 0 fine · 1 the intents are wrong, or stale · 2 bad usage or a defect of ours. */
export type ExitCode = 0 | 1 | 2;
