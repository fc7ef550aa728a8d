import { Session } from "node:inspector";
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { composeCached } from "../../src/yaml/compose-manifests.ts";
import { pageInputs } from "../page-project.ts";

const withAnchor = "kind: ConfigMap\nmetadata: {name: &a c, namespace: web}\ndata: {x: *a}\n";

test("who reads a file after the first is handed what that one composed, once", () => {
  const file = { path: "x.yaml", text: withAnchor };
  const first = composeCached(file);
  expect(composeCached(file)).toBe(first);
  expect(composeCached(file)).not.toBe(first);
});

test("a manifest that only the slower reader reads is composed once for a compile and its proof", () => {
  const inputs = pageInputs("");
  const file = { path: "workloads/anchored.yaml", text: withAnchor };
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true });
  const { diagnostics } = compile({ ...inputs, workloads: [...inputs.workloads, { file, namespace: undefined }] });
  let calls = 0;
  session.post("Profiler.takePreciseCoverage", (failed, { result }) => {
    if (failed) throw failed;
    for (const { url, functions } of result)
      if (url.endsWith("/src/yaml/compose-manifests.ts"))
        calls += functions.find((one) => one.functionName === "composeManifests")?.ranges[0]?.count ?? 0;
  });
  session.disconnect();
  expect(diagnostics.filter((one) => one.severity === "error")).toEqual([]);
  expect(calls).toBe(1);
});
