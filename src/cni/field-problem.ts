import type { Path } from "../source/place.ts";

/**
 * What can be wrong with a field. Of these a plugin refuses wrong-type, out-of-range, unknown-value, bad-format,
 * missing-key; all the others it takes silently.
 */
export type FieldProblemKind =
  | "unknown-key"
  | "key-case"
  | "internal-key"
  | "runtime-key"
  | "no-effect"
  | "deprecated-key"
  | "wrong-type"
  | "out-of-range"
  | "unknown-value"
  | "ignored-value"
  | "bad-format"
  | "multicast-mac"
  | "missing-key";

/** Something that a plugin would refuse, or drop silently. */
export interface FieldProblem {
  readonly kind: FieldProblemKind;
  /** From the object that was checked. */
  readonly path: Path;
  readonly on: "key" | "value";
  readonly problem: string;
  readonly help: string | undefined;
  /** The key that was meant, where a mere difference of spelling says so. */
  readonly rename?: string;
}
