import type { CommonOptions, Io } from "./io.ts";

/** What takes less is over before anybody reads of it. */
const SOON_MS = 1000;
/** Above this many files a run takes longer than that. */
const MANY = 1000;

/** Tells what is going on; without words, that it is over. */
export type Progress = (what?: string, files?: number) => void;

/**
 * On a terminal, one line on stderr that says what is going on, and that is gone afterwards. It is there once a second has gone by, or
 * where so many files are to be read that it will.
 */
export function showProgress(io: Io, { quiet }: Pick<CommonOptions, "quiet">): Progress {
  const started = io.now();
  let shown = false;
  return (what, files = 0) => {
    if (!io.terminal || quiet) return;
    if (what === undefined) {
      if (shown) io.err("\r\u001b[K");
      shown = false;
    } else if (files > MANY || io.now() - started > SOON_MS) {
      const text = `plumbline: ${what} …`;
      const most = (io.columns ?? 80) - 1;
      io.err(`\r\u001b[K${text.length > most ? `${text.slice(0, most - 1)}…` : text}`);
      shown = true;
    }
  };
}
