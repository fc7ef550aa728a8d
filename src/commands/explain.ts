import { catalogue } from "../catalogue.ts";
import { markChanges } from "../diagnostics/mark-changes.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import { kinds } from "../kinds/index.ts";
import type { ExitCode, Io } from "./io.ts";

/** The page of a code. */
export function explainCode(code: string, io: Io): ExitCode {
  const entry = catalogue.find((one) => one.code === code);
  if (entry?.page !== undefined) {
    io.out(`${entry.severity}[${entry.code}]\n\n${markChanges(entry.page).trimEnd()}\n`);
    return 0;
  }
  if (entry) {
    io.err(`plumbline: ${code} has no page\n`);
    return 2;
  }
  const codes = catalogue.map((one) => one.code);
  const slugs = codes.filter((one) => one.endsWith(`/${code}`));
  const near = slugs.length > 0 ? `did you mean \`${slugs[0]}\`?` : didYouMean(code, codes);
  io.err(`plumbline: no code is called ${code}${near === undefined ? "" : `; ${near}`}\n`);
  return 2;
}

/** Whether a text names an intent, in its id's spelling: `isolationzone/pci`. */
export function isIntent(text: string): boolean {
  const owner = text.split("/")[0];
  return !catalogue.some((one) => one.code === text) && kinds.some((kind) => kind.name.toLowerCase() === owner);
}

/** Every code with its severity, one a line. */
export function listCodes(io: Io): ExitCode {
  for (const { code, severity } of catalogue) io.out(`${severity.padEnd(8)}${code}\n`);
  return 0;
}
