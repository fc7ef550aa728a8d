import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import type { PodPatch } from "../../../ir/manifest.ts";
import type { Delivery as How } from "../../../ir/project.ts";
import type { Workload } from "../../../ir/workload.ts";
import { type Path, placeAt } from "../../../source/place.ts";
import { formatDisplayName } from "../../../workloads/display-name.ts";
import { checkHasManifest } from "./check-manifests.ts";
import { type DeliveryMethod, emptyDelivery, formatWorkloadFolder } from "./delivery.ts";
import { listContainersToDrop } from "./drop-net-raw.ts";
import { buildPartialObject, findObjectPath, readWorkloadValue } from "./pod-template.ts";
import { deliveryRules } from "./rules.ts";

type Json = Readonly<Record<string, unknown>>;
type Texts = Readonly<Record<string, string>>;

/** Partial objects, applied server-side beside the workload's owner by a field manager of their own. */
export const serverSideApplyDelivery: DeliveryMethod = {
  name: "serverSideApply",
  check: (patches, { project }) => [
    ...checkHasManifest(patches, "serverSideApply"),
    ...patches.flatMap((patch) => (patch.workload.declared ? [] : reportRefused(patch, project.delivery.gitops))),
  ],
  admits: (patch) => patch.admits,
  write: (patches, { project }) => {
    if (patches.length === 0) return emptyDelivery;
    const kept = keptBy(project.delivery.gitops);
    const parts = patches.map((patch) => ({ path: `${formatWorkloadFolder(patch)}.yaml`, body: partial(patch, kept) }));
    const resources = parts.map((part) => part.path).sort();
    const kustomization = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources };
    const files = [{ path: "kustomization.yaml", body: kustomization }, ...parts];
    return {
      ...emptyDelivery,
      files: files.map(({ path, body }) => ({ path: `patches/${path}`, body })),
      apart: "patches",
      handoff: handoff(project.delivery.gitops),
    };
  },
};

const ARGO_CD: Texts = {
  "argocd.argoproj.io/sync-options": "ServerSideApply=true,Validate=false,Prune=false,Delete=false",
};
const FLUX_POLICY = "kustomize.toolkit.fluxcd.io/ssa";
/** Flux compares these values without case (fluxcd/pkg/ssa, AnyInMetadata). */
const FLUX: Texts = { [FLUX_POLICY]: "Merge", "kustomize.toolkit.fluxcd.io/prune": "disabled" };

/** What keeps an applier from taking the whole workload for its own. Unknown appliers get what either would read. */
function keptBy(gitops: How["gitops"]): Texts {
  if (gitops === "argocd") return ARGO_CD;
  return gitops === "flux" ? FLUX : { ...ARGO_CD, ...FLUX };
}

/**
 * Flux fills in what the API's types require (fluxcd/pkg/ssa, normalize.UnstructuredList): an absent selector would be sent
 * as null, an absent service name as an empty one, and both be refused. They cannot change, so writing what is there takes
 * nothing from the workload's owner.
 */
const IMMUTABLE: readonly string[] = ["selector", "serviceName"];

function partial(patch: PodPatch, kept: Texts): Json {
  const { workload } = patch;
  const { name, namespace } = workload;
  const nodeSelector = fulfilled(patch) ? {} : patch.nodeSelector;
  const part = buildPartialObject({ ...patch, nodeSelector }, { name, namespace, annotations: kept });
  if (!forFlux(kept)) return part;
  const there = IMMUTABLE.map((field) => [field, readWorkloadValue(workload, "spec", field)] as const);
  const required = Object.fromEntries(there.filter(([, value]) => value !== undefined));
  return { ...part, spec: { ...required, ...(part.spec as Json) } };
}

function forFlux(kept: Texts): boolean {
  return Object.hasOwn(kept, FLUX_POLICY);
}

/** A node selector is owned as a whole (mapType atomic), so it is left out where the manifest's own says the same. */
function fulfilled({ workload, nodeSelector }: PodPatch): boolean {
  return Object.entries(nodeSelector).every(([key, value]) => workload.nodeSelector[key] === value);
}

const UNREACHED: Readonly<Record<string, string>> = {
  Pod: "networks are read when a pod starts, and it would have started by then",
  Job: "the pod template of a Job that exists cannot be changed",
  VirtualMachine: "its lists of networks and interfaces are owned as a whole",
};

