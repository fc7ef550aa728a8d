/** How findings may be shown. In a file of its own, so that `--help` loads no formatter. */
export const formatNames = ["text", "concise", "json", "github", "sarif", "gitlab", "junit", "rdjson"] as const;

export type FormatName = (typeof formatNames)[number];

/** `text` and `concise` are for people, so they go to stderr; the others are results. */
export function isForPeople(name: FormatName): boolean {
  return name === "text" || name === "concise";
}

/** Something that was checked and holds: a report of tests lists it beside what does not. */
export interface PassedCheck {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

export interface FormatOptions {
  readonly colour: boolean;
  /** Of plumbline itself. */
  readonly version: string;
  /** The project's folder as seen from where the command runs: `shop/`. Places are shown from there on. */
  readonly folder?: string;
  /** The page of a code, in Markdown, for formats that carry the explanation with them. */
  readonly pageOf?: ((code: string) => string | undefined) | undefined;
  readonly passed?: readonly PassedCheck[];
  /** Columns of the terminal; absent: lines are as long as they are. */
  readonly width?: number | undefined;
}
