import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mergeThreeWay } from "../src/allocation/lock/merge-three-way.ts";

/** Two branches, merged by git itself. The program is the bundle, as git and people run it. */
const PROGRAM = join(import.meta.dirname, "../dist/plumbline.js");
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "plumbline-merge-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const quiet = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
const who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];

function git(...args: readonly string[]): { readonly status: number | null; readonly text: string } {
  const done = spawnSync("git", [...who, ...args], { cwd: root, encoding: "utf8", env: { ...process.env, ...quiet } });
  return { status: done.status, text: done.stdout + done.stderr };
}

function ok(...args: readonly string[]): void {
  const { status, text } = git(...args);
  expect(status, `git ${args.join(" ")}: ${text}`).toBe(0);
}

function plumbline(...args: readonly string[]): { readonly status: number | null; readonly err: string } {
  const done = spawnSync(process.execPath, [PROGRAM, ...args], { cwd: root, encoding: "utf8" });
  return { status: done.status, err: done.stderr };
}

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const read = (path: string) => readFileSync(join(root, path), "utf8");

/** So few VLANs that two branches often take the same. */
function base(vlans: string): void {
  put(
    "plumbline.yaml",
    "apiVersion: plumbline.dev/v1alpha1\nkind: Project\nmetadata: {name: shop}\nspec:\n  clusters:\n    - name: main\n      platform: {multiNetworkPolicy: {plugins: [macvlan]}, adminPolicy: ClusterNetworkPolicy}\n",
  );
  put(
    "intents/fabric.yaml",
    `apiVersion: plumbline.dev/v1alpha1\nkind: Fabric\nmetadata: {name: dc1}\nspec:\n  clusters: [main]\n  uplinks: [{name: data, interface: bond1, vlans: ["${vlans}"]}]\n  pools: [{name: zones, cidr: 10.128.0.0/16, prefixLength: 24}]\n`,
  );
}

/** Zones are so alike that git would take one for another under a new name, and ask people about it. */
const unlike = (name: string) => Array.from({ length: 30 }, (_, at) => `# ${name} ${at} ${name}\n`).join("");

function zone(name: string, more = ""): void {
  put(
    `intents/${name}.yaml`,
    `${unlike(name)}apiVersion: plumbline.dev/v1alpha1\nkind: IsolationZone\nmetadata: {name: ${name}}\nspec:\n  namespaces: [ns-${name}]\n${more}  network: {separation: vlan, uplink: data}\n`,
  );
  put(
    `workloads/${name}.yaml`,
    `${unlike(name)}apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app, namespace: ns-${name}}\nspec:\n  replicas: 1\n  selector: {matchLabels: {app: app}}\n  template:\n    metadata: {labels: {app: app}}\n    spec:\n      containers: [{name: main, image: "registry.example.com/app:1.0"}]\n`,
  );
}

function remove(name: string): void {
  for (const folder of ["intents", "workloads"]) rmSync(join(root, `${folder}/${name}.yaml`));
}

function commit(what: string): void {
  const { status, err } = plumbline("compile");
  expect(status, err).toBe(0);
  ok("add", "-A");
  ok("commit", "-q", "-m", what);
}

/** What the lock holds for intents, by key; what is released apart. */
function held(text = read("plumbline.lock.yaml")): ReadonlyMap<string, string> {
  const entries = text.slice(0, text.indexOf("\nreleased:"));
  return new Map([...entries.matchAll(/^ {2}(\S+): (.+)$/gm)].map((match) => [match[1] as string, match[2] as string]));
}

const zonesOf = () => readdirSync(join(root, "intents")).filter((name) => name !== "fabric.yaml");

interface Branch {
  readonly add: readonly string[];
  readonly change: readonly string[];
  readonly drop: readonly string[];
}

function play({ add, change, drop }: Branch, what: string): void {
  for (const name of add) zone(name);
  for (const name of change) zone(name, "  enforcement: audit\n");
  for (const name of drop) remove(name);
  commit(what);
}

/** Starts from the zones `common`, plays both branches, and merges the second into the first. What the first one had. */
function diverge(common: readonly string[], vlans: string, ours: Branch, theirs: Branch): ReadonlyMap<string, string> {
  ok("init", "-q", "-b", "main");
  base(vlans);
  for (const name of common) zone(name);
  commit("base");
  ok("checkout", "-q", "-b", "topic");
  play(theirs, "topic");
  ok("checkout", "-q", "main");
  play(ours, "main");
  return held();
}

