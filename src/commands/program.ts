import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { VERSION } from "../project/version.ts";
import { features } from "../schema/features.ts";
import type { CompileFlags } from "./compile.ts";
import type { Shell } from "./completion.ts";
import type { CommonOptions, ExitCode, Io } from "./io.ts";
import { chooseFindingsFormat, listOutputFormats, type OutputFormat, outputFormats } from "./output-formats.ts";

interface GlobalFlags {
  readonly directory?: string;
  readonly format: string;
  readonly color: "auto" | "always" | "never";
  readonly strict?: boolean;
  readonly quiet?: boolean;
}

/** Which environment variables count: NO_COLOR (no-color.org) and CI's own. */
export interface Environment {
  readonly noColor: boolean;
}

/** argv to a command and its exit code. Commands are loaded when they are asked for, so that `--help` is quick. */
export async function runProgram(argv: readonly string[], io: Io, around: Environment): Promise<ExitCode> {
  let exit: ExitCode = 0;
  const program = createProgram(io, around, (code) => {
    exit = code;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exit;
  } catch (cause) {
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : 2;
    io.err(defect(cause));
    return 2;
  }
}

/** An exception is a bug of ours, and says so. */
function defect(cause: unknown): string {
  const text =
    cause instanceof Error
      ? `${cause.message}\n${(cause.stack ?? "").split("\n").slice(1, 6).join("\n")}`
      : String(cause);
  return `plumbline: this is a defect of plumbline, not of your intents.\n${text}\nNothing was written. Please report it with the lines above and plumbline ${VERSION}.\n`;
}

/** The command line as commander holds it; what completes and documents it reads it from there. */
export function createProgram(io: Io, around: Environment, done: (exit: ExitCode) => void): Command {
  const program = new Command("plumbline")
    .description(
      "Compiles network intents to Kubernetes manifests that you can review, and verifies which connections they allow.",
    )
    .version(VERSION, "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .option(
      "-C, --directory <dir>",
      "the project's folder (default: this folder or the nearest one above with a plumbline.yaml)",
    )
    .addOption(
      new Option("--format <name>", "output format; the help of each command lists its formats")
        .choices(outputFormats)
        .argParser((value) => value)
        .default("text"),
    )
    .addOption(new Option("--color <when>", "colour").choices(["auto", "always", "never"]).default("auto"))
    .option("--strict", "fail on warnings too")
    .option("--quiet", "print errors only")
    .showSuggestionAfterError()
    .showHelpAfterError("(see plumbline --help)")
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) })
    .exitOverride()
    .addHelpText("after", EXAMPLES);
  let asked = "";
  let pageOf: CommonOptions["pageOf"];
  const common = (): CommonOptions => {
    const flags = program.opts<GlobalFlags>();
    const colourOn = (terminal: boolean) =>
      flags.color === "always" || (flags.color === "auto" && terminal && !around.noColor);
    const root =
      flags.directory === undefined && !HERE.has(asked)
        ? projectAbove(io.cwd)
        : resolve(io.cwd, flags.directory ?? ".");
    const way = relative(io.cwd, root).replaceAll("\\", "/");
    return {
      root,
      folder: way === "" ? "" : `${way}/`,
      form: flags.format as OutputFormat,
      format: chooseFindingsFormat(flags.format as OutputFormat),
      colour: colourOn(io.terminal),
      outColour: colourOn(io.outTerminal ?? false),
      width: io.columns,
      strict: flags.strict ?? false,
      quiet: flags.quiet ?? false,
      version: VERSION,
      pageOf,
    };
  };
  // Commands know forms of their own; one that another command has is refused before anything is read.
  program.hook("preAction", async (_program, command) => {
    asked = command.name();
    const { format } = program.opts<GlobalFlags>();
    const known = listOutputFormats(command.name());
    if (!known.some((one) => one === format))
      program.error(`error: ${command.name()} has no format '${format}'; it has: ${known.join(", ")}`);
    if (format === "sarif") pageOf = (await import("./pages.ts")).findPage;
  });
  addCommands(program, common, io, done);
  addReport(program, common, io, done);
  addLookups(program, common, io, done);
  addOthers(program, common, io, done);
  return program;
}

/** Commands whose paths are those of the folder that they run in, with or without a project. */
const HERE: ReadonlySet<string> = new Set(["init", "lint", "import"]);

