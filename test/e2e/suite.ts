import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runInside } from "./children.ts";
import type { Claim } from "./claims.ts";
import { readExpectations } from "./expectations.ts";
import { projectRoot } from "./ground.ts";
import { isIpsecGateway } from "./ipsec-ground.ts";
import type { JobResult } from "./job.ts";
import { readCluster } from "./manifests.ts";
import { mutationShares, scoreOf, workShare } from "./mutation-run.ts";
import { caseOutputs } from "./outputs.ts";
import { versionsOf, writeReport } from "./report.ts";
import { scriptChecks } from "./script-checks.ts";
import { pool } from "./shell.ts";
import { suiteChecks } from "./suite-checks.ts";

/** What the command line asks for. */
interface Wanted {
  readonly parts: readonly string[];
  readonly examples: string;
  /** How many mutations at most, and a part of their names. */
  readonly mutations: { readonly count: number; readonly like: string };
  readonly topologies: number;
  readonly whole: boolean;
}

/** Mutations that a run in CI makes: see mutationShares for which. */
const mutationsInCi = 9;

/** Generated topologies that packets are sent through. */
const topologies = { inCi: 5, whole: 20 };

/** Jobs under way at once: they mostly wait, for elections and timeouts, so two cores carry three. */
const lanes = 3;

function wantedOf(args: readonly string[]): Wanted {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string" },
      example: { type: "string", default: "" },
      mutation: { type: "string", default: "" },
      ci: { type: "boolean" },
    },
  });
  return {
    parts: values.only?.split(",") ?? ["suite", "api", "packets", "mutations"],
    examples: values.example,
    mutations: { count: values.ci ? mutationsInCi : Number.POSITIVE_INFINITY, like: values.mutation },
    topologies: values.ci ? topologies.inCi : topologies.whole,
    whole: values.only === undefined && values.example === "" && values.mutation === "" && !values.ci,
  };
}

/** Part and expectation file of every job but the mutations. */
function jobsOf(wanted: Wanted, files: readonly string[]): (readonly [part: string, file: string])[] {
  const jobs: (readonly [string, string])[] = [];
  const alone = files.filter((file) => !read(file).acrossOnly && read(file).ovn === undefined);
  if (wanted.parts.includes("ovn"))
    jobs.push(...files.filter((file) => read(file).ovn !== undefined).map((file) => ["packets", file] as const));
  if (wanted.parts.includes("packets")) {
    jobs.push(...alone.map((file) => ["packets", file] as const));
    jobs.push(...files.filter((file) => read(file).beside).map((file) => ["across", file] as const));
    if (wanted.examples === "") {
      jobs.push(["topologies", `${wanted.topologies}`]);
      jobs.push(...ipsecCases().map((name) => ["ipsec", name] as const));
    }
  }
  if (wanted.parts.includes("api")) {
    jobs.push(...alone.map((file) => ["api", file] as const));
    jobs.push(["cases", ""]);
  }
  return jobs;
}

/** Test cases whose expected output has a gateway of strongSwan's. */
function ipsecCases(): string[] {
  const names = caseOutputs().filter(({ folder }) => readCluster(folder).some(isIpsecGateway));
  return [...new Set(names.map(({ name }) => name))];
}

function read(file: string) {
  return readExpectations(join(projectRoot, "test/e2e/expectations", file));
}

/** Runs every part and returns the exit code. The last line says how much passed and how much failed. */
async function main(): Promise<number> {
  const [bin = "", folder = "", prefix = "", ...rest] = process.argv.slice(2);
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const wanted = wantedOf(rest);
  const began = performance.now();
  const files = readdirSync(join(projectRoot, "test/e2e/expectations"))
    .filter((file) => file.endsWith(".yaml") && file.startsWith(wanted.examples))
    .sort();
  const scripts = () => scriptChecks([...new Set(files.map((file) => read(file).out))], print);
  const itself = wanted.parts.includes("suite") ? [...(await suiteChecks(prefix, print)), ...(await scripts())] : [];
  const results = new Map<string, JobResult>();
  const jobs = jobsOf(wanted, files).map(([part, file], index) => async () => {
    results.set(
      `${part} ${file}`,
      await runJob([bin, join(folder, `j${index}`), `${prefix}j${index}`, part, file], print),
    );
  });
  const mutated = wanted.parts.includes("mutations") ? files.find((file) => read(file).mutate) : undefined;
  const path = mutated && join(projectRoot, "test/e2e/expectations", mutated);
  // Alone, mutations fill every lane; else one is left to the rest.
  const shares = path ? mutationShares(path, jobs.length > 0 ? lanes - 1 : lanes, wanted.mutations) : [];
  const mutants: Awaited<ReturnType<typeof workShare>>[] = [];
  const workers = shares.map((share, index) => async () => {
    mutants.push(await workShare(bin, join(folder, `m${index}`), `${prefix}m${index}`, String(path), share, print));
  });
  await pool([...workers, ...jobs], lanes, (job) => job());
  const score = path ? scoreOf(path, shares, mutants.flat(), print) : undefined;
  const claims: Claim[] = [...itself, ...[...results.values()].flatMap((result) => result.claims)];
  if (score) claims.push(...score.claims);
  const versions = await versionsOf(bin, [...results.values()][0]?.readyAfter ?? 0);
  const seconds = Math.round((performance.now() - began) / 1000);
  const order = ["api server", "packets", "mutations", "suite"];
  claims.sort(
    (a, b) =>
      order.indexOf(a.area) - order.indexOf(b.area) || (a.subject < b.subject ? -1 : Number(a.subject > b.subject)),
  );
  if (wanted.whole) writeReport(join(projectRoot, "docs/proof.md"), { claims, score, versions, seconds });
  const failed = claims.filter((claim) => !claim.ok);
  for (const claim of failed) print(`FAILED ${claim.area} · ${claim.subject} · ${claim.claim}`);
  print(`the end-to-end suite took ${seconds} s`);
  print(`${claims.length - failed.length} passed, ${failed.length} failed`);
  return failed.length === 0 && claims.length > 0 ? 0 : 1;
}

/** Runs a job; one that ends without a result is a failed claim. */
async function runJob(args: readonly string[], print: (line: string) => void): Promise<JobResult> {
  let result: JobResult | undefined;
  const code = await runInside("job.ts", args, (line) => {
    if (line.startsWith('{"claims"')) result = JSON.parse(line) as JobResult;
    else print(line);
  });
  if (result) return result;
  const [part = "", file = ""] = args.slice(-2);
  const claim = `the part ${part} runs to its end`;
  print(`FAIL ${part} · ${file} · ended with ${code}`);
  const area = ["api", "cases"].includes(part) ? "api server" : "packets";
  return { claims: [{ area, subject: file, claim, ok: false, detail: `ended with ${code}` }], readyAfter: 0 };
}

process.exit(await main());
