import { allocateClaims, type InstanceClaim } from "../allocation/claims.ts";
import { type AllocatorOptions, createAllocator } from "../allocation/lock/allocator.ts";
import type { Lock } from "../allocation/lock/lock.ts";
import { networkRules } from "../allocation/network-rules.ts";
import type { PlacedRequest, SegmentState } from "../allocation/segment-state.ts";
import { allocateSegments } from "../allocation/segments.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { createFindingCollector, type FindingCollector } from "../diagnostics/findings.ts";
import type { Fabric } from "../ir/fabric.ts";
import { createEmptyFabric } from "../ir/fabric.ts";
import type { Instance, Intent } from "../ir/intent.ts";
import type { Plan } from "../ir/plan.ts";
import type { Cluster, Project } from "../ir/project.ts";
import type { Workloads } from "../ir/workload.ts";
import type { Kind } from "../kinds/kind.ts";
import type { ClaimContext, IntentContext, PlanBuilder } from "../kinds/plan-builder.ts";
import { formatIntentId } from "../kinds/shared/intent-key.ts";
import { type Cidr, parseKnownCidr } from "../net/cidr.ts";
import { placeAt } from "../source/place.ts";
import type { Instances } from "./instances.ts";
import { createDraft, createPlanBuilder, type PlanContext } from "./plan/builder.ts";
import { dropConsequences } from "./plan/consequences.ts";
import { finishPlan } from "./plan/finish.ts";

export interface Planned {
  readonly plans: readonly Plan[];
  /** Text of the new lock, once it is known what of the objects cannot change. */
  lockText(fixed: ReadonlyMap<string, string>): string;
}

interface Whole {
  readonly project: Project;
  readonly intents: readonly Intent[];
  readonly instances: Instances;
  readonly workloads: Workloads;
  readonly kindOf: (name: string) => Kind;
}

/**
 * Intents to one Plan per cluster. Everything is given out Fabric by Fabric before anything is written, so that an
 * intent that is added moves nobody.
 */
export function planClusters(
  whole: Whole,
  lock: Lock,
  options: AllocatorOptions,
): { readonly value: Planned; readonly diagnostics: readonly Diagnostic[] } {
  const findings = createFindingCollector();
  const allocator = createAllocator(lock, options);
  const plans = new Map<string, Plan>();
  const fabrics = [...fabricsOf(whole, findings)].map(([fabric, clusters]) =>
    onFabric(whole, fabric, clusters, findings),
  );
  const projectNetworks = networksOf(fabrics);
  for (const { fabric, clusters, scenes, placed } of fabrics) {
    const found: Diagnostic[] = [];
    const sites = allocateSegments(fabric, clusters, placed, allocator, found);
    const made = clusters.flatMap((cluster) => claimsOf(whole, scenes.get(cluster.name) as SceneOf, sites));
    const allocations = allocateClaims(fabric, sites, made, allocator, found);
    findings.add(found);
    const written = createFindingCollector();
    const grounds = clusters.map((cluster): PlanContext & { readonly context: SceneOf } => {
      const own = new Map(sites.filter((site) => site.cluster === cluster).map((site) => [site.request.id, site]));
      const context = scenes.get(cluster.name) as SceneOf;
      const labels = labelsOf(context.instances);
      return {
        cluster,
        fabric,
        context,
        labels,
        workloads: whole.workloads,
        segments: own,
        allocations,
        findings: written,
        projectNetworks,
      };
    });
    // What neighbours ask of a cluster is only read: what is wrong there is said in its own plan.
    const homes = grounds.map((ground) => ({
      instances: ground.context.instances,
      home: createPlanBuilder({ ...ground, findings: createFindingCollector() }, createDraft()),
    }));
    for (const ground of grounds) {
      const others = homes.filter(({ home }) => home.cluster !== ground.cluster);
      plans.set(ground.cluster.name, write(whole, ground.context, others, ground));
    }
    findings.add(dropConsequences(written.all(), placed, sites, whole.intents));
  }
  const ordered = whole.project.clusters.flatMap((cluster) => plans.get(cluster.name) ?? []);
  return {
    value: { plans: ordered, lockText: allocator.lockText },
    diagnostics: [...findings.all(), ...allocator.diagnostics],
  };
}

/** What is wanted of one Fabric. */
interface OnFabric {
  readonly fabric: Fabric;
  readonly clusters: readonly Cluster[];
  readonly scenes: ReadonlyMap<string, SceneOf>;
  readonly placed: readonly PlacedRequest[];
}

