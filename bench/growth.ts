// npx tsx bench/growth.ts : how verify grows with the zones, while the pods stay as many. Prints the table of docs/verification.md.
import { compile } from "../src/compile.ts";
import type { Inputs } from "../src/ir/compiled.ts";
import { type ClusterKnowledge, verifyCluster } from "../src/verify/verify-cluster.ts";
import { estateTexts } from "./estate.ts";

const PODS = 10_000;

function inputsOf(texts: ReadonlyMap<string, string>): Inputs {
  const files = [...texts].map(([path, text]) => ({ path, text }));
  return {
    project: files[0] as (typeof files)[number],
    intents: files.filter((file) => file.path.startsWith("intents/")),
    workloads: files
      .filter((file) => file.path.startsWith("workloads/"))
      .map((file) => ({ file, namespace: undefined })),
    lock: undefined,
    templates: [],
  };
}

const rows = [250, 500, 1_000].map((zones) => {
  const inputs = inputsOf(estateTexts(zones, PODS));
  const { plans, instances, files } = compile(inputs, { skipVerify: true });
  const [plan] = plans;
  if (!plan) throw new Error("the estate does not compile");
  const known: ClusterKnowledge = { plan, instances: instances.get("main") ?? [] };
  const written = files.map(({ path, text }) => ({ path: `out/${path}`, text }));
  const begin = process.cpuUsage();
  const { model, flows, diagnostics } = verifyCluster(known, written, inputs.workloads);
  const { user, system } = process.cpuUsage(begin);
  const wrong = diagnostics.filter((one) => one.severity === "error");
  if (wrong.length > 0) throw new Error(wrong[0]?.message);
  const seconds = ((user + system) / 1e6).toFixed(1);
  const judged = flows.secondary.length + flows.primary.length;
  return `| ${zones} | ${PODS / zones} | ${zones / 2} | ${written.length} | ${model.nodes.length} | ${judged} | ${seconds} |`;
});
process.stdout.write(
  [
    "| zones | pods in each | firewalls | files | nodes | flows | processor time, s |",
    "|--:|--:|--:|--:|--:|--:|--:|",
    ...rows,
    "",
  ].join("\n"),
);
