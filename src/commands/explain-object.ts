import type { CompiledProject } from "../answers/verify-files.ts";
import type { Intent } from "../ir/intent.ts";
import { placeAt } from "../source/place.ts";
import { findPosition } from "../source/source-file.ts";
import { formatName, type ReadManifest } from "../verify/model/manifests/manifest.ts";
import { readManifests } from "../verify/model/manifests/read-manifests.ts";
import { findSpan } from "../yaml/span.ts";
import type { CommonOptions, ExitCode, Io } from "./io.ts";
import { loadProjectOrReport } from "./load-project.ts";
import { readOutput } from "./read-output.ts";

/** Which intent made what stands at a line of out/: `out/east/pairs/edge.yaml:180`. */
export function explainLine(path: string, line: number, common: CommonOptions, io: Io): ExitCode {
  const project = loadProjectOrReport(common, io);
  if ("exit" in project) return project.exit;
  const wanted = path.replace(/^\.\//, "");
  const file = readWritten(project, common).find((one) => one.path === wanted);
  if (!file) {
    io.err(`plumbline: ${path} is no file of the output\n`);
    return 2;
  }
  // Documents follow each other: the last one that begins at or above the line holds it.
  const objects = readManifests([file]).manifests.filter((one) => lineOf(one) <= line);
  const object = objects.at(-1) ?? readManifests([file]).manifests[0];
  return object ? printObject(project, object, io) : nothing(path, io);
}

/** Which intent made an object (`NetworkPolicy/zone-pci-dns`, `Deployment fw-edge/edge-1`), or what an intent has made. */
export function explainObject(text: string, common: CommonOptions, io: Io): ExitCode {
  const project = loadProjectOrReport(common, io);
  if ("exit" in project) return project.exit;
  const [kind, ...rest] = text.split(/[ /]/);
  const name = rest.join("/");
  const files = readWritten(project, common).filter((file) => file.path.endsWith(".yaml"));
  const { manifests } = readManifests(files);
  const found = manifests.filter(
    (one) => one.kind === kind && (one.name === name || `${one.namespace}/${one.name}` === name),
  );
  const intent = intentOf(project, `${kind?.toLowerCase()}/${name}`);
  if (found.length === 0 && intent) return printIntentObjects(intent, manifests, io);
  if (found.length === 0) return nothing(text, io);
  for (const object of found) printObject(project, object, io);
  return 0;
}

function readWritten({ project }: CompiledProject, common: CommonOptions) {
  return project.clusters.flatMap((cluster) => readOutput(common.root, project.out, cluster.name));
}

function lineOf({ doc }: ReadManifest): number {
  const span = findSpan(placeAt(doc, "apiVersion"));
  return findPosition(span.file, span.start).line;
}

function intentOf({ compiled }: CompiledProject, id: string | undefined): Intent | undefined {
  return [...compiled.instances.values()].flat().find((one) => one.intent.id === id)?.intent;
}

/** Everything of the output that is there because of an intent. */
function printIntentObjects(intent: Intent, manifests: readonly ReadManifest[], io: Io): ExitCode {
  io.out(`${intent.kind} ${intent.name} at ${whereabouts(intent)}\n`);
  const objects = manifests.filter((one) => one.intent === intent.id);
  for (const object of objects) io.out(`  made ${formatName(object)} at ${object.doc.file.path}:${lineOf(object)}\n`);
  if (objects.length === 0) io.out("  has no object of its own in the output\n");
  return 0;
}

function whereabouts(intent: Intent): string {
  const span = findSpan(placeAt(intent.doc, "metadata", "name"));
  return `${span.file.path}:${findPosition(span.file, span.start).line}`;
}

function printObject(project: CompiledProject, object: ReadManifest, io: Io): ExitCode {
  const intent = intentOf(project, object.intent);
  io.out(`${formatName(object)}\n  stands at ${object.doc.file.path}:${lineOf(object)}\n`);
  if (!intent)
    io.out(
      object.intent === undefined
        ? "  serves the whole cluster, not one intent\n"
        : `  made from ${object.intent}, which is gone\n`,
    );
  else io.out(`  made from ${intent.kind} ${intent.name} at ${whereabouts(intent)}\n`);
  return 0;
}

function nothing(what: string, io: Io): ExitCode {
  const hint = /^\S+ \S+$/.test(what) ? `; who reaches whom needs a service: plumbline explain ${what} tcp/443` : "";
  io.err(`plumbline: nothing of the output is ${what}${hint}\n`);
  return 2;
}
