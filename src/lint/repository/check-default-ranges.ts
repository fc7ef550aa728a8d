import { placeOf } from "../embedded/embedded-text.ts";
import { type Finding, found } from "../finding.ts";
import { defaultRange } from "../nad/platform-ranges.ts";
import { poolsOf } from "../nad/pools.ts";
import { nadRules } from "../nad/rules.ts";
import { groupOf } from "../read/lint-object.ts";
import type { Repository } from "./repository.ts";

/** Groups of OpenShift that other platforms install as well. */
const ELSEWHERE = ["sriovnetwork.openshift.io"];

/** Networks in a range that the cluster gives Services or pods by default: a note, since it may have another range. */
export function checkDefaultRanges({ nads, objects }: Repository): readonly Finding[] {
  const groups = objects.map((one) => groupOf(one.apiVersion));
  const isOpenShift = groups.some((one) => one.endsWith(".openshift.io") && !ELSEWHERE.includes(one));
  return nads.flatMap(({ config, plugins }) => {
    const [first] = plugins;
    if (!config || !first?.ipam) return [];
    return poolsOf(first.ipam).flatMap(({ at, subnet }) => {
      const taken = defaultRange(subnet, isOpenShift);
      if (!taken) return [];
      return [found(nadRules.diagnose("default-range", placeOf(config, [...first.path, "ipam", ...at]), taken))];
    });
  });
}
