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
  /** Whose annotation names the same networks, in the same way and order, before and after. */
  sameAttached: number;
  /** Attachments that stay as they are, on networks that are carried. */
  standing: number;
  /** Pods that charts, operators and machines make. */
  charts: number;
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
  // An empty list says nothing, and the order of routes to several networks neither.
  if (ranges.length === 0) {
    const said = Object.fromEntries(Object.entries(ipam).filter(([, one]) => !isEmpty(one))) as Json;
    return Array.isArray(said.routes) ? { ...said, routes: (said.routes as Json[]).map(canonical).sort() } : said;
  }
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
  if (length === undefined) return [JSON.stringify(range)];
  if (first.includes(":")) return [wideRange(range, first, last, Number(length))];
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

/** First and last address of a range of IPv6, as far as they are written; the rest follows from the prefix. */
function wideRange(range: Json, first: string, last: string | undefined, length: number): string {
  const base = groupsOf(first);
  const size = 1n << BigInt(128 - length);
  const low = (base / size) * size;
  const start = range.range_start ?? range.rangeStart;
  const end = range.range_end ?? range.rangeEnd ?? last;
  const from = start ? groupsOf(String(start)) : base === low ? low + 1n : base;
  // The last address of a subnet is one like any other, and some plugins leave it out.
  const to = end ? groupsOf(String(end)) : low + size - 1n;
  return `${from} ${to} ${((range.exclude as string[]) ?? []).join()}`;
}

function groupsOf(text: string): bigint {
  const [head = "", tail] = text.split("::");
  const groups = (part: string) => part.split(":").filter((one) => one !== "");
  const [a, b] = [groups(head), groups(tail ?? "")];
  const all = tail === undefined ? a : [...a, ...Array<string>(8 - a.length - b.length).fill("0"), ...b];
  return all.reduce((sum, one) => sum * 65536n + BigInt(`0x${one}`), 0n);
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
    sameAttached: 0,
    standing: estate.losses.filter((one) => one.kind === "keptPod").length,
    charts: estate.losses.filter((one) => one.kind === "chart").length,
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
  compareAnnotations(estate, score);
  return score;
}

/** The patch of each workload against the annotation that its manifest has. */
function compareAnnotations(estate: ReturnType<typeof importEstate>, score: Score): void {
  const patched = new Map<string, readonly Json[]>();
  for (const { path, text } of estate.compiled.files) {
    const [, namespace] = /\/patches\/([^/]+)\//.exec(path) ?? [];
    if (namespace === undefined) continue;
    for (const { value } of readDocuments({ path, text }, "manifest").documents)
      for (const { patch } of ((value as Json | null)?.patches as { patch: string }[] | undefined) ?? [])
        for (const inner of readDocuments({ path, text: patch }, "manifest").documents) {
          const one = inner.value as Json;
          const list = elementsOf(annotationOf(one), namespace);
          if (list) patched.set(`${String(one.kind)} ${namespace}/${String(at(one, "metadata", "name"))}`, list);
        }
  }
  const seen = new Set<string>();
  for (const { settled } of estate.intents)
    for (const { workload } of settled.members) {
      const id = `${workload.kind} ${workload.namespace}/${workload.name}`;
      if (seen.has(id)) continue;
      seen.add(id);
      const before = elementsOf(annotationOf(workload.doc.value as Json), workload.namespace) ?? [];
      const after = patched.get(id) ?? [];
      const difference = attachmentDifference(before, after);
      if (difference === undefined) score.sameAttached++;
      else score.unfaithful.push(`${id}: ${difference}`);
    }
}

function annotationOf(object: Json): unknown {
  const template = at(object, "spec", "jobTemplate", "spec", "template") ?? at(object, "spec", "template") ?? object;
  return at(template, "metadata", "annotations", "k8s.v1.cni.cncf.io/networks");
}

