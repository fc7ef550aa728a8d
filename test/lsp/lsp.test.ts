import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Editor } from "./editor.ts";

const root = join(import.meta.dirname, "../..");

let folder: string;
let editor: Editor;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "plumbline lsp é-"));
  for (const part of ["plumbline.yaml", "plumbline.lock.yaml", "intents", "workloads"])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  editor = new Editor(join(root, "dist/plumbline.js"), folder);
  await editor.start();
});

afterEach(() => {
  editor.kill();
  rmSync(folder, { recursive: true });
});

const PCI = "intents/zones/pci.yaml";
const EDGE = "intents/pairs/edge.yaml";

test("findings come as one types, in every file that they concern, and go again", async () => {
  editor.open(PCI);
  editor.open(EDGE);
  editor.type(PCI, "  name: pci", "  name: pcc");
  const uri = editor.uri(EDGE);
  const all = await editor.shown((shown) => (shown.get(uri)?.length ?? 0) > 0);
  const found = all.get(uri)?.[0];
  expect(found?.code).toBe("intent/unknown-reference");
  expect(found?.severity).toBe(1);
  expect(found?.message).toContain("pci");
  // Nothing was saved.
  expect(readFileSync(join(folder, PCI), "utf8")).toContain("  name: pci");
  editor.type(PCI, "  name: pcc", "  name: pci");
  await editor.shown((shown) => [...shown.values()].every((list) => list.every((one) => one.severity > 1)));
});

