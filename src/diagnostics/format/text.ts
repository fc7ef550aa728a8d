import pc from "picocolors";
import type { Diagnostic } from "../diagnostic.ts";
import { buildFrame } from "./frame.ts";
import { selectMostSevere } from "./most-severe.ts";
import { escapeInvisible, sanitizeText } from "./sanitize-text.ts";
import { type DisplaySpan, formatPlace, isWholeFile, type LocatedFinding } from "./sort-findings.ts";
import { wrapWords } from "./wrap-words.ts";

/** More than anybody reads at once. */
const SHOWN = 50;

/** For people: each finding with its line of the source. The words are the same with and without colour. */
export function formatText(
  diagnostics: readonly Diagnostic[],
  colour: boolean,
  folder?: string,
  width = Number.POSITIVE_INFINITY,
): string {
  const colours = pc.createColors(colour);
  const chosen = selectMostSevere(diagnostics, SHOWN, folder);
  const shown = chosen.map((one) => finding(one, colours, width));
  const left = diagnostics.length - chosen.length;
  return [...shown, ...(left > 0 ? [`and ${left} more\n`] : [])].join("\n");
}

type Colours = ReturnType<typeof pc.createColors>;

function finding({ diagnostic, span, related }: LocatedFinding, colours: Colours, columns: number): string {
  const { severity, code, message, notes, help } = diagnostic;
  const paint = severity === "error" ? colours.red : severity === "warning" ? colours.yellow : colours.cyan;
  const head = `${severity}[${code}]`;
  const [first = "", ...more] = wrapWords(`${head}: ${sanitizeText(message)}`, columns);
  const lines = [
    `${colours.bold(paint(head))}${colours.bold(first.slice(head.length))}`,
    ...more.map((line) => colours.bold(line)),
  ];
  const frames = [
    ...(span ? [attachFrame(span, "^", diagnostic.label ?? "")] : []),
    ...related.map((one) => attachFrame(one.span, "-", one.label)),
  ];
  const width = String(Math.max(0, ...frames.map((one) => one.frame?.line ?? 0))).length;
  const gutter = " ".repeat(width);
  for (const one of frames) lines.push(...drawFrame(one, gutter, one.mark === "^" ? paint : colours.cyan, colours));
  if (frames.some((one) => one.frame) && (notes.length > 0 || help !== undefined))
    lines.push(colours.dim(`${gutter} |`));
  const told = [
    ...notes.map((note) => `note: ${sanitizeText(note)}`),
    ...(help === undefined ? [] : [`help: ${sanitizeText(help)}`]),
  ];
  for (const one of told) {
    const [begin = "", ...rest] = wrapWords(one, columns - width - 9);
    lines.push(`${gutter} ${colours.dim("=")} ${begin}`, ...rest.map((line) => `${gutter}         ${line}`));
  }
  return `${lines.join("\n")}\n`;
}

interface Framed {
  readonly span: DisplaySpan;
  readonly mark: "^" | "-";
  readonly label: string;
  /** Undefined where the place is the file as a whole. */
  readonly frame: ReturnType<typeof buildFrame> | undefined;
}

function attachFrame(span: DisplaySpan, mark: "^" | "-", label: string): Framed {
  return { span, mark, label, frame: isWholeFile(span) ? undefined : buildFrame(span, mark) };
}

/**
 * A place as it is drawn; the last line is the mark with its label:
 *
 *      --> intents/zones/pci.yaml:7:3
 *       |
 *     7 |   egres: vpn
 *       |   ^^^^^ not a key
 */
function drawFrame(
  { span, mark, label, frame }: Framed,
  gutter: string,
  paint: (text: string) => string,
  colours: Colours,
) {
  const place = `${gutter}${colours.dim(mark === "^" ? "-->" : ":::")} ${escapeInvisible(formatPlace(span))}`;
  if (!frame) return [place, ...(label ? [`${gutter} ${colours.dim("=")} ${sanitizeText(label)}`] : [])];
  return [
    place,
    colours.dim(`${gutter} |`),
    `${colours.dim(`${String(frame.line).padStart(gutter.length)} |`)} ${frame.text}`,
    `${colours.dim(`${gutter} |`)} ${paint(`${frame.underline}${label ? ` ${sanitizeText(label)}` : ""}`)}`,
  ];
}

/** `2 errors, 1 warning`. */
export function formatCounts(diagnostics: readonly Diagnostic[]): string {
  const parts = (["error", "warning", "note"] as const).flatMap((severity) => {
    const count = diagnostics.filter((one) => one.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? "" : "s"}`];
  });
  return parts.join(", ");
}