/** After a merge: everything compiles, nothing that stood on the branch merged into has moved, and it is stable. */
function settled(before: ReadonlyMap<string, string>, gone: readonly string[]): void {
  const now = held();
  for (const [key, value] of before)
    if (!gone.some((name) => key.includes(`/isolationzone/${name}/`))) expect(now.get(key), key).toBe(value);
  const vlans = [...now].filter(([key]) => key.includes("/vlan")).map(([, value]) => value);
  expect(new Set(vlans).size).toBe(vlans.length);
  expect(vlans.length).toBe(zonesOf().length);
  const frozen = plumbline("check", "--frozen");
  expect(frozen.status, frozen.err).toBe(0);
  for (const name of readdirSync(join(root, "out"), { recursive: true, encoding: "utf8" }))
    if (/\.(yaml|json|md)$/.test(name)) expect(read(`out/${name}`)).not.toMatch(/^(<{7}|={7}|>{7})( |$)/m);
}

const both = {
  ours: { add: ["office", "lab"], change: ["corp"], drop: ["old"] },
  theirs: { add: ["guest", "print"], change: ["pci"], drop: ["legacy"] },
} as const;
const common = ["corp", "pci", "old", "legacy", "keep"];

test("two branches that add, change and remove: compile --merge settles what git could not", {
  timeout: 120_000,
}, () => {
  const before = diverge(common, "100-120", both.ours, both.theirs);
  const merged = git("merge", "-q", "topic");
  // Lock and inventory are where both have written: git cannot merge them as texts.
  expect(merged.status).toBe(1);
  expect(read("out/main/inventory.json")).toContain("<<<<<<<");
  expect(plumbline("compile").status).toBe(1);
  const { status, err } = plumbline("compile", "--merge");
  expect(status, err).toBe(0);
  settled(before, ["legacy"]);
  expect(existsSync(join(root, "out/main/zones/guest.yaml"))).toBe(true);
  expect(existsSync(join(root, "out/main/zones/legacy.yaml"))).toBe(false);
  ok("add", "-A");
  ok("commit", "-q", "-m", "merge");
});

test("branches that took the same VLAN: the newcomer gives way, and that is said", { timeout: 120_000 }, () => {
  // Two VLANs for four zones of which two are on either branch: they cannot but meet.
  const before = diverge(
    ["corp"],
    "100-102",
    { add: ["office"], change: [], drop: [] },
    { add: ["guest"], change: [], drop: [] },
  );
  git("merge", "-q", "topic");
  const theirs = execFileSync("git", ["show", "topic:plumbline.lock.yaml"], { cwd: root, encoding: "utf8" });
  const { status, err } = plumbline("compile", "--merge");
  expect(status, err).toBe(0);
  settled(before, []);
  const key = "fabric/dc1/isolationzone/guest/vlan.data";
  const moved = held(theirs).get(key) !== held().get(key);
  expect(err).toContain(moved ? `plumbline: ${key} moved from` : "plumbline: merged; nothing moved");
});

function driver(): void {
  put(".gitattributes", "plumbline.lock.yaml merge=plumbline\nout/** merge=plumbline-out\n");
  ok("config", "merge.plumbline.driver", `"${process.execPath}" "${PROGRAM}" compile --merge %O %A %B`);
  ok("config", "merge.plumbline-out.driver", "true");
}