/** Projects are found from any folder below them. Where there is none, the folder itself counts: init makes one there. */
function projectAbove(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "plumbline.yaml"))) return folder;
    if (dirname(folder) === folder) return cwd;
  }
}

/** What follows the options in `--help`. */
export const EXAMPLES = `
Examples:
  plumbline init shop                create a small project in shop/
  plumbline compile                  write out/ and the lock
  plumbline check --frozen           in CI: fail if out/ does not match the intents
  plumbline verify                   check out/: are exactly the intended connections possible
  plumbline diff main..HEAD --format markdown
  plumbline explain corp payments/card tcp/8443
  plumbline explain zone/namespace-twice
  plumbline schema IsolationZone > zone.schema.json

Exit codes: 0 success · 1 an error in the intents, or a stale output · 2 wrong usage, or a bug of plumbline
`;

/** One word is a topic, a kind, a code, a line or an object; three are a question; none asks for the index. */
async function explain(
  what: readonly string[],
  flags: { readonly cluster?: readonly string[] },
  common: CommonOptions,
  io: Io,
): Promise<ExitCode> {
  const [first, second, third] = what;
  if (first !== undefined && second !== undefined && third !== undefined)
    return (await import("./explain-path.ts")).explainPath([first, second, third], flags, common, io);
  const line = /^(.+):(\d+)$/.exec(first ?? "");
  if (line) return (await import("./explain-object.ts")).explainLine(line[1] as string, Number(line[2]), common, io);
  if (first !== undefined && second === undefined && !first.includes("/")) {
    const width = (io.outTerminal ? io.columns : undefined) ?? WIDTH;
    const { explainTopic, isTopic } = await import("./explain.ts");
    if (isTopic(first)) return explainTopic(first, width, io);
    const { explainField, explainKind, findKindName, splitFieldPath } = await import("./explain-kind.ts");
    const kind = findKindName(first);
    if (kind !== undefined) return explainKind(kind, width, io);
    const field = splitFieldPath(first);
    if (field) return explainField(field.kind, field.keys, width, io);
  }
  if (/^[A-Z]/.test(first ?? "") || second !== undefined)
    return (await import("./explain-object.ts")).explainObject(what.join(" "), common, io);
  const { explainCode, isIntentId, listCodes, listTopics } = await import("./explain.ts");
  if (first !== undefined && isIntentId(first))
    return (await import("./explain-object.ts")).explainObject(first, common, io);
  if (first !== undefined) return explainCode(first, io);
  return common.form === "concise" ? listCodes(io) : listTopics(io);
}

/** Where the width of the terminal is not known, text that is made for reading is this wide. */
const WIDTH = 100;

/** `--merge` with the names of three locks is what git runs, and needs no project. */
async function compileOrMerge(
  { merge, ...flags }: CompileFlags & { readonly merge?: boolean | readonly string[] },
  common: CommonOptions,
  io: Io,
): Promise<ExitCode> {
  if (typeof merge === "object") return (await import("./merge-driver.ts")).runMergeDriver(merge, io);
  return (await import("./compile.ts")).compile({ ...flags, merge: merge ?? false }, common, io);
}

/** One option that may be given several times. */
function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** What intents may do without, besides `allowLoss` of plumbline.yaml. */
function allowLoss(): Option {
  const names = features.filter((one) => one.losable).map((one) => one.name);
  return new Option(
    "--allow-loss <feature>",
    "accept that a target does not support this feature (may be repeated)",
  ).argParser((value: string, before: readonly string[] | undefined) => {
    if (!names.includes(value as (typeof names)[number]))
      throw new InvalidArgumentError(`One of: ${names.join(", ")}.`);
    return collect(value, before);
  });
}

/** What meets people where they are: networks without intents. */
function addHandWritten(program: Command, common: () => CommonOptions, io: Io, done: (exit: ExitCode) => void): void {
  program
    .command("lint [path...]")
    .description("find mistakes in hand-written networks, in files, folders or on standard input (-)")
    .option("--fix", "correct what has exactly one correction; comments and layout stay")
    .addHelpText("after", "\nExample: plumbline lint --fix kubernetes/")
    .action(async (paths: readonly string[], flags) =>
      done((await import("./lint.ts")).runLint(paths, flags, common(), io)),
    );
  program
    .command("import [path...]")
    .description(
      "make a project from hand-written networks; it compiles to the same networks, and a report lists what is left to do by hand",
    )
    .option("--cluster <name>", "the cluster that the files are for", "main")
    .option("--namespace <name>", "the namespace of objects that have none", "default")
    .addHelpText("after", "\nExample: plumbline -C network import kubernetes/")
    .action(async (paths: readonly string[], flags) =>
      done((await import("./import.ts")).importProject(paths, flags, common(), io)),
    );
}

