import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { bindUsers, checkAdmission } from "./admission.ts";
import { applyAll, ensureNamespaces, removeAll, secondApply, versions } from "./api-objects.ts";
import { sameBuild } from "./case-suite.ts";
import type { Claim, Claims, Verdict } from "./claims.ts";
import { makeClaims } from "./claims.ts";
import { checkDeliveries } from "./delivery-checks.ts";
import type { Expectations } from "./expectations.ts";
import { projectRoot } from "./ground.ts";
import { idOf, type KubeObject, readObjects } from "./manifests.ts";
import { outputChecks } from "./output-checks.ts";
import { readSet } from "./packet-suite.ts";
import { attempt, pool, until } from "./shell.ts";
import type { Ground } from "./world.ts";

/** One example on the API server: applied, applied again, built, pruned, guarded, delivered. */
export async function apiSuite(
  ground: Ground,
  expectations: Expectations,
  print: (line: string) => void,
): Promise<readonly Claim[]> {
  const claims = makeClaims("api server", `${expectations.example} · ${expectations.cluster}`, print);
  const { api } = ground;
  const set = await readSet(ground.bin, expectations);
  const applier = await bindUsers(api, expectations.admission?.applier ?? "plb-applier");
  await ensureNamespaces(api, [...set.objects, ...set.workloads]);
  await ensureNamespaces(api, extraNamespaces(expectations));
  await claims.check("every object is accepted server-side (Strict, no warning)", async () => {
    const applied = await applyAll(api, set.objects, applier);
    const left = applied.unknown.length > 0 ? `; no definition here for ${applied.unknown.join(", ")}` : "";
    return { problems: applied.problems, measured: `${applied.count} objects${left}` };
  });
  await claims.check("a second apply changes nothing", () => secondApply(api, set.objects, applier));
  await checkAdmission(api, set.objects, set.workloads, expectations, applier, claims);
  await claims.check("the patched workloads are accepted", async () => {
    const applied = await applyAll(api, set.workloads, { ...applier, manager: "plb-apps" });
    return { problems: applied.problems, measured: `${applied.count} workloads` };
  });
  await checkDeliveries(ground, expectations, applier, claims);
  await removeAll(api, [...set.workloads, ...set.objects]);
  const { cluster, example: name } = expectations;
  const output = { name, cluster, folder: join(projectRoot, expectations.out), project: projectRoot };
  for (const check of outputChecks.filter((c) => c.wants(set.objects, output))) {
    await claims.check(check.claim, () => check.run({ ground, output, applier, ...set }));
  }
  await checkKustomize(ground, expectations, set.objects, claims);
  await removeAll(api, set.objects);
  return claims.list;
}

function extraNamespaces(expectations: Expectations): KubeObject[] {
  const names = [...expectations.extraPods.map((pod) => pod.namespace), expectations.admission?.outsideNamespace];
  return names
    .filter((name) => name !== undefined)
    .map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } }));
}

/** What the gitops tools do: kustomize build, kubectl apply -k, and prune. */
async function checkKustomize(
  ground: Ground,
  expectations: Expectations,
  objects: readonly KubeObject[],
  claims: Claims,
): Promise<void> {
  const out = join(projectRoot, expectations.out);
  const served = (await pool(objects, 4, async (o) => ((await ground.api.serves(o)) ? [o] : []))).flat();
  if (served.length !== objects.length) {
    claims.add("kubectl apply -k", ["the example has kinds without a definition here: kubectl cannot apply it"]);
    return;
  }
  const kubectl = (args: readonly string[]) =>
    attempt(join(ground.bin, "kubectl"), ["--kubeconfig", ground.server.kubeconfig, ...args], {
      env: { KUBECTL_APPLYSET: "true" },
    });
  await claims.check("kustomize build gives the same objects", async () => {
    const { problems, count } = await sameBuild(ground, out, objects);
    return { problems, measured: `${count} objects` };
  });
  const as = ["--as", expectations.admission?.applier ?? "plb-applier", "--as-group", "system:authenticated"];
  await claims.check("kubectl apply -k succeeds, and a second time changes nothing", async () => {
    // Namespaces and guards of one apply race with what depends on them; a gitops tool retries as well.
    const server = ["apply", "-k", out, "--server-side", "--force-conflicts", "--field-manager=plb-kubectl", ...as];
    const first = await kubectl(server);
    if (first.code !== 0) return { problems: [first.stderr] };
    const before = await versions(ground.api, objects);
    const second = await kubectl(server);
    const after = await versions(ground.api, objects);
    const moved = [...before].filter(([id, version]) => after.get(id) !== version).map(([id]) => `${id} changed`);
    return { problems: [...(second.code === 0 ? [] : [second.stderr]), ...moved] };
  });
  await claims.check("prune removes exactly what left", () => prune(ground, out, objects, kubectl, as));
}