/** Elements of an annotation, each with its namespace and its interface. */
function elementsOf(text: unknown, namespace: string): readonly Json[] | undefined {
  if (typeof text !== "string") return undefined;
  const list: Json[] = /[[{"]/.test(text)
    ? (JSON.parse(text) as Json[])
    : text.split(",").map((one) => {
        const [, own, name, link] = /^\s*(?:([^/@]+)\/)?([^/@]+?)(?:@(\S+))?\s*$/.exec(one) ?? [];
        return { name, ...(own && { namespace: own }), ...(link && { interface: link }) };
      });
  return list.map((one, index) => ({
    id: `${String(one.namespace ?? namespace)}/${String(one.name)}`,
    interface: one.interface ?? one.interfaceRequest ?? `net${index + 1}`,
    ips: ((one.ips as string[] | undefined) ?? []).map((ip) => ip.toLowerCase()).sort(),
    mac: typeof one.mac === "string" ? one.mac.toLowerCase().replaceAll("-", ":") : undefined,
    route: one["default-route"] ?? [],
  }));
}

function attachmentDifference(before: readonly Json[], after: readonly Json[]): string | undefined {
  const [old, now] = [before, after].map((list) => new Map(list.map((one) => [`${one.id} ${one.interface}`, one])));
  for (const [key, one] of old as Map<string, Json>) {
    const other = now?.get(key);
    if (!other) return `${key} is gone`;
    const given = (one.ips as unknown[]).length === 0 && (other.ips as unknown[]).length > 0;
    const [a, b] = given
      ? [
          { ...one, ips: [] },
          { ...other, ips: [] },
        ]
      : [one, other];
    if (canonical(a) !== canonical(b)) return `${canonical(a)} became ${canonical(b)}`;
  }
  const extra = [...(now as Map<string, Json>).keys()].find((key) => !old?.has(key));
  return extra === undefined ? undefined : `${extra} is new`;
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

function attachedWords({
  attached,
  sameAttached,
  standing,
  charts,
}: Pick<Score, "attached" | "sameAttached" | "standing" | "charts">): string {
  return `${attached} attachments carried (of ${sameAttached} workloads with the same annotation), ${standing} as they stand, ${charts} of charts and operators`;
}

const COUNTED = [
  "carried",
  "asTheyStand",
  "faithful",
  "told",
  "attachments",
  "attached",
  "sameAttached",
  "standing",
  "charts",
] as const;

function main(folder: string, reviewed: string | undefined): void {
  const verdicts = reviewedFindings(reviewed);
  const codes = new Map<string, { found: number; right: number; wrong: number; first: string }>();
  const total = Object.fromEntries(["networks", "plain", ...COUNTED].map((key) => [key, 0])) as Record<
    (typeof COUNTED)[number] | "networks" | "plain",
    number
  >;
  for (const name of readdirSync(folder).sort()) {
    const root = join(folder, name);
    if (!statSync(root).isDirectory()) continue;
    const files = filesOf(root);
    const one = scoreRepository(files);
    total.networks += one.networks;
    total.plain += one.networks - one.templates;
    for (const key of COUNTED) total[key] += one[key];
    const { networks, templates, carried, asTheyStand, faithful, told, attachments } = one;
    console.log(
      `${name}: ${carried} of ${networks} networks carried (${asTheyStand} as they stand; ${templates} in templates), ${faithful} the same, ${told} told; ${attachments} annotations: ${attachedWords(one)}`,
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
    `total: ${total.carried} of ${total.networks} networks (${total.plain} in no template) carried, ${total.asTheyStand} as they stand; ${total.faithful} the same, ${total.told} told; ${total.attachments} annotations: ${attachedWords(total)}`,
  );
  for (const [code, { found, right, wrong, first }] of [...codes].sort())
    console.log(`${code}: ${found} found, ${right} reviewed as true, ${wrong} as false; the first: ${first}`);
}

const [folder, reviewed] = process.argv.slice(2);
if (folder === undefined) {
  console.error("npx tsx scripts/score-estates.ts FOLDER [REVIEWED]");
  process.exitCode = 2;
} else main(folder, reviewed);
