import type { Meant } from "../answers/prove-cluster.ts";
import type { Intent } from "../ir/intent.ts";
import { at } from "../source/place.ts";
import { positionAt } from "../source/source-file.ts";
import { type Manifest, nameOf } from "../verify/model/manifests/manifest.ts";
import { readManifests } from "../verify/model/manifests/read-manifests.ts";
import { spanOf } from "../yaml/span.ts";
import type { Common, ExitCode, Io } from "./io.ts";
import { meant } from "./proved.ts";
import { readOutput } from "./read-output.ts";

/** Which intent made what stands at a line of out/: `out/east/pairs/edge.yaml:180`. */
export function explainLine(path: string, line: number, common: Common, io: Io): ExitCode {
  const project = meant(common, io);
  if ("exit" in project) return project.exit;
  const wanted = path.replace(/^\.\//, "");
  const file = written(project, common).find((one) => one.path === wanted);
  if (!file) {
    io.err(`plumbline: ${path} is no file of the output\n`);
    return 2;
  }
  // Documents follow each other: the last one that begins at or above the line holds it.
  const objects = readManifests([file]).manifests.filter((one) => lineOf(one) <= line);
  const object = objects.at(-1) ?? readManifests([file]).manifests[0];
  return object ? told(project, object, io) : nothing(path, io);
}

/** Which intent made an object (`NetworkPolicy/zone-pci-dns`, `Deployment fw-edge/edge-1`), or what an intent has made. */
export function explainObject(text: string, common: Common, io: Io): ExitCode {
  const project = meant(common, io);
  if ("exit" in project) return project.exit;
  const [kind, ...rest] = text.split(/[ /]/);
  const name = rest.join("/");
  const files = written(project, common).filter((file) => file.path.endsWith(".yaml"));
  const { manifests } = readManifests(files);
  const found = manifests.filter(
    (one) => one.kind === kind && (one.name === name || `${one.namespace}/${one.name}` === name),
  );
  const intent = intentOf(project, `${kind?.toLowerCase()}/${name}`);
  if (found.length === 0 && intent) return made(intent, manifests, io);
  if (found.length === 0) return nothing(text, io);
  for (const object of found) told(project, object, io);
  return 0;
}

function written({ project }: Meant, common: Common) {
  return project.clusters.flatMap((cluster) => readOutput(common.root, project.out, cluster.name));
}

function lineOf({ doc }: Manifest): number {
  const span = spanOf(at(doc, "apiVersion"));
  return positionAt(span.file, span.start).line;
}

function intentOf({ compiled }: Meant, id: string | undefined): Intent | undefined {
  return [...compiled.instances.values()].flat().find((one) => one.intent.id === id)?.intent;
}

/** Everything of the output that is there because of an intent. */
function made(intent: Intent, manifests: readonly Manifest[], io: Io): ExitCode {
  io.out(`${intent.kind} ${intent.name} at ${whereabouts(intent)}\n`);
  const objects = manifests.filter((one) => one.intent === intent.id);
  for (const object of objects) io.out(`  made ${nameOf(object)} at ${object.doc.file.path}:${lineOf(object)}\n`);
  if (objects.length === 0) io.out("  has no object of its own in the output\n");
  return 0;
}

function whereabouts(intent: Intent): string {
  const span = spanOf(at(intent.doc, "metadata", "name"));
  return `${span.file.path}:${positionAt(span.file, span.start).line}`;
}

function told(project: Meant, object: Manifest, io: Io): ExitCode {
  const intent = intentOf(project, object.intent);
  io.out(`${nameOf(object)}\n  stands at ${object.doc.file.path}:${lineOf(object)}\n`);
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
