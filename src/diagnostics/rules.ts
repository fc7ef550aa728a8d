import type { Place } from "../source/place.ts";
import type { Diagnostic, Related, Severity } from "./diagnostic.ts";

/** Parameters of a message: plain words, quoted by the message itself. */
export type RuleParameters = Readonly<Record<string, string | number>>;

export interface Rule<P> {
  readonly severity: Severity;
  /** The headline, of the parameters. */
  readonly message: (parameters: P) => string;
  /** What is wrong at the place itself, in at most six words. */
  readonly label?: string | ((parameters: P) => string);
  /** What to type, when it does not depend on more than the parameters. */
  readonly help?: string | ((parameters: P) => string);
  /** The version that stopped using the code. Its page still answers. */
  readonly retired?: string;
}

/** What a single finding may add to its rule. */
export interface DiagnosticExtra {
  readonly related?: readonly Related[];
  readonly notes?: readonly string[];
  readonly help?: string | undefined;
  readonly label?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a table mixes rules of different parameters; diagnose() ties them again.
type AnyRule = Rule<any>;

export interface RuleTable<Table extends Record<string, AnyRule> = Record<string, AnyRule>> {
  readonly owner: string;
  readonly table: Table;
  diagnose<Slug extends keyof Table & string>(
    slug: Slug,
    place: Place | undefined,
    parameters: Table[Slug] extends Rule<infer P> ? P : never,
    extra?: DiagnosticExtra,
  ): Diagnostic;
}

function words<P>(of: string | ((parameters: P) => string) | undefined, parameters: P): string | undefined {
  return typeof of === "function" ? of(parameters) : of;
}

/** A table of rules of one owner. A wrong slug or a missing parameter is a type error. */
export function defineRules<const Table extends Record<string, AnyRule>>(
  owner: string,
  table: Table,
): RuleTable<Table> {
  return {
    owner,
    table,
    diagnose(slug, place, parameters, extra = {}) {
      const rule = table[slug] as Rule<typeof parameters>;
      const label = extra.label ?? words(rule.label, parameters);
      const help = extra.help ?? words(rule.help, parameters);
      return {
        code: `${owner}/${slug}`,
        severity: rule.severity,
        message: rule.message(parameters),
        related: extra.related ?? [],
        notes: extra.notes ?? [],
        ...(place && { place }),
        ...(label !== undefined && { label }),
        ...(help !== undefined && { help }),
      };
    },
  };
}
