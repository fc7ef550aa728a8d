import { applyAll, guardsLinger } from "./api-objects.ts";
import type { OutputContext } from "./output-checks.ts";
import { sleep } from "./shell.ts";

/** Stores policies with what they need for the time of a check. */
export async function whileStored(
  { ground, objects, applier }: OutputContext,
  kinds: RegExp,
  check: () => Promise<string[]>,
): Promise<string[]> {
  const own = objects.filter((object) => kinds.test(object.kind) || ["Namespace", "ConfigMap"].includes(object.kind));
  const { problems } = await applyAll(ground.api, own, applier);
  const found = await check();
  for (const object of [...own].reverse()) if (/AdmissionPolicy/.test(object.kind)) await ground.api.remove(object);
  await sleep(guardsLinger);
  return [...problems, ...found];
}
