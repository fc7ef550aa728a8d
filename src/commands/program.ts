import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { features } from "../schema/features.ts";
import type { CompileFlags } from "./compile.ts";
import type { Shell } from "./completion.ts";
import { type Form, findingsIn, forms, formsOf } from "./forms.ts";
import type { Common, ExitCode, Io } from "./io.ts";

export const VERSION = "0.1.0";

interface GlobalFlags {
  readonly directory?: string;
  readonly format: string;
  readonly color: "auto" | "always" | "never";
  readonly strict?: boolean;
  readonly quiet?: boolean;
}

/** Which environment variables count: NO_COLOR (no-color.org) and CI's own. */
export interface Surroundings {
  readonly noColor: boolean;
}

/** argv to a command and its exit code. Commands are loaded when they are asked for, so that `--help` is quick. */
export async function run(argv: readonly string[], io: Io, around: Surroundings): Promise<ExitCode> {
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
export function createProgram(io: Io, around: Surroundings, done: (exit: ExitCode) => void): Command {
  const program = new Command("plumbline")
    .description("Compiles network intents into reviewable Kubernetes manifests, and proves what they let through.")
    .version(VERSION, "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .option("-C, --directory <dir>", "the project's folder; by default the nearest one above with a plumbline.yaml")
    .addOption(
      new Option("--format <name>", "form of findings and of a command's answer; which, the commands' help says")
        .choices(forms)
        .argParser((value) => value)
        .default("text"),
    )
    .addOption(new Option("--color <when>", "colour").choices(["auto", "always", "never"]).default("auto"))
    .option("--strict", "warnings fail too")
    .option("--quiet", "say nothing but errors")
    .showSuggestionAfterError()
    .showHelpAfterError("(plumbline --help tells more)")
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) })
    .exitOverride()
    .addHelpText("after", EXAMPLES);
  let asked = "";
  const common = (): Common => {
    const flags = program.opts<GlobalFlags>();
    const colour = flags.color === "always" || (flags.color === "auto" && io.terminal && !around.noColor);
    const root =
      flags.directory === undefined && !HERE.has(asked)
        ? projectAbove(io.cwd)
        : resolve(io.cwd, flags.directory ?? ".");
    const way = relative(io.cwd, root).replaceAll("\\", "/");
    return {
      root,
      folder: way === "" ? "" : `${way}/`,
      form: flags.format as Form,
      format: findingsIn(flags.format as Form),
      colour,
      strict: flags.strict ?? false,
      quiet: flags.quiet ?? false,
      version: VERSION,
    };
  };
  // Commands know forms of their own; one that another command has is refused before anything is read.
  program.hook("preAction", (_program, command) => {
    asked = command.name();
    const { format } = program.opts<GlobalFlags>();
    const known = formsOf(command.name());
    if (!known.some((one) => one === format))
      program.error(`error: ${command.name()} has no format '${format}'; it has: ${known.join(", ")}`);
  });
  addCommands(program, common, io, done);
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
  plumbline init shop                a small working project in shop/
  plumbline compile                  write out/ and the lock
  plumbline check --frozen           in CI: fail if out/ is not what the intents say
  plumbline verify                   who reaches whom, and is it what the intents say
  plumbline diff main..HEAD --format markdown
  plumbline explain corp payments/card tcp/8443
  plumbline explain zone/namespace-twice
  plumbline schema IsolationZone > zone.schema.json

