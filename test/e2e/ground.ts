import { mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { startApiServer } from "./apiserver.ts";
import { clusterApi } from "./cluster-api.ts";
import { run } from "./shell.ts";
import type { Ground } from "./world.ts";

const here = dirname(fileURLToPath(import.meta.url));

/** The folder of the project. */
export const projectRoot = join(here, "../..");

/** Every custom resource definition: those of crds/, and those that parts/definitions.txt has fetched. */
export function definitionFiles(bin: string): string[] {
  const own = readdirSync(join(here, "crds")).filter((file) => file.endsWith(".json"));
  const fetched = readdirSync(bin).filter((file) => file.startsWith("definition-"));
  return [...own.map((file) => join(here, "crds", file)), ...fetched.map((file) => join(bin, file))];
}

/** Starts an API server with every definition, and bundles what runs inside of pods. */
export async function makeGround(bin: string, folder: string, prefix: string): Promise<Ground> {
  mkdirSync(folder, { recursive: true });
  const agentScript = join(folder, "agent.mjs");
  const whereaboutsScript = join(folder, "whereabouts.mjs");
  const bundle = (entry: string, outfile: string) =>
    build({ entryPoints: [join(here, "inside", entry)], outfile, bundle: true, platform: "node", format: "esm" });
  const [server] = await Promise.all([
    startApiServer(bin, join(folder, "apiserver")),
    bundle("agent.ts", agentScript),
    bundle("whereabouts.ts", whereaboutsScript),
  ]);
  const files = definitionFiles(bin).flatMap((file) => ["-f", file]);
  const kubectl = ["--kubeconfig", server.kubeconfig, "apply", "--server-side", "--validate=strict", ...files];
  await run(join(bin, "kubectl"), kubectl);
  return { bin, server, api: clusterApi(server), prefix, folder, agentScript, whereaboutsScript };
}
