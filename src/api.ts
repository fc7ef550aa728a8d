import { compareVersions } from "./answers/compare-versions.ts";
import { buildGraphs, drawGraphs } from "./answers/draw-graphs.ts";
import { describeUnknownParty, explainPathInCluster } from "./answers/explain-path.ts";
import { renderGraphPage } from "./answers/page/graph-page.ts";
import { buildVersion, type ProjectVersion } from "./answers/project-version.ts";
import {
  type CompiledProject,
  compileUnverified,
  readBack,
  type VerifiedCluster,
  verifyFiles,
} from "./answers/verify-files.ts";
import { compile as compileInputs } from "./compile.ts";
import { type Diagnostic, hasErrors } from "./diagnostics/diagnostic.ts";
import { toJson } from "./diagnostics/format/json.ts";
import { sortFindings } from "./diagnostics/format/sort-findings.ts";
import { importEstate } from "./import/import-project.ts";
import { formatLoss } from "./import/write-report.ts";
import type { Inputs } from "./ir/compiled.ts";
import { fixFiles, lintFiles } from "./lint/lint.ts";
import { parseService } from "./net/service.ts";
import { listConnections } from "./verify/report/connections.ts";
import { convertTraces } from "./verify/report/format/trace-text.ts";
import { buildTable } from "./verify/report/table.ts";

/** A text with its path: relative to the project's folder, with forward slashes. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** Manifests that pods come from. */
export interface WorkloadText extends TextFile {
  /** For manifests in it that name no namespace. */
  readonly namespace?: string;
}

/** Everything that a project is made of. The compiler reads nothing else: no file, clock, environment or network. */
export interface ProjectTexts {
  /** plumbline.yaml. */
  readonly project: TextFile;
  readonly intents: readonly TextFile[];
  readonly workloads?: readonly WorkloadText[];
  /** What was allocated before; absent = nothing was. */
  readonly lock?: TextFile;
  /** Files of kustomize by which the workloads are built: `kustomization.yaml`. */
  readonly kustomizations?: readonly TextFile[];
  /** Templates of the project's own; `name` is the path in their folder without ending: `multus/network`. */
  readonly templates?: readonly (TextFile & { readonly name: string })[];
}

export interface CompileOptions {
  /** Only these clusters; absent = all. */
  readonly clusters?: readonly string[];
  /** Ids of intents that get new values, as in `isolationzone/pci`. */
  readonly relock?: readonly string[];
  /** Release the values of deleted intents. */
  readonly gc?: boolean;
  /** The lock has conflict markers: keep both sides, and allocate new values for duplicates. */
  readonly merge?: boolean;
}

/** 1-based lines and columns, 0-based offsets, all in UTF-16 units. */
export interface Range {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly offset: number;
  readonly endOffset: number;
}

/** What `--format json` prints for a finding. */
export interface Finding {
  /** `zone/namespace-twice`: its page is what `plumbline explain` prints. */
  readonly code: string;
  readonly severity: "error" | "warning" | "note";
  readonly message: string;
  readonly range: Range | null;
  readonly label: string | null;
  readonly related: readonly { readonly range: Range; readonly label: string }[];
  readonly notes: readonly string[];
  readonly help: string | null;
  /** An edit that corrects it; null: there is a choice to make. */
  readonly fix: { readonly range: Range; readonly text: string } | null;
}

export interface CompileResult {
  /** Whether there is no error; warnings do not count. */
  readonly ok: boolean;
  /** What belongs below the output folder, paths relative to it; empty where there is an error. */
  readonly files: readonly TextFile[];
  /** The new text of the lock; undefined where there is an error. */
  readonly lock: string | undefined;
  readonly findings: readonly Finding[];
}

