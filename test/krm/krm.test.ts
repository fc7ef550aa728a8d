import { expect, test } from "vitest";
import { parse, parseAllDocuments, stringify } from "yaml";
import type { CommonOptions, Io } from "../../src/commands/io.ts";
import { runKrmText } from "../../src/commands/krm.ts";
import { pageProject } from "../page-project.ts";

type Item = {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: unknown;
};

const common: CommonOptions = {
  root: "/",
  folder: "",
  form: "text",
  format: "text",
  colour: false,
  strict: false,
  quiet: false,
  version: "0",
};

function run(list: unknown) {
  let out = "";
  let err = "";
  const io: Io = {
    cwd: "/",
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    terminal: false,
    process: { id: 1, isAlive: () => false },
    now: () => 0,
  };
  const exit = runKrmText(
    typeof list === "string" ? list : stringify(list, { aliasDuplicateObjects: false }),
    common,
    io,
  );
  const after = out === "" ? undefined : parse(out);
  return {
    exit,
    err,
    out,
    items: (after?.items ?? []) as Item[],
    results: (after?.results ?? []) as {
      message: string;
      severity: string;
      file?: unknown;
      field?: unknown;
      resourceRef?: unknown;
    }[],
  };
}

/** The base project as items, each with the file that it comes from. */
function itemsOf(path: string): Item[] {
  const text = pageProject("").get(path) ?? "";
  const values = parseAllDocuments(text).flatMap((one) => (one.toJS() === null ? [] : [one.toJS() as Item]));
  return values.map((item, index) => {
    const annotations = { "config.kubernetes.io/path": path, "config.kubernetes.io/index": String(index) };
    return { ...item, metadata: { ...item.metadata, annotations } };
  });
}

const project = itemsOf("plumbline.yaml")[0] as Item;
const intents = itemsOf("intents/all.yaml");
const workloads = itemsOf("workloads/all.yaml");
const head = { apiVersion: "config.kubernetes.io/v1", kind: "ResourceList" };
const list = { ...head, functionConfig: project, items: [...intents, ...workloads] };
const named = (items: readonly Item[], kind: string, name: string) =>
  items.find((one) => one.kind === kind && [name, `zone-${name}`].includes(one.metadata.name));

test("intents become objects, and workloads get their patches", () => {
  const { exit, items, results, err } = run(list);
  expect(exit).toBe(0);
  expect(results.filter((one) => one.severity === "error")).toEqual([]);
  const card = named(items, "Deployment", "card") as unknown as {
    metadata: Item["metadata"];
    spec: { template: Item };
  };
  expect(card.spec.template.metadata.annotations?.["k8s.v1.cni.cncf.io/networks"]).toContain("pci");
  // Where it came from is where it goes.
  expect(card.metadata.annotations).toMatchObject(workloads[0]?.metadata.annotations ?? {});
  const nad = named(items, "NetworkAttachmentDefinition", "pci") as Item;
  expect(nad.metadata.annotations?.["config.kubernetes.io/path"]).toBe("out/main/zones/pci.yaml");
  // What only plumbline reads is left out by appliers.
  for (const one of intents)
    expect(named(items, one.kind, one.metadata.name)?.metadata.annotations).toMatchObject({
      ...one.metadata.annotations,
      "config.kubernetes.io/local-config": "true",
    });
  expect(items.map((one) => one.kind)).not.toContain("Kustomization");
  expect(results.some((one) => one.severity === "info" && one.message.includes("VLAN"))).toBe(true);
  expect(err).toContain("values were given out");
});

test("a second run over its own output changes nothing", () => {
  const once = run(list);
  const twice = run({ ...head, functionConfig: project, items: once.items });
  expect(twice.err).toBe("");
  expect(twice.exit).toBe(0);
  expect(twice.items).toEqual(once.items);
  expect(twice.err).toBe("");
});

