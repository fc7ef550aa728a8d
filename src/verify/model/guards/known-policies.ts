import { hashContent } from "../../../net/hash.ts";
import { isFields, type ReadManifest, readText } from "../manifests/manifest.ts";

/** What a guard keeps people from. */
export type PolicyRole =
  | "zone members"
  | "elsewhere"
  | "network writers"
  | "gateway namespaces"
  | "guard parameters"
  | "attaching annotations"
  | "device claims"
  | "main networks"
  | "routing pods"
  | "pod addresses"
  | "bindings"
  | "pod status"
  | "missed patches";

/**
 * The policies that are believed to guard, by what they say: their expressions are judged by a real API server in the
 * end-to-end tests, not by us, so any other text is one that nobody has seen work.
 */
const KNOWN: ReadonlyMap<string, PolicyRole> = new Map([
  ["6bfe485bd1fef065", "zone members"],
  ["c75dd296cef80458", "elsewhere"],
  ["be0f6f3c33f56735", "network writers"],
  ["57701dc8792a2a84", "gateway namespaces"],
  ["f3bb2e35cf21e882", "guard parameters"],
  ["e574bc4284cc1437", "attaching annotations"],
  ["16b0b514a0d396c3", "device claims"],
  ["b918cf9129fdf663", "main networks"],
  ["e55139d16ca629db", "routing pods"],
  ["b921aa7a5026141c", "pod addresses"],
  ["615e119d8a2661d7", "bindings"],
  ["42063c87f8b77ca1", "pod status"],
  ["f63a45b0aee479af", "missed patches"],
]);

/** The users of the one guard that has no parameters: were they a parameter, one that is lost could never be brought back. */
const USERS = /^request\.userInfo\.username in (\[[^\]]*\]) \|\| /;

export interface KnownPolicy {
  readonly role: PolicyRole;
  /** Who may do what it keeps others from, where that stands in the policy itself. */
  readonly users: readonly string[] | undefined;
}

/** What a policy guards, or undefined where its text is not a known one. */
export function identifyPolicy({ value }: ReadManifest): KnownPolicy | undefined {
  const [first, ...more] = isFields(value.spec) && Array.isArray(value.spec.validations) ? value.spec.validations : [];
  const expression = readText(first, "expression") ?? "";
  const users = USERS.exec(expression)?.[1];
  const bare = isFields(first) && { ...first, expression: expression.replace(USERS, "") };
  const spec = users === undefined ? value.spec : { ...(value.spec as object), validations: [bare, ...more] };
  const role = KNOWN.get(hashContent(JSON.stringify(sortKeys(spec)), 16));
  return role && { role, users: users === undefined ? undefined : namesIn(users) };
}

function namesIn(list: string): readonly string[] {
  try {
    return (JSON.parse(list) as unknown[]).filter((one) => typeof one === "string");
  } catch {
    return [];
  }
}

/** A tree with its keys in order, so that the order in which they stand does not count. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key])]),
  );
}
