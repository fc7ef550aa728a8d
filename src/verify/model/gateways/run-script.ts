import { type ShellCommand, splitCommands, stripComment } from "./shell-words.ts";

/** What a script does, one command after the other, as far as it concerns the network. */
export interface ScriptRun {
  readonly commands: readonly ShellCommand[];
  /** What could not be followed. */
  readonly problems: readonly string[];
}

interface Shell {
  readonly files: ReadonlyMap<string, { readonly text: string }>;
  readonly functions: Map<string, readonly string[]>;
  readonly variables: Map<string, string>;
  readonly commands: ShellCommand[];
  readonly problems: string[];
  depth: number;
}

/** Words of the shell that change nothing that counts here. */
const SILENT = new Set(["set", "trap", "wait", "exit", "kill", "true", "sleep", "echo", "break", "return", ":"]);

/**
 * Follows a script from its start to where it only waits: functions, scripts that it calls, `case` of its arguments.
 * Loops are what happens later and are passed over; a branch that depends on more is a problem.
 */
export function runScript(text: string, files: Shell["files"], environment: ReadonlyMap<string, string>): ScriptRun {
  const shell: Shell = {
    files,
    functions: new Map(),
    variables: new Map(environment),
    commands: [],
    problems: [],
    depth: 0,
  };
  runLines(shell, linesOf(text));
  return shell;
}

function linesOf(text: string): readonly string[] {
  return text
    .replaceAll("\\\n", " ")
    .split("\n")
    .map((line) => stripComment(line).trim())
    .filter((line) => line !== "");
}

function runLines(shell: Shell, lines: readonly string[]): undefined {
  if (++shell.depth > 20) shell.problems.push("scripts that call each other without end");
  else for (let at = 0; at < lines.length; at++) at = runLine(shell, lines, at);
  shell.depth--;
}

/** Runs the statement at a line and gives the last line that it took. */
function runLine(shell: Shell, lines: readonly string[], at: number): number {
  const line = lines[at] as string;
  const head = /^([A-Za-z_][A-Za-z0-9_]*)\s*\(\)\s*\{\s*(.*)$/.exec(line);
  if (head) {
    const rest = head[2] as string;
    if (rest.endsWith("}")) {
      shell.functions.set(head[1] as string, [rest.slice(0, -1).replace(/;\s*$/, "").trim()]);
      return at;
    }
    const end = lines.indexOf("}", at);
    shell.functions.set(head[1] as string, lines.slice(at + 1, end < 0 ? undefined : end));
    return end < 0 ? lines.length : end;
  }
  if (/^(while|until|for)\b/.test(line)) return blockEnd(lines, at, /\bdo\b/g, /\bdone\b/g);
  if (/^case\b/.test(line)) return runCase(shell, lines, at);
  if (/^if\b/.test(line)) {
    shell.problems.push(`\`${line}\``);
    return blockEnd(lines, at, /\bif\b/g, /\bfi\b/g);
  }
  const assigned = /^([A-Za-z_][A-Za-z0-9_]*)=("?)([^"$`()\s]*)\2$/.exec(line);
  if (assigned) shell.variables.set(assigned[1] as string, assigned[3] as string);
  else if (!/^[A-Za-z_][A-Za-z0-9_]*=/.test(line))
    for (const command of splitCommands(line, shell.variables)) runCommand(shell, command);
  return at;
}

function blockEnd(lines: readonly string[], at: number, open: RegExp, close: RegExp): number {
  let depth = 0;
  for (let line = at; line < lines.length; line++) {
    const text = lines[line] as string;
    depth += (text.match(open) ?? []).length - (text.match(close) ?? []).length;
    if (depth <= 0) return line;
  }
  return lines.length;
}

function runCase(shell: Shell, lines: readonly string[], at: number): number {
  const end = lines.findIndex((line, index) => index > at && line === "esac");
  const subject = splitCommands(lines[at] as string, shell.variables)[0]?.words[1] ?? "";
  for (const line of lines.slice(at + 1, end < 0 ? undefined : end)) {
    const branch = /^([\w*|-]+)\)\s*(.*?)\s*;;$/.exec(line);
    if (!branch) shell.problems.push(`\`${line}\``);
    else if ((branch[1] as string).split("|").some((pattern) => pattern === subject || pattern === "*")) {
      for (const command of splitCommands(branch[2] as string, shell.variables)) runCommand(shell, command);
      break;
    }
  }
  return end < 0 ? lines.length : end;
}

function runCommand(shell: Shell, command: ShellCommand): undefined {
  const words = command.words[0] === "exec" || command.words[0] === "!" ? command.words.slice(1) : command.words;
  const [name = "", ...rest] = words;
  if (SILENT.has(name)) return undefined;
  const body = shell.functions.get(name);
  if (body) return runLines(shell, body);
  if (/^(?:\/bin\/)?sh$/.test(name)) return runShell(shell, rest);
  shell.commands.push({ ...command, words });
}

function runShell(shell: Shell, words: readonly string[]): undefined {
  const inline = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  if (inline >= 0) return runLines(shell, linesOf(words[inline + 1] ?? ""));
  const path = words.find((word) => !word.startsWith("-")) ?? "";
  const file = shell.files.get(path);
  if (!file) {
    shell.problems.push(`the script \`${path}\``);
    return undefined;
  }
  const inner: Shell = { ...shell, functions: new Map(), variables: new Map(shell.variables) };
  words.slice(words.indexOf(path)).forEach((word, index) => {
    inner.variables.set(String(index), word);
  });
  runLines(inner, linesOf(file.text));
}
