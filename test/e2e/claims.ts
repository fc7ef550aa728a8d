/** One thing that was tried, and what came of it. */
export interface Claim {
  /** The part of the suite: `api server`, `packets`, `mutations`, `suite`. */
  readonly area: string;
  /** The example or case it was tried on. */
  readonly subject: string;
  readonly claim: string;
  readonly ok: boolean;
  /** A measurement where it passed, the evidence where it failed. */
  readonly detail: string;
}

/** Collects claims and prints each as it comes. */
export interface Claims {
  readonly list: readonly Claim[];
  add(claim: string, problems: readonly string[], measured?: string): void;
  /** Runs a check; an exception is a failure with its message. */
  check(claim: string, work: () => Promise<Verdict>): Promise<void>;
}

/** Problems (none: passed) and a measurement worth reporting. */
export interface Verdict {
  readonly problems: readonly string[];
  readonly measured?: string;
}

export function makeClaims(area: string, subject: string, print: (line: string) => void): Claims {
  const list: Claim[] = [];
  const add = (claim: string, problems: readonly string[], measured = "") => {
    const ok = problems.length === 0;
    const shown = problems.slice(0, 12);
    const more = problems.length > shown.length ? [`and ${problems.length - shown.length} more`] : [];
    const detail = ok ? measured : [...shown, ...more].join("\n");
    list.push({ area, subject, claim, ok, detail });
    print(
      `${ok ? "ok  " : "FAIL"} ${area} · ${subject} · ${claim}${detail ? `: ${detail.replaceAll("\n", "\n       ")}` : ""}`,
    );
  };
  return {
    list,
    add,
    check: async (claim, work) => {
      try {
        const { problems, measured } = await work();
        add(claim, problems, measured);
      } catch (error) {
        add(claim, [(error as Error).stack ?? String(error)]);
      }
    },
  };
}
