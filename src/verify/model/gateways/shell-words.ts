/** A command of a script: its words after quoting and variables, and what joins it to the command before it. */
export interface ShellCommand {
  readonly words: readonly string[];
  readonly after: "" | "&&" | "||" | "|";
  readonly background: boolean;
}

/** A line without its comment. A hash inside quotes or a word starts none. */
export function stripComment(line: string): string {
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const char = line[at] as string;
    if (quote !== "") quote = char === quote ? "" : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === "#" && (at === 0 || /\s|;/.test(line[at - 1] as string))) return line.slice(0, at);
  }
  return line;
}

/** The commands of a line. A variable that is not known stays as it is written. */
export function splitCommands(line: string, variables: ReadonlyMap<string, string>): readonly ShellCommand[] {
  const commands: ShellCommand[] = [];
  let words: string[] = [];
  let after: ShellCommand["after"] = "";
  const close = (next: ShellCommand["after"], background: boolean) => {
    if (words.length > 0) commands.push({ words, after, background });
    words = [];
    after = next;
  };
  for (const piece of splitPieces(line)) {
    if (piece.quoted) words.push(expand(piece.text, variables));
    else if (piece.text === "&&" || piece.text === "||" || piece.text === "|") close(piece.text, false);
    else if (piece.text === "&") close("", true);
    else if (piece.text === ";") close("", false);
    else if (/^\d?>/.test(piece.text)) continue;
    else words.push(expand(piece.text, variables));
  }
  close("", false);
  return commands;
}

function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$\{?([A-Za-z_][A-Za-z0-9_]*|[0-9!])\}?/g,
    (whole, name: string) => variables.get(name) ?? whole,
  );
}

interface Piece {
  readonly text: string;
  /** A quoted operator is a word. */
  readonly quoted: boolean;
}

const PIECE = /\s+|\d?>&\d|\d?>{1,2}\s*[^\s;&|]+|&&|\|\||[|&;]|(?:"[^"]*"|'[^']*'|\$\([^)]*\)|[^\s"'|&;])+/g;

function splitPieces(line: string): readonly Piece[] {
  const found: Piece[] = [];
  for (const [text] of line.matchAll(PIECE)) {
    if (text.trim() === "") continue;
    const bare = text.replaceAll(/["']/g, "");
    found.push({ text: bare, quoted: bare !== text });
  }
  return found;
}