/** Its schedule is required, and not immutable: Flux would take it from the workload's owner. */
const UNREACHED_BY_FLUX: Readonly<Record<string, string>> = {
  ...UNREACHED,
  CronJob: "Flux would send an empty schedule with it",
};

function reportRefused(patch: PodPatch, gitops: How["gitops"]): readonly Diagnostic[] {
  const { workload } = patch;
  const kept = keptBy(gitops);
  const ref = formatDisplayName(workload);
  const why = (gitops === "flux" ? UNREACHED_BY_FLUX : UNREACHED)[workload.kind];
  if (why !== undefined) {
    const place = placeAt(workload.doc, ...findObjectPath(workload), "kind");
    const related = [{ place: patch.origin, label: "the network is needed here" }];
    return [deliveryRules.diagnose("out-of-reach", place, { delivery: "serverSideApply", ref, why }, { related })];
  }
  return ownersFields(patch, kept).map((path) => {
    const place = placeAt(workload.doc, ...findObjectPath(workload), ...path);
    const related = [{ place: patch.origin, label: "the other value comes from here" }];
    return deliveryRules.diagnose("written-by-owner", place, { ref, field: String(path.at(-1)) }, { related });
  });
}

/** Fields that both the patch and the workload's manifest would write, with different values. */
function ownersFields(patch: PodPatch, kept: Texts): readonly Path[] {
  const { workload } = patch;
  const template = workload.templatePath.slice(findObjectPath(workload).length);
  const spec = [...template, "spec"];
  const paths: Path[] = [
    ...Object.keys(kept).map((key) => ["metadata", "annotations", key]),
    ...Object.keys(patch.annotations).map((key) => [...template, "metadata", "annotations", key]),
    ...(fulfilled(patch) ? [] : [[...spec, "nodeSelector"]]),
    ...(patch.resolvers.length > 0 ? ["dnsPolicy", "dnsConfig"].map((key) => [...spec, key]) : []),
    ...[...deviceFields(patch, workload), ...dropFields(patch)].map((path) => [...spec, ...path]),
  ];
  const same = (path: Path) => readWorkloadValue(workload, ...path) === kept[String(path.at(-1))] && path.length === 3;
  return paths.filter((path) => readWorkloadValue(workload, ...path) !== undefined && !same(path));
}

function deviceFields(patch: PodPatch, workload: Workload): readonly Path[] {
  const devices = Object.keys(patch.devices);
  if (devices.length === 0 || workload.containers.length === 0) return [];
  return devices.flatMap((name) => ["requests", "limits"].map((key) => ["containers", 0, "resources", key, name]));
}

/** What a container drops is one list, owned as a whole. */
function dropFields({ workload, dropsRaw }: PodPatch): readonly Path[] {
  const drops = dropsRaw ? listContainersToDrop(workload) : [];
  return drops
    .filter((one) => one.drop !== undefined)
    .map(({ list, index }) => [list, index, "securityContext", "capabilities", "drop"]);
}

const ORDER = "They are parts of objects that others own, so apply them after the workloads, and never prune by them";

function handoff(gitops: How["gitops"]): readonly string[] {
  const leaving =
    "When a workload leaves a network, its file in `patches/` goes away and its annotation stays: apply the object's " +
    "apiVersion, kind, name and namespace alone, with the same field manager, and the annotation goes too";
  if (gitops === "argocd")
    return [
      `Apply \`gitops/patches.yaml\` beside the application of the rest. ${ORDER}.`,
      "No workload in `patches/` may belong to an Argo CD application that applies server-side: both would be the " +
        "field manager `argocd-controller`, and remove each other's fields",
      leaving,
    ];
  if (gitops === "flux")
    return [
      `Apply \`gitops/patches.yaml\` beside the Kustomization of the rest. ${ORDER}.`,
      "No workload in `patches/` may belong to another Flux Kustomization: both would be the field manager " +
        "`kustomize-controller`, and remove each other's fields",
      leaving,
    ];
  return [
    `Apply \`patches/\` apart from the rest: \`kubectl apply --server-side --field-manager=plumbline -k patches\`. ${ORDER}.`,
    leaving,
  ];
}
