import { flag, list, mapOf, object, oneOf, type Schema, text } from "../../schema/schema.ts";
import { findingSchema, findingsSchema, listOfTexts } from "./findings.ts";

const number = (description: string): Schema => ({ type: "integer", description, minimum: 0 });

const change = oneOf("What happens to it.", ["added", "changed", "removed"]);
const because = listOfTexts("Lines of the intents that mean it: `intents/pairs/edge.yaml:14`.", "A line.");
const way = listOfTexts("`eth0`, or the gateways on the way, or the link that both are on.");

const connection = object(
  "Who reaches whom: two parties and a way.",
  {
    from: text("Who connects."),
    to: text("Who is reached."),
    way,
    services: listOfTexts("`tcp/8443`, or `everything`."),
    assumed: listOfTexts("What is assumed for it."),
    because,
  },
  ["from", "to", "way", "services", "assumed", "because"],
);

const verifiedCluster = object(
  "What the manifests of a cluster allow.",
  {
    connections: list("Every connection that is possible.", connection),
    assumed: listOfTexts("What is assumed of the cluster, and that no manifest says."),
    admission: object(
      "Which requests about pods the admission policies guard. Absent: none.",
      { resources: listOfTexts("Resources of the API."), namespaces: number("How many namespaces.") },
      ["resources", "namespaces"],
    ),
    expectations: object(
      "Checks of Expectations.",
      {
        checked: number("How many there are."),
        met: number("How many hold."),
        held: list(
          "Those that hold.",
          object("One.", { text: text("What it says."), at: text("Its line.") }, ["text", "at"]),
        ),
      },
      ["checked", "met", "held"],
    ),
  },
  ["connections", "assumed", "expectations"],
);

export const verifySchema: Schema = {
  title: "Verify",
  ...object(
    "What `verify --format json` prints.",
    {
      clusters: mapOf("By cluster; one whose output cannot be read is missing.", verifiedCluster),
      findings: list("What is wrong.", findingSchema),
    },
    ["clusters", "findings"],
  ),
};

const isolation = object(
  "The zone that a namespace is in.",
  { id: text("`isolationzone/pci`."), enforcement: oneOf("Whether it enforces.", ["enforce", "audit"]) },
  ["id", "enforcement"],
);

const detail = object(
  "Some pods or addresses to others.",
  { from: text("Who connects."), to: text("Who is reached."), services: listOfTexts("By what.") },
  ["from", "to", "services"],
);

const connectionChange = object(
  "One.",
  {
    change,
    from: text("Who connects."),
    to: text("Who is reached."),
    way,
    before: listOfTexts("Services before."),
    after: listOfTexts("Services after."),
    because,
    opened: list("Exactly what becomes possible.", detail),
    closed: list("Exactly what is no longer possible.", detail),
  },
  ["change", "from", "to", "way", "before", "after", "because", "opened", "closed"],
);

const loss = object(
  "One.",
  {
    code: text("The code of the finding."),
    text: text("What is lost."),
    at: text("The line that needs it."),
    leftOut: text("The intent that is left out for it."),
    alsoLeftOut: listOfTexts("Intents that need that one, and are left out with it."),
  },
  ["code", "text", "alsoLeftOut"],
);

const difference = object(
  "What changes in a cluster.",
  {
    isolation: list(
      "Namespaces that enter or leave a zone, or whose zone starts or stops to enforce.",
      object(
        "One.",
        {
          namespace: text("The namespace."),
          before: { ...isolation, description: "Absent: it was in no zone." },
          after: { ...isolation, description: "Absent: it is in no zone." },
          loss: flag("Whether some of the protection is gone."),
        },
        ["namespace", "loss"],
      ),
    ),
    networks: list(
      "Networks that are on both sides, with what changes of them.",
      object(
        "One.",
        {
          network: text("`isolationzone/pci`."),
          what: oneOf("What changes.", ["VLAN", "uplink", "subnets", "MTU"]),
          before: text("Before."),
          after: text("After."),
          because: text("The line of the intent."),
        },
        ["network", "what", "before", "after"],
      ),
    ),
    connections: list("Who reaches whom that could not, and the other way round.", connectionChange),
    objects: list(
      "Objects of Kubernetes.",
      object(
        "One.",
        {
          change,
          object: text("Its kind and name."),
          intent: text("Its intent."),
          because: text("That intent's line."),
        },
        ["change", "object"],
      ),
    ),
    guards: list(
      "Networks of others that pods of a zone may join from now on, or no longer.",
      object(
        "One.",
        {
          change: oneOf("What happens.", ["added", "removed"]),
          zone: text("The zone."),
          namespace: text("Whose pods."),
          network: text("`web/trunk`."),
        },
        ["change", "zone", "namespace", "network"],
      ),
    ),
    losses: list("Between targets: what the second one cannot do.", loss),
  },
  ["isolation", "networks", "connections", "objects", "guards", "losses"],
);

