import { lockRules } from "./allocation/lock/rules.ts";
import { networkRules } from "./allocation/network-rules.ts";
import type { Severity } from "./diagnostics/diagnostic.ts";
import type { RuleTable } from "./diagnostics/rules.ts";
import pages from "./generated/pages.json" with { type: "json" };
import { kinds } from "./kinds/index.ts";
import { gatewayRules } from "./kinds/shared/gateway/rules.ts";
import { memberRules } from "./kinds/shared/member-rules.ts";
import { partyRules } from "./kinds/shared/party-rules.ts";
import { pluginRules } from "./kinds/shared/plugin-rules.ts";
import { lintRuleTables } from "./lint/lint.ts";
import { migrateRules } from "./migrate/rules.ts";
import { projectRules } from "./project/rules.ts";
import { schemaRules } from "./schema/rules.ts";
import { intentRules } from "./stages/intent-rules.ts";
import { loadRules } from "./stages/load/rules.ts";
import { targetRules } from "./stages/lower/rules.ts";
import { routeRules } from "./stages/plan/route-rules.ts";
import { outputRules } from "./stages/roundtrip-rules.ts";
import { writeRules } from "./stages/write/rules.ts";
import { targets } from "./targets/index.ts";
import { deliveryRules } from "./targets/shared/delivery/rules.ts";
import { platformRules } from "./targets/shared/kubernetes/rules.ts";
import { templateRules } from "./template/rules.ts";
import { verifyRules } from "./verify/rules.ts";
import { workloadRules } from "./workloads/rules.ts";
import { yamlRules } from "./yaml/rules.ts";

/** Every rule table there is, in the order in which a run meets them. */
export const ruleTables: readonly RuleTable[] = [
  loadRules,
  yamlRules,
  schemaRules,
  projectRules,
  intentRules,
  workloadRules,
  ...kinds.map((kind) => kind.rules),
  memberRules,
  partyRules,
  pluginRules,
  gatewayRules,
  networkRules,
  routeRules,
  lockRules,
  targetRules,
  platformRules,
  deliveryRules,
  ...targets.map((target) => target.rules),
  templateRules,
  outputRules,
  verifyRules,
  writeRules,
  migrateRules,
  ...lintRuleTables,
];

export interface CatalogueEntry {
  readonly code: string;
  readonly severity: Severity;
  /** Markdown. */
  readonly page: string | undefined;
}

/** Every code, sorted. */
export const ruleCatalogue: readonly CatalogueEntry[] = ruleTables
  .flatMap(({ owner, table }) =>
    Object.entries(table).map(([slug, rule]) => {
      const code = `${owner}/${slug}`;
      return { code, severity: rule.severity, page: (pages as Record<string, string>)[code] };
    }),
  )
  .sort((a, b) => (a.code < b.code ? -1 : 1));
