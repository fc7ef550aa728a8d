import { join } from "node:path";
import { stringify } from "yaml";
import { guardsLinger } from "./api-objects.ts";
import type { Verdict } from "./claims.ts";
import type { KubeObject } from "./manifests.ts";
import type { OutputCheck } from "./output-checks.ts";
import { gitopsOf } from "./outputs.ts";
import { attempt, type Outcome, sleep } from "./shell.ts";
import type { Ground } from "./world.ts";

function flux(ground: Ground, verb: string, objects: readonly KubeObject[], as: string | undefined): Promise<Outcome> {
  const input = objects.map((object) => stringify(object)).join("---\n");
  const args = [verb, "-kubeconfig", ground.server.kubeconfig, ...(as ? ["-as", as] : [])];
  return attempt(join(ground.bin, "flux"), args, { input, timeout: 120_000 });
}

/** Applies objects with Flux's engine and its controller's options; stdout says what was done with each. */
export function fluxApply(ground: Ground, objects: readonly KubeObject[], as?: string): Promise<Outcome> {
  return flux(ground, "apply", objects, as);
}

/** Removes objects as the controller does when they have left a Kustomization. */
export function fluxPrune(ground: Ground, objects: readonly KubeObject[], as?: string): Promise<Outcome> {
  return flux(ground, "prune", objects, as);
}

/** All that an output holds, by the engine of Flux: applied, seen without drift, and removed. */
export const fluxCheck: OutputCheck = {
  claim: "Flux's apply engine applies the output, sees no drift afterwards, and prunes it",
  wants: (_objects, output) => gitopsOf(output.folder).some((object) => /fluxcd\.io\//.test(object.apiVersion)),
  run: async ({ ground, objects, applier }): Promise<Verdict> => {
    const first = await fluxApply(ground, objects, applier.as);
    if (first.code !== 0) return { problems: [first.stderr] };
    const second = await fluxApply(ground, objects, applier.as);
    const problems = second.code === 0 ? moved(second.stdout, "unchanged") : [second.stderr];
    const others = objects.filter((object) => object.kind !== "Namespace");
    const pruned = await fluxPrune(ground, others, applier.as);
    problems.push(...(pruned.code === 0 ? moved(pruned.stdout, "deleted") : [pruned.stderr]));
    await sleep(guardsLinger);
    return { problems, measured: `${objects.length} objects` };
  },
};

function moved(said: string, wanted: string): string[] {
  const lines = said.trim().split("\n");
  return lines.filter((line) => !line.endsWith(` ${wanted}`)).map((line) => `not ${wanted}: ${line}`);
}
