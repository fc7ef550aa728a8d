import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import Module from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = join(import.meta.dirname, "../../editors/vscode");
const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

interface Run {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: { readonly cwd: string };
}

/** Activates the extension in a VS Code that only records; gives what it starts. */
async function started(home: string, isTrusted: boolean, configured: readonly string[] = []): Promise<Run> {
  const runs: Run[] = [];
  const nothing = () => ({ dispose: () => {} });
  const vscode = {
    commands: { registerCommand: nothing },
    window: { showErrorMessage: nothing },
    workspace: {
      isTrusted,
      workspaceFolders: [{ uri: { fsPath: home } }],
      getConfiguration: () => ({ get: () => configured }),
      onDidGrantWorkspaceTrust: nothing,
      onDidChangeConfiguration: nothing,
    },
  };
  class LanguageClient {
    constructor(_id: string, _name: string, { run }: { run: Run }) {
      runs.push(run);
    }
    start(): Promise<void> {
      return Promise.resolve();
    }
    stop(): Promise<void> {
      return Promise.resolve();
    }
  }
  const stubs: Record<string, unknown> = { vscode, "vscode-languageclient/node": { LanguageClient } };
  const loader = Module as unknown as { _load: (name: string, ...rest: unknown[]) => unknown };
  const original = loader._load;
  loader._load = (name, ...rest) => stubs[name] ?? original(name, ...rest);
  try {
    const require = Module.createRequire(import.meta.url);
    const path = join(folder, about.main);
    delete require.cache[require.resolve(path)];
    const extension = require(path);
    await extension.activate({ subscriptions: [] });
    await extension.deactivate();
  } finally {
    loader._load = original;
  }
  return runs[0] as Run;
}

test("the extension starts the server: the configured one, a trusted folder's own, or that of the PATH", async () => {
  const home = mkdtempSync(join(tmpdir(), "plumbline-vscode-"));
  try {
    expect((await started(home, true)).command).toBe("plumbline");
    mkdirSync(join(home, "node_modules/.bin"), { recursive: true });
    const own = join(home, "node_modules/.bin/plumbline");
    writeFileSync(own, "");
    expect(await started(home, true)).toMatchObject({ command: own, args: ["lsp"], options: { cwd: home } });
    expect((await started(home, false)).command).toBe("plumbline");
    expect(await started(home, false, ["npx", "plumbline"])).toMatchObject({
      command: "npx",
      args: ["plumbline", "lsp"],
    });
  } finally {
    rmSync(home, { recursive: true });
  }
});

test("the setting that names a command cannot come from a folder", () => {
  expect(about.contributes.configuration.properties["plumbline.command"].scope).toBe("machine");
});
