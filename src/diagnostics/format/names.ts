/** How findings may be shown. In a file of its own, so that `--help` loads no formatter. */
export const formatNames = ["text", "concise", "json", "github", "sarif"] as const;

export type FormatName = (typeof formatNames)[number];

/** `text` and `concise` are for people, so they go to stderr; the others are results. */
export function isForPeople(name: FormatName): boolean {
  return name === "text" || name === "concise";
}

export interface FormatOptions {
  readonly colour: boolean;
  /** Of plumbline itself. */
  readonly version: string;
  /** The project's folder as seen from where the command runs: `shop/`. Places are shown from there on. */
  readonly folder?: string;
}
