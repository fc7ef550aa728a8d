import fc from "fast-check";
import { stringify } from "yaml";
import { kindSchemas } from "../../src/kinds/schemas.ts";
import { hostileText, hostileValue } from "./hostile-values.ts";

interface Shape {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Shape;
  readonly items?: Shape;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly oneOf?: readonly Shape[];
  readonly anyOf?: readonly Shape[];
}

/** Good values of a format: few, so that documents speak of the same things. */
const byFormat: Readonly<Record<string, readonly unknown[]>> = {
  name: ["payments", "ledger", "web", "pci", "corp", "app"],
  "intent-name": ["pci", "corp", "dc1", "edge", "site", "mainframe"],
  cidr: ["10.10.0.0/24", "10.20.0.0/24", "10.128.0.0/12", "fd00:128::/48", "0.0.0.0/0", "192.168.7.0/24"],
  address: ["10.10.0.2", "10.10.0.3", "10.20.0.1", "fd00:128::2"],
  service: ["tcp/443", "udp/53", "icmp", "tcp/8000-8010"],
  interface: ["net1", "net2", "bond1"],
};

/** A value of a schema; now and then a hostile one in its place. */
function sample(shape: Shape, depth: number): fc.Arbitrary<unknown> {
  if (depth > 6) return hostileValue;
  return fc.oneof({ weight: 24, arbitrary: good(shape, depth) }, { weight: 1, arbitrary: hostileValue });
}

function good(shape: Shape, depth: number): fc.Arbitrary<unknown> {
  if (shape.enum) return fc.constantFrom(...shape.enum);
  const several = shape.oneOf ?? shape.anyOf;
  if (several && several.length > 0 && !shape.properties)
    return fc.oneof(...several.map((one) => sample(one, depth + 1)));
  const type = typeof shape.type === "string" ? shape.type : shape.type?.at(-1);
  if (type === "object" || shape.properties) return tree(shape, depth);
  if (type === "array") return fc.array(sample(shape.items ?? {}, depth + 1), { maxLength: 3 });
  if (type === "integer" || type === "number")
    return fc.integer({ min: shape.minimum ?? 0, max: Math.max(shape.minimum ?? 0, shape.maximum ?? 5000) });
  if (type === "boolean") return fc.boolean();
  const words = byFormat[shape.format ?? ""];
  return words ? fc.constantFrom(...words) : fc.oneof(fc.constantFrom("a", "pci", "corp", "data", "main"), hostileText);
}

function tree(shape: Shape, depth: number): fc.Arbitrary<unknown> {
  const required = shape.required ?? [];
  const fields = Object.entries(shape.properties ?? {}).map(([key, one]) => {
    const value = sample(one, depth + 1);
    const wanted = required.includes(key) ? 20 : depth < 2 ? 2 : 1;
    return fc.oneof(
      { weight: wanted, arbitrary: value.map((v) => [key, v] as const) },
      { weight: 2, arbitrary: fc.constant(undefined) },
    );
  });
  const more =
    typeof shape.additionalProperties === "object" ? sample(shape.additionalProperties, depth + 1) : undefined;
  const extra = more ? fc.array(fc.tuple(hostileText, more), { maxLength: 2 }) : fc.constant([]);
  return fc.tuple(fc.tuple(...fields), extra).map(([some, rest]) => {
    const entries = [...some.filter((one) => one !== undefined), ...rest].filter(([key]) => key !== "__proto__");
    return Object.fromEntries(entries);
  });
}

const kinds = Object.entries(kindSchemas).map(([kind, schema]) =>
  fc.record({
    apiVersion: fc.constant("plumbline.dev/v1alpha1"),
    kind: fc.constant(kind),
    metadata: fc.record({ name: fc.constantFrom(...(byFormat["intent-name"] as readonly string[])) }),
    spec: sample(schema as Shape, 0),
  }),
);

/** Files of intents that mostly have the right shape. */
export const schemaDocuments: fc.Arbitrary<string> = fc
  .array(fc.oneof(...kinds), { minLength: 1, maxLength: 4 })
  .map((all) => all.map((one) => stringify(one, { aliasDuplicateObjects: false })).join("---\n"));