/** A cluster-scoped parent for kubectl's ApplySet: those that Kubernetes brings are namespaced. */
async function makeApplySet(ground: Ground): Promise<void> {
  const names = { plural: "applysets", singular: "applyset", kind: "ApplySet", listKind: "ApplySetList" };
  const schema = { openAPIV3Schema: { type: "object" } };
  await ground.api.apply({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: "applysets.e2e.plumbline.test",
      labels: { "applyset.kubernetes.io/is-parent-type": "true" },
    },
    spec: {
      group: "e2e.plumbline.test",
      names,
      scope: "Cluster",
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  });
  const kind = { apiVersion: "e2e.plumbline.test/v1", kind: "ApplySet" };
  // What kubectl wants on a parent that it did not make: its id is derived from name, namespace, kind and group.
  const id = createHash("sha256").update("example..ApplySet.e2e.plumbline.test").digest("base64url");
  const parent = {
    ...kind,
    metadata: {
      name: "example",
      labels: { "applyset.kubernetes.io/id": `applyset-${id}-v1` },
      annotations: {
        "applyset.kubernetes.io/tooling": "kubectl/v1.36",
        "applyset.kubernetes.io/contains-group-kinds": "",
      },
    },
  };
  await until(async () => (await ground.api.serves(parent)) && (await ground.api.get(parent)).status === 404, 10_000);
  await until(async () => (await ground.api.apply(parent)).status < 300, 10_000);
}

type Kubectl = (args: readonly string[]) => ReturnType<typeof attempt>;

/** Applies the whole, then the whole without one file, with kubectl's own prune by our label. */
async function prune(
  ground: Ground,
  out: string,
  objects: readonly KubeObject[],
  kubectl: Kubectl,
  as: readonly string[],
): Promise<Verdict> {
  const scratch = join(ground.folder, "prune");
  mkdirSync(scratch, { recursive: true });
  cpSync(out, scratch, { recursive: true });
  // An ApplySet remembers the namespaces that its members stood in; pruning by label alone forgets those that emptied.
  await makeApplySet(ground);
  const set = ["--prune", "--applyset=applysets.e2e.plumbline.test/example"];
  const apply = ["apply", "-k", scratch, "--server-side", "--force-conflicts", ...set, ...as];
  const first = await kubectl(apply);
  if (first.code !== 0) return { problems: [`first apply: ${first.stderr}`] };
  const file = join(scratch, "kustomization.yaml");
  const kustomization = parse(readFileSync(file, "utf8")) as { resources: string[] };
  const gone = kustomization.resources.find((resource) => resource.startsWith("pairs/")) ?? kustomization.resources[0];
  const rest = kustomization.resources.filter((resource) => resource !== gone);
  writeFileSync(file, stringify({ ...kustomization, resources: rest }));
  const left = readObjects(readFileSync(join(scratch, String(gone)), "utf8"), String(gone)).filter(
    (o) => o.kind !== "Namespace",
  );
  const second = await kubectl(apply);
  if (second.code !== 0) return { problems: [`second apply: ${second.stderr}`] };
  const missing = (
    await pool(
      objects.filter((o) => o.kind !== "Namespace"),
      6,
      async (o) => {
        const { status, object } = await ground.api.get(o);
        const absent = status === 404 || object.metadata?.deletionTimestamp !== undefined;
        return absent ? [idOf(o)] : [];
      },
    )
  ).flat();
  const expected = left.map(idOf);
  const problems = expected.filter((id) => !missing.includes(id)).map((id) => `${id} was not pruned`);
  problems.push(
    ...missing.filter((id) => !expected.includes(id)).map((id) => `${id} was pruned, but is still written`),
  );
  await kubectl(["delete", "applysets.e2e.plumbline.test", "example"]);
  return { problems, measured: `${expected.length} objects of ${gone}` };
}