function onFabric(whole: Whole, fabric: Fabric, clusters: readonly Cluster[], findings: FindingCollector): OnFabric {
  const scenes = new Map(clusters.map((cluster) => [cluster.name, sceneOf(whole, fabric, cluster)]));
  const placed = clusters.flatMap((cluster) => wishesOf(whole, scenes.get(cluster.name) as SceneOf, fabric, findings));
  return { fabric, clusters, scenes, placed };
}

/** Addresses of all networks of the project. A pool counts as a whole, so that a network more changes nothing. */
function networksOf(fabrics: readonly OnFabric[]): readonly Cidr[] {
  return fabrics.flatMap(({ fabric, placed }) => [
    ...[...fabric.pools.values()].map((pool) => pool.cidr),
    ...placed.flatMap(({ request }) => (request.spec.subnets ?? []).map(parseKnownCidr)),
  ]);
}

function labelsOf(instances: readonly Instance[]): Plan["labels"] {
  const labelled = instances.filter(({ intent }) => Object.keys(intent.labels).length > 0);
  return new Map(labelled.map(({ intent }) => [intent.id, intent.labels]));
}

interface SceneOf extends IntentContext {
  readonly instances: readonly Instance[];
}

function sceneOf(whole: Whole, fabric: Fabric, cluster: Cluster): SceneOf {
  const instances = whole.instances.byCluster.get(cluster.name) ?? [];
  const byId = new Map(instances.map((instance) => [instance.intent.id, instance]));
  const byKind = new Map<string, Instance[]>();
  for (const instance of instances) {
    const list = byKind.get(instance.intent.kind);
    if (list) list.push(instance);
    else byKind.set(instance.intent.kind, [instance]);
  }
  return {
    cluster,
    instances,
    neighbours: fabric.clusters,
    workloads: whole.workloads,
    find: (kind, name) => byId.get(formatIntentId(kind, name)),
    all: (kind) => byKind.get(kind) ?? [],
  };
}

/** Fabrics with their clusters; a cluster on none has an empty one of its own. */
function fabricsOf(whole: Whole, findings: FindingCollector): Map<Fabric, Cluster[]> {
  const fabrics = whole.intents.flatMap((intent) => whole.kindOf(intent.kind).fabric?.(intent) ?? []);
  const of = new Map<string, Fabric>();
  for (const fabric of fabrics)
    for (const [index, name] of fabric.clusters.entries()) {
      const first = of.get(name);
      if (!first) of.set(name, fabric);
      else if (first !== fabric) {
        const related = [
          { place: placeAt(first.doc, "spec", "clusters", first.clusters.indexOf(name)), label: "the first one" },
        ];
        findings.add([
          networkRules.diagnose(
            "two-fabrics",
            placeAt(fabric.doc, "spec", "clusters", index),
            { cluster: name },
            { related },
          ),
        ]);
      }
    }
  const clusters = new Map<Fabric, Cluster[]>();
  for (const cluster of whole.project.clusters) {
    const fabric = of.get(cluster.name) ?? createEmptyFabric(cluster.name, whole.project.doc);
    const list = clusters.get(fabric);
    if (list) list.push(cluster);
    else clusters.set(fabric, [cluster]);
  }
  return clusters;
}

function wishesOf(whole: Whole, scene: SceneOf, fabric: Fabric, findings: FindingCollector): PlacedRequest[] {
  return scene.instances.flatMap((instance) => {
    const { networks, diagnostics } = whole.kindOf(instance.intent.kind).networks(instance, scene);
    findings.add(diagnostics);
    return networks.map((request) => ({ request, cluster: scene.cluster, fabric }));
  });
}

function claimsOf(whole: Whole, scene: SceneOf, all: readonly SegmentState[]): InstanceClaim[] {
  const own = new Map(all.filter((site) => site.cluster === scene.cluster).map((site) => [site.request.id, site]));
  const sites: ClaimContext = { ...scene, findSegment: (network) => own.get(network) };
  return scene.instances.flatMap((instance) =>
    whole
      .kindOf(instance.intent.kind)
      .claims(instance, sites)
      .map((claim) => ({ instance, cluster: scene.cluster.name, claim })),
  );
}

interface Neighbour {
  readonly instances: readonly Instance[];
  readonly home: PlanBuilder;
}

function write(whole: Whole, scene: SceneOf, others: readonly Neighbour[], ground: PlanContext): Plan {
  const draft = createDraft();
  const builder = createPlanBuilder(ground, draft);
  for (const instance of scene.instances) whole.kindOf(instance.intent.kind).contribute(instance, builder);
  for (const { instances, home } of others)
    for (const instance of instances)
      if (scene.find(instance.intent.kind, instance.intent.name) === undefined)
        whole.kindOf(instance.intent.kind).contributeToPeers?.(instance, builder, home);
  return finishPlan(ground, draft, builder.internet());
}
