import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { copyOf, plumbline } from "./cases.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/migrating.md"), "utf8");

test("the example of docs/migrating.md is what the program says and writes", async () => {
  const [, command = "", said] = /```console\n\$ plumbline (.*)\n([\s\S]*?)```/.exec(page) ?? [];
  const [, steps = ""] = /````markdown\n([\s\S]*?)````/.exec(page) ?? [];
  const root = copyOf("multus-to-ovn-kubernetes");
  expect((await plumbline(root, "compile")).exit).toBe(0);
  const { exit, err } = await plumbline(root, ...command.split(" "));
  expect(exit).toBe(0);
  expect(err).toBe(said);
  expect(steps).toContain("### ");
  expect(readFileSync(join(root, "migration/main/README.md"), "utf8")).toContain(steps);
});
