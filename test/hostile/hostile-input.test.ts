import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { pageProject } from "../page-project.ts";

/** The program as people run it, in a process that may take 512 MiB. */
const PROGRAM = join(import.meta.dirname, "../../dist/plumbline.js");
const MEASURED = join(import.meta.dirname, "measured.cjs");
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "plumbline-hostile-"));
  for (const [path, text] of pageProject("")) put(path, text);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text: string | Buffer): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const read = (path: string) => readFileSync(join(root, path), "utf8");

function run(...args: readonly string[]) {
  const measure = join(root, ".measure.json");
  const done = spawnSync(process.execPath, ["--max-old-space-size=512", "--require", MEASURED, PROGRAM, ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, PLUMBLINE_TEST_MEASURE: measure },
    // Only so that a hang ends. What is asserted is processor time, which a busy machine does not change.
    timeout: 120_000,
  });
  const took = existsSync(measure)
    ? (JSON.parse(readFileSync(measure, "utf8")) as { cpu: number; memory: number })
    : undefined;
  return { ...done, took };
}

/** Processor time in milliseconds of the yaml package alone, with the flag of V8 that src/main.ts sets on this version of Node. */
function floor(): number {
  const measure = join(root, ".floor.json");
  const later = process.versions.node.startsWith("20.") ? ["--interrupt-budget=500000"] : [];
  const argv = ["--max-old-space-size=512", ...later, "--require", MEASURED, join(import.meta.dirname, "floor.cjs")];
  spawnSync(process.execPath, argv, { env: { ...process.env, PLUMBLINE_TEST_MEASURE: measure } });
  return (JSON.parse(readFileSync(measure, "utf8")) as { cpu: number }).cpu;
}

const MIB = 1024 * 1024;
const zone = (more: string) =>
  `apiVersion: plumbline.dev/v1alpha1\nkind: IsolationZone\nmetadata: {name: lab}\nspec:\n  namespaces: [lab]\n${more}`;
