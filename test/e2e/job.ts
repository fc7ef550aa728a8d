import { join } from "node:path";
import { acrossSuite } from "./across-suite.ts";
import { apiSuite } from "./api-suite.ts";
import { caseSuite } from "./case-suite.ts";
import type { Claim } from "./claims.ts";
import { readExpectations } from "./expectations.ts";
import { makeGround, projectRoot } from "./ground.ts";
import { packetSuite } from "./packet-suite.ts";

/** What a job prints last, on a line of its own. */
export interface JobResult {
  readonly claims: readonly Claim[];
  /** Milliseconds until its API server was ready. */
  readonly readyAfter: number;
}

/** One part of the suite on one expectation file, in namespaces and with an API server of its own. */
async function main(): Promise<void> {
  const [bin = "", folder = "", prefix = "", part = "", file = ""] = process.argv.slice(2);
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const ground = await makeGround(bin, folder, prefix);
  const read = () => readExpectations(join(projectRoot, "test/e2e/expectations", file));
  const parts: Readonly<Record<string, () => Promise<readonly Claim[]>>> = {
    cases: () => caseSuite(ground, print),
    api: () => apiSuite(ground, read(), print),
    packets: () => packetSuite(ground, read(), print),
    across: () => acrossSuite(ground, read(), print),
  };
  const run = parts[part];
  if (!run) throw new Error(`no part ${part}`);
  const result: JobResult = { claims: await run(), readyAfter: ground.server.readyAfter };
  ground.server.stop();
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}

await main();
