import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { afterAll, beforeAll, expect, test } from "vitest";
import { VERSION } from "../src/project/version.ts";

const root = join(import.meta.dirname, "..");
const about = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** An empty folder into which the packed package is installed, as a stranger would. */
let home: string;
let packed: readonly string[];

function run(command: string, argv: readonly string[], cwd = home): string {
  const done = spawnSync(command, argv, { cwd, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${command} ${argv.join(" ")}: ${done.stdout}\n${done.stderr}`);
  return done.stdout;
}

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "plumbline-package-"));
  run("node", ["scripts/types.mjs"], root);
  // Without scripts: other tests run the bundle at this moment, so it must not be made anew.
  run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", home], root);
  const [tarball] = readdirSync(home);
  packed = run("tar", ["tzf", tarball as string])
    .trim()
    .split("\n")
    .sort();
  writeFileSync(join(home, "package.json"), "{}\n");
  run("npm", ["install", "--silent", "--offline", "--no-audit", "--no-fund", `./${tarball}`]);
}, 240_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

test("the package holds the bundle, its types, its papers, and no source", () => {
  const chunks = packed.filter((path) => /^package\/dist\/[\w-]+-[A-Z0-9]{8}\.js$/.test(path));
  expect(chunks.length).toBeGreaterThan(10);
  const isDocument = (path: string) => /^package\/docs\/(?!rules\/)[\w./-]+\.(md|svg|png|1)$/.test(path);
  expect(packed.filter((path) => !chunks.includes(path) && !isDocument(path))).toEqual(
    [
      "ARCHITECTURE.md",
      "CHANGELOG.md",
      "CONTRIBUTING.md",
      "LICENSE",
      "README.md",
      "SECURITY.md",
      "THIRD-PARTY-LICENSES",
      "bench/README.md",
      "dist/index.cjs",
      "dist/index.d.cts",
      "dist/index.d.ts",
      "dist/index.js",
      "dist/plumbline.js",
      "examples/homelab/README.md",
      "examples/homelab/network.svg",
      "examples/openshift-virtualization/README.md",
      "examples/openshift-virtualization/network.svg",
      "examples/telco/README.md",
      "images/README.md",
      "package.json",
      "sbom.cdx.json",
      "scripts/ci/post-comment.mjs",
      "scripts/ci/review.sh",
    ]
      .map((path) => `package/${path}`)
      .sort(),
  );
});

test("no link of the README is dead in the package", () => {
  const readme = readFileSync(join(home, "node_modules/plumbline-net/README.md"), "utf8");
  const links = [...readme.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)].map(
    (one) => one[1] ?? one[2] ?? "",
  );
  const inside = links.filter((link) => !/^([a-z]+:|#)/.test(link)).map((link) => link.replace(/#.*/, ""));
  expect(inside.length).toBeGreaterThan(20);
  expect(inside.filter((link) => !existsSync(join(home, "node_modules/plumbline-net", link)))).toEqual([]);
});

test("its entry points and types are right for every way to import it, by publint and attw", async () => {
  const [name = ""] = readdirSync(home).filter((one) => one.endsWith(".tgz"));
  const tarball = readFileSync(join(home, name));
  const bytes = tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.length) as ArrayBuffer;
  const { messages } = await publint({ pack: { tarball: bytes }, strict: true });
  // The package has no public repository yet.
  expect(messages.filter((one) => one.type !== "suggestion")).toEqual([]);
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(bytes)));
  expect(analysis.types).toEqual({ kind: "included" });
  expect("problems" in analysis ? analysis.problems : undefined).toEqual([]);
}, 120_000);

test("installing it runs nothing and brings nothing else", () => {
  expect(about.dependencies).toBeUndefined();
  expect(Object.keys(about.scripts).filter((name) => /^(pre|post)?install$|^(pre|post)prepare$/.test(name))).toEqual(
    [],
  );
  expect(readdirSync(join(home, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["plumbline-net"]);
});

test("the installed command makes a project, compiles it and proves it", () => {
  const plumbline = join(home, "node_modules/.bin/plumbline");
  expect(run(plumbline, ["--version"])).toBe(`${VERSION}\n`);
  expect(VERSION).toBe(about.version);
  run(plumbline, ["init", "shop"]);
  expect(run(plumbline, ["-C", "shop", "compile"])).toContain("inventory.json");
  run(plumbline, ["-C", "shop", "check", "--frozen"]);
  run(plumbline, ["-C", "shop", "verify"]);
});

test("the example of docs/api.md runs, and its types hold", () => {
  const page = readFileSync(join(root, "docs/api.md"), "utf8");
  const code = /```ts\n([\s\S]*?)```/.exec(page)?.[1] as string;
  writeFileSync(join(home, "example.mts"), code);
  writeFileSync(join(home, "example.mjs"), code);
  const said = run("node", ["example.mjs"]).trim().split("\n");
  expect(said.slice(0, 2)).toEqual(["true", "true"]);
  expect(said).toContain("isolationzone/pci -> the cluster's resolver tcp/53 udp/53 eth0");
  writeFileSync(
    join(home, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: { module: "nodenext", target: "es2022", strict: true, noEmit: true, types: ["node"] },
      files: ["example.mts", "wrong.cts"],
    }),
  );
  mkdirSync(join(home, "node_modules/@types"), { recursive: true });
  run("ln", ["-s", join(root, "node_modules/@types/node"), join(home, "node_modules/@types/node")]);
  run("ln", ["-s", join(root, "node_modules/undici-types"), join(home, "node_modules/undici-types")]);
  const tsc = join(root, "node_modules/.bin/tsc");
  writeFileSync(join(home, "wrong.cts"), 'import { compile } from "plumbline-net";\ncompile({});\n');
  const judged = spawnSync(tsc, ["-p", "."], { cwd: home, encoding: "utf8" });
  expect(judged.stdout.trim().split("\n")[0]).toMatch(/^wrong\.cts\(2,9\): error TS2739/);
  expect(judged.stdout).not.toContain("example.mts");
});

test("the library lints, compares, draws, explains and imports", () => {
  writeFileSync(
    join(home, "more.mts"),
    `import { type Difference, diff, explain, graph, importNetworks, lint } from "plumbline-net";
import { project, intents, workloads, files } from "./texts.mjs";

const texts = { project, intents, workloads };
const wider = intents.map((one) => ({ ...one, text: one.text.replace("[payments]", "[payments, web]") }));
const compared = diff({ texts, written: files }, { texts: { ...texts, intents: wider } });
const east: Difference | undefined = compared.clusters.east;
console.log(compared.ok, east?.isolation.map((one) => one.namespace + " " + one.after?.id).join());
const picture = graph(texts, { format: "mermaid" });
console.log(picture.graphs[0]?.nodes.map((one) => one.id).join(), picture.picture?.startsWith("flowchart"));
const asked = explain(texts, files, { from: "payments/card", to: "pci", service: "tcp/443" });
console.log(asked.ok, asked.answers[0]?.traces[0]?.verdict);
console.log(explain(texts, files, { from: "nobody", to: "pci", service: "tcp/443" }).problem);
console.log(explain(texts, files, { from: "pci", to: "pci", service: "http" }).problem);
const nad = {
  path: "nad.yaml",
  text: JSON.stringify({
    apiVersion: "k8s.cni.cncf.io/v1",
    kind: "NetworkAttachmentDefinition",
    metadata: { name: "lan", namespace: "media" },
    spec: { config: JSON.stringify({ cniVersion: "1.0.0", name: "lan", type: "macvlan", master: "eth1", mod: "bridge" }) },
  }),
};
const judged = lint([nad]);
console.log(judged.ok, judged.findings.map((one) => one.code).join());
const made = importNetworks([nad]);
console.log(made.files.map((one) => one.path).join());
`,
  );
  const page = readFileSync(join(root, "docs/api.md"), "utf8");
  const code = (/```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? "").split("\nconst { ok, files")[0];
  writeFileSync(
    join(home, "texts.mts"),
    `${code}\nconst { files } = compile({ project, intents, workloads });\nexport { project, intents, workloads, files };\n`,
  );
  writeFileSync(
    join(home, "build.json"),
    JSON.stringify({
      compilerOptions: { module: "nodenext", target: "es2022", lib: ["es2022", "dom"], strict: true, types: [] },
      files: ["more.mts", "texts.mts"],
    }),
  );
  run(join(root, "node_modules/.bin/tsc"), ["-p", "build.json"]);
  expect(run("node", ["more.mjs"]).trim().split("\n")).toEqual([
    "true web isolationzone/pci",
    "isolationzone/pci true",
    "true allowed",
    "no party is called nobody; a party is KIND NAMESPACE/NAME, NAMESPACE/NAME, a zone, an address range, external/NAME, internet (with `platform.podNetwork.nodeCidrs`), vpn/NAME, zone/NAME",
    "http is no service; write tcp/443, udp/53 or icmp",
    "true nad/unknown-key",
    "plumbline.yaml,intents/fabric.yaml,intents/externals/lan.yaml,plumbline.lock.yaml,import-report.md",
  ]);
});

test("require gives the same library", () => {
  const script =
    'const { compile } = require("plumbline-net"); console.log(compile({ project: { path: "plumbline.yaml", text: "" }, intents: [] }).findings[0].code)';
  expect(run("node", ["-e", script])).toBe("yaml/empty-file\n");
});

test("where code may not be kept between runs, the program runs all the same", () => {
  const bundle = join(home, "node_modules/plumbline-net/dist/plumbline.js");
  const explain = (folder: string) =>
    execFileSync("node", [bundle, "explain", "zone/namespace-twice"], {
      encoding: "utf8",
      env: { ...process.env, XDG_CACHE_HOME: folder },
    });
  writeFileSync(join(home, "no-folder"), "");
  const wanted = explain(join(home, "cache"));
  expect(wanted).toContain("zone/namespace-twice");
  expect(explain(join(home, "cache"))).toBe(wanted);
  expect(explain(join(home, "no-folder"))).toBe(wanted);
});
