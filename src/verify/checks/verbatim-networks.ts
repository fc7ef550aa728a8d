import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { ExpectedIndex } from "../expected/expected-index.ts";
import type { Model } from "../model/model.ts";
import { type PodAttachment, readAttachments } from "../model/pods/attachments.ts";
import { verifyRules } from "../rules.ts";

/** Pods that lose a network which they name by hand, or have it under another name, because of what is written here. */
export function checkVerbatimNetworks(model: Model, watch: ExpectedIndex): readonly Diagnostic[] {
  if (model.before.size === 0) return [];
  const taken = new Set(watch.expected.links.flatMap((link) => link.takesOver));
  return model.pods.flatMap((pod) => {
    const before = model.changed.has(pod.id) ? model.before.get(pod.id) : undefined;
    const [had, has] = before ? [readAttachments(before), readAttachments(pod)] : [[], []];
    if (typeof had === "string" || typeof has === "string") return [];
    const left = new Set(has.map(words));
    const lost = had.filter((one) => !taken.has(`${one.namespace}/${one.name}`)).find((one) => !left.has(words(one)));
    if (!lost) return [];
    const why = `${lost.namespace}/${lost.name}, which the workload names itself, is not its ${lost.interface}`;
    return [verifyRules.diagnose("no-traffic", pod.place, { what: pod.id, why })];
  });
}

function words({ namespace, name, interface: own, mac, addresses, defaultRoute }: PodAttachment): string {
  const given = addresses.map(({ address, prefix }) => `${address.value}/${prefix}`);
  const hops = defaultRoute.map((one) => one.value);
  return [namespace, name, own, mac, ...given, "by", ...hops].join(" ");
}
