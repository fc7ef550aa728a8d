import { emitYaml } from "../../yaml/emit-yaml.ts";
import { formatString } from "../../yaml/format-string.ts";

/** Helpers of the templates. Each throws for what is missing: a template must never leave something out in silence. */
export const templateHelpers = {
  /** A scalar of YAML, quoted where it must be. */
  q(value: unknown): string {
    if (typeof value === "string") return formatString(value);
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    throw new Error(`a template asks for a value that is ${typeof value}`);
  },

  /** A word of a configuration file or script: text that cannot end its line or its quotes. */
  w(value: unknown): string {
    if (typeof value !== "string" || !/^[\w .,:;/@=+*(){}[\]&|<>!~^%-]+$/.test(value))
      throw new Error(`not a word that a configuration may hold: ${JSON.stringify(value)}`);
    return value;
  },

  /** An nft set of addresses or networks. */
  set(values: unknown): string {
    if (!Array.isArray(values) || values.length === 0) throw new Error("an nft set needs at least one element");
    const elements = values.map(templateHelpers.w);
    return elements.length === 1 ? (elements[0] as string) : `{ ${elements.join(", ")} }`;
  },

  /** A tree of YAML, indented. */
  yaml(value: unknown, indent: unknown): string {
    if (value === undefined) throw new Error("a template asks for a tree that is not there");
    return emitYaml(value, Number(indent)).replace(/\n$/, "");
  },

  /** JSON in a literal block, indented. */
  json(value: unknown, indent: unknown): string {
    if (value === undefined) throw new Error("a template asks for JSON that is not there");
    const pad = " ".repeat(Number(indent));
    return JSON.stringify(value, null, 2).replace(/^/gm, pad);
  },
};
