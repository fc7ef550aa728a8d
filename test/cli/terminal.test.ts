import { join } from "node:path";
import { expect, test } from "vitest";
import { ruleCatalogue } from "../../src/catalogue.ts";
import type { Io } from "../../src/commands/io.ts";
import { runProgram } from "../../src/commands/program.ts";
import { listInputSchemas } from "../../src/commands/schema.ts";
import { OTHER_TOPICS } from "../../src/commands/topics.ts";
import { formatFindings } from "../../src/diagnostics/format/index.ts";
import { wrapWords } from "../../src/diagnostics/format/wrap-words.ts";
import { defineRules } from "../../src/diagnostics/rules.ts";

const root = join(import.meta.dirname, "../..");

async function plumbline(argv: readonly string[], more: Partial<Io> = {}, noColor = false) {
  let [out, err] = ["", ""];
  const io: Io = {
    cwd: root,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    terminal: false,
    process: { id: 1, isAlive: () => false },
    now: () => 0,
    ...more,
  };
  return { exit: await runProgram(argv, io, { noColor }), out, err };
}

const ESCAPE = "\u001b[";

test("a file gets no colour, although the terminal beside it does", async () => {
  const { out, err } = await plumbline(["verify"], { terminal: true });
  expect(out).not.toContain(ESCAPE);
  expect(err).toContain(ESCAPE);
  const both = await plumbline(["verify"], { terminal: true, outTerminal: true });
  expect(both.out).toContain(ESCAPE);
  const none = await plumbline(["verify"], { terminal: true, outTerminal: true }, true);
  expect(none.out + none.err).not.toContain(ESCAPE);
  const asked = await plumbline(["--color", "always", "diff", "--targets", "multus,kube-ovn"]);
  expect(asked.out).toContain(ESCAPE);
}, 60_000);

test("colour adds nothing but colour", async () => {
  const plain = await plumbline(["verify"]);
  const painted = await plumbline(["--color", "always", "verify"]);
  const bare = (text: string) => text.replace(/\u001b\[\d+m/g, "");
  expect(bare(painted.out)).toBe(plain.out);
  expect(bare(painted.err)).toBe(plain.err);
}, 60_000);

test("a table that is wider than the terminal has two lines for each row, and no line is cut", async () => {
  const narrow = await plumbline(["verify"], { outTerminal: true, terminal: true, columns: 80 }, true);
  expect(narrow.out).toContain("isolationzone/corp -> isolationzone/pci\n    tcp/8443  by firewallpair/edge\n");
  for (const line of `${narrow.out}${narrow.err}`.split("\n").slice(0, -2)) expect(line.length).toBeLessThanOrEqual(80);
  const piped = await plumbline(["verify"], { terminal: true, columns: 80 }, true);
  expect(piped.out).toMatch(/^FROM +TO +SERVICES +BY$/m);
  const words = (text: string) => text.split(/\s+/).filter((one) => one !== "");
  const wide = await plumbline(["verify"]);
  expect(words(narrow.err)).toEqual(words(wide.err));
}, 60_000);

test("notes and help wrap between words, below where they begin", () => {
  const rules = defineRules("zone", {
    odd: {
      severity: "error",
      message: () => "an odd thing is here ".repeat(4).trim(),
      help: "write something else ".repeat(5).trim(),
    },
  });
  const found = rules.diagnose(
    "odd",
    undefined,
    {},
    { notes: ["one two three four five six seven eight nine ten ".repeat(3).trim()] },
  );
  const shown = (width?: number) => formatFindings("text", [found], { colour: false, version: "0", width });
  for (const line of shown(60).split("\n")) expect(line.length).toBeLessThanOrEqual(60);
  expect(shown(60).replace(/\s+/g, " ")).toBe(shown().replace(/\s+/g, " "));
  expect(shown(60)).toContain("\n  = note: one two");
  expect(shown(60)).toMatch(/\n {10}\S/);
  expect(wrapWords("a verylongwordthatisalonewider than", 24)).toEqual(["a", "verylongwordthatisalonewider", "than"]);
});

test("what takes more than a second says what it does, and takes its words away", async () => {
  let time = 0;
  const slow = { now: () => (time += 700), terminal: true, columns: 40 };
  const { err } = await plumbline(["check"], slow, true);
  const parts = err.split("\r\u001b[K");
  expect(parts.slice(1, -1).every((one) => one.startsWith("plumbline: ") && one.length < 40)).toBe(true);
  expect(parts.some((one) => one.includes("verifying east"))).toBe(true);
  expect(parts.at(-1)).toBe("2 clusters, 23 files: the intents are right\n");
  time = 0;
  const verified = await plumbline(["verify"], slow, true);
  expect(verified.err).toContain("plumbline: verifying west …");
  const quiet = await plumbline(["--quiet", "check"], slow, true);
  expect(quiet.err).toBe("");
  const piped = await plumbline(["check"], { ...slow, terminal: false }, true);
  expect(piped.err).not.toContain("verifying");
  const quick = await plumbline(["check"], { terminal: true }, true);
  expect(quick.err).not.toContain("verifying");
}, 60_000);

test("explain alone is an index; every topic is in a group, and lists its codes", async () => {
  const { out } = await plumbline(["explain"]);
  expect(out).not.toContain(`\n${OTHER_TOPICS}:`);
  for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
  const owners = [...new Set(ruleCatalogue.map(({ code }) => code.split("/")[0] ?? ""))];
  for (const owner of owners) {
    expect(out).toMatch(new RegExp(`^  ${owner} +\\d+  \\S`, "m"));
    const listed = await plumbline(["explain", owner]);
    const codes = ruleCatalogue.filter(({ code }) => code.startsWith(`${owner}/`)).map(({ code }) => code);
    expect([...listed.out.matchAll(/^\w+ +(\S+\/\S+)$/gm)].map((one) => one[1])).toEqual(codes);
  }
  const all = await plumbline(["explain", "--format", "concise"]);
  expect(all.out.trim().split("\n").length).toBe(ruleCatalogue.length);
});

test("explain KIND tells every key of the kind", async () => {
  for (const [name, schema] of listInputSchemas()) {
    const { out, exit } = await plumbline(["explain", name]);
    expect(exit).toBe(0);
    for (const key of Object.keys(schema.properties?.spec?.properties ?? {}))
      expect(out).toMatch(new RegExp(`^  ${key}(\\[\\])?  \\(`, "m"));
  }
  expect((await plumbline(["explain", "isolationzone"])).out).toBe((await plumbline(["explain", "IsolationZone"])).out);
  expect((await plumbline(["explain", "IsolationZoen"])).exit).toBe(2);
  const field = await plumbline(["explain", "isolationzone.spec.members[].range"]);
  expect(field.out).toMatch(
    /^IsolationZone\.members\.range {2}\(object\)\n\nA range of its own[\s\S]*\n {2}size {2}\(integer 1 to 65536, required\)/,
  );
  const slip = await plumbline(["explain", "IsolationZone.network.vlam"]);
  expect([slip.exit, slip.err]).toEqual([
    2,
    "plumbline: IsolationZone.network has no key vlam; did you mean `vlan`?\n",
  ]);
});
