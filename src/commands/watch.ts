import { lstatSync, readFileSync, watch as watchFolder } from "node:fs";
import { join, posix } from "node:path";
import fastGlob from "fast-glob";
import type { Project } from "../ir/project.ts";
import { readProject } from "../project/read-project.ts";
import { PROJECT_FILE } from "../stages/1-load.ts";
import { findFiles } from "../stages/load/find-files.ts";
import { KUSTOMIZATIONS } from "../stages/load/kustomizations.ts";
import { createPathClassifier } from "../stages/load/path-location.ts";
import { type CompileFlags, compile } from "./compile.ts";
import type { CommonOptions, ExitCode, Io } from "./io.ts";

export interface WatchFlags extends CompileFlags {
  /** Look at the files once a second, where the system tells of no changes: network file systems, some containers. */
  readonly poll?: boolean;
}

/** Changes that come one after the other, as when an editor writes or git switches branches, are one. */
const SETTLES_MS = 100;
const POLL_MS = 1000;

/**
 * Compiles, and again whenever an input has changed, until it is interrupted. One run at a time: what changes meanwhile is
 * seen after it.
 */
export async function runWatch(flags: WatchFlags, common: CommonOptions, io: Io): Promise<ExitCode> {
  let seen = "";
  let failed = false;
  const run = () => {
    // Taken before the run: what changes while it reads is looked at again.
    seen = stampOf(common.root);
    const exit = compile(flags, common, io);
    if (exit === 0 && failed && !common.quiet) io.err("plumbline: what was wrong is fixed\n");
    failed = exit !== 0;
    // What the run itself wrote is no change.
    const { inputs, lock } = parts(seen);
    const after = parts(stampOf(common.root));
    if (inputs === after.inputs && lock !== after.lock) seen = stampOf(common.root);
  };
  const look = () => {
    if (stampOf(common.root) !== seen) run();
  };
  run();
  if (!common.quiet) io.err("plumbline: watching; Ctrl-C ends it\n");
  await new Promise<void>((ended) => {
    const stop = flags.poll ? poll(look) : follow(common.root, look, io);
    io.onInterrupt?.(() => {
      stop();
      ended();
    });
  });
  return 0;
}

/** Asks the system for changes. Where it has none to tell, or no more, files are looked at instead. */
function follow(root: string, look: () => void, io: Io): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stop = () => {};
  const instead = () => {
    io.err("plumbline: the system tells of no changes here, so files are looked at once a second\n");
    stop = poll(look);
  };
  try {
    const watcher = watchFolder(root, { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(look, SETTLES_MS);
    });
    stop = () => watcher.close();
    watcher.on("error", () => {
      watcher.close();
      instead();
    });
  } catch {
    instead();
  }
  return () => {
    clearTimeout(timer);
    stop();
  };
}

function poll(look: () => void): () => void {
  const timer = setInterval(look, POLL_MS);
  return () => clearInterval(timer);
}

/** Every input, with its size and when it was written. The lock comes last. What else lies in the folder does not matter. */
function stampOf(root: string): string {
  const project = projectOf(root);
  const lock = posix.normalize(project?.lock ?? "plumbline.lock.yaml");
  const found = [PROJECT_FILE, ...(project ? pathsOf(root, project) : [])];
  const stamps = found.map((path) => `${path} ${stampOfFile(join(root, path))}`);
  return `${stamps.join("\n")}\0${stampOfFile(join(root, lock))}`;
}

/** What comes and goes while it is looked at is seen the next time. */
function pathsOf(root: string, project: Project): readonly string[] {
  const out = posix.normalize(project.out).replace(/\/+$/, "");
  const ignore = [`${fastGlob.escapePath(out)}/**`, "**/node_modules/**", "**/.git/**", PROJECT_FILE];
  const templates = project.templates === undefined ? [] : [`${posix.normalize(project.templates)}/**/*.hbs`];
  const builds = project.kustomizations ?? KUSTOMIZATIONS;
  const patterns = [...project.intents, ...project.workloads.flatMap((one) => one.paths), ...templates, ...builds];
  try {
    return findFiles(root, patterns, ignore, createPathClassifier(root)).paths;
  } catch {
    return [];
  }
}

/** Only for where its files are; what is wrong with it is for the run to say. */
function projectOf(root: string): Project | undefined {
  try {
    return readProject({ path: PROJECT_FILE, text: readFileSync(join(root, PROJECT_FILE), "utf8") }).value;
  } catch {
    return undefined;
  }
}

function parts(stamp: string): { readonly inputs: string; readonly lock: string } {
  const at = stamp.indexOf("\0");
  return { inputs: stamp.slice(0, at), lock: stamp.slice(at + 1) };
}

function stampOfFile(path: string): string {
  try {
    const { mtimeMs, size, ino } = lstatSync(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return "gone";
  }
}
