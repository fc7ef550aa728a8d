import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Flow, FlowSet } from "../dataplane/flow.ts";
import { allAddresses, listAllAddresses } from "../headerspace/address-set.ts";
import { createBox } from "../headerspace/packet-set.ts";
import { createProtocolSet, packetTooBigService } from "../headerspace/service-set.ts";
import type { Model } from "../model/model.ts";
import type { Interface, Node } from "../model/pods/node.ts";
import { evaluateFilter, findChains, matchPackets } from "../nft/evaluate.ts";
import { verifyRules } from "../rules.ts";

/** Senders whose packets a gateway cannot pass on whole, when nothing tells them so (RFC 1191, 8201, 4459). */
export function checkMtu(_model: Model, flows: FlowSet): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const seen = new Set<string>();
  for (const flow of flows.secondary)
    for (const [index, step] of flow.steps.entries()) {
      const before = flow.steps[index - 1];
      if (!before || !step.incoming || step.outgoing.mtu >= before.outgoing.mtu) continue;
      const key = `${step.node.id} ${step.incoming.name} ${step.outgoing.name} ${flow.sent.family}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (maySignalTooBig(step.node, step.incoming, flow) && clamped(step.node, step.incoming, step.outgoing, flow))
        continue;
      const parameters = {
        from: before.node.id,
        gateway: step.node.id,
        mtu: before.outgoing.mtu,
        next: step.outgoing.mtu,
      };
      found.push(verifyRules.diagnose("mtu-black-hole", step.node.runtime.rulesAt ?? step.node.place, parameters));
    }
  return found;
}

/** Whether the gateway may say "too big" to the sender. */
function maySignalTooBig(gateway: Node, link: Interface, flow: Flow): boolean {
  const { ruleset } = gateway.runtime;
  const box = createBox(flow.sent.family, allAddresses, flow.sent.sources, packetTooBigService);
  if (!ruleset || !box) return true;
  const crossing = { incoming: undefined, outgoing: link.name, state: "related" as const, translated: false };
  const fresh = { ...crossing, state: "new" as const };
  return [crossing, fresh].some((one) => evaluateFilter(ruleset, "output", one, box).accepted.length > 0);
}

/** Whether segments are made to fit: many networks drop the message, so both are wanted. */
function clamped(gateway: Node, from: Interface, to: Interface, flow: Flow): boolean {
  const { ruleset } = gateway.runtime;
  const every = listAllAddresses(flow.sent.family);
  const box = createBox(flow.sent.family, every, every, createProtocolSet("tcp"));
  if (!ruleset || !box) return false;
  const crossing = { incoming: from.name, outgoing: to.name, state: "new" as const, translated: false };
  return ["forward", "postrouting"].some((hook) =>
    findChains(ruleset, hook as "forward", "filter").some(({ chain }) =>
      chain.rules.some(
        (rule) => rule.statement.type === "clamp" && matchPackets(rule.match, crossing, box) !== undefined,
      ),
    ),
  );
}
