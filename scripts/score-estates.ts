import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { importEstate } from "../src/import/import-project.ts";
import { lintFiles } from "../src/lint/lint.ts";
import type { SourceFile } from "../src/source/source-file.ts";
import { readDocuments } from "../src/yaml/read-documents.ts";

/*
 * npx tsx scripts/score-estates.ts FOLDER [REVIEWED]
 *
 * FOLDER holds repositories, one a folder. Prints of each what an import carries, and whether every network and annotation
 * means the same afterwards; and what lint finds, by code. REVIEWED is a list of reviewed findings, `true|false<TAB>repository<TAB>
 * file:line<TAB>code` a line: then the share of true ones is printed as well. The comparison shares no code with the import.
 */

type Json = Record<string, unknown>;

interface Score {
  networks: number;
  carried: number;
  asTheyStand: number;
  templates: number;
  attachments: number;
  attached: number;
  faithful: number;
  told: number;
  readonly unfaithful: string[];
}

const SKIPPED = /(^|\/)(\.git|node_modules|vendor)(\/|$)/;

function filesOf(root: string): readonly SourceFile[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(ya?ml|json)$/.test(path) && !SKIPPED.test(path))
    .filter((path) => statSync(join(root, path)).isFile() && statSync(join(root, path)).size < 2_000_000)
    .map((path) => ({ path: path.replaceAll("\\", "/"), text: readFileSync(join(root, path), "utf8") }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function objectsIn(file: SourceFile): readonly Json[] {
  if (!file.text.includes("k8s.")) return [];
  const { documents } = readDocuments(file, "manifest");
  return documents.flatMap(({ value }) => {
    const one = value as Json | null;
    if (typeof one !== "object" || one === null) return [];
    return Array.isArray(one.items) ? (one.items as Json[]) : [one];
  });
}

function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Json | null | undefined)?.[key], value);
}

/** What a plugin takes for granted, by its documentation. */
const DEFAULTS: Readonly<Record<string, Json>> = {
  macvlan: { mode: "bridge" },
  ipvlan: { mode: "l2" },
  bridge: { bridge: "cni0" },
};

function pluginsOf(config: Json, name: string): Json[] {
  const list = Array.isArray(config.plugins) && !config.type ? (config.plugins as Json[]) : [config];
  return list.map((plugin, index) => {
    const { cniVersion: _version, name: _name, capabilities: _asked, ...own } = plugin;
    const said = Object.entries(own).filter(([, one]) => !isEmpty(one));
    const of = { ...DEFAULTS[String(own.type)], ...Object.fromEntries(said) } as Json;
    if (index === 0 && /^(host-local|dhcp)$/.test(String(at(own, "ipam", "type")))) of.leases = config.name || name;
    if (of.ipam) of.ipam = plainIpam(of.ipam as Json);
    return of;
  });
}

function isEmpty(value: unknown): boolean {
  if (value === false || value === 0 || value === "" || value === null || value === undefined) return true;
  return typeof value === "object" && Object.keys(value as object).length === 0;
}

function plainIpam(ipam: Json): Json {
  const { type, routes = [] } = ipam;
  const ranges: Json[] =
    type === "whereabouts"
      ? [...(ipam.range ? [ipam] : []), ...((ipam.ipRanges as Json[]) ?? [])]
      : type === "host-local"
        ? [...(ipam.subnet ? [ipam] : []), ...((ipam.ranges as Json[][]) ?? []).flat()]
        : [];
  // An empty list says nothing.
  if (ranges.length === 0) return Object.fromEntries(Object.entries(ipam).filter(([, one]) => !isEmpty(one)));
  const gateway = ranges.map((one) => one.gateway).find((one) => one !== undefined);
  const free = ranges.flatMap((one) => addressesOf(one, String(type)));
  const hops = (routes as Json[]).map((one) => `${one.dst} ${one.gw ?? gateway ?? "gateway"}`).sort();
  return { type, free: joined(free), prefixes: [...new Set(ranges.map(prefixOf))].sort(), hops };
}

