import type { PodPatch } from "../ir/manifest.ts";
import { emitYaml } from "../source/yaml/emit-yaml.ts";

type Json = Readonly<Record<string, unknown>>;

/** A pod template's changes at the place where the workload's kind has its template. */
export function patchBody(patch: PodPatch): Json {
  const { workload } = patch;
  const devices = Object.fromEntries(Object.entries(patch.devices).map(([name, count]) => [name, String(count)]));
  const claims = patch.claims.filter((one) => one.inContainer).map(({ name }) => ({ name }));
  const resources: Json = {
    ...(Object.keys(devices).length > 0 && { requests: devices, limits: devices }),
    ...(claims.length > 0 && { claims }),
  };
  const spec: Json = {
    ...(Object.keys(patch.nodeSelector).length > 0 && { nodeSelector: patch.nodeSelector }),
    ...(patch.resolvers.length > 0 && { dnsPolicy: "None", dnsConfig: { nameservers: patch.resolvers } }),
    ...(patch.claims.length > 0 && {
      resourceClaims: patch.claims.map(({ name, template }) => ({ name, resourceClaimTemplateName: template })),
    }),
    ...(Object.keys(resources).length > 0 && { containers: [{ name: workload.containers[0], resources }] }),
  };
  const template: Json = {
    metadata: { annotations: patch.annotations },
    ...(Object.keys(spec).length > 0 && { spec }),
  };
  return template;
}

/** The workload as a strategic merge patch: without a target, so that a missing workload fails the build. */
export function strategicMerge(patch: PodPatch): Json {
  const { workload } = patch;
  const metadata = { name: workload.name, ...(workload.ownNamespace && { namespace: workload.namespace }) };
  const head = { apiVersion: workload.apiVersion, kind: workload.kind };
  const body = patchBody(patch);
  const own = workload.templatePath.filter((step) => typeof step === "string" && step !== "items");
  if (own.length === 0) {
    const { metadata: pod, ...rest } = body as { metadata: object };
    return { ...head, metadata: { ...metadata, ...pod }, ...rest };
  }
  const nested = own.reduceRight<unknown>((inner, step) => ({ [step]: inner }), body);
  return { ...head, metadata, ...(nested as Json) };
}

/** KubeVirt keeps networks in lists that a merge would replace: those are appended to, one operation each. */
function virtualMachine(patch: PodPatch): readonly Json[] {
  const { workload } = patch;
  const base = "/spec/template/spec";
  const { annotations, ...rest } = patch;
  const { "k8s.v1.cni.cncf.io/networks": _networks, ...others } = annotations;
  const operations = patch.virtual.flatMap(({ name, network }) => [
    { op: "add", path: `${base}/networks/-`, value: { name, multus: { networkName: network } } },
    { op: "add", path: `${base}/domain/devices/interfaces/-`, value: { name, bridge: {} } },
  ]);
  const target = {
    group: "kubevirt.io",
    version: workload.apiVersion.split("/")[1],
    kind: workload.kind,
    name: workload.name,
  };
  return [
    { patch: emitYaml(strategicMerge({ ...rest, annotations: others })) },
    { target, patch: emitYaml(operations) },
  ];
}

/** A Kustomize component for one workload: two apps of a namespace have kustomizations of their own. */
export function component(patch: PodPatch): Json {
  const patches =
    patch.workload.kind === "VirtualMachine" ? virtualMachine(patch) : [{ patch: emitYaml(strategicMerge(patch)) }];
  return { apiVersion: "kustomize.config.k8s.io/v1alpha1", kind: "Component", patches };
}

/** Where a workload's patch lies below the cluster's folder. */
export function patchFolder(patch: PodPatch): string {
  const { namespace, kind, name } = patch.workload;
  return `patches/${namespace}/${kind.toLowerCase()}-${name}`;
}
