import { servicesSchema } from "../../../schema/common.ts";
import { flag, list, object, oneOf, type Schema, text } from "../../../schema/schema.ts";

const workload: Schema = object(
  "A member of this network.",
  {
    namespace: text("Its namespace.", "name"),
    kind: oneOf("Its kind. Can be left out where only one workload of the namespace has the name.", [
      "Pod",
      "Deployment",
      "StatefulSet",
      "DaemonSet",
      "ReplicaSet",
      "Job",
      "CronJob",
      "VirtualMachine",
    ]),
    name: text("Its name.", "config-name"),
  },
  ["namespace", "name"],
);

function party(description: string): Schema {
  return object(description, {
    workload,
    host: text("One of this network's `hosts`, by name.", "name"),
    cidr: text("Addresses of this network, or behind its gateway, that no member has.", "cidr"),
    all: flag("Every member of this network.", false),
  });
}

/** Exactly one key a party, and `from` with `to` or `between`: checked in `check-traffic.ts`, where the message can say so. */
export const trafficSchema: Schema = list(
  "Which traffic is allowed; all other traffic on this network is blocked. Absent: all members connect to each other, but not across the border of a zone.",
  object("One allowed connection.", {
    from: party("Who connects."),
    to: party("Who is connected to."),
    between: list("Two parties, each of which may connect to the other.", party("One of the two."), {
      minItems: 2,
      maxItems: 2,
    }),
    ports: servicesSchema,
  }),
  { minItems: 1 },
);
