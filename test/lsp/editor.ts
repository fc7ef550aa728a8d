import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly uri: string; readonly diagnostics: readonly Shown[] };
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

export interface Shown {
  readonly message: string;
  readonly code: string;
  readonly severity: number;
  readonly range: { readonly start: Position; readonly end: Position };
  readonly relatedInformation?: readonly { readonly location: { readonly uri: string } }[];
}

export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Plays an editor: speaks the language server protocol to the built command over its standard input and output. */
export class Editor {
  readonly #child: ChildProcess;
  readonly #root: string;
  readonly #answers = new Map<number, (message: Message) => void>();
  readonly #diagnostics = new Map<string, readonly Shown[]>();
  readonly #texts = new Map<string, string>();
  #rest = Buffer.alloc(0);
  #id = 0;
  #seen = 0;
  #told: () => void = () => {};
  errors = "";

  constructor(bundle: string, root: string) {
    this.#root = root;
    this.#child = spawn(process.execPath, [bundle, "lsp", "--stdio"], { stdio: "pipe" });
    this.#child.stdout?.on("data", (bytes: Buffer) => this.#take(bytes));
    this.#child.stderr?.on("data", (bytes: Buffer) => {
      this.errors += bytes.toString();
    });
  }

  uri(path: string): string {
    return pathToFileURL(join(this.#root, path)).href;
  }

  async start(): Promise<unknown> {
    const folders = [{ uri: pathToFileURL(this.#root).href, name: "project" }];
    const capabilities = await this.ask("initialize", {
      processId: null,
      rootUri: null,
      capabilities: {},
      workspaceFolders: folders,
    });
    this.tell("initialized", {});
    return capabilities;
  }

  /** Opens a file as it is saved, or with another text. */
  open(path: string, text = readFileSync(join(this.#root, path), "utf8")): string {
    this.#texts.set(path, text);
    this.tell("textDocument/didOpen", { textDocument: { uri: this.uri(path), languageId: "yaml", version: 1, text } });
    return text;
  }

  /** Replaces a text that is on the screen by another one, as typing does: nothing is saved. */
  type(path: string, from: string, to: string): string {
    const before = this.#texts.get(path) ?? "";
    const at = before.indexOf(from);
    if (at < 0) throw new Error(`${path} has no ${from}`);
    const range = { start: positionIn(before, at), end: positionIn(before, at + from.length) };
    const text = before.slice(0, at) + to + before.slice(at + from.length);
    this.#texts.set(path, text);
    this.tell("textDocument/didChange", {
      textDocument: { uri: this.uri(path), version: ++this.#id },
      contentChanges: [{ range, text: to }],
    });
    return text;
  }

  /** A question about the place behind a text of a file, or `into` letters behind its start. */
  at(path: string, before: string, into = before.length): { textDocument: { uri: string }; position: Position } {
    const text = this.#texts.get(path) ?? "";
    const index = text.indexOf(before);
    if (index < 0) throw new Error(`${path} has no ${before}`);
    return { textDocument: { uri: this.uri(path) }, position: positionIn(text, index + into) };
  }

  /** The findings on the screen, once they are as the test waits for. */
  async shown(
    isThere: (all: ReadonlyMap<string, readonly Shown[]>) => boolean,
  ): Promise<ReadonlyMap<string, readonly Shown[]>> {
    const end = Date.now() + 20_000;
    while (!(this.#seen > 0 && isThere(this.#diagnostics))) {
      const left = end - Date.now();
      if (left < 0) throw new Error(`never shown; now: ${JSON.stringify([...this.#diagnostics])} ${this.errors}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, 500));
        this.#told = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.#diagnostics;
  }

  ask(method: string, params: unknown): Promise<unknown> {
    const id = ++this.#id;
    this.#send({ jsonrpc: "2.0", id, method, params });
    return new Promise((resolve, reject) => {
      this.#answers.set(id, ({ result, error }) => (error ? reject(new Error(error.message)) : resolve(result)));
    });
  }

  tell(method: string, params: unknown): void {
    this.#send({ jsonrpc: "2.0", method, params });
  }

  /** Ends the server as editors do; gives its exit code. */
  async stop(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.#child.on("exit", resolve));
    await this.ask("shutdown", null);
    this.tell("exit", null);
    return ended;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #send(message: object): void {
    const text = JSON.stringify(message);
    this.#child.stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  #take(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (;;) {
      const end = this.#rest.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#rest.subarray(0, end).toString())?.[1]);
      if (this.#rest.length < end + 4 + length) return;
      const message: Message = JSON.parse(this.#rest.subarray(end + 4, end + 4 + length).toString());
      this.#rest = this.#rest.subarray(end + 4 + length);
      if (message.method === "textDocument/publishDiagnostics" && message.params) {
        this.#seen++;
        this.#diagnostics.set(message.params.uri, message.params.diagnostics);
        this.#told();
      } else if (message.id !== undefined && message.method === undefined) this.#answers.get(message.id)?.(message);
    }
  }
}

function positionIn(text: string, offset: number): Position {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}
