import type { SourceFile } from "../source/source-file.ts";

/** A change of a text of a file: what stands from `start` to `end` becomes `text`. */
export interface Edit {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}
