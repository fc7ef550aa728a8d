import type { SourceFile } from "../../src/source/source-file.ts";

/** One scalar of one line of an output, changed: a key's value, a word of a script, an address in a rule. */
export interface ScalarMutation {
  /** The file that is changed, as in the output. */
  readonly file: string;
  /** Counted from one. */
  readonly line: number;
  /** Kind and name of the object, and the file within it where it holds files: `ConfigMap site1-rules rules.nft`. */
  readonly object: string;
  /** The line as it was, without what is around it. */
  readonly text: string;
  /** The line below it, alike. */
  readonly next: string;
  readonly from: string;
  readonly to: string;
  /** Where the scalar begins in the line. */
  readonly column: number;
}

/** Words that stand for each other: a change to one that exists says more than a change to nonsense. */
const OTHERS: Readonly<Record<string, string>> = {
  true: "false",
  false: "true",
  Allow: "Deny",
  Accept: "Deny",
  Deny: "Accept",
  Pass: "Accept",
  TCP: "UDP",
  UDP: "TCP",
  tcp: "udp",
  udp: "tcp",
  Ingress: "Egress",
  Egress: "Ingress",
  In: "NotIn",
  accept: "drop",
  drop: "accept",
  saddr: "daddr",
  daddr: "saddr",
  iifname: "oifname",
  oifname: "iifname",
  sport: "dport",
  dport: "sport",
  forward: "input",
  input: "forward",
  up: "down",
  down: "up",
  macvlan: "ipvlan",
  static: "dhcp",
  whereabouts: "static",
};

/** Every mutation of a set of manifests, in order. */
export function scalarMutations(files: readonly SourceFile[]): readonly ScalarMutation[] {
  return files.filter((file) => file.path.endsWith(".yaml")).flatMap(ofFile);
}

export function applied(files: readonly SourceFile[], mutation: ScalarMutation): readonly SourceFile[] {
  return files.map((file) => {
    if (file.path !== mutation.file) return file;
    const lines = file.text.split("\n");
    const line = lines[mutation.line - 1] ?? "";
    const rest = line.slice(mutation.column + mutation.from.length);
    lines[mutation.line - 1] = `${line.slice(0, mutation.column)}${mutation.to}${rest}`;
    return { ...file, text: lines.join("\n") };
  });
}

function ofFile(file: SourceFile): readonly ScalarMutation[] {
  const found: ScalarMutation[] = [];
  const documents = file.text.split(/^---\n/m);
  let number = 0;
  for (const [index, document] of documents.entries()) {
    const lines = document.split("\n");
    const kind = /^kind: (.*)$/m.exec(document)?.[1] ?? "";
    const name = /^ {2}name: (.*)$/m.exec(document)?.[1] ?? "";
    let block: { readonly key: string; readonly indent: number } | undefined;
    for (const [at, line] of (index < documents.length - 1 ? lines.slice(0, -1) : lines).entries()) {
      number++;
      const indent = line.length - line.trimStart().length;
      if (block && line.trim() !== "" && indent <= block.indent) block = undefined;
      const opens = /^\s*(?:- )?([^\s:]+): [|>]-?$/.exec(line);
      if (opens) block = { key: opens[1] ?? "", indent };
      if (opens || line.trimStart().startsWith("#")) continue;
      const object = [kind, name, ...(block ? [block.key] : [])].join(" ");
      for (const { from, column } of scalars(line, block !== undefined))
        for (const to of changes(from))
          found.push({
            file: file.path,
            line: number,
            object,
            text: line.trim(),
            next: (lines[at + 1] ?? "").trim(),
            from,
            to,
            column,
          });
    }
    number++;
  }
  return found;
}

/** The scalars of a line: what follows a key, or every word where the line belongs to another language. */
function scalars(line: string, foreign: boolean): readonly { readonly from: string; readonly column: number }[] {
  const key = foreign ? /^\s*"[^"]+": /.exec(line) : /^\s*(?:- )*(?:"[^"]+"|[^\s:'"[{]+): |^\s*(?:- )+/.exec(line);
  const start = key?.[0].length ?? (foreign ? 0 : line.length);
  const comment = /\scomment ".*$/.exec(line)?.index ?? line.length;
  const words = line.slice(start, comment).matchAll(/[A-Za-z0-9_][A-Za-z0-9_.:/=-]*|::[A-Za-z0-9:/]*/g);
  const found = [...words].map((word) => ({ from: word[0], column: start + (word.index ?? 0) }));
  // Keys of JSON within a line are no scalars.
  return found.filter(({ from, column }) => line.slice(column + from.length, column + from.length + 2) !== '":');
}

function changes(from: string): readonly string[] {
  const other = OTHERS[from];
  if (other !== undefined) return [other];
  const prefix = /^(.*[.:].*)\/(\d+)$/.exec(from);
  if (prefix) {
    const [, address = "", bits = "0"] = prefix;
    const length = Number(bits);
    return [
      `${moved(address)}/${bits}`,
      `${address}/${length + 1}`,
      ...(length > 0 ? [`${address}/${length - 1}`] : []),
    ];
  }
  if (/^\d+$/.test(from)) return [String(Number(from) + 1)];
  if (/^\d+(\.\d+){3}$/.test(from) || (from.includes("::") && /^[0-9a-f:]+$/.test(from))) return [moved(from)];
  return [`${from}x`];
}

/** Another address: one that differs where its network differs from its neighbours. */
function moved(address: string): string {
  if (!address.includes(":")) {
    const parts = address.split(".").map(Number);
    const at = parts.findLastIndex((part) => part !== 0);
    const last = at < 0 ? 0 : at;
    return parts.map((part, index) => (index === last ? (part === 255 ? 254 : part + 1) : part)).join(".");
  }
  const groups = address.split(":");
  const at = groups.findLastIndex((group) => group !== "" && group !== "0");
  if (at < 0) return `1${address}`;
  const next = (Number.parseInt(groups[at] ?? "0", 16) + 1) % 65_536;
  return groups.map((group, index) => (index === at ? next.toString(16) : group)).join(":");
}