function prefixOf(range: Json): string {
  return String(range.range ?? range.subnet).replace(/^.*\//, "");
}

type Free = [number, number] | string;

/** Bounds of what is given out, for IPv4; of IPv6 the words as they are. */
function addressesOf(range: Json, type: string): Free[] {
  const text = String(range.range ?? range.subnet);
  const [, first = "", last, length] = /^\s*([^-/]+)(?:-([^/]+))?\/(\d+)\s*$/.exec(text) ?? [];
  if (first.includes(":") || length === undefined) return [JSON.stringify(range)];
  const size = 2 ** (32 - Number(length));
  const base = Math.floor(numberOf(first) / size) * size;
  let low = Math.max(base + 1, type === "whereabouts" && (last || numberOf(first) !== base) ? numberOf(first) : 0);
  let high = last ? numberOf(last) : base + size - 2;
  const [start, end] = [range.range_start ?? range.rangeStart, range.range_end ?? range.rangeEnd];
  if (start) low = numberOf(String(start));
  if (end) high = numberOf(String(end));
  // host-local keeps its gateway's address back: the first of the subnet, where none is written.
  const out = ((range.exclude as string[]) ?? []).map(blockOf);
  if (type === "host-local") out.push(blockOf(String(range.gateway ?? dotted(base + 1))));
  let free: [number, number][] = [[low, high]];
  for (const [from, to] of out)
    free = free.flatMap(([a, b]) =>
      to < a || from > b
        ? [[a, b]]
        : [
            [a, from - 1],
            [to + 1, b],
          ].filter(([x, y]) => (x as number) <= (y as number)),
    ) as [number, number][];
  return free;
}

function joined(ranges: readonly Free[]): unknown {
  const numbers = ranges.filter((one): one is [number, number] => typeof one !== "string").sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [a, b] of numbers) {
    const last = merged.at(-1);
    if (last && a <= last[1] + 1) last[1] = Math.max(last[1], b);
    else merged.push([a, b]);
  }
  return [...merged, ...ranges.filter((one) => typeof one === "string").sort()];
}

function numberOf(text: string): number {
  return text.split(".").reduce((sum, one) => sum * 256 + Number(one), 0);
}

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

function blockOf(text: string): [number, number] {
  const [address = "", length = "32"] = text.split("/");
  const size = 2 ** (32 - Number(length));
  const base = Math.floor(numberOf(address) / size) * size;
  return [base, base + size - 1];
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "-";
  return `{${Object.entries(value)
    .map(([key, one]) => `${key}:${canonical(one)}`)
    .sort()
    .join()}}`;
}

function parsed(object: Json): Json | undefined {
  try {
    return JSON.parse(String(at(object, "spec", "config"))) as Json;
  } catch {
    return undefined;
  }
}

