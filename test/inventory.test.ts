import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { runProgram } from "../src/commands/program.ts";
import { inventorySchema } from "../src/stages/render/inventory-schema.ts";
import type { PodInterfaces } from "../src/stages/render/pods.ts";
import { caseNames, expectedOf } from "./cases-runner.ts";

interface Inventory {
  readonly objects: readonly { readonly id: string }[];
  readonly pods: readonly PodInterfaces[];
}

const ROOT = join(import.meta.dirname, "..");
const inventories = caseNames().flatMap((name) =>
  [...expectedOf(name)]
    .filter(([path]) => path.endsWith("/inventory.json"))
    .map(([path, text]) => ({ name: `${name} ${path}`, inventory: JSON.parse(text) as Inventory })),
);

async function servedSchema(): Promise<object> {
  let text = "";
  const io = {
    cwd: ROOT,
    out: (more: string) => {
      text += more;
    },
    err: () => {},
    terminal: false,
    process: { id: 1, isAlive: () => false },
    now: () => 0,
  };
  expect(await runProgram(["schema", "inventory"], io, { noColor: true })).toBe(0);
  return JSON.parse(text) as object;
}

test("every inventory is as the schema says that `plumbline schema inventory` serves", async () => {
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(await servedSchema());
  expect(inventories.length).toBeGreaterThan(30);
  for (const { name, inventory } of inventories) {
    validate(inventory);
    expect(validate.errors, name).toBe(null);
  }
});

test("there is an inventory of pods from every target", () => {
  const targets = new Set(inventories.flatMap((one) => interfacesOf(one.inventory).map(({ target }) => target)));
  expect([...targets].sort()).toEqual(["dra", "gke", "kube-ovn", "multus", "network-kind", "ovn-kubernetes"]);
});

test("what interfaces name is among the objects that are written", () => {
  const missing = inventories.flatMap(({ name, inventory }) => {
    const written = new Set(inventory.objects.map(({ id }) => id));
    return inventory.pods.flatMap(({ workload, interfaces }) =>
      interfaces
        .flatMap(({ object, claim }) => [
          object &&
            `${object.apiVersion} ${object.kind} ${object.namespace ? `${object.namespace}/` : ""}${object.name}`,
          claim && `resource.k8s.io/v1 ResourceClaimTemplate ${workload.namespace}/${claim.template}`,
        ])
        .filter((id) => id !== undefined && !written.has(id))
        .map((id) => `${name}: ${id}`),
    );
  });
  expect(missing).toEqual([]);
});

test("addresses that are given out once are on one interface", () => {
  for (const { name, inventory } of inventories) {
    const fixed = interfacesOf(inventory).flatMap(({ network, addressing }) =>
      addressing.mode === "fixed" ? addressing.addresses.map((one) => `${network} ${one}`) : [],
    );
    expect(new Set(fixed).size, name).toBe(fixed.length);
  }
});

test("the document shows what the example's inventory says, and every key of the schema", () => {
  const document = readFileSync(join(ROOT, "docs/inventory.md"), "utf8");
  const shown = /```json\n([\s\S]*?)```/.exec(document)?.[1] ?? "";
  const inventory = JSON.parse(readFileSync(join(ROOT, "out/east/inventory.json"), "utf8")) as Inventory;
  const db = inventory.pods.find(({ workload }) => workload.name === "db");
  expect(JSON.parse(shown)).toEqual(db);
  const pod = inventorySchema.properties?.pods?.items;
  const keys = Object.keys(pod?.properties?.interfaces?.items?.properties ?? {});
  expect(keys.filter((key) => !document.includes(`\`${key}\``))).toEqual([]);
  expect(keys).toContain("addressing");
});

function interfacesOf({ pods }: Inventory) {
  return pods.flatMap((one) => one.interfaces);
}
