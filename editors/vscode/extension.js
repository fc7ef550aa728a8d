// Starts `plumbline lsp` for the YAML files of a workspace. All else is the language server's.
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const { commands, window, workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

/** What runs plumbline. A copy in the workspace is code of the workspace: it runs only where the user trusts it. */
function commandOf(folder) {
  const configured = workspace.getConfiguration("plumbline").get("command", []);
  if (configured.length > 0) return configured;
  const name = process.platform === "win32" ? "plumbline.cmd" : "plumbline";
  const own = folder && join(folder, "node_modules", ".bin", name);
  return [own && workspace.isTrusted && existsSync(own) ? own : name];
}

async function start() {
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  const [command, ...args] = commandOf(folder);
  const run = {
    command,
    args: [...args, "lsp"],
    options: { cwd: folder, shell: process.platform === "win32" },
  };
  client = new LanguageClient(
    "plumbline",
    "plumbline",
    { run, debug: run },
    { documentSelector: [{ scheme: "file", language: "yaml" }] },
  );
  try {
    await client.start();
  } catch (cause) {
    client = undefined;
    window.showErrorMessage(
      `plumbline does not start (${command}): ${cause instanceof Error ? cause.message : cause}. Install it, or set plumbline.command.`,
    );
  }
}

async function stop() {
  const running = client;
  client = undefined;
  await running?.stop();
}

async function restart() {
  await stop();
  await start();
}

function activate(context) {
  context.subscriptions.push(
    commands.registerCommand("plumbline.restart", restart),
    workspace.onDidGrantWorkspaceTrust(restart),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("plumbline.command")) restart();
    }),
  );
  return start();
}

module.exports = { activate, deactivate: stop };
