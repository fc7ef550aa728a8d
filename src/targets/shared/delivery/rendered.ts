import type { PodPatch } from "../../../ir/manifest.ts";
import { findValue } from "../../../yaml/span.ts";
import { checkHasManifest } from "./check-manifests.ts";
import { type DeliveryMethod, emptyDelivery, formatWorkloadFolder } from "./delivery.ts";
import { listAddedDevices, listPresentDevices } from "./guest-devices.ts";
import { buildPatchBody, findObjectPath } from "./pod-template.ts";

type Json = Readonly<Record<string, unknown>>;

/** Whole workloads with their patches applied, for those who apply them from out/. */
export const renderedDelivery: DeliveryMethod = {
  name: "rendered",
  check: (patches) => checkHasManifest(patches, "rendered"),
  admits: (patch) => patch.admits,
  write: (patches) => {
    const files = patches.map((patch) => ({
      path: `workloads/${formatWorkloadFolder(patch)}.yaml`,
      body: wholeOf(patch),
    }));
    return { ...emptyDelivery, files, applied: files.map((file) => file.path) };
  },
};

function wholeOf(patch: PodPatch): Json {
  const { workload } = patch;
  const root = findObjectPath(workload);
  const whole = findValue(workload.doc.value, root);
  const path = workload.templatePath.slice(root.length);
  const named = merge(whole, { metadata: { namespace: workload.namespace } });
  if (workload.kind === "VirtualMachine") return virtualMachine(named, patch);
  const nested = path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), buildPatchBody(patch));
  return merge(named, nested) as Json;
}

function virtualMachine(whole: unknown, patch: PodPatch): Json {
  const { "k8s.v1.cni.cncf.io/networks": _networks, ...annotations } = patch.annotations;
  const body = buildPatchBody({ ...patch, annotations });
  const present = listPresentDevices(patch);
  const more = listAddedDevices(patch);
  const networks = [...present.networks, ...more.networks];
  const interfaces = [...present.interfaces, ...more.interfaces];
  const added = { spec: { template: { spec: { networks, domain: { devices: { interfaces } } } } } };
  return merge(merge(whole, { spec: { template: body } }), added) as Json;
}

/** Lists whose items a merge matches by name, as the API server does. */
const NAMED = new Set(["containers", "initContainers", "resourceClaims", "claims"]);

/** Objects are merged, and so are items of the named lists; any other list and every value is replaced. */
function merge(base: unknown, part: unknown, key = ""): unknown {
  if (NAMED.has(key) && Array.isArray(base) && Array.isArray(part)) {
    const named = (name: string, list: readonly unknown[]) => list.find((one) => isNamed(one) && one.name === name);
    const kept = base.map((item) => {
      const change = isNamed(item) ? named(item.name, part) : undefined;
      return change ? merge(item, change) : item;
    });
    return [...kept, ...part.filter((one) => isNamed(one) && !named(one.name, base))];
  }
  if (!isObject(base) || !isObject(part)) return part;
  const merged: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(part))
    merged[name] = Object.hasOwn(base, name) ? merge(base[name], value, name) : value;
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNamed(value: unknown): value is { readonly name: string } {
  return isObject(value) && typeof value.name === "string";
}
