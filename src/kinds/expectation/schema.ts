import { commonProperties, partyProperties, servicesSchema } from "../../schema/common.ts";
import { list, object, oneOf, type Schema, text } from "../../schema/schema.ts";

/** Beside what rules may name, the hosts of a Network. */
function party(description: string): Schema {
  return object(description, {
    ...partyProperties,
    network: text("The hosts of a Network and what is behind its gateway, by name.", "name"),
    host: text("With `external` or `network`: one host of it.", "name"),
  });
}

const check = object(
  "One assertion.",
  {
    from: party("Who connects."),
    to: party("To whom."),
    ports: servicesSchema,
    expect: oneOf("What must be.", ["allowed", "denied"]),
    through: list("Gateways that the traffic must take, by name.", text("A FirewallPair or VpnEgress.", "name")),
  },
  ["from", "to", "expect"],
);

export const expectationSchema: Schema = object(
  "Tests for the network: asserted against what the output lets through.",
  { ...commonProperties, checks: list("The assertions.", check, { minItems: 1 }) },
  ["checks"],
);
