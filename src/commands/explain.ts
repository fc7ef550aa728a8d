import { ruleCatalogue } from "../catalogue.ts";
import { markChanges } from "../diagnostics/mark-changes.ts";
import { formatSuggestion } from "../diagnostics/suggest.ts";
import { kinds } from "../kinds/index.ts";
import type { ExitCode, Io } from "./io.ts";
import { groupTopics } from "./topics.ts";
import { wrapText } from "./wrap.ts";

/** The page of a code. */
export function explainCode(code: string, io: Io): ExitCode {
  const entry = ruleCatalogue.find((one) => one.code === code);
  if (entry?.page !== undefined) {
    io.out(`${entry.severity}[${entry.code}]\n\n${markChanges(entry.page).trimEnd()}\n`);
    return 0;
  }
  if (entry) {
    io.err(`plumbline: ${code} has no page\n`);
    return 2;
  }
  const codes = ruleCatalogue.map((one) => one.code);
  const slugs = codes.filter((one) => one.endsWith(`/${code}`));
  const near = slugs.length > 0 ? `did you mean \`${slugs[0]}\`?` : formatSuggestion(code, codes);
  io.err(`plumbline: no code is called ${code}${near === undefined ? "" : `; ${near}`}\n`);
  return 2;
}

/** Whether a text names an intent, in its id's spelling: `isolationzone/pci`. */
export function isIntentId(text: string): boolean {
  const owner = text.split("/")[0];
  return !ruleCatalogue.some((one) => one.code === text) && kinds.some((kind) => kind.name.toLowerCase() === owner);
}

/** Every code with its severity, one a line. */
export function listCodes(io: Io): ExitCode {
  for (const { code, severity } of ruleCatalogue) io.out(`${severity.padEnd(8)}${code}\n`);
  return 0;
}

/** Kinds and topics, with what each is about. */
export function listTopics(io: Io): ExitCode {
  const counts = new Map<string, number>();
  for (const { code } of ruleCatalogue) counts.set(ownerOf(code), (counts.get(ownerOf(code)) ?? 0) + 1);
  io.out("Kinds: plumbline explain KIND\n");
  for (const { name, summary } of kinds) io.out(`  ${name.padEnd(17)}${summary}\n`);
  io.out(`  ${"Project".padEnd(17)}clusters, and what is installed in them (plumbline.yaml)\n`);
  for (const [group, owners] of groupTopics([...counts.keys()])) {
    io.out(`\n${group}: plumbline explain TOPIC\n`);
    for (const [owner, about] of owners)
      io.out(`  ${owner.padEnd(12)}${String(counts.get(owner) ?? 0).padStart(3)}  ${about}\n`.trimEnd().concat("\n"));
  }
  io.out(
    "\nOne code: plumbline explain zone/namespace-twice. A line of out/, an object, or a connection: plumbline explain --help\n",
  );
  return 0;
}

export function isTopic(text: string): boolean {
  return ruleCatalogue.some(({ code }) => ownerOf(code) === text);
}

/** The codes of a topic, each with the first sentence of its page. */
export function explainTopic(topic: string, width: number, io: Io): ExitCode {
  for (const { code, severity, page } of ruleCatalogue) {
    if (ownerOf(code) !== topic) continue;
    io.out(`${severity.padEnd(8)}${code}\n${wrapText(firstSentence(page), width, "          ")}\n`);
  }
  return 0;
}

function ownerOf(code: string): string {
  return code.split("/")[0] ?? "";
}

function firstSentence(page: string | undefined): string {
  const text = /## What it means\n\n([\s\S]*?)\n\n/.exec(page ?? "")?.[1] ?? "";
  return (text.split(/(?<=\.)\s/)[0] ?? "").replaceAll("\n", " ");
}