const pod = (more: string) => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  namespace: payments\n${more}`;
const bomb = (last: string) =>
  `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefghi"
    .split("")
    .map((one, at) => `${one}: &${one} [${Array(9).fill(`*${"abcdefgh"[at]}`).join(",")}]\n`)
    .join("")}z: [*${last}]\n`;
const keys = (count: number) => Array.from({ length: count }, (_, at) => `k${at}: 1\n`).join("");
const deepBlock = (depth: number) => Array.from({ length: depth }, (_, at) => `${" ".repeat(at)}a:\n`).join("");

/** What is put where, and what must be said. Each is an error, with nothing written. */
const refused: readonly (readonly [what: string, path: string, text: () => string | Buffer, code: string])[] = [
  ["a scalar of 10 MB", "intents/x.yaml", () => zone(`  description: ${"x".repeat(10 * MIB)}\n`), "load/too-large"],
  [
    "a scalar of nearly 4 MiB",
    "intents/x.yaml",
    () => zone(`  unknown: ${"x".repeat(4 * MIB - 500)}\n`),
    "schema/unknown-key",
  ],
  ["a quoted scalar without an end", "intents/x.yaml", () => `a: "${"x".repeat(4 * MIB - 500)}`, "yaml/"],
  ["escapes without an end", "intents/x.yaml", () => `a: "${"\\".repeat(4 * MIB - 501)}`, "yaml/"],
  ["an alias bomb in an intent", "intents/x.yaml", () => bomb("i"), "yaml/alias"],
  ["an alias bomb in a workload", "workloads/x.yaml", () => bomb("i"), "yaml/alias-bomb"],
  ["an alias bomb in the project", "plumbline.yaml", () => bomb("i"), "yaml/alias"],
  ["an alias bomb in the lock", "plumbline.lock.yaml", () => bomb("i"), "yaml/alias"],
  ["brackets 10,000 deep", "intents/x.yaml", () => `a: ${"[".repeat(10_000)}${"]".repeat(10_000)}\n`, "yaml/too-deep"],
  ["brackets two million deep", "workloads/x.yaml", () => `a: ${"[".repeat(2_000_000)}`, "yaml/too-deep"],
  ["braces 10,000 deep", "intents/x.yaml", () => `${"{a: ".repeat(10_000)}1${"}".repeat(10_000)}\n`, "yaml/too-deep"],
  ["keys 2,000 deep", "intents/x.yaml", () => deepBlock(2000), "yaml/"],
  ["dashes 10,000 deep", "intents/x.yaml", () => `${"- ".repeat(10_000)}a\n`, "yaml/too-deep"],
  ["questions 10,000 deep", "intents/x.yaml", () => `${"? ".repeat(10_000)}a\n`, "yaml/too-deep"],
  ["very many keys", "intents/x.yaml", () => keys(39_000), "intent/"],
  ["many more keys", "intents/x.yaml", () => keys(90_000), "intent/"],
  ["far too many keys", "intents/x.yaml", () => keys(300_000), "load/too-large"],
  [
    "very many keys in the lock",
    "plumbline.lock.yaml",
    () => `version: 1\nentries:\n${keys(90_000).replace(/^(?=k)/gm, "  ")}`,
    "allocation/bad-shape",
  ],
  [
    "very many keys in a lock that the slower reader reads",
    "plumbline.lock.yaml",
    () => `version: 1\nentries: {${keys(39_000).replaceAll("\n", ", ")}}\n`,
    "allocation/bad-shape",
  ],
  [
    "more keys in a lock than the slower reader reads",
    "plumbline.lock.yaml",
    () => `version: 1\nentries: {? ${keys(900_000).replaceAll("\n", ", ")}}\n`,
    "yaml/too-long",
  ],
  [
    "very many aliases in a workload",
    "workloads/x.yaml",
    () => `kind: ConfigMap\nmetadata: {name: &a c}\ndata:\n${keys(39_000).replace(/^(k.*: )1$/gm, "  $1*a")}`,
    "verify/unreadable",
  ],
  [
    "very many keys in a workload that the slower reader reads, and one of them twice",
    "workloads/x.yaml",
    () => `kind: ConfigMap\nmetadata: {name: &a c}\ndata:\n${keys(39_000).replace(/^/gm, "  ")}k1: *a\n`,
    "verify/unreadable",
  ],
  ["a key twice, very often", "intents/x.yaml", () => "a: 1\n".repeat(39_000), "yaml/duplicate-key"],
  ["a key twice, more often", "intents/x.yaml", () => "a: 1\n".repeat(90_000), "yaml/too-long"],
  ["many documents", "intents/x.yaml", () => "---\na: 1\n".repeat(19_000), "intent/"],
  ["very many documents", "intents/x.yaml", () => "---\na: 1\n".repeat(45_000), "intent/"],
  ["tabs", "intents/x.yaml", () => "\t".repeat(4 * MIB - 1), "yaml/"],
  ["quotes", "intents/x.yaml", () => "'".repeat(4 * MIB - 1), "yaml/too-long"],
  ["half as many quotes", "intents/x.yaml", () => "'".repeat(2 * MIB - 1), "intent/"],
  ["tags", "intents/x.yaml", () => "!".repeat(4 * MIB - 1), "yaml/"],
  ["the names of devices", "intents/x.yaml", () => zone("  network: {separation: vlan, uplink: /dev/null}\n"), ""],
  [
    "annotations of JSON 100,000 deep",
    "workloads/x.yaml",
    () => pod(`  annotations: {k8s.v1.cni.cncf.io/networks: '${"[".repeat(100_000)}'}\n`),
    "workload/",
  ],
  [
    "a prototype key",
    "intents/x.yaml",
    () => zone('  network: {separation: vlan, uplink: data, "__proto__": {vlan: 7}}\n'),
    "yaml/forbidden-key",
  ],
  [
    "an address of IPv4 in IPv6",
    "intents/x.yaml",
    () => zone('  network: {separation: vlan, uplink: data, subnets: ["::ffff:10.0.0.0/104"]}\n'),
    "schema/",
  ],
  [
    "look-alikes in a name",
    "intents/x.yaml",
    () => zone("  network: {separation: vlan, uplink: data}\n").replace("name: lab", "name: l\u0430b"),
    "schema/",
  ],
  [
    "letters of full width in a namespace",
    "intents/x.yaml",
    () => zone("  network: {separation: vlan, uplink: data}\n").replace("[lab]", "[\uff4cab]"),
    "schema/",
  ],
  [
    "letters in two parts in a name",
    "intents/x.yaml",
    () => zone("").replace("name: lab", "name: la\u0301b"),
    "schema/",
  ],
  ["UTF-16", "intents/x.yaml", () => Buffer.from(`\ufeff${zone("")}`, "utf16le"), "load/not-text"],
  ["a long template", "templates/kubernetes/object.hbs", () => "{{#each metadata}}".repeat(200_000), "template/"],
  ["a template without an end", "templates/kubernetes/object.hbs", () => "{{".repeat(2 * MIB - 1), "template/"],
  ["a template of comments", "templates/kubernetes/object.hbs", () => "{{!}}".repeat(800_000), "template/"],
];

