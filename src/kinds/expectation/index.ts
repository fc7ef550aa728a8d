import { defineRules } from "../../diagnostics/rules.ts";
import { validateExpectation } from "../../generated/validators.ts";
import { defineKind } from "../kind.ts";
import { checkNodeAddresses } from "../shared/internet.ts";
import { unknownHost } from "../shared/parties.ts";
import { listExpectedChecks } from "./expects.ts";
import { expectationSchema } from "./schema.ts";
import type { ExpectationSpec } from "./types.ts";

export const expectationRules = defineRules("expectation", {
  "through-denied": {
    severity: "error",
    message: () => "`through` has no meaning where nothing shall pass",
    label: "only with `expect: allowed`",
  },
  "unknown-gateway": {
    severity: "error",
    message: ({ name }: { name: string }) => `no FirewallPair or VpnEgress is called \`${name}\``,
    label: "does not exist",
  },
});

export const expectation = defineKind<ExpectationSpec>({
  name: "Expectation",
  folder: "expectations",
  summary: "tests for the network: what must and must not pass",
  schema: expectationSchema,
  validate: validateExpectation,
  rules: expectationRules,
  hasTarget: false,
  check: ({ spec, at }) =>
    spec.checks.flatMap((one, index) =>
      one.through && one.expect === "denied"
        ? [expectationRules.diagnose("through-denied", at("checks", index, "through"), {})]
        : [],
    ),
  parties: ({ spec, at }) =>
    spec.checks.flatMap((one, index) =>
      (["from", "to"] as const).map((key) => ({ party: one[key], from: at("checks", index, key) })),
    ),
  checks: listExpectedChecks,
  contribute({ spec, at }, plan) {
    const families = plan.cluster.platform.podNetwork.cidrs.map((one) => one.family);
    for (const [index, one] of spec.checks.entries())
      for (const key of ["from", "to"] as const) {
        // Nothing reaches an internet that is empty: the assertion would hold for nothing.
        const place = at("checks", index, key, "internet");
        const missing = one[key].internet ? checkNodeAddresses(plan.cluster, families, place) : undefined;
        if (missing) plan.report(missing);
        // A host that is not there would be denied for nothing.
        const unknown = unknownHost({ party: one[key], from: at("checks", index, key) }, plan);
        if (unknown) plan.report(unknown);
      }
    for (const [index, one] of spec.checks.entries())
      for (const [nth, name] of (one.through ?? []).entries())
        if (!plan.find("FirewallPair", name) && !plan.find("VpnEgress", name))
          plan.report(expectationRules.diagnose("unknown-gateway", at("checks", index, "through", nth), { name }));
  },
});
