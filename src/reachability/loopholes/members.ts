import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Meaning } from "../input.ts";
import type { Model } from "../model.ts";
import { formatSet, setOf, unite, without } from "../packets/address-set.ts";
import { idsOf, type Node } from "../pods/node.ts";
import { verifyRules } from "../rules.ts";
import type { Watch } from "../watch.ts";

/** Pods that do not stand where they are meant to, or with other addresses, and networks that are not there. */
export function memberLoopholes(model: Model, watch: Watch): readonly Diagnostic[] {
  const nodes = new Map(model.nodes.flatMap((node) => idsOf(node).map((id) => [id, node] as const)));
  const found: Diagnostic[] = [];
  for (const member of watch.meaning.members) {
    const node = nodes.get(member.node);
    const why = node ? absent(node, member) : "no manifest has it";
    if (why === undefined) continue;
    const what = `the attachment of ${member.node} to ${member.network}`;
    const related = node?.place ? [{ place: node.place, label: "written here" }] : [];
    found.push(verifyRules.diagnose("no-traffic", member.origin, { what, why }, { related }));
  }
  return [...found, ...undescribed(model)];
}

function absent(node: Node, member: Meaning["members"][number]): string | undefined {
  const links = node.interfaces.filter((one) => one.network?.manifest.intent === member.network);
  if (links.length === 0) return "none of its networks is that intent's";
  const known = links.filter((one) => one.network?.addressing !== "unknown");
  const held = known.reduce<ReturnType<typeof setOf>>((all, one) => unite(all, one.addresses), []);
  if (known.length > 0 && held.length === 0) return "it has no address there";
  const defaults = node.routes.filter((route) => route.to.prefix === 0).sort((a, b) => a.metric - b.metric);
  const whole = links.some((one) => one.type !== "default" && one.name === defaults[0]?.interface);
  if (whole !== member.defaultRoute)
    return whole ? "it takes the pod's default route" : "it should take the pod's default route";
  if (member.addresses.length === 0) return undefined;
  const other = without(held, setOf(member.addresses));
  return other.length > 0 ? `it may have ${formatSet(other)}, which is not its own` : undefined;
}

/** A gateway that names a network that nobody wrote never starts. Other pods may name networks that were there before. */
function undescribed(model: Model): readonly Diagnostic[] {
  return model.nodes
    .filter((node) => node.type === "gateway")
    .flatMap((node) =>
      node.interfaces
        .filter((one) => one.type === "attachment" && !one.network)
        .map((one) =>
          verifyRules.diagnose("no-traffic", node.place, {
            what: node.id,
            why: `${one.domain}: Multus refuses the pod`,
          }),
        ),
    );
}
