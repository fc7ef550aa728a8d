import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { buildCombinedSchema } from "../src/commands/schema.ts";
import { formats } from "../src/schema/formats.ts";
import { patterns } from "../src/schema/patterns.ts";
import { core } from "./core.ts";
import { examplesOf } from "./page-project.ts";

const root = join(import.meta.dirname, "..");
const validate = new Ajv2020({ strict: false }).compile(buildCombinedSchema());

function documentsOf(text: string): readonly { readonly apiVersion?: unknown }[] {
  return parseAllDocuments(text, { logLevel: "silent" }).flatMap((one) => {
    const value: unknown = "toJS" in one ? one.toJS() : undefined;
    return typeof value === "object" && value !== null ? [value] : [];
  });
}

/** Intents and projects that compile: those of examples and cases, and the right ones of pages. */
const texts = [
  ...["plumbline.yaml", "intents", "test/cases/kinds", "test/e2e/fixtures/twozone", "examples"]
    .map((path) => join(root, path))
    .filter(existsSync)
    .flatMap((path) =>
      path.endsWith(".yaml")
        ? [path]
        : readdirSync(path, { recursive: true, encoding: "utf8" })
            .filter((name) => name.endsWith(".yaml") && !/(^|\/)(out|expected)\//.test(name))
            .map((name) => join(path, name)),
    )
    .map((path) => readFileSync(path, "utf8")),
  ...core.ruleCatalogue.flatMap(({ page }) => examplesOf(page ?? "")?.right ?? []),
];

test("an editor finds nothing wrong with what is right", () => {
  let seen = 0;
  for (const document of texts.flatMap(documentsOf)) {
    if (!String(document.apiVersion).startsWith("plumbline.dev/")) continue;
    seen++;
    expect(validate(document) ? [] : [document, validate.errors?.filter((one) => one.keyword === "pattern")]).toEqual(
      [],
    );
  }
  expect(seen).toBeGreaterThan(200);
});

/** Values of every format, right and wrong; what the format accepts, its pattern accepts. */
const VALUES = [
  ..."10.10.0.1 10.0.0.0/33 10.0.0.0/24 fd00::1 fd00:10::/64 ::/0 ::ffff:10.0.0.1 10.10.0.1-10.10.0.9 10.0.0.300 any".split(
    " ",
  ),
  ..."icmp tcp/1 tcp/65535 udp/53 tcp/8000-8010 sctp/38412 tcp/http 1 110 100-199 4094 4095 0".split(" "),
  ..."pci PCI_zone a a-b a--b -a bond1 eth0.5 02:00:0a:0a:00:14 203.0.113.2:51820 [2001:db8::2]:51820".split(" "),
  ..."100m 0.5 64Mi 1e3 1G 100M nginx registry.example.com:5000/a/b:1.0 a.b.c tier example.com/tier net.ipv4.conf.IFNAME.arp_notify".split(
    " ",
  ),
  ..."1.36 main v1.0 30s 1h30m 1/2 1/3 out/*.yaml ../x /abs {cluster} https://kubernetes.default.svc".split(" "),
  "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=",
  `a@sha256:${"0".repeat(64)}`,
  "x".repeat(63),
  "x".repeat(64),
  `${"a-".repeat(19)}a`,
];

test("a pattern accepts everything that its format accepts, and no slip that it can tell", () => {
  const unlike = Object.entries(patterns).flatMap(([name, pattern]) =>
    VALUES.filter((value) => formats[name]?.(value) === undefined && !new RegExp(pattern, "u").test(value)).map(
      (value) => `${name}: ${value}`,
    ),
  );
  expect(unlike).toEqual([]);
  expect(Object.keys(patterns).filter((name) => !formats[name])).toEqual([]);
  for (const [name, slip] of [
    ["name", "PCI_zone"],
    ["cidr", "10.0.0.0/33"],
    ["service", "tcp-8443"],
    ["address", "10.0.0.300"],
    ["vlans", "4095"],
  ] as const)
    expect(new RegExp(patterns[name] ?? "", "u").test(slip), name).toBe(false);
});
