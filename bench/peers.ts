import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { mergeStrategically } from "../src/verify/model/manifests/merge-patch.ts";
import type { Contestant } from "./measure.ts";
import { workloadText } from "./project.ts";

const PEERS = join(import.meta.dirname, "peers");

/**
 * kustomize, given finished manifests of zones, the Deployments and the patches: it has only to put them together. The
 * patches stand in the overlay itself, the form that costs it least: a component each, as `out/` has them for an
 * application's own overlay, made it take many times as long.
 */
export function kustomize(root: string, count: number): Contestant {
  execFileSync(join(PEERS, "kustomize/build.sh"), { stdio: "inherit" });
  const overlay = join(root, "overlay");
  mkdirSync(overlay, { recursive: true });
  const resources: string[] = [];
  const patches: Patch[] = [];
  // The workloads and zones are listed here one by one: a folder above an overlay's own may not be loaded as a file.
  for (let index = 0; index < count; index++) {
    writeFileSync(join(overlay, `workload-${index}.yaml`), workloadText(index));
    writeFileSync(
      join(overlay, `zone-${index}.yaml`),
      readFileSync(join(root, `out/main/zones/zone-${index}.yaml`), "utf8"),
    );
    resources.push(`workload-${index}.yaml`, `zone-${index}.yaml`);
    patches.push(...patchesOf(root, index));
  }
  const overlayText = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources, patches };
  writeFileSync(join(overlay, "kustomization.yaml"), JSON.stringify(overlayText));
  const argv = ["build", overlay, "-o", join(root, "kustomized.yaml")];
  return { name: "kustomize", program: join(PEERS, "kustomize/bin/kustomize"), argv };
}

interface Patch {
  readonly patch: string;
}

/** The patches of a zone's workload, as its component holds them. */
function patchesOf(root: string, index: number): readonly Patch[] {
  const folder = join(root, `out/main/patches/ns-${index}`);
  const text = readFileSync(join(folder, readdirSync(folder)[0] as string, "kustomization.yaml"), "utf8");
  const [component] = parseAllDocuments(text).map((one) => one.toJS() as { readonly patches: readonly Patch[] });
  return component?.patches ?? [];
}

/** cdk8s, given the same objects finished, in the shape that costs it least: one chart, one file. */
export function cdk8s(root: string, count: number): Contestant {
  const folder = join(PEERS, "cdk8s");
  if (!existsSync(join(folder, "node_modules")))
    execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: folder, stdio: "inherit" });
  const objects: unknown[] = [];
  for (let index = 0; index < count; index++) {
    const zone = readFileSync(join(root, `out/main/zones/zone-${index}.yaml`), "utf8");
    for (const document of parseAllDocuments(zone)) objects.push(document.toJS());
    const [workload] = parseAllDocuments(workloadText(index)).map((one) => one.toJS() as unknown);
    const [patch] = parseAllDocuments(patchesOf(root, index)[0]?.patch ?? "").map((one) => one.toJS() as unknown);
    objects.push(mergeStrategically(workload, patch));
  }
  const input = join(root, "objects.json");
  writeFileSync(input, JSON.stringify(objects));
  return { name: "cdk8s", argv: [join(folder, "app.mjs"), input, join(root, "cdk8s-out")] };
}
