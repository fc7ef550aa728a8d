import { locateJson } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { findDefaultRange } from "../nad/platform-ranges.ts";
import { readPools } from "../nad/pools.ts";
import { nadRules } from "../nad/rules.ts";
import { parseApiGroup } from "../read/lint-object.ts";
import type { Repository } from "./repository.ts";

/** Groups of OpenShift that other platforms install as well. */
const ELSEWHERE = ["sriovnetwork.openshift.io"];

/** Networks in a range that the cluster gives Services or pods by default: a note, since it may have another range. */
export function checkDefaultRanges({ nads, objects }: Repository): readonly LintFinding[] {
  const groups = objects.map((one) => parseApiGroup(one.apiVersion));
  const isOpenShift = groups.some((one) => one.endsWith(".openshift.io") && !ELSEWHERE.includes(one));
  return nads.flatMap(({ config, plugins }) => {
    const [first] = plugins;
    if (!config || !first?.ipam) return [];
    return readPools(first.ipam).flatMap(({ at, subnet }) => {
      const taken = findDefaultRange(subnet, isOpenShift);
      if (!taken) return [];
      return [
        createFinding(nadRules.diagnose("default-range", locateJson(config, [...first.path, "ipam", ...at]), taken)),
      ];
    });
  });
}
