// What tests of many small projects need of src/, bundled once by test/core.ts.
export { catalogue } from "../src/catalogue.ts";
export { compile } from "../src/compile.ts";
export { hasErrors } from "../src/diagnostics/diagnostic.ts";
export { format } from "../src/diagnostics/format/index.ts";
export { lintFiles, lintRuleTables } from "../src/lint/lint.ts";
export { migration } from "../src/migrate/migrate.ts";
export { load } from "../src/stages/1-load.ts";
export { verifyCluster } from "../src/verify/verify-cluster.ts";
export { workloadsOf } from "../src/workloads/declared.ts";