function addCommands(program: Command, common: () => CommonOptions, io: Io, done: (exit: ExitCode) => void): void {
  program
    .command("init [dir]")
    .description("create a small working project, with comments")
    .addHelpText("after", "\nExample: plumbline init shop --target ovn-kubernetes --gitops flux")
    .addOption(
      new Option("--target <name>", "the target of the cluster").choices([
        "multus",
        "ovn-kubernetes",
        "dra",
        "kube-ovn",
        "gke",
        "network-kind",
      ]),
    )
    .addOption(new Option("--gitops <tool>", "also write the objects that apply out/").choices(["argocd", "flux"]))
    .addOption(
      new Option("--with <intent...>", "further intents").choices(["firewall", "vpn", "external", "expectation"]),
    )
    .action(async (dir: string | undefined, flags) => done((await import("./init.ts")).init(dir, flags, common(), io)));
  program
    .command("compile")
    .description("check the intents, allocate VLANs, subnets and addresses, write out/ and the lock file")
    .option("--cluster <name>", "only this cluster (may be repeated)", collect)
    .option("--relock <id>", "allocate new values for this intent, as in isolationzone/pci (may be repeated)", collect)
    .option("--gc", "release the values of deleted intents")
    .option(
      "--merge [files...]",
      "resolve merge conflicts in the lock file: keep both sides, allocate new values for duplicates; with %O %A %B, act as a merge driver of git",
    )
    .addOption(allowLoss())
    .option("--stats", "print how much work was done")
    .addHelpText("after", "\nExample: plumbline compile --cluster east")
    .action(async (flags) => done(await compileOrMerge(flags, common(), io)));
  program
    .command("check")
    .description("do everything that compile does, but write nothing")
    .option("--cluster <name>", "only this cluster (may be repeated)", collect)
    .addOption(allowLoss())
    .option("--frozen", "fail if out/ or the lock would change")
    .addHelpText("after", "\nExample: plumbline check --frozen")
    .action(async (flags) => done((await import("./compile.ts")).check(flags, common(), io)));
  addHandWritten(program, common, io, done);
  program
    .command("verify")
    .description("read out/ alone, and check that exactly the intended connections are possible")
    .option("--cluster <name>", "only this cluster (may be repeated)", collect)
    .option("--from <party>", "only connections from endpoints with this in their name")
    .option("--to <party>", "only connections to endpoints with this in their name")
    .addOption(new Option("--by <what>", "one row for each party, or for each workload").choices(["party", "workload"]))
    .option("--all", "also connections without any zone, gateway or external device")
    .addHelpText(
      "after",
      "\nFormats: text, json, markdown, csv, html; github, sarif, gitlab, junit and rdjson print only findings.\nExample: plumbline verify --from corp --format markdown",
    )
    .action(async (flags) => done(await (await import("./verify.ts")).runVerify(flags, common(), io)));
  program
    .command("diff [range]")
    .description("show which objects and connections change: from out/ to the intents, or from revision A to B (A..B)")
    .option("--cluster <name>", "only this cluster (may be repeated)", collect)
    .option("--clusters <clusters>", "compare two clusters, as in east,west")
    .option("--targets <targets>", "compare the same intents on two targets, as in multus,ovn-kubernetes")
    .addOption(new Option("--fail-on <what>", "exit 1 if a new connection becomes possible").choices(["added"]))
    .addHelpText(
      "after",
      "\nFormats: text, json, markdown (for a comment on a pull request), html.\nExample: plumbline diff main..HEAD --format markdown",
    )
    .action(async (range: string | undefined, flags) =>
      done(await (await import("./diff.ts")).diff(range, flags, common(), io)),
    );
  program
    .command("graph")
    .description("draw the intents: zones, gateways, external networks, and the allowed connections")
    .option("--cluster <name>", "only this cluster (may be repeated)", collect)
    .addHelpText(
      "after",
      "\nFormats: dot, mermaid, svg, html (one file, opens in a browser), json.\nExample: plumbline graph --format svg > network.svg",
    )
    .action(async (flags) => done(await (await import("./graph.ts")).printGraph(flags, common(), io)));
}