test("as a merge driver: branches that do not meet merge without a conflict, and one compile does the rest", {
  timeout: 120_000,
}, () => {
  ok("init", "-q", "-b", "main");
  driver();
  const before = diverge(common, "100-4000", both.ours, both.theirs);
  const merged = git("merge", "-q", "topic");
  expect(merged.status, merged.text).toBe(0);
  expect(plumbline("check").status).toBe(0);
  expect(plumbline("compile").status).toBe(0);
  settled(before, ["legacy"]);
  // What came with the topic has kept its values too: nobody was in their way.
  const topic = held(execFileSync("git", ["show", "topic:plumbline.lock.yaml"], { cwd: root, encoding: "utf8" }));
  for (const [key, value] of topic)
    if (/isolationzone\/(guest|print|keep|corp)\//.test(key)) expect(held().get(key)).toBe(value);
});

test("as a merge driver: what two branches gave out twice is a conflict that compile --merge settles", {
  timeout: 120_000,
}, () => {
  ok("init", "-q", "-b", "main");
  driver();
  const pick = (name: string) => ({ add: [name], change: [], drop: [] });
  const before = diverge(["corp"], "100-101", pick("office"), { ...pick("guest") });
  const merged = git("merge", "-q", "topic");
  expect(merged.status, merged.text).toBe(1);
  expect(merged.text).toContain("both branches gave out the same value");
  expect(read("plumbline.lock.yaml")).toContain("<<<<<<< ours");
  // Two VLANs for three zones: there is nothing left for the newcomer, and nothing is written.
  const short = plumbline("compile", "--merge");
  expect(short.err).toContain("nothing-free");
  base("100-110");
  const { status, err } = plumbline("compile", "--merge");
  expect(status, err).toBe(0);
  settled(before, []);
});

test("any two branches, merged either way, move nothing of the branch merged into", { timeout: 300_000 }, () => {
  const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const branch = fc.record({ add: fc.subarray(names), drop: fc.subarray(["old", "legacy"]) });
  fc.assert(
    fc.property(branch, branch, fc.boolean(), (ours, theirs, withDriver) => {
      rmSync(root, { recursive: true, force: true });
      mkdirSync(root);
      ok("init", "-q", "-b", "main");
      if (withDriver) driver();
      // A zone of one name on both branches is one zone: git would ask people about its file, not us.
      const more = theirs.add.filter((name) => !ours.add.includes(name));
      const before = diverge(
        ["old", "legacy", "keep"],
        "100-114",
        { add: [...ours.add, "ours"], change: [], drop: ours.drop },
        { add: [...more, "theirs"], change: [], drop: theirs.drop },
      );
      git("merge", "-q", "topic");
      const { status, err } = plumbline("compile", "--merge");
      expect(status, err).toBe(0);
      settled(before, theirs.drop);
    }),
    { numRuns: 3, seed: 8, endOnFailure: true },
  );
});

const lock = (entries: Readonly<Record<string, string>>, released: Readonly<Record<string, string>> = {}) => {
  const lines = (some: Readonly<Record<string, string>>) =>
    Object.entries(some)
      .map(([key, value]) => `  ${key}: ${value}\n`)
      .join("");
  return { path: "lock", text: `version: 1\nentries:\n${lines(entries)}released:\n${lines(released)}` };
};

test("three locks are merged entry by entry", () => {
  const k = (name: string) => `fabric/dc1/isolationzone/${name}/vlan.data`;
  const merged = mergeThreeWay(
    lock(
      { [k("kept")]: "1", [k("ours")]: "2", [k("theirs")]: "3", [k("both")]: "4", [k("gone")]: "5" },
      { [k("freed")]: "6" },
    ),
    lock(
      { [k("kept")]: "1", [k("ours")]: "12", [k("theirs")]: "3", [k("both")]: "14" },
      { [k("gone")]: "5", [k("freed")]: "6" },
    ),
    lock({
      [k("kept")]: "1",
      [k("ours")]: "2",
      [k("theirs")]: "13",
      [k("both")]: "24",
      [k("gone")]: "5",
      [k("new")]: "7",
    }),
  );
  expect(merged?.conflict).toBe(false);
  expect([...held(merged?.text)]).toEqual([
    [k("both"), "14"],
    [k("kept"), "1"],
    [k("new"), "7"],
    [k("ours"), "12"],
    [k("theirs"), "13"],
  ]);
  expect(merged?.text).toContain(`released:\n  ${k("gone")}: 5\n`);
  expect(mergeThreeWay(lock({}), { path: "lock", text: "nonsense" }, lock({}))).toBeUndefined();
  const twice = mergeThreeWay(lock({}), lock({ [k("a")]: "7" }), lock({ [k("b")]: "7" }));
  expect(twice?.conflict).toBe(true);
  expect(twice?.text).toContain(`<<<<<<< ours\n  ${k("a")}: 7\n=======\n  ${k("b")}: 7\n>>>>>>> theirs\n`);
});

test("a driver that is called wrongly, or for what it cannot read, says so", () => {
  expect(plumbline("compile", "--merge", "a", "b").status).toBe(2);
  expect(plumbline("compile", "--merge", "a", "b", "c").err).toContain("it does not exist");
  for (const name of ["a", "b", "c"]) put(name, "nonsense\n");
  expect(plumbline("compile", "--merge", "a", "b", "c").status).toBe(1);
  expect(read("b")).toBe("nonsense\n");
});
