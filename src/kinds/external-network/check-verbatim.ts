import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Instance } from "../../ir/intent.ts";
import { externalRules } from "./rules.ts";
import type { ExternalNetworkSpec } from "./types.ts";

/** Keys that say nothing of the network itself. */
const COMMON = ["description", "clusters", "overrides", "target", "network"];

/** A configuration that is written as it stands is the whole network: what else the intent says would be said to nobody. */
export function checkVerbatimConfig(instance: Instance<ExternalNetworkSpec>): Diagnostic[] {
  const { spec } = instance;
  const others: (readonly string[])[] = [
    ...Object.keys(spec)
      .filter((key) => !COMMON.includes(key))
      .map((key) => [key]),
    ...Object.keys(spec.network)
      .filter((key) => key !== "existing")
      .map((key) => ["network", key]),
    ...(spec.network.existing?.cniName === undefined ? [] : [["network", "existing", "cniName"]]),
  ];
  return others.map((path) =>
    externalRules.diagnose("config-alone", instance.at(...path), { key: path.at(-1) as string }),
  );
}