/** A page for people, made of what verify, graph and diff know. */
function addReport(program: Command, common: () => CommonOptions, io: Io, done: (exit: ExitCode) => void): void {
  program
    .command("report")
    .description(
      "write one page for the browser: the picture, who reaches whom hop by hop, the assumptions, the changes",
    )
    .option("--cluster <name>", "only this cluster (may be repeated)", collect)
    .option("-o, --output <file>", "the file to write (default: standard output)")
    .option("--since <revision>", "show what has changed since this revision of git")
    .addHelpText("after", "\nExample: plumbline report -o report.html --since main")
    .action(async (flags) => done((await import("./report-page.ts")).writeReport(flags, common(), io)));
}

/** Commands that answer a question and write nothing. */
function addLookups(program: Command, common: () => CommonOptions, io: Io, done: (exit: ExitCode) => void): void {
  program
    .command("explain [what...]")
    .description(
      "explain a code, a topic or a kind; which intent wrote FILE:LINE or KIND/NAME; why a connection (FROM TO SERVICE) is allowed or blocked; without arguments, list topics",
    )
    .option("--cluster <name>", "only this cluster (may be repeated)", collect)
    .addHelpText("after", "\nExample: plumbline explain corp payments/card tcp/8443")
    .action(async (what: readonly string[], flags) => done(await explain(what, flags, common(), io)));
  program
    .command("schema [kind]")
    .description("print the JSON Schema of a kind, for editors")
    .addHelpText("after", "\nExample: plumbline schema IsolationZone > zone.schema.json")
    .action(async (kind: string | undefined) => done((await import("./schema.ts")).printSchema(kind, io)));
  program
    .command("targets")
    .description("list what each target supports")
    .addHelpText("after", "\nExample: plumbline targets")
    .action(async () => done((await import("./targets.ts")).listTargets(io)));
  program
    .command("lsp")
    .description("run the language server for editors, on standard input and output")
    .option("--stdio", "accepted, since editors pass it")
    .addHelpText("after", "\nExample: plumbline lsp")
    .action(async () => done(await (await import("./lsp.ts")).runLanguageServer(common(), io)));
  program
    .command("completion")
    .description("print a script for completion of commands, options and values in your shell")
    .addArgument(new Argument("<shell>", "which shell").choices(["bash", "zsh", "fish"]))
    .addHelpText("after", "\nExample: source <(plumbline completion bash)")
    .action(async (shell: Shell) => done((await import("./completion.ts")).printCompletion(shell, program, io)));
}

/** Other ways to compile than by hand. */
function addOthers(program: Command, common: () => CommonOptions, io: Io, done: (exit: ExitCode) => void): void {
  program
    .command("krm")
    .description(
      "run as a KRM function: read a ResourceList from standard input, write it with the compiled objects to standard output",
    )
    .addHelpText("after", "\nExample: plumbline krm < list.yaml")
    .action(async () => done((await import("./krm.ts")).runKrm(common(), io)));
  program
    .command("migrate")
    .description("plan the migration to another target: verified steps, as a document and folders to apply")
    .requiredOption("--to <target>", "the new target")
    .option("--cluster <name>", "only this cluster (may be repeated)", collect)
    .option("--intent <id>", "only this intent, as in isolationzone/pci (may be repeated)", collect)
    .option("--out <dir>", "the folder for the plan, outside of out/", "migration")
    .addOption(allowLoss())
    .addHelpText("after", "\nExample: plumbline migrate --to ovn-kubernetes")
    .action(async (flags) => done((await import("./migrate.ts")).runMigrate(flags, common(), io)));
  program
    .command("watch")
    .description("compile, and compile again whenever an input changes")
    .option("--cluster <name>", "only this cluster (may be repeated)", collect)
    .option("--poll", "check the files once a second (for file systems without change notifications)")
    .addHelpText("after", "\nExample: plumbline watch")
    .action(async (flags) => done(await (await import("./watch.ts")).runWatch(flags, common(), io)));
}
