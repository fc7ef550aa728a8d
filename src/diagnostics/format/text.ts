import pc from "picocolors";
import type { Span } from "../../source/span.ts";
import { spanOf } from "../../source/span.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { frameOf } from "./frame.ts";
import { type Located, shownPlace, sorted } from "./sorted.ts";
import { safe } from "./visible.ts";

/** More than anybody reads at once. */
const SHOWN = 50;

/** For people: each finding with its line of the source. The words are the same with and without colour. */
export function formatText(diagnostics: readonly Diagnostic[], colour: boolean): string {
  const colours = pc.createColors(colour);
  const all = sorted(diagnostics);
  const shown = all.slice(0, SHOWN).map((one) => finding(one, colours));
  const more = all.length > SHOWN ? [`and ${all.length - SHOWN} more\n`] : [];
  return [...shown, ...more].join("\n");
}

type Colours = ReturnType<typeof pc.createColors>;

function finding({ diagnostic, span }: Located, colours: Colours): string {
  const { severity, code, message, related, notes, help } = diagnostic;
  const paint = severity === "error" ? colours.red : severity === "warning" ? colours.yellow : colours.cyan;
  const lines = [`${colours.bold(paint(`${severity}[${code}]`))}${colours.bold(`: ${safe(message)}`)}`];
  const others = related.map((one) => ({ span: spanOf(one.place), label: one.label }));
  const frames = [...(span ? [span] : []), ...others.map((one) => one.span)].map((one) => frameOf(one, "^"));
  const gutter = " ".repeat(String(Math.max(0, ...frames.map((frame) => frame.line))).length);
  if (span) lines.push(...framed(span, "-->", "^", diagnostic.label ?? "", gutter, paint, colours));
  for (const other of others) lines.push(...framed(other.span, ":::", "-", other.label, gutter, colours.cyan, colours));
  if (span && (notes.length > 0 || help !== undefined)) lines.push(colours.dim(`${gutter} |`));
  for (const note of notes) lines.push(`${gutter} ${colours.dim("=")} note: ${safe(note)}`);
  if (help !== undefined) lines.push(`${gutter} ${colours.dim("=")} help: ${safe(help)}`);
  return `${lines.join("\n")}\n`;
}

function framed(
  span: Span,
  arrow: string,
  mark: "^" | "-",
  label: string,
  gutter: string,
  paint: (text: string) => string,
  colours: Colours,
): string[] {
  const frame = frameOf(span, mark);
  const number = String(frame.line).padStart(gutter.length);
  const place = `${colours.dim(arrow)} ${shownPlace(span)}`;
  // A place that is the file as a whole has no line worth showing.
  if (span.start === 0 && span.end === 0)
    return [gutter + place, ...(label ? [`${gutter} ${colours.dim("=")} ${safe(label)}`] : [])];
  return [
    gutter + place,
    colours.dim(`${gutter} |`),
    `${colours.dim(`${number} |`)} ${frame.text}`,
    `${colours.dim(`${gutter} |`)} ${paint(`${frame.underline}${label ? ` ${safe(label)}` : ""}`)}`,
  ];
}

/** `2 errors, 1 warning`. */
export function counted(diagnostics: readonly Diagnostic[]): string {
  const parts = (["error", "warning", "note"] as const).flatMap((severity) => {
    const count = diagnostics.filter((one) => one.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? "" : "s"}`];
  });
  return parts.join(", ");
}
