// What tests of many small projects need of src/, bundled once by test/core.ts.
export { ruleCatalogue } from "../src/catalogue.ts";
export { compile } from "../src/compile.ts";
export { hasErrors } from "../src/diagnostics/diagnostic.ts";
export { formatFindings } from "../src/diagnostics/format/index.ts";
export { lintFiles, lintRuleTables } from "../src/lint/lint.ts";
export { planMigration } from "../src/migrate/migrate.ts";
export { loadProjectFiles } from "../src/stages/1-load.ts";
export { verifyCluster } from "../src/verify/verify-cluster.ts";
export { listWorkloadFiles } from "../src/workloads/declared.ts";
