import { expect, test } from "vitest";
import { computeFlows } from "../../src/verify/dataplane/compute-flows.ts";
import type { DomainMember } from "../../src/verify/model/model.ts";
import { network, pod, world } from "./world.ts";

/** Of pods that are on one link by many networks: how often somebody looks at a member of that link. */
function looks(count: number): number {
  const names = Array.from({ length: count }, (_, at) => `n${at}`);
  const networks = names.map((name) => network("a", name, { type: "macvlan", master: "bond1.7" }));
  const pods = ["one", "two", "three"].map((name, at) => pod("a", name, names.slice(at).join(",")));
  const { model, diagnostics } = world(networks, pods);
  expect(diagnostics).toEqual([]);
  expect([...model.domains.values()].map((one) => one.length)).toEqual([3 * count - 3]);
  let seen = 0;
  const watched = (members: readonly DomainMember[]): readonly DomainMember[] =>
    new Proxy(members, {
      get(list, key, receiver) {
        if (typeof key === "string" && /^\d+$/.test(key)) seen++;
        return Reflect.get(list, key, receiver) as unknown;
      },
    });
  const domains = new Map([...model.domains].map(([domain, members]) => [domain, watched(members)]));
  computeFlows({ ...model, domains }, { secondaryOnly: true, anyRoute: true });
  return seen;
}

test("a pod of many interfaces asks for the gateways of each, not for all members of its link", () => {
  expect(looks(40)).toBeLessThan(200);
});
