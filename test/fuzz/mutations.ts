import fc from "fast-check";
import { parseAllDocuments, stringify } from "yaml";
import { toPlainValue } from "../../src/yaml/plain-value.ts";
import { hostileText, hostileValue } from "./hostile-values.ts";

/** One change of a text. Numbers are taken modulo what there is to choose from, so that every one means something. */
export type Mutation =
  | {
      readonly on: "tree";
      readonly how: "set" | "add";
      readonly at: number;
      readonly key: string;
      readonly value: unknown;
    }
  | { readonly on: "tree"; readonly how: "delete" | "repeat" | "wrap"; readonly at: number }
  | { readonly on: "tree"; readonly how: "copy"; readonly at: number; readonly from: number }
  | { readonly on: "tree"; readonly how: "rename"; readonly at: number; readonly key: string }
  | { readonly on: "text"; readonly how: "insert"; readonly at: number; readonly text: string }
  | { readonly on: "text"; readonly how: "cut"; readonly at: number; readonly length: number }
  | { readonly on: "text"; readonly how: "line"; readonly at: number; readonly to: number };

const nat = fc.nat(100_000);
const marks = [
  "\t",
  "\r\n",
  "\u0000",
  "---\n",
  "...\n",
  "&a ",
  "*a",
  "<<: ",
  "!!x ",
  "- ",
  "? ",
  ": ",
  "{",
  "]",
  "|\n",
  ">-\n",
  '"',
  "'",
  "#",
  "%YAML 1.1\n",
  "<<<<<<< a\n",
  "=======\n",
  ">>>>>>> b\n",
  "{{",
  "}}",
  "{{#each x}}",
  "{{/each}}",
  "\ufeff",
  "\u2028",
];

export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      on: fc.constant("tree" as const),
      how: fc.constantFrom("set" as const, "add" as const),
      at: nat,
      key: hostileText,
      value: hostileValue,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      on: fc.constant("tree" as const),
      how: fc.constantFrom("delete" as const, "repeat" as const, "wrap" as const),
      at: nat,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ on: fc.constant("tree" as const), how: fc.constant("copy" as const), at: nat, from: nat }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      on: fc.constant("tree" as const),
      how: fc.constant("rename" as const),
      at: nat,
      key: hostileText,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      on: fc.constant("text" as const),
      how: fc.constant("insert" as const),
      at: nat,
      text: fc.oneof(fc.constantFrom(...marks), hostileText),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      on: fc.constant("text" as const),
      how: fc.constant("cut" as const),
      at: nat,
      length: fc.integer({ min: 1, max: 40 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ on: fc.constant("text" as const), how: fc.constant("line" as const), at: nat, to: nat }),
  },
);

/** A text after a change. Trees are written anew, so that what follows a hostile value is still YAML. */
export function mutate(text: string, change: Mutation): string {
  if (change.on === "text") return mutateText(text, change);
  const documents = parseAllDocuments(text, { uniqueKeys: false, strict: false, logLevel: "silent" });
  if (!Array.isArray(documents)) return text;
  const plain = documents.filter((one) => one.contents !== null).map((one) => toPlainValue(one));
  if (plain.some((one) => one === undefined)) return text;
  const root = opened(plain.map((one) => one?.value)) as unknown[];
  mutateTree(root, change);
  try {
    return (closed(root) as unknown[]).map((one) => stringify(one, { aliasDuplicateObjects: false })).join("---\n");
  } catch {
    return text;
  }
}

/** Marks JSON that stood in a text, such as a network's configuration, so that what is within changes too. */
const HELD = "\u0000json";

function opened(value: unknown): unknown {
  if (typeof value === "string" && /^\s*[[{]/.test(value)) {
    try {
      return { [HELD]: JSON.parse(value) as unknown };
    } catch {
      return value;
    }
  }
  return mapped(value, opened);
}

function closed(value: unknown): unknown {
  if (typeof value === "object" && value !== null && Object.hasOwn(value, HELD))
    return JSON.stringify(closed((value as Record<string, unknown>)[HELD])) ?? "";
  return mapped(value, closed);
}

function mapped(value: unknown, of: (inner: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(of);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, of(inner)]));
}

function mutateText(text: string, change: Extract<Mutation, { on: "text" }>): string {
  if (change.how === "line") {
    const lines = text.split("\n");
    const line = lines[change.at % lines.length] as string;
    lines.splice(change.to % lines.length, 0, line);
    return lines.join("\n");
  }
  const at = change.at % (text.length + 1);
  return change.how === "insert"
    ? text.slice(0, at) + change.text + text.slice(at)
    : text.slice(0, at) + text.slice(at + change.length);
}

interface Slot {
  readonly holder: Record<string | number, unknown>;
  readonly key: string | number;
}

function slotsOf(value: unknown, found: Slot[]): Slot[] {
  if (typeof value !== "object" || value === null) return found;
  for (const key of Object.keys(value)) {
    const holder = value as Record<string | number, unknown>;
    found.push({ holder, key: Array.isArray(value) ? Number(key) : key });
    slotsOf(holder[key], found);
  }
  return found;
}

function mutateTree(root: unknown[], change: Extract<Mutation, { on: "tree" }>): void {
  const slots = slotsOf(root, []);
  const slot = slots[change.at % slots.length];
  if (!slot) return;
  const { holder, key } = slot;
  const put = (name: string | number, value: unknown) =>
    Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
  const value = holder[key];
  if (change.how === "set") put(key, change.value);
  else if (change.how === "add" && typeof value === "object" && value !== null && !Array.isArray(value))
    Object.defineProperty(value, change.key, {
      value: change.value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  else if (change.how === "delete") Array.isArray(holder) ? holder.splice(Number(key), 1) : delete holder[key];
  else if (change.how === "repeat" && Array.isArray(holder)) holder.push(structuredClone(value));
  else if (change.how === "wrap") put(key, Array.isArray(value) ? { of: value } : [value]);
  else if (change.how === "copy") {
    const from = slots[change.from % slots.length] as Slot;
    put(key, structuredClone(from.holder[from.key]));
  } else if (change.how === "rename" && !Array.isArray(holder)) {
    delete holder[key];
    put(change.key, value);
  }
}
