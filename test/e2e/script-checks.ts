import { join } from "node:path";
import { type Claim, makeClaims, type Verdict } from "./claims.ts";
import { projectRoot } from "./ground.ts";
import { idOf, type KubeObject, readCluster } from "./manifests.ts";
import { caseOutputs } from "./outputs.ts";
import { attempt, pool } from "./shell.ts";

/** What shellcheck says of every script that gateways are given, in the examples and in what test cases expect. */
export async function scriptChecks(
  folders: readonly string[],
  print: (line: string) => void,
): Promise<readonly Claim[]> {
  const claims = makeClaims("suite", "scripts", print);
  await claims.check("shellcheck finds nothing in the scripts of gateways", () => emitted(folders));
  await claims.check("shellcheck finds nothing in the suite's own scripts", own);
  return claims.list;
}

async function emitted(folders: readonly string[]): Promise<Verdict> {
  const all = [...folders.map((folder) => join(projectRoot, folder)), ...caseOutputs().map(({ folder }) => folder)];
  const texts = new Map(all.flatMap((folder) => readCluster(folder).flatMap(scriptsOf)));
  const problems = await pool([...texts], 2, async ([text, id]) => {
    const { code, stdout } = await attempt(
      "shellcheck",
      ["--shell=sh", "--norc", `--exclude=${knownToBeReached}`, "-"],
      { input: text },
    );
    return code === 0 ? [] : [`${id}: ${stdout.trim()}`];
  });
  return {
    problems: [...problems.flat(), ...(texts.size === 0 ? ["there are no scripts"] : [])],
    measured: `${texts.size} different scripts`,
  };
}

/** What the trap of a script calls looks unreachable to shellcheck 0.9. */
const knownToBeReached = "SC2317";

/** The scripts of a ConfigMap: text, and where it stands. */
function scriptsOf(object: KubeObject): (readonly [text: string, id: string])[] {
  if (object.kind !== "ConfigMap") return [];
  const data = (object.data ?? {}) as Readonly<Record<string, string>>;
  const scripts = Object.entries(data).filter(([key, text]) => key.endsWith(".sh") || text.startsWith("#!/bin/sh"));
  return scripts.map(([key, text]) => [text, `${idOf(object)} ${key}`] as const);
}

async function own(): Promise<Verdict> {
  const files = ["run.sh", "enter.sh", "parts/build.sh", "inside/container.sh"].map((name) => `test/e2e/${name}`);
  const { code, stdout } = await attempt("shellcheck", [...files, ".ci/run"], { cwd: projectRoot });
  return { problems: code === 0 ? [] : [stdout.trim()], measured: `${files.length + 1} scripts` };
}
