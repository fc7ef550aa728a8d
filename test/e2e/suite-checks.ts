import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Claim, makeClaims } from "./claims.ts";
import { attempt, until } from "./shell.ts";

const enter = join(dirname(fileURLToPath(import.meta.url)), "enter.sh");

/** What the suite says of itself: two runs do not meet, and one that is killed leaves nothing behind. */
export async function suiteChecks(prefix: string, print: (line: string) => void): Promise<readonly Claim[]> {
  const claims = makeClaims("suite", "itself", print);
  const before = await outside();
  const runs = await Promise.all([begin(`${prefix}-one`), begin(`${prefix}-two`)]);
  claims.add(
    "two at once make the same links, namespaces and listeners",
    runs.flatMap((run) => (run.said === "ready" ? [] : [`${run.mark}: ${run.said}`])),
  );
  for (const run of runs) run.kill();
  const gone = () => Promise.resolve(runs.every((run) => processesOf(run.mark).length === 0));
  await claims.check("killed (SIGKILL), they leave no process, link or namespace behind", async () => {
    const problems = (await until(gone, 10_000, 50)) ? [] : ["a process is still there"];
    const after = await outside();
    if (after !== before) problems.push(`outside: ${before} became ${after}`);
    return { problems };
  });
  return claims.list;
}

/** Starts what a job starts: namespaces of its own, a link, a named namespace, a listener, a process in the background. */
async function begin(mark: string) {
  const script = [
    "ip link add plb-self type bridge",
    "ip netns add plb-self",
    `(exec -a ${mark} sleep 600) &`,
    "nc -l 127.0.0.1 6443 &",
    "sleep 0.2",
    "kill -0 $! && echo ready",
    "wait",
  ].join("\n");
  const child = spawn("bash", [enter, "bash", "-ec", script], { stdio: ["ignore", "pipe", "inherit"] });
  const said = await new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on("line", resolve);
    child.on("close", (code) => resolve(`ended with ${code}`));
  });
  return { mark, said, kill: () => child.kill("SIGKILL") };
}

/** Processes whose command line begins with a mark. */
function processesOf(mark: string): string[] {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, "utf8").startsWith(`${mark}\0`);
    } catch {
      return false;
    }
  });
}

/** Links and named namespaces that can be seen from here. */
async function outside(): Promise<string> {
  const links = await attempt("ip", ["-o", "link"]);
  const names = await attempt("ip", ["netns", "list"]);
  return `${links.stdout.match(/plb-\S+/g)?.join() ?? ""};${names.stdout.match(/plb-\S+/g)?.join() ?? ""}`;
}
