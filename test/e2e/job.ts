import { join } from "node:path";
import { acrossSuite } from "./across-suite.ts";
import { apiSuite } from "./api-suite.ts";
import { caseSuite } from "./case-suite.ts";
import type { Claim } from "./claims.ts";
import { readExpectations } from "./expectations.ts";
import { makeGround, projectRoot } from "./ground.ts";
import { ipsecSuite } from "./ipsec-suite.ts";
import { packetSuite } from "./packet-suite.ts";
import { topologiesSuite } from "./topologies-suite.ts";
import type { Ground } from "./world.ts";

/** What a job prints last, on a line of its own. */
export interface JobResult {
  readonly claims: readonly Claim[];
  /** Milliseconds until its API server was ready; 0 where it has none. */
  readonly readyAfter: number;
}

/** One part of the suite on one expectation file, in namespaces and, where it needs one, with an API server of its own. */
async function main(): Promise<void> {
  const [bin = "", folder = "", prefix = "", part = "", file = ""] = process.argv.slice(2);
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const read = () => readExpectations(join(projectRoot, "test/e2e/expectations", file));
  let readyAfter = 0;
  const onServer = async (work: (ground: Ground) => Promise<readonly Claim[]>) => {
    const ground = await makeGround(bin, folder, prefix);
    readyAfter = ground.server.readyAfter;
    const list = await work(ground);
    ground.server.stop();
    return list;
  };
  const parts: Readonly<Record<string, () => Promise<readonly Claim[]>>> = {
    cases: () => onServer((ground) => caseSuite(ground, print)),
    api: () => onServer((ground) => apiSuite(ground, read(), print)),
    packets: () => onServer((ground) => packetSuite(ground, read(), print)),
    across: () => onServer((ground) => acrossSuite(ground, read(), print)),
    topologies: () => onServer((ground) => topologiesSuite(ground, Number(file), print)),
    ipsec: () => ipsecSuite(folder, file, print),
  };
  const run = parts[part];
  if (!run) throw new Error(`no part ${part}`);
  const result: JobResult = { claims: await run(), readyAfter };
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}

await main();
