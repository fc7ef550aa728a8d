import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { collectExpectations } from "../../src/kinds/expects.ts";
import { type EndpointState, readEndpointState } from "../../src/migrate/endpoint-state.ts";
import { groupUnits } from "../../src/migrate/migration-unit.ts";
import type { ClusterObject } from "../../src/migrate/object.ts";
import type { MigrationStep, Operation } from "../../src/migrate/step.ts";
import { planSteps } from "../../src/migrate/steps-of.ts";
import { verifySteps } from "../../src/migrate/verify-steps.ts";
import { loadProjectFiles } from "../../src/stages/1-load.ts";
import { buildExpectedState } from "../../src/verify/expected-from-plan.ts";
import { copyOf } from "./cases.ts";

function both(name: string, to: string, allowLoss: readonly string[] = [], more = "") {
  const loaded = loadProjectFiles(copyOf(name)).inputs;
  if (!loaded) throw new Error(`${name} does not load`);
  const inputs = {
    ...loaded,
    intents: [...loaded.intents, ...(more === "" ? [] : [{ path: "intents/more.yaml", text: more }])],
  };
  const sides = [{}, { target: to, allowLoss }].map((options) => {
    const compiled = compile(inputs, options);
    const plan = compiled.plans[0];
    if (!plan) throw new Error(`${name} does not compile: ${compiled.diagnostics[0]?.message}`);
    const instances = compiled.instances.get("main") ?? [];
    const expects = collectExpectations(plan, instances);
    const meaning = buildExpectedState(plan, expects);
    const files = compiled.files.map(({ path, text }) => ({ path: path.replace(/^main\//, ""), text }));
    const { platform } = plan.cluster;
    const ground = {
      cluster: "main",
      platform,
      externals: expects.devices,
      externallyManaged: meaning.externallyManaged,
      guests: meaning.guests,
      meaning,
    };
    return { side: readEndpointState(plan, files, inputs), ground };
  });
  const [before, after] = sides as [(typeof sides)[0], (typeof sides)[0]];
  const steps = planSteps(before.side, after.side, groupUnits(before.side, after.side));
  const judge = (some: readonly MigrationStep[]) =>
    verifySteps(before.side, after.side, { before: before.ground, after: after.ground }, some);
  return { before: before.side, after: after.side, steps, judge };
}

/** The objects of a side that deny something, on eth0 and on attached networks. */
function policiesOf(side: EndpointState) {
  return [...side.objects.values()].filter((one) => /Policy$/.test(one.kind) && !one.kind.startsWith("Validating"));
}

const walk = () => both("multus-to-ovn-kubernetes", "ovn-kubernetes", ["firewall"]);

test("the steps as they are open nothing, in any state", () => {
  const { steps, judge } = walk();
  const { states, diagnostics } = judge(steps);
  expect(diagnostics).toEqual([]);
  expect(states.length).toBe(steps.flatMap((one) => one.moves).length);
});

test("policies that are removed before the pods have left are refused", () => {
  const { before, steps, judge } = walk();
  const early: Operation = { type: "remove", objects: policiesOf(before) };
  const wrong: MigrationStep = { slug: "00-remove", kind: "remove", unit: undefined, moves: [early] };
  const { diagnostics } = judge([wrong, ...steps]);
  expect(diagnostics.length).toBeGreaterThan(0);
  expect(new Set(diagnostics.map((one) => one.code))).toEqual(new Set(["migrate/would-open"]));
  const said = diagnostics.map((one) => one.message);
  expect(said.some((one) => /^while `00-remove` .*web\/shop would reach .*payments\/card/.test(one))).toBe(true);
});

test("pods that start before what denies is there are refused", () => {
  const { after, before, judge } = walk();
  // As if the wanted side had policies of its own, and they came last.
  const late = policiesOf(after);
  const without: MigrationStep = {
    slug: "00-remove",
    kind: "remove",
    unit: undefined,
    moves: [
      { type: "run", workloads: [...before.patches.keys()], as: "none" },
      { type: "remove", objects: policiesOf(before) },
    ],
  };
  const start = (workloads: readonly string[]): MigrationStep => {
    return { slug: "01-start", kind: "start", unit: undefined, moves: [{ type: "run", workloads, as: "after" }] };
  };
  const create: MigrationStep = {
    slug: "02-create",
    kind: "create",
    unit: undefined,
    moves: [{ type: "apply", objects: late }],
  };
  const { diagnostics } = judge([without, start([...before.patches.keys()]), create]);
  const said = diagnostics.filter((one) => one.code === "migrate/would-open").map((one) => one.message);
  expect(said.some((one) => /^while `01-start` .*web\/shop would reach .*payments\/card/.test(one))).toBe(true);
  expect(judge([start([...before.patches.keys()])]).diagnostics).not.toContainEqual(
    expect.objectContaining({ message: expect.stringMatching(/web\/shop would reach .*payments\/card/) as string }),
  );
});

test("a VLAN is one link, whichever platform attaches to it", () => {
  const { before, after, steps, judge } = walk();
  const corp = [...after.objects.values()].find((one) => one.id.endsWith("ClusterUserDefinedNetwork zone-corp"));
  const text = (corp?.file.text ?? "").replace("id: 120", "id: 110").replaceAll("10.20.0.", "10.10.0.");
  expect(text).toContain("id: 110");
  // Without policies on networks, links alone keep zones apart.
  const objects = [...before.objects.values()].filter((one) => one.kind === "MultiNetworkPolicy");
  const bare: MigrationStep = {
    slug: "00-remove",
    kind: "remove",
    unit: undefined,
    moves: [{ type: "remove", objects }],
  };
  const walked = [bare, ...steps.filter((one) => one.unit && !one.unit.gateways)];
  const opened = (some: readonly MigrationStep[]) =>
    judge(some)
      .diagnostics.map((one) => one.message)
      .filter((one) => /^while `05-start-corp` .*web\/shop would reach .*payments\/card/.test(one));
  expect(opened(walked)).toEqual([]);
  // The zone that moves first gets the VLAN of the one that is still on Multus.
  const crossed = walked.map((step) => ({ ...step, moves: step.moves.map((move) => instead(move, corp, text)) }));
  expect(opened(crossed)).not.toEqual([]);
});

/** A move that applies another text in place of an object's own. */
function instead(move: Operation, object: ClusterObject | undefined, text: string): Operation {
  if (move.type !== "apply") return move;
  const objects = move.objects.map((one) => (one === object ? { ...one, file: { ...one.file, text } } : one));
  return { type: "apply", objects };
}

test("a rollout is proved with old and new pods at once, and refused without what denies", () => {
  const { before, after, steps, judge } = both("multus-to-dra", "dra");
  const { states, diagnostics } = judge(steps);
  expect(diagnostics).toEqual([]);
  const rollout = states.findIndex((one) => [...one.running.values()].includes("both"));
  expect(rollout).toBeGreaterThan(-1);

  // As if the new pods of one zone were put on the link of another.
  const claim = [...after.objects.values()].find((one) => one.id.includes("ResourceClaimTemplate web/zone-corp"));
  const crossed = (claim?.file.text ?? "")
    .replace("netAttachDefName: zone-corp", "netAttachDefName: zone-pci")
    .replace("netAttachDefNamespace: web", "netAttachDefNamespace: payments");
  expect(crossed).not.toBe(claim?.file.text);
  const swapped = steps.map((step) => ({ ...step, moves: step.moves.map((move) => instead(move, claim, crossed)) }));
  const said = judge(swapped).diagnostics.map((one) => one.message);
  expect(said.some((one) => /^while `03-restart-corp` .*web\/shop would reach .*payments\/card/.test(one))).toBe(true);

  const early: MigrationStep = {
    slug: "00-remove",
    kind: "remove",
    unit: undefined,
    moves: [
      { type: "run", workloads: [...before.patches.keys()], as: "both" },
      { type: "remove", objects: policiesOf(before) },
    ],
  };
  expect(judge([...steps.filter((one) => one.kind === "create"), early]).diagnostics[0]?.code).toBe(
    "migrate/would-open",
  );
});

const site = `apiVersion: plumbline.dev/v1alpha1
kind: VpnEgress
metadata: {name: site1}
spec:
  namespace: vpn-site1
  clients: {zone: corp}
  destinations: [192.168.77.0/24]
  ports: [tcp/443]
  wireguard:
    endpoint: 203.0.113.2:51820
    publicKey: "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="
    addresses: [172.31.0.2/32]
    privateKeyFrom: {secret: wg-site1, key: privatekey}
  image: registry.example.com/netfw@sha256:ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12
`;

/** A first step that gives the running gateways of an intent other scripts. */
function rewritten(side: EndpointState, intent: string, change: (text: string) => string): MigrationStep {
  const scripts = [...side.objects.values()].filter((one) => one.intent === intent && one.kind === "ConfigMap");
  const objects = scripts.map((one) => ({ ...one, file: { ...one.file, text: change(one.file.text) } }));
  expect(objects.map((one) => one.file.text)).not.toEqual(scripts.map((one) => one.file.text));
  return { slug: "00-create", kind: "create", unit: undefined, moves: [{ type: "apply", objects }] };
}

test("gateways that run without their kill switch on the way are refused", () => {
  const { before, steps, judge } = both("multus-to-dra", "dra", [], site);
  expect(judge(steps).diagnostics).toEqual([]);
  const early = rewritten(before, "vpnegress/site1", (text) =>
    text
      .replace("hook forward priority filter; policy drop", "hook forward priority filter; policy accept")
      .replace(/^.*route replace unreachable.*\n/gm, "")
      .replace(/^.*route replace 192\.168\.77\.0.*\n/gm, ""),
  );
  const found = judge([early, ...steps]).diagnostics.filter((one) => one.code === "migrate/would-leak");
  expect(found[0]?.message).toBe(
    "while `00-create` is done, packets of Deployment web/shop by Deployment vpn-site1/site1-1 would leave in clear text",
  );
});

test("a state that cannot be read is not taken for a proved one", () => {
  const { before, steps, judge } = walk();
  const early = rewritten(before, "firewallpair/edge", (text) => text.replace("ct state vmap", "ct mark vmap"));
  const found = judge([early, ...steps]).diagnostics.filter((one) => one.code === "migrate/unproved");
  expect(found[0]?.message).toBe(
    "`00-create` cannot be verified: `Deployment fw-edge/edge-1` cannot be read, so nothing can be verified: line 9 of /etc/plumbline/rules/rules.nft: `ct` is not understood",
  );
});