function scoreRepository(files: readonly SourceFile[]): Score {
  const estate = importEstate(files, { cluster: "main", namespace: "default" });
  const score: Score = {
    networks: 0,
    carried: 0,
    asTheyStand: 0,
    templates: 0,
    attachments: 0,
    attached: 0,
    faithful: 0,
    told: 0,
    unfaithful: [],
  };
  for (const file of files) {
    const own = file.text.split(/^---/m).filter((one) => !/^kind:\s*["']?CustomResourceDefinition\b/m.test(one));
    const texts = own.join("---").match(/^\s*-?\s*kind:\s*["']?NetworkAttachmentDefinition\b/gm) ?? [];
    score.networks += texts.length;
    if (/\{\{|\$\{/.test(file.text)) score.templates += texts.length;
    score.attachments += (file.text.match(/^\s*["']?k8s\.v1\.cni\.cncf\.io\/networks["']?:/gm) ?? []).length;
  }
  const out = new Map<string, Json>();
  for (const file of estate.compiled.files)
    for (const object of objectsIn(file))
      if (object.kind === "NetworkAttachmentDefinition")
        out.set(`${at(object, "metadata", "namespace")}/${at(object, "metadata", "name")}`, object);
  const report = estate.files.find((one) => one.path === "import-report.md")?.text ?? "";
  for (const { settled, kind } of estate.intents) {
    score.attached += settled.members.length;
    for (const [index, { namespace, name }] of settled.network.objects.entries()) {
      score.carried++;
      if (kind === "kept") score.asTheyStand++;
      const original = (settled.network.nads[index] ?? settled.network.nads[0])?.object.value as Json;
      const difference = differenceOf(original, out.get(`${namespace}/${name}`));
      if (difference === undefined) score.faithful++;
      else if (report.includes(`${namespace}/${name}`) && report.includes(difference.split(" ")[0] as string))
        score.told++;
      else score.unfaithful.push(`${namespace}/${name}: ${difference}`);
    }
  }
  return score;
}

function differenceOf(original: Json, compiled: Json | undefined): string | undefined {
  if (!compiled) return "absent from out/";
  const name = String(at(original, "metadata", "name"));
  const [before, after] = [parsed(original), parsed(compiled)];
  if (!before || !after) return "config is no JSON";
  const [old, now] = [pluginsOf(before, name), pluginsOf(after, name)];
  for (const [index, plugin] of old.entries()) {
    const other = now[index] ?? {};
    for (const key of new Set([...Object.keys(plugin), ...Object.keys(other)]))
      if (canonical(plugin[key]) !== canonical(other[key]))
        return `${key} ${canonical(plugin[key])} became ${canonical(other[key])}`;
  }
  if (old.length !== now.length) return "plugins";
  for (const which of ["annotations", "labels"]) {
    const kept = (at(compiled, "metadata", which) ?? {}) as Json;
    for (const [key, value] of Object.entries((at(original, "metadata", which) ?? {}) as Json))
      if (kept[key] !== value) return `${key} of its ${which} is gone`;
  }
  return undefined;
}

function reviewedFindings(path: string | undefined): ReadonlyMap<string, boolean> {
  const lines = path === undefined ? [] : readFileSync(path, "utf8").split("\n");
  return new Map(
    lines.flatMap((line) => {
      const [verdict, ...key] = line.split("\t");
      return key.length === 3 ? [[key.join("\t"), verdict === "true"] as const] : [];
    }),
  );
}

function main(folder: string, reviewed: string | undefined): void {
  const verdicts = reviewedFindings(reviewed);
  const codes = new Map<string, { found: number; right: number; wrong: number; first: string }>();
  const total = {
    networks: 0,
    plain: 0,
    carried: 0,
    asTheyStand: 0,
    faithful: 0,
    told: 0,
    attachments: 0,
    attached: 0,
  };
  for (const name of readdirSync(folder).sort()) {
    const root = join(folder, name);
    if (!statSync(root).isDirectory()) continue;
    const files = filesOf(root);
    const one = scoreRepository(files);
    total.networks += one.networks;
    total.plain += one.networks - one.templates;
    for (const key of ["carried", "asTheyStand", "faithful", "told", "attachments", "attached"] as const)
      total[key] += one[key];
    const { networks, templates, carried, asTheyStand, faithful, told, attachments, attached } = one;
    console.log(
      `${name}: ${carried} of ${networks} networks carried (${asTheyStand} as they stand; ${templates} in templates), ${faithful} the same, ${told} told; ${attached} of ${attachments} attachments`,
    );
    for (const line of one.unfaithful) console.log(`  not the same, and not told: ${line}`);
    for (const { code, place } of lintFiles(files).diagnostics) {
      const where =
        place && "file" in place
          ? `${place.file.path}:${place.file.text.slice(0, place.start).split("\n").length}`
          : "";
      const entry = codes.get(code) ?? { found: 0, right: 0, wrong: 0, first: `${basename(root)}/${where}` };
      codes.set(code, entry);
      entry.found++;
      const verdict = verdicts.get(`${name}\t${where}\t${code}`);
      if (verdict !== undefined) entry[verdict ? "right" : "wrong"]++;
    }
  }
  console.log(
    `total: ${total.carried} of ${total.networks} networks (${total.plain} in no template) carried, ${total.asTheyStand} as they stand; ${total.faithful} the same, ${total.told} told; ${total.attached} of ${total.attachments} attachments`,
  );
  for (const [code, { found, right, wrong, first }] of [...codes].sort())
    console.log(`${code}: ${found} found, ${right} reviewed as true, ${wrong} as false; the first: ${first}`);
}

const [folder, reviewed] = process.argv.slice(2);
if (folder === undefined) {
  console.error("npx tsx scripts/score-estates.ts FOLDER [REVIEWED]");
  process.exitCode = 2;
} else main(folder, reviewed);
