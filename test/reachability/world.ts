import type { ExternalDevices } from "../../src/ir/expects.ts";
import type { Platform } from "../../src/ir/project.ts";
import { parseKnownCidr } from "../../src/net/cidr.ts";
import { buildModel } from "../../src/verify/model/build-model.ts";
import { exampleInputs, knownOf } from "./example.ts";

const base = [...knownOf(exampleInputs()).values()][0]?.plan.cluster.platform as Platform;

export interface WorldOptions {
  readonly platform?: Partial<Platform>;
  readonly externals?: readonly ExternalDevices[];
}

/** A cluster of objects, all written but the workloads, which are read. */
export function world(written: readonly object[], workloads: readonly object[] = [], options: WorldOptions = {}) {
  const platform: Platform = {
    ...base,
    adminPolicy: "none",
    multiNetworkPolicy: { plugins: ["macvlan"], endPort: false, acceptIcmp6: true },
    podNetwork: { ...base.podNetwork, cidrs: [parseKnownCidr("10.244.0.0/16")] },
    ...options.platform,
  };
  const file = (folder: string) => (object: object, index: number) => ({
    path: `${folder}/${index}.yaml`,
    text: JSON.stringify(object),
  });
  return buildModel({
    cluster: "one",
    platform,
    files: written.map(file("out/one")),
    workloads: workloads.map(file("workloads")).map((one) => ({ file: one, namespace: undefined })),
    externals: options.externals ?? [],
    externallyManaged: [],
    guests: [],
  });
}

export function network(
  namespace: string,
  name: string,
  plugin: object,
  more: readonly object[] = [],
  meta: object = {},
) {
  const config = JSON.stringify({ cniVersion: "1.0.0", name, plugins: [plugin, ...more] });
  return {
    apiVersion: "k8s.cni.cncf.io/v1",
    kind: "NetworkAttachmentDefinition",
    metadata: { name, namespace, ...meta },
    spec: { config },
  };
}

export function pod(namespace: string, name: string, networks: unknown, more: { labels?: object; spec?: object } = {}) {
  const text = typeof networks === "string" ? networks : JSON.stringify(networks);
  const metadata = { labels: { app: name, ...more.labels }, annotations: { "k8s.v1.cni.cncf.io/networks": text } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: { template: { metadata, spec: { containers: [{ name: "main" }], ...more.spec } } },
  };
}

export function policy(namespace: string, name: string, spec: object, kind = "NetworkPolicy", annotations?: object) {
  const apiVersion = kind === "NetworkPolicy" ? "networking.k8s.io/v1" : "k8s.cni.cncf.io/v1beta1";
  return { apiVersion, kind, metadata: { name, namespace, ...(annotations && { annotations }) }, spec };
}

export const pool = (range: string, more: object = {}) => ({ type: "whereabouts", range, ...more });