/** Measured three times at most: other work on the machine makes a single measure larger, never smaller. */
const MEASURES = 3;

function bounded(done: ReturnType<typeof run>, again: () => ReturnType<typeof run>): void {
  expect(done.signal, done.stderr.slice(0, 500)).toBeNull();
  expect(done.stderr).not.toContain("this is a defect");
  expect(done.stderr.length).toBeLessThan(MIB);
  expect(done.took?.memory).toBeLessThan(512);
  // Two seconds of a processor; on a slower or busier machine, three times what the yaml package alone takes there, just now.
  let [took, limit] = [done.took?.cpu ?? Number.POSITIVE_INFINITY, 2000];
  for (let measured = 1; took >= limit && measured <= MEASURES; measured++) {
    limit = Math.max(limit, 3 * floor());
    if (took >= limit) took = Math.min(took, again().took?.cpu ?? took);
  }
  expect(took).toBeLessThan(limit);
}

test.each(refused)("%s", (_what, path, text, code) => {
  put(path, text());
  if (path.startsWith("templates/"))
    put("plumbline.yaml", read("plumbline.yaml").replace("spec:\n", "spec:\n  templates: templates\n"));
  const compile = () => run("compile");
  const done = compile();
  bounded(done, compile);
  expect(done.status).toBe(1);
  expect(done.stderr).toContain(`error[${code}`);
  expect(existsSync(join(root, "out"))).toBe(false);
});

/** The same texts, where nothing is known of them. */
test.each(refused.filter(([, path]) => path.endsWith(".yaml")))("lint: %s", (_what, _path, text) => {
  put("manifests/x.yaml", text());
  const lint = () => run("lint", "manifests");
  const done = lint();
  bounded(done, lint);
  expect([0, 1]).toContain(done.status);
});

test("a million keys in three files", () => {
  for (const name of ["a", "b", "c"]) put(`intents/${name}.yaml`, keys(340_000));
  const compile = () => run("compile");
  const done = compile();
  bounded(done, compile);
  expect(done.status).toBe(1);
  expect(done.stderr.match(/load\/too-large/g)?.length).toBeGreaterThanOrEqual(3);
});

test("pipes, devices, and links that go round or out", () => {
  execFileSync("mkfifo", [join(root, "intents/pipe.yaml")]);
  symlinkSync("/dev/zero", join(root, "intents/zero.yaml"));
  symlinkSync("/etc/passwd", join(root, "intents/passwd.yaml"));
  symlinkSync("..", join(root, "intents/up"));
  symlinkSync("self.yaml", join(root, "intents/self.yaml"));
  symlinkSync("/dev/zero", join(root, "plumbline.lock.yaml"));
  const compile = () => run("compile");
  const done = compile();
  bounded(done, compile);
  expect(done.status).toBe(1);
  for (const code of ["not-a-file", "link-leaves-project", "link-loops", "unreadable"])
    expect(done.stderr).toContain(`load/${code}`);
  expect(done.stderr).not.toContain("root:");
  expect(existsSync(join(root, "out"))).toBe(false);
});

test("workloads that are no objects of Kubernetes are left alone", () => {
  put(
    "workloads/odd.yaml",
    "- 1\n- [a]\n---\nnull\n---\n5\n---\nkind: 7\nmetadata: 8\n---\nkind: Deployment\nspec: text\n---\nkind: Pod\nmetadata: {name: [x], namespace: {y: z}}\nspec: {containers: 5}\n",
  );
  const compile = () => run("compile");
  const done = compile();
  bounded(done, compile);
  expect([0, 1]).toContain(done.status);
});