Exit codes: 0 fine · 1 the intents are wrong, or the output is stale · 2 wrong usage, or a defect of plumbline
`;

/** One word is a code, a line or an object; three are a question. */
async function explain(
  what: readonly string[],
  flags: { readonly cluster?: readonly string[] },
  common: Common,
  io: Io,
): Promise<ExitCode> {
  const [first, second, third] = what;
  if (first !== undefined && second !== undefined && third !== undefined)
    return (await import("./explain-path.ts")).explainPath([first, second, third], flags, common, io);
  const line = /^(.+):(\d+)$/.exec(first ?? "");
  if (line) return (await import("./explain-object.ts")).explainLine(line[1] as string, Number(line[2]), common, io);
  if (/^[A-Z]/.test(first ?? "") || second !== undefined)
    return (await import("./explain-object.ts")).explainObject(what.join(" "), common, io);
  const { explainCode, isIntent, listCodes } = await import("./explain.ts");
  if (first !== undefined && isIntent(first))
    return (await import("./explain-object.ts")).explainObject(first, common, io);
  return first === undefined ? listCodes(io) : explainCode(first, io);
}

/** `--merge` with the names of three locks is what git runs, and needs no project. */
async function compileOrMerge(
  { merge, ...flags }: CompileFlags & { readonly merge?: boolean | readonly string[] },
  common: Common,
  io: Io,
): Promise<ExitCode> {
  if (typeof merge === "object") return (await import("./merge-driver.ts")).mergeDriver(merge, io);
  return (await import("./compile.ts")).compile({ ...flags, merge: merge ?? false }, common, io);
}

/** One option that may be given several times. */
function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** What intents may do without, besides `allowLoss` of plumbline.yaml. */
function allowLoss(): Option {
  const names = features.filter((one) => one.losable).map((one) => one.name);
  return new Option("--allow-loss <feature>", "do without it where a target cannot do it (may be repeated)").argParser(
    (value: string, before: readonly string[] | undefined) => {
      if (!names.includes(value as (typeof names)[number]))
        throw new InvalidArgumentError(`One of: ${names.join(", ")}.`);
      return collect(value, before);
    },
  );
}

/** What meets people where they are: networks without intents. */
function addHandWritten(program: Command, common: () => Common, io: Io, done: (exit: ExitCode) => void): void {
  program
    .command("lint [path...]")
    .description("judge networks that were written by hand, in files, folders or on standard input (-)")
    .option("--fix", "make the edits that need no choice; comments and layout stay")
    .action(async (paths: readonly string[], flags) =>
      done((await import("./lint.ts")).lint(paths, flags, common(), io)),
    );
  program
    .command("import [path...]")
    .description(
      "make a project of networks that were written by hand: it compiles to the same, and says what it could not carry",
    )
    .option("--cluster <name>", "the cluster that the files are of", "main")
    .option("--namespace <name>", "of objects for which nothing else says one", "default")
    .action(async (paths: readonly string[], flags) =>
      done((await import("./import.ts")).importProject(paths, flags, common(), io)),
    );
}

function addCommands(program: Command, common: () => Common, io: Io, done: (exit: ExitCode) => void): void {
  program
    .command("init [dir]")
    .description("write a small working project, with comments")
    .action(async (dir: string | undefined) => done((await import("./init.ts")).init(dir, common(), io)));
  program
    .command("compile")
    .description("check the intents, give out what they leave out, write out/ and the lock")
    .option("--cluster <name>", "only this cluster (may be repeated)", collect)
    .option("--relock <id>", "give this intent new values, as in isolationzone/pci (may be repeated)", collect)
    .option("--gc", "give free what intents that are gone have held")
    .option(
      "--merge [files...]",
      "after a merge with conflicts in the lock: take both sides, give the newcomer new values; with %O %A %B, a merge driver of git",
    )
    .addOption(allowLoss())
    .option("--stats", "say how much was done")
    .action(async (flags) => done(await compileOrMerge(flags, common(), io)));
  program
    .command("check")
    .description("the same, but write nothing")
    .option("--cluster <name>", "only this cluster (may be repeated)", collect)
    .addOption(allowLoss())
    .option("--frozen", "fail if out/ or the lock would change")
    .action(async (flags) => done((await import("./compile.ts")).check(flags, common(), io)));
  addHandWritten(program, common, io, done);
  program
    .command("verify")
    .description("read out/ alone: who reaches whom, and is it what the intents say")
    .option("--cluster <name>", "only this cluster (may be repeated)", collect)
    .option("--from <party>", "only what begins at parties with this in their name")
    .option("--to <party>", "only what ends at parties with this in their name")
    .addOption(new Option("--by <what>", "one row a party, or a workload").choices(["party", "workload"]))
    .option("--all", "also what no zone, gateway or outside device has to do with")
    .addHelpText("after", "\nAs --format: text, json, markdown, csv, html; or github and sarif for findings alone.")
    .action(async (flags) => done((await import("./verify.ts")).verify(flags, common(), io)));
  program
    .command("diff [range]")
    .description(
      "what changes, in objects and in who reaches whom: out/ to the intents, or one revision A..B to another",
    )
    .option("--cluster <name>", "only this cluster (may be repeated)", collect)
    .option("--clusters <clusters>", "one cluster against another, as in east,west")
    .option("--targets <targets>", "the same intents on one target against another, as in multus,ovn-kubernetes")
    .addOption(new Option("--fail-on <what>", "exit 1 when something becomes reachable").choices(["added"]))
    .addHelpText("after", "\nAs --format: text, json, or markdown for a comment on a pull request.")
    .action(async (range: string | undefined, flags) =>
      done((await import("./diff.ts")).diff(range, flags, common(), io)),
    );
  program
    .command("graph")
    .description("a picture of what the intents say: zones, gateways, what was there before, who may reach whom")
    .option("--cluster <name>", "only this cluster (may be repeated)", collect)
    .addHelpText("after", "\nAs --format: dot, mermaid, svg, html (a page that works from a file), json.")
    .action(async (flags) => done((await import("./graph.ts")).graph(flags, common(), io)));
  program
    .command("explain [what...]")
    .description("a code's page; which intent made FILE:LINE or KIND/NAME; why PARTY PARTY SERVICE gets through or not")
    .option("--cluster <name>", "only this cluster (may be repeated)", collect)
    .action(async (what: readonly string[], flags) => done(await explain(what, flags, common(), io)));
  program
    .command("schema [kind]")
    .description("JSON Schema of a kind, for editors")
    .action(async (kind: string | undefined) => done((await import("./schema.ts")).schema(kind, io)));
  program
    .command("targets")
    .description("what each target can do")
    .action(async () => done((await import("./targets.ts")).listTargets(io)));
  program
    .command("completion")
    .description(
      "a script that lets a shell complete commands, options and values; source it, or save it where it looks",
    )
    .addArgument(new Argument("<shell>", "which shell").choices(["bash", "zsh", "fish"]))
    .action(async (shell: Shell) => done((await import("./completion.ts")).completion(shell, program, io)));
}

/** Other ways to compile than by hand. */
function addOthers(program: Command, common: () => Common, io: Io, done: (exit: ExitCode) => void): void {
  program
    .command("krm")
    .description(
      "a KRM function: a ResourceList on standard input, the list with what its intents mean on standard output",
    )
    .action(async () => done((await import("./krm.ts")).krm(common(), io)));
  program
    .command("migrate")
    .description("the way to another target, step by step, each with its proof, as a document and folders to apply")
    .requiredOption("--to <target>", "the target that is wanted")
    .option("--cluster <name>", "only this cluster (may be repeated)", collect)
    .option("--intent <id>", "only this intent, as in isolationzone/pci (may be repeated)", collect)
    .option("--out <dir>", "where it is written, outside of out/", "migration")
    .addOption(allowLoss())
    .action(async (flags) => done((await import("./migrate.ts")).migrate(flags, common(), io)));
  program
    .command("watch")
    .description("compile, and again whenever an input has changed")
    .option("--cluster <name>", "only this cluster (may be repeated)", collect)
    .option("--poll", "look at the files once a second, where the system tells of no changes")
    .action(async (flags) => done(await (await import("./watch.ts")).watch(flags, common(), io)));
}