export const diffSchema: Schema = {
  title: "Diff",
  ...mapOf(
    "What `diff --format json` prints: by cluster, or by `A against B`. Where a side cannot be read it prints Findings.",
    difference,
  ),
};

const hop = object(
  "A station of a packet.",
  {
    at: text("Who."),
    text: text("What happens there."),
    place: text("The line that allows or stops it."),
  },
  ["at", "text"],
);

export const explainSchema: Schema = {
  title: "Explain",
  ...list(
    "What `explain FROM TO SERVICE --format json` prints for each cluster: every way, or why there is none.",
    object(
      "A way.",
      {
        verdict: oneOf("Whether the connection is possible.", ["allowed", "denied"]),
        packet: text("The packet that is followed."),
        hops: list("Its stations.", hop),
        meant: text("The line of the intent that means it."),
        change: text("The smallest change of the intents that changes the verdict."),
      },
      ["verdict", "packet", "hops", "change"],
    ),
  ),
};

export const graphSchema: Schema = {
  title: "Graph",
  ...list(
    "What `graph --format json` prints: the picture of each cluster.",
    object(
      "A cluster.",
      {
        cluster: text("Its name."),
        nodes: list(
          "Who is there.",
          object(
            "One.",
            {
              id: text("The id of the intent, or what stands for somebody without one."),
              kind: oneOf("What it is.", ["zone", "network", "external", "firewall", "vpn", "far", "outside"]),
              title: text("Its name."),
              subtitle: text("What it stands on."),
              lines: listOfTexts("Subnets, hosts, workloads."),
            },
            ["id", "kind", "title", "subtitle", "lines"],
          ),
        ),
        edges: list(
          "Who may reach whom.",
          object(
            "One.",
            {
              from: text("A node."),
              to: text("A node."),
              kind: oneOf("`leg`: attached, and nothing is allowed.", ["allowed", "leg", "eth0", "tunnel"]),
              labels: listOfTexts("Services."),
            },
            ["from", "to", "kind", "labels"],
          ),
        ),
      },
      ["cluster", "nodes", "edges"],
    ),
  ),
};

export const compileSchema: Schema = {
  title: "Compile",
  ...object(
    "What `compile --format json` prints.",
    {
      files: list(
        "Files that were written or removed.",
        object("One.", { path: text("Relative to where the command runs."), how: change }, ["path", "how"]),
      ),
      findings: list("What was found.", findingSchema),
    },
    ["files", "findings"],
  ),
};

export const lintSchema: Schema = { ...findingsSchema, title: "Lint" };

const entry: Schema = { type: ["string", "number"], description: "A value." };

export const lockSchema: Schema = {
  title: "Lock",
  ...object(
    "The lock file, `plumbline.lock.yaml`: values that were allocated once. Commit it; never edit it.",
    {
      version: { type: "integer", description: "The version of the format.", minimum: 1, maximum: 1 },
      entries: mapOf("Values that intents hold, by `<scope>/<intent>/<field>`.", entry),
      released: mapOf("Values of deleted intents, which are not allocated again before `--gc`.", entry),
      fixed: mapOf("Fields of objects that an API server lets nobody change.", entry),
    },
    ["version", "entries", "released"],
  ),
};
