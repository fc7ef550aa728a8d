/** The part of JSON Schema (2020-12) that the kinds use. `format` names one of ours (formats.ts), checked apart from ajv. */
export interface Schema {
  readonly $id?: string;
  readonly title?: string;
  readonly type?: SchemaType | readonly SchemaType[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly (string | number)[];
  readonly const?: string;
  readonly format?: string;
  /** Of an object with free keys: the format of each key. */
  readonly keyFormat?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: true;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minProperties?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false | Schema;
}

export type SchemaType = "object" | "array" | "string" | "integer" | "number" | "boolean" | "null";

export type Properties = Readonly<Record<string, Schema>>;

/** An object with these keys and no others. */
export function object(description: string, properties: Properties, required: readonly string[] = []): Schema {
  return {
    type: "object",
    description,
    properties,
    additionalProperties: false,
    ...(required.length > 0 && { required }),
  };
}

/** An object of free keys whose values are alike. */
export function mapOf(description: string, values: Schema, keyFormat?: string): Schema {
  return { type: "object", description, additionalProperties: values, ...(keyFormat !== undefined && { keyFormat }) };
}

/** Any object: checked elsewhere, by a field table or by Kubernetes. */
export function anyObject(description: string): Schema {
  return { type: "object", description };
}

/** A list. One of words holds each once: a repetition is a slip, and what is counted or given out would be so twice. */
export function list(
  description: string,
  items: Schema,
  limits: { minItems?: number; maxItems?: number } = {},
): Schema {
  return {
    type: "array",
    description,
    items,
    ...limits,
    ...(items.type === "string" && { uniqueItems: true as const }),
  };
}

export function text(description: string, format?: string, more: Partial<Schema> = {}): Schema {
  return { type: "string", description, ...(format && { format }), ...more };
}

export function oneOf<const Word extends string>(
  description: string,
  words: readonly Word[],
  otherwise?: Word,
): Schema {
  return { type: "string", description, enum: words, ...(otherwise !== undefined && { default: otherwise }) };
}

export function integer(description: string, minimum: number, maximum: number, otherwise?: number): Schema {
  return { type: "integer", description, minimum, maximum, ...(otherwise !== undefined && { default: otherwise }) };
}

export function flag(description: string, otherwise?: boolean): Schema {
  return { type: "boolean", description, ...(otherwise !== undefined && { default: otherwise }) };
}
