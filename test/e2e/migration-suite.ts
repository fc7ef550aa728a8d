import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import type { Inputs } from "../../src/ir/compiled.ts";
import { planMigration } from "../../src/migrate/migrate.ts";
import { loadProjectFiles } from "../../src/stages/1-load.ts";
import { applyAll, ensureNamespaces, removeAll } from "./api-objects.ts";
import { projectRoot } from "./ground.ts";
import { idOf, type KubeObject, readObjects } from "./manifests.ts";
import { run } from "./shell.ts";
import type { Ground } from "./world.ts";

/** A project on its way to another target, or a part of it. */
interface Way {
  readonly name: string;
  readonly inputs: Inputs;
  readonly clusters: readonly string[];
  readonly to: string;
  readonly intents: readonly string[];
  readonly allowLoss: readonly string[];
}

/** What the example loses on OVN-Kubernetes, as test/data/example-targets says. */
const LOST = ["firewall", "fixed-addresses", "own-range", "routes", "vpn"];

/** The example, and every case of a migration. */
export function ways(): readonly Way[] {
  const { inputs, clusters } = loaded(projectRoot);
  // Its expectations are of the gateways that are lost.
  const left = inputs.intents.filter(({ path }) => !path.endsWith("/expectations.yaml"));
  const example = { inputs: { ...inputs, intents: left }, clusters, to: "ovn-kubernetes", intents: [] };
  const cases = join(projectRoot, "test/migrate/cases");
  return [
    { name: "the example", ...example, allowLoss: LOST },
    ...readdirSync(cases).map((name) => wayOf(cases, name)),
  ];
}

function wayOf(cases: string, name: string): Way {
  const args = readFileSync(join(cases, name, "arguments"), "utf8")
    .trim()
    .split(/\s+/);
  const { values } = parseArgs({
    args,
    options: {
      to: { type: "string", default: "" },
      intent: { type: "string", multiple: true, default: [] },
      "allow-loss": { type: "string", multiple: true, default: [] },
    },
  });
  return { name, ...loaded(join(cases, name)), to: values.to, intents: values.intent, allowLoss: values["allow-loss"] };
}

function loaded(root: string): Pick<Way, "inputs" | "clusters"> {
  const { inputs, project } = loadProjectFiles(root);
  if (!inputs || !project) throw new Error(`${root} does not load`);
  return { inputs, clusters: project.clusters.map((one) => one.name) };
}

export interface Walked {
  readonly problems: readonly string[];
  readonly steps: number;
  readonly objects: number;
}

/** Every step of a migration, as kustomize builds it: what it adds and changes is stored, what it takes away is removed. */
export async function walk(ground: Ground, { name, inputs, ...way }: Way): Promise<Walked> {
  const planned = planMigration(inputs, { ...way, folder: "migration" });
  const root = join(ground.folder, "migrations", name.replaceAll(" ", "-"));
  for (const { path, text } of planned.files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const problems: string[] = planned.diagnostics.filter((one) => one.severity === "error").map((one) => one.message);
  const steps = planned.files.flatMap(({ path }) => /^(.+\/\d\d-[^/]+)\/kustomization\.yaml$/.exec(path)?.[1] ?? []);
  let objects = 0;
  for (const cluster of way.clusters) {
    let last = new Map<string, KubeObject>();
    for (const step of steps.filter((one) => one.startsWith(`${cluster}/`)).sort()) {
      const built = readObjects(await run(join(ground.bin, "kustomize"), ["build", join(root, step)]), step);
      const now = new Map(built.map((one) => [idOf(one), one]));
      const fresh = built.filter((one) => JSON.stringify(one) !== JSON.stringify(last.get(idOf(one))));
      const found = await stored(ground, fresh);
      problems.push(...found.map((one) => `${name}, ${step}: ${one}`));
      await removeAll(
        ground.api,
        [...last.values()].filter((one) => !now.has(idOf(one)) && !isGuard(one)),
      );
      objects += fresh.length;
      last = now;
    }
    await removeAll(
      ground.api,
      [...last.values()].filter((one) => !isGuard(one)),
    );
  }
  if (steps.length === 0) problems.push(`${name} has no steps`);
  return { problems, steps: steps.length, objects };
}

/** Guards would judge what comes after them, so those are validated in a dry run. */
async function stored(ground: Ground, objects: readonly KubeObject[]): Promise<readonly string[]> {
  await ensureNamespaces(ground.api, objects);
  const guards = await applyAll(ground.api, objects.filter(isGuard), { dryRun: true });
  const others = await applyAll(
    ground.api,
    objects.filter((one) => !isGuard(one)),
  );
  return [...guards.problems, ...others.problems];
}

function isGuard({ kind }: KubeObject): boolean {
  return /AdmissionPolicy(Binding)?$/.test(kind);
}