/** A pair of parties, and what can flow from the first to the second. */
export interface Reachable {
  readonly cluster: string;
  readonly from: string;
  readonly to: string;
  /** As in intents: `tcp/8443`. */
  readonly services: readonly string[];
  /** `eth0`, or the gateways on the way, or the link that both are on. */
  readonly way: readonly string[];
  /** What is assumed for it. */
  readonly assumed: readonly string[];
}

export interface VerifyResult {
  /** Whether exactly what the intents say can flow. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** Empty where the intents themselves are wrong. */
  readonly reachable: readonly Reachable[];
}

/** What `--format json` of `diff` prints, without its findings: one for each cluster. */
export interface Difference {
  /** Namespaces that enter or leave a zone, or whose zone starts or stops to enforce. */
  readonly isolation: readonly {
    readonly namespace: string;
    readonly before: Isolation | undefined;
    readonly after: Isolation | undefined;
    readonly loss: boolean;
  }[];
  readonly networks: readonly {
    readonly network: string;
    readonly what: "VLAN" | "uplink" | "subnets" | "MTU";
    readonly before: string;
    readonly after: string;
    readonly because: string | undefined;
  }[];
  readonly connections: readonly ConnectionChange[];
  readonly objects: readonly {
    readonly change: "added" | "changed" | "removed";
    readonly object: string;
    readonly intent: string | undefined;
    readonly because: string | undefined;
  }[];
  /** Networks of others that pods of a zone may join from now on, or no longer. */
  readonly guards: readonly {
    readonly change: "added" | "removed";
    readonly zone: string;
    readonly namespace: string;
    readonly network: string;
  }[];
}

export interface Isolation {
  readonly id: string;
  readonly enforcement: "enforce" | "audit";
}

export interface ConnectionChange {
  readonly change: "added" | "changed" | "removed";
  readonly from: string;
  readonly to: string;
  readonly way: readonly string[];
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Lines of the intents that mean it. */
  readonly because: readonly string[];
  /** Exactly what becomes possible, and what no longer is. */
  readonly opened: readonly ConnectionDetail[];
  readonly closed: readonly ConnectionDetail[];
}

export interface ConnectionDetail {
  readonly from: string;
  readonly to: string;
  readonly services: readonly string[];
}

/** A project at one time. */
export interface Version {
  readonly texts: ProjectTexts;
  /** What was written below the output folder; absent = what the intents give. */
  readonly written?: readonly TextFile[];
}

