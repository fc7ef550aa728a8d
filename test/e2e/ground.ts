import { mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { startApiServer } from "./apiserver.ts";
import { type ClusterApi, clusterApi } from "./cluster-api.ts";
import { run, sleep } from "./shell.ts";
import type { Ground } from "./world.ts";

const here = dirname(fileURLToPath(import.meta.url));

/** The folder of the project. */
export const projectRoot = join(here, "../..");

/** Every custom resource definition: those of crds/, and those that parts/definitions.txt has fetched. */
export function definitionFiles(bin: string): string[] {
  const own = readdirSync(join(here, "crds")).filter((file) => file.endsWith(".json"));
  const fetched = readdirSync(bin).filter((file) => file.startsWith("definition-"));
  return [...own.map((file) => join(here, "crds", file)), ...fetched.map((file) => join(bin, file))];
}

/** Starts an API server with every definition, and bundles what runs inside of pods. */
export async function makeGround(bin: string, folder: string, prefix: string): Promise<Ground> {
  mkdirSync(folder, { recursive: true });
  const agentScript = join(folder, "agent.mjs");
  const whereaboutsScript = join(folder, "whereabouts.mjs");
  const ovnScript = join(folder, "ovn-cni.mjs");
  const bundle = (entry: string, outfile: string) =>
    build({ entryPoints: [join(here, "inside", entry)], outfile, bundle: true, platform: "node", format: "esm" });
  const [server] = await Promise.all([
    startApiServer(bin, join(folder, "apiserver")),
    bundle("agent.ts", agentScript),
    bundle("whereabouts.ts", whereaboutsScript),
    bundle("ovn-cni.ts", ovnScript),
  ]);
  const files = definitionFiles(bin).flatMap((file) => ["-f", file]);
  const kubectl = ["--kubeconfig", server.kubeconfig, "apply", "--server-side", "--validate=strict", ...files];
  await run(join(bin, "kubectl"), kubectl);
  const api = clusterApi(server);
  await keepParameters(api);
  return { bin, server, api, prefix, folder, agentScript, whereaboutsScript, ovnScript };
}

/**
 * A policy about nothing that has ConfigMaps for parameters and is never removed. When the last such policy goes, the API
 * server stops to watch ConfigMaps and cannot begin again (k8s.io/apiserver v0.36.3, policy/generic/policy_source.go: the
 * shared informer factory starts an informer once), so a policy that is stored later would not find its parameters.
 */
async function keepParameters(api: ClusterApi): Promise<void> {
  const metadata = { name: "plb-keeps-parameters" };
  const resourceRules = [
    { apiGroups: ["plb.test"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["nothing"] },
  ];
  const spec = {
    paramKind: { apiVersion: "v1", kind: "ConfigMap" },
    matchConstraints: { resourceRules },
    validations: [{ expression: "true" }],
  };
  const paramRef = { name: "plb-none", namespace: "default", parameterNotFoundAction: "Allow" };
  const binding = { policyName: metadata.name, paramRef, validationActions: ["Audit"] };
  const apiVersion = "admissionregistration.k8s.io/v1";
  const answers = [
    await api.apply({ apiVersion, kind: "ValidatingAdmissionPolicy", metadata, spec }),
    await api.apply({ apiVersion, kind: "ValidatingAdmissionPolicyBinding", metadata, spec: binding }),
  ];
  const refused = answers.find((answer) => answer.refusal);
  if (refused) throw new Error(refused.refusal);
  // Long enough to be seen before a policy of the suite comes and goes.
  await sleep(2000);
}