test("a half-written text is an error at its place, and answers nothing wrongly", async () => {
  editor.open(PCI);
  editor.type(PCI, "spec:", "spec: [");
  const uri = editor.uri(PCI);
  const all = await editor.shown((shown) => (shown.get(uri)?.length ?? 0) > 0);
  expect(all.get(uri)?.[0]?.code).toMatch(/^yaml\//);
  editor.type(PCI, "spec: [", "spec:");
  await editor.shown((shown) => (shown.get(uri)?.length ?? 0) === 0);
});

test("hover tells what was allocated, and who reaches whom", async () => {
  editor.open(PCI);
  editor.open(EDGE);
  await editor.ask("textDocument/hover", editor.at(PCI, "name: pci"));
  const zone = (await editor.ask("textDocument/hover", editor.at(EDGE, "zone: corp"))) as {
    contents: { value: string };
  };
  expect(zone.contents.value).toContain("isolationzone/corp");
  expect(zone.contents.value).toContain("VLAN 175");
  expect(zone.contents.value).toContain("10.132.207.0/24");
  expect(zone.contents.value).toMatch(/reaches: firewallpair\/edge \(tcp\/8443 to pci\)/);
  const key = (await editor.ask("textDocument/hover", editor.at(PCI, "separation", 3))) as {
    contents: { value: string };
  };
  expect(key.contents.value).toContain("`vlan`");
  expect(key.contents.value).toContain("reference/IsolationZone");
});

async function labels(path: string, before: string, into?: number): Promise<readonly string[]> {
  const items = (await editor.ask("textDocument/completion", editor.at(path, before, into))) as { label: string }[];
  return items.map((one) => one.label);
}

test("completion knows keys, words, and the names of other files", async () => {
  editor.open(PCI);
  editor.open(EDGE);
  editor.open("intents/new.yaml", "");
  editor.type(EDGE, "zone: corp", "zone: ");
  expect(await labels(EDGE, "zone: ")).toEqual(expect.arrayContaining(["batch", "corp", "pci"]));
  editor.type(EDGE, "zone: ", "zone: c");
  expect(await labels(EDGE, "zone: c")).toEqual(expect.arrayContaining(["batch", "corp", "pci"]));
  editor.type(PCI, "    separation: vlan", "    separation: vlan\n    m");
  const keys = await labels(PCI, "separation: vlan\n    m");
  expect(keys).toEqual(expect.arrayContaining(["mtu", "sysctls"]));
  expect(keys).not.toContain("separation");
  editor.type(PCI, "    separation: vlan\n    m", "    separation: ");
  expect(await labels(PCI, "separation: ")).toEqual(["physical", "vlan", "overlay"]);
  const uplinks = await labels(PCI, "uplink: ");
  expect(uplinks).toContain("data");
});

test("a workload is completed part by part, and its definition is found", async () => {
  editor.open(PCI);
  const text = editor.open(
    "intents/expectations.yaml",
    `apiVersion: plumbline.dev/v1alpha1
kind: Expectation
metadata: {name: more}
spec:
  checks:
    - from: {workload: {namespace: payments, kind: Deployment, name: card}}
      to: {zone: pci}
      expect: allowed
`,
  );
  expect(text).toContain("card");
  expect(await labels("intents/expectations.yaml", "kind: Deployment, name: ")).toEqual(["api", "card"]);
  expect(await labels("intents/expectations.yaml", "{workload: {namespace: ")).toContain("payments");
  expect(await labels("intents/expectations.yaml", "expect: ")).toEqual(["allowed", "denied"]);
  const found = (await editor.ask("textDocument/definition", editor.at("intents/expectations.yaml", "name: card"))) as {
    uri: string;
  }[];
  expect(found.map((one) => one.uri.slice(one.uri.indexOf("/workloads/")))).toEqual([
    expect.stringMatching(/^\/workloads\/.*\.yaml$/),
  ]);
});

test("definition and references join the files of a project", async () => {
  editor.open(EDGE);
  editor.open(PCI);
  const defined = (await editor.ask("textDocument/definition", editor.at(EDGE, "zone: pci"))) as { uri: string }[];
  expect(defined.map((one) => one.uri)).toEqual([editor.uri(PCI)]);
  const uses = (await editor.ask("textDocument/references", {
    ...editor.at(PCI, "name: pci"),
    context: { includeDeclaration: false },
  })) as { uri: string }[];
  const files = new Set(uses.map((one) => one.uri));
  expect(files).toContain(editor.uri(EDGE));
  expect(files).toContain(editor.uri("intents/expectations.yaml"));
  expect(files).not.toContain(editor.uri(PCI));
});

test("a suggestion is a quick fix", async () => {
  editor.open(PCI);
  editor.type(PCI, "    separation: vlan", "    seperation: vlan");
  const uri = editor.uri(PCI);
  const all = await editor.shown((shown) => (shown.get(uri) ?? []).some((one) => one.code === "schema/unknown-key"));
  const range = all.get(uri)?.find((one) => one.code === "schema/unknown-key")?.range;
  const actions = (await editor.ask("textDocument/codeAction", {
    textDocument: { uri },
    range,
    context: { diagnostics: [] },
  })) as { title: string; edit: { changes: Record<string, { newText: string; range: unknown }[]> } }[];
  expect(actions.map((one) => one.title)).toContain("Change to separation");
  expect(actions[0]?.edit.changes[uri]).toEqual([{ newText: "separation", range }]);
});

test("no other command loads the protocol", () => {
  const dist = join(root, "dist");
  const texts = readdirSync(dist)
    .filter((name) => name.endsWith(".js") && name !== "index.js")
    .map((name) => [name, readFileSync(join(dist, name), "utf8")] as const);
  const speaks = texts.filter(([, text]) => text.includes("publishDiagnostics")).map(([name]) => name);
  expect(speaks.length).toBe(1);
  const importing = texts.filter(([, text]) => text.includes(`"./${speaks[0]}"`)).map(([, text]) => text);
  expect(importing.length).toBe(1);
  expect(importing[0]).toContain(`import("./${speaks[0]}")`);
});

test("a file outside of any project is left alone, and the server ends as asked", async () => {
  editor.tell("textDocument/didOpen", {
    textDocument: { uri: "file:///nowhere/at/all.yaml", languageId: "yaml", version: 1, text: "kind: Pod\n" },
  });
  editor.tell("textDocument/didOpen", {
    textDocument: { uri: "untitled:Untitled-1", languageId: "yaml", version: 1, text: "kind: Pod\n" },
  });
  const position = { textDocument: { uri: "untitled:Untitled-1" }, position: { line: 0, character: 0 } };
  expect(await editor.ask("textDocument/hover", position)).toBe(null);
  expect(await editor.ask("textDocument/completion", position)).toEqual([]);
  expect(await editor.stop()).toBe(0);
  expect(editor.errors).toBe("");
});