test("a patch of an earlier run is taken out, however it is written, and only from the item itself", () => {
  const once = run(list);
  const card = named(once.items, "Deployment", "card") as Item;
  const others = once.items.filter((one) => one !== card);
  const steps = card.metadata.annotations?.["plumbline.dev/unpatch"] ?? "";
  expect(JSON.parse(steps)).toContainEqual([["spec", "template", "metadata", "annotations"]]);
  for (const text of [
    "nonsense",
    "5",
    "[5]",
    '[[["__proto__","x"],1]]',
    '[[["spec","nothing","here"],1]]',
    "[[[],null]]",
  ]) {
    const annotations = { ...card.metadata.annotations, "plumbline.dev/unpatch": text };
    const odd = { ...card, metadata: { ...card.metadata, annotations } };
    expect([0, 1]).toContain(run({ ...head, functionConfig: project, items: [...others, odd] }).exit);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  }
});

test("the lock is kept in an item, and what it says stands", () => {
  const lock = named(run(list).items, "ConfigMap", "plumbline-lock") as Item;
  const text = lock.data?.["plumbline.lock.yaml"] ?? "";
  expect(text).toContain("entries:");
  const moved = { ...lock, data: { "plumbline.lock.yaml": text, other: "kept" } };
  const { items } = run({ ...list, items: [...list.items, moved] });
  expect(named(items, "ConfigMap", "plumbline-lock")?.data).toEqual(moved.data);
});

test("what is gone from the intents is gone from the list", () => {
  const once = run(list);
  const left = once.items.filter((one) => !(one.kind === "IsolationZone" && one.metadata.name === "corp"));
  const { items } = run({ ...head, functionConfig: project, items: left });
  expect(named(once.items, "NetworkAttachmentDefinition", "corp")).toBeDefined();
  expect(named(items, "NetworkAttachmentDefinition", "corp")).toBeUndefined();
});

test("a wrong intent is a result with its object, field and file; the items come back as they were", () => {
  const broken = structuredClone(intents) as (Item & { spec: { network: { vlan: number } } })[];
  const zone = broken.find((one) => one.metadata.name === "pci");
  if (!zone) throw new Error("the base project has no zone pci");
  zone.spec.network.vlan = 9000;
  const { exit, items, results, err } = run({ ...list, items: [...broken, ...workloads] });
  expect(exit).toBe(1);
  expect(items).toEqual([...broken, ...workloads]);
  expect(results[0]).toMatchObject({
    severity: "error",
    resourceRef: { kind: "IsolationZone", name: "pci" },
    field: { path: "spec.network.vlan" },
    file: { path: "intents/all.yaml" },
  });
  expect(err).toContain("vlan");
});

test.each([
  ["", 2, "holds no ResourceList"],
  ["kind: Pod\n", 2, "holds no ResourceList"],
  ["a: [\n", 2, ""],
  ["kind: ResourceList\nitems: 5\n", 2, "`items` is no list"],
  ["kind: ResourceList\nitems: [5]\n", 2, "`items` is no list"],
  ["kind: ResourceList\nfunctionConfig: 5\n", 2, "`functionConfig` is no object"],
  ["kind: ResourceList\n", 1, "there is no Project"],
  [stringify({ ...list, items: [project, ...list.items] }), 1, "there are two Projects"],
])("%j is refused", (text, exit, words) => {
  const done = run(text);
  expect(done.exit).toBe(exit);
  expect(done.err).toContain(words);
});

test("of several clusters, one must be named", () => {
  const two = structuredClone(project) as Item & { spec: { clusters: { name: string }[] } };
  two.spec.clusters.push({ ...two.spec.clusters[0], name: "west" });
  const fabric = structuredClone(intents[0]) as Item & { spec: { clusters: string[] } };
  fabric.spec.clusters.push("west");
  const items = [fabric, ...intents.slice(1), ...workloads];
  expect(run({ ...head, functionConfig: two, items }).err).toContain("a list is for one cluster");
  const config = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x" }, data: { cluster: "main" } };
  expect(run({ ...head, functionConfig: config, items: [two, ...items] }).exit).toBe(0);
});
