import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { compile } from "../src/compile.ts";
import type { Inputs } from "../src/ir/compiled.ts";
import { inputsOf } from "./generated-project.ts";

/** Names that are parts of names which plumbline writes itself. */
const INTENTS = [
  "a",
  "a-same",
  "default",
  "default-deny",
  "same",
  "same-zone",
  "vpn",
  "vpn-a",
  "leg",
  "a-leg",
  "a-1",
  "eth0",
];
const RULES = ["deny", "default-deny", "zone", "same-zone", "a", "a--b", "x", "x-2", "x--2", "hosts", "leg", "vpn-a"];

const head = (kind: string, name: string, spec: unknown) =>
  stringify({ apiVersion: "plumbline.dev/v1alpha1", kind, metadata: { name }, spec }, { aliasDuplicateObjects: false });

function project(
  zones: readonly string[],
  pairs: readonly string[],
  rules: readonly string[],
  vpn: string,
  target: string,
): Inputs {
  const base = inputsOf({ zones: zones.map((name) => ({ name })), pairs: [] });
  const image = `registry.example.com/netfw@sha256:${"ab".repeat(32)}`;
  const [from = "", to = ""] = zones;
  const parties = [{ zone: from }, { zone: to }];
  // All gateways in one namespace: their objects must differ there too.
  const made = pairs.map((name) =>
    head("FirewallPair", name, {
      namespace: "fw",
      image,
      legs: parties.map((one, index) => ({ name: `l${index}`, ...one })),
      rules: rules.map((rule, index) => ({
        name: rule,
        from: parties[index % 2],
        to: parties[(index + 1) % 2],
        ports: [`tcp/${1000 + index}`],
      })),
    }),
  );
  const tunnel = head("VpnEgress", vpn, {
    namespace: "tunnels",
    image,
    clients: { zone: from },
    destinations: ["172.30.9.0/24"],
    ports: ["tcp/443"],
    wireguard: {
      endpoint: "203.0.113.2:51820",
      publicKey: `${"A".repeat(42)}E=`,
      addresses: ["172.31.0.2/32"],
      privateKeyFrom: { secret: "s", key: "k" },
    },
  });
  const text = base.project.text.replace("name: main", `name: main\n      target: ${target}`);
  const intents = [...made, tunnel].map((one, index) => ({ path: `intents/more-${index}.yaml`, text: one }));
  return { ...base, project: { ...base.project, text }, intents: [...base.intents, ...intents] };
}

const some = (names: readonly string[], count: number) =>
  fc.uniqueArray(fc.constantFrom(...names), { minLength: count, maxLength: count });

test.each(["multus", "kube-ovn", "ovn-kubernetes", "dra"])("no two objects have one name on %s", (target) => {
  let written = 0;
  fc.assert(
    fc.property(
      some(INTENTS, 2),
      some(INTENTS, 2),
      some(RULES, 3),
      fc.constantFrom(...INTENTS),
      (zones, pairs, rules, vpn) => {
        // A collision is an exception of the renderer.
        const { files } = compile(project(zones, pairs.slice(0, 1), rules, vpn, target));
        if ((files ?? []).length > 0) written++;
      },
    ),
    { numRuns: 40 },
  );
  if (target === "multus") expect(written).toBeGreaterThan(0);
});

test("a pair called `default` with a rule `open`, and a tunnel called `default-open`", () => {
  const { files, diagnostics } = compile(
    project(["same", "b"], ["default"], ["open", "zone"], "default-open", "multus"),
  );
  expect(diagnostics.filter((one) => one.severity === "error")).toEqual([]);
  const names = [...JSON.stringify(files).matchAll(/name: (zone-same-[-a-z0-9]*)/g)].map((one) => one[1]);
  expect(names).toContain("zone-same-default-deny");
  expect(names).toContain("zone-same--default--open");
  expect(names).toContain("zone-same--vpn-default-open");
  // What would read as the zone's own policy is refused.
  const refused = compile(project(["same", "b"], ["default"], ["deny", "zone"], "default-deny", "multus"));
  expect(refused.diagnostics.filter((one) => one.code === "gateway/reserved-name").length).toBeGreaterThan(0);
});