export interface DiffResult {
  /** Whether both sides could be read; then `findings` is empty. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  readonly clusters: Readonly<Record<string, Difference>>;
}

/** Who stands where in a cluster, and who may reach whom. */
export interface Graph {
  readonly cluster: string;
  readonly nodes: readonly {
    readonly id: string;
    readonly kind: "zone" | "network" | "external" | "firewall" | "vpn" | "far" | "outside";
    readonly title: string;
    readonly subtitle: string;
    readonly lines: readonly string[];
  }[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly kind: "allowed" | "leg" | "eth0" | "tunnel";
    readonly labels: readonly string[];
  }[];
}

export interface GraphOptions {
  readonly clusters?: readonly string[];
  /** Also draw it. */
  readonly format?: "dot" | "mermaid" | "svg" | "html";
}

export interface GraphResult {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  readonly graphs: readonly Graph[];
  /** The picture, where a format was asked for. */
  readonly picture: string | undefined;
}

/** Both parties as one types them: `corp`, `payments/card`, `external/mainframe/db2`, `10.0.0.0/8`. */
export interface Question {
  readonly from: string;
  readonly to: string;
  /** `tcp/443`, `udp/53`, `icmp`. */
  readonly service: string;
}

/** One way, or why there is none. */
export interface Trace {
  readonly verdict: "allowed" | "denied";
  /** The packet that is followed. */
  readonly packet: string;
  readonly hops: readonly { readonly at: string; readonly text: string; readonly place?: string }[];
  /** The line of the intent that means it. */
  readonly meant?: string;
  /** The smallest change of the intents that changes the verdict. */
  readonly change: string;
}

export interface ExplainResult {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** Why there is no answer: a name that is nobody's, or a service that is none. */
  readonly problem: string | undefined;
  readonly answers: readonly { readonly cluster: string; readonly traces: readonly Trace[] }[];
}

export interface LintOptions {
  /** Make the edits that need no choice. */
  readonly fix?: boolean;
}

export interface LintResult {
  readonly ok: boolean;
  /** What is left to do, where `fix` was asked for. */
  readonly findings: readonly Finding[];
  /** With `fix`: files that changed, with their new text. */
  readonly changed: readonly TextFile[];
  /** Files of which a document could not be read. */
  readonly unread: readonly string[];
}

export interface ImportOptions {
  /** The cluster that the files are for. Default: `main`. */
  readonly cluster?: string;
  /** The namespace of objects that have none. Default: `default`. */
  readonly namespace?: string;
}

export interface ImportResult {
  /** The project: plumbline.yaml, intents, lock and import-report.md. Empty where no network could be imported. */
  readonly files: readonly TextFile[];
  /** What is left to do by hand, one line each. */
  readonly left: readonly string[];
  /** What the compiler says of the project. */
  readonly findings: readonly Finding[];
}

/** The pipeline: texts in, texts out. The same texts give the same bytes. Never throws for what is wrong in a text. */
export function compile(texts: ProjectTexts, options: CompileOptions = {}): CompileResult {
  const { files, lock, diagnostics } = compileInputs(inputsOf(texts), options);
  return { ok: !hasErrors(diagnostics), files, lock, findings: findingsOf(diagnostics) };
}

/**
 * Reads written files back and holds what they let through against what the intents mean. `written`: what stands below
 * the output folder, paths relative to it, as `compile` gives it.
 */
export function verify(texts: ProjectTexts, written: readonly TextFile[]): VerifyResult {
  const meant = compileUnverified(inputsOf(texts));
  if ("findings" in meant) return { ok: false, findings: findingsOf(meant.findings), reachable: [] };
  const proofs = provedIn(meant, written);
  const found = proofs.flatMap((one) => one.diagnostics);
  const reachable = proofs.flatMap(({ cluster, flows, expectedIndex }) =>
    buildTable(listConnections(flows, expectedIndex), { by: "party" }).map(
      ({ from, to, services, way, assumed }): Reachable => {
        return { cluster, from, to, services, way, assumed };
      },
    ),
  );
  return { ok: !hasErrors(found), findings: findingsOf(found), reachable };
}

function provedIn(meant: CompiledProject, written: readonly TextFile[]): readonly VerifiedCluster[] {
  return meant.project.clusters.flatMap(({ name }) => verifyFiles(meant, name, filesOf(written, name)) ?? []);
}

function filesOf(written: readonly TextFile[], cluster: string): readonly TextFile[] {
  return written.filter((file) => file.path.startsWith(`${cluster}/`));
}

/** What changes in objects and in who reaches whom. Clusters are compared by name; one that only one side has is compared with nothing. */
export function diff(before: Version, after: Version): DiffResult {
  const [was, is] = [before, after].map(({ texts }) => compileUnverified(inputsOf(texts)));
  const wrong = [was, is].flatMap((one) => (one && "findings" in one ? one.findings : []));
  if (!was || !is || "findings" in was || "findings" in is)
    return { ok: false, findings: findingsOf(wrong), clusters: {} };
  const [old, now] = [sideIn(was, before), sideIn(is, after)];
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  const compared = names.map((name) => [name, compareVersions(old.get(name), now.get(name))] as const);
  const unread = compared.flatMap(([, one]) => one.unread);
  if (unread.length > 0) return { ok: false, findings: findingsOf(unread), clusters: {} };
  const clusters = compared.map(([name, { difference }]) => {
    const { losses: _ofTargets, ...rest } = difference;
    return [name, rest] as const;
  });
  return { ok: true, findings: [], clusters: Object.fromEntries(clusters) };
}

function sideIn(meant: CompiledProject, { written }: Version): ProjectVersion {
  const names = meant.project.clusters.map((one) => one.name);
  return buildVersion(meant, names, written && ((cluster) => filesOf(written, cluster)));
}

/** What the intents say, as a picture shows it. */
export function graph(texts: ProjectTexts, { clusters, format }: GraphOptions = {}): GraphResult {
  const meant = compileUnverified(inputsOf(texts));
  if ("findings" in meant) return { ok: false, findings: findingsOf(meant.findings), graphs: [], picture: undefined };
  const { project, compiled } = meant;
  const graphs = buildGraphs(meant, clusters ?? project.clusters.map((one) => one.name));
  const picture =
    format && (format === "html" ? renderGraphPage(graphs, project.name) : drawGraphs(graphs, format, project.name));
  return { ok: true, findings: findingsOf(compiled.diagnostics), graphs, picture };
}

/** Why one party does, or does not, reach another by a service: hop by hop, each with its object. */
export function explain(texts: ProjectTexts, written: readonly TextFile[], question: Question): ExplainResult {
  const meant = compileUnverified(inputsOf(texts));
  const failed = (findings: readonly Diagnostic[], problem?: string): ExplainResult => {
    return { ok: false, findings: findingsOf(findings), problem, answers: [] };
  };
  if ("findings" in meant) return failed(meant.findings);
  const service = parseService(question.service);
  if (!service) return failed([], `${question.service} is no service; write tcp/443, udp/53 or icmp`);
  const { from, to } = question;
  const asked = meant.compiled.plans.flatMap((plan) => {
    const done = readBack(meant, plan.cluster.name, filesOf(written, plan.cluster.name));
    return done ? [{ done, answer: explainPathInCluster(meant, done, plan, { from, to, service }) }] : [];
  });
  const unread = asked.flatMap(({ done }) => done.unread);
  if (unread.length > 0) return failed(unread);
  const answers = asked.flatMap(({ done: { cluster }, answer: { traces } }) =>
    traces ? [{ cluster, traces: convertTraces(traces) }] : [],
  );
  const parties = asked.map(({ answer }) => answer.parties);
  if (answers.length === 0) return failed([], describeUnknownParty([from, to], parties));
  return { ok: true, findings: [], problem: undefined, answers };
}

/** Mistakes in networks that people wrote by hand. All files are judged together. */
export function lint(files: readonly TextFile[], { fix = false }: LintOptions = {}): LintResult {
  const { changed, result } = fix ? fixFiles(files) : { changed: [], result: lintFiles(files) };
  const { diagnostics, unread } = result;
  return { ok: !hasErrors(diagnostics), findings: findingsOf(diagnostics), changed, unread };
}

/** A project that compiles to the networks that people wrote by hand, and what is left to do. */
export function importNetworks(files: readonly TextFile[], options: ImportOptions = {}): ImportResult {
  const { cluster = "main", namespace = "default" } = options;
  const estate = importEstate(files, { cluster, namespace });
  const found = findingsOf(estate.compiled.diagnostics);
  const left = [...new Set(estate.losses.map(formatLoss))];
  return { files: estate.intents.length > 0 ? estate.files : [], left, findings: found };
}

function inputsOf(texts: ProjectTexts): Inputs {
  const { project, intents, workloads = [], lock, templates = [], kustomizations } = texts;
  const files = workloads.map(({ namespace, ...file }) => ({ file, namespace }));
  const own = templates.map(({ name, ...file }) => ({ name, file }));
  return { project, intents, workloads: files, lock, templates: own, ...(kustomizations && { kustomizations }) };
}

function findingsOf(diagnostics: readonly Diagnostic[]): readonly Finding[] {
  return sortFindings(diagnostics).map(toJson);
}
