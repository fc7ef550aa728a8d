import { controller, podOf, type Try, tenant } from "./admission-try.ts";
import type { Answer, CallOptions, ClusterApi } from "./cluster-api.ts";
import type { KubeObject } from "./manifests.ts";

/** Only appliers write networks. */
export function networkTries(api: ClusterApi, networks: readonly KubeObject[], applier: CallOptions): Try[] {
  const own = networks[0];
  if (!own) return [];
  const other = { ...own, metadata: { name: "plb-network", namespace: own.metadata.namespace } };
  return [
    {
      title: "a tenant creates a network",
      expect: "denied",
      run: () => api.create(other, { ...tenant, dryRun: true }),
    },
    { title: "a tenant changes a network", expect: "denied", run: () => changed(api, own, tenant) },
    {
      title: "an applier creates a network",
      expect: "admitted",
      run: () => api.create(other, { ...applier, dryRun: true }),
    },
    { title: "an applier changes a network", expect: "admitted", run: () => changed(api, own, applier) },
  ];
}

/** What the guards go by is the appliers' alone. */
export function parameterTries(api: ClusterApi, objects: readonly KubeObject[], applier: CallOptions): Try[] {
  const parameters = objects.find((one) => one.kind === "ConfigMap" && one.metadata.namespace === "plumbline-guards");
  if (!parameters) return [];
  const write = async (options: CallOptions) => {
    const stored = (await api.get(parameters)).object;
    return api.replace({ ...stored, data: { writers: "plb-tenant" } }, { ...options, dryRun: true });
  };
  return [
    { title: "a tenant changes the guards' parameters", expect: "denied", run: () => write(tenant) },
    { title: "an applier changes the guards' parameters", expect: "admitted", run: () => write(applier) },
  ];
}

async function changed(api: ClusterApi, network: KubeObject, options: CallOptions): Promise<Answer> {
  const stored = (await api.get(network)).object;
  return api.replace(
    { ...stored, spec: { config: '{"cniVersion":"1.0.0","name":"x","type":"bridge"}' } },
    { ...options, dryRun: true },
  );
}

/** In a gateway namespace only appliers write workloads, and only the cluster's controllers create pods. */
export function gatewayTries(
  api: ClusterApi,
  objects: readonly KubeObject[],
  namespace: string,
  applier: CallOptions,
): Try[] {
  const deployment = objects.find((object) => object.kind === "Deployment" && object.metadata.namespace === namespace);
  if (!deployment) return [];
  const pod = () => podOf(deployment, "plb-gateway-try");
  const copy = { ...deployment, metadata: { name: "plb-copy", namespace } };
  const plain: KubeObject = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "plb-plain", namespace },
    spec: { containers: [{ name: "main", image: "registry.example.com/x:1" }] },
  };
  return [
    {
      title: `${namespace}: a tenant creates a pod`,
      expect: "denied",
      run: () => api.create(plain, { ...tenant, dryRun: true }),
    },
    {
      title: `${namespace}: a tenant creates a gateway's pod`,
      expect: "denied",
      run: () => api.create(pod(), { ...tenant, dryRun: true }),
    },
    {
      title: `${namespace}: a tenant creates a Deployment`,
      expect: "denied",
      run: () => api.create(copy, { ...tenant, dryRun: true }),
    },
    {
      title: `${namespace}: a tenant changes the image of a gateway's pod`,
      expect: "denied",
      run: async () => {
        const running = { ...pod(), metadata: { ...pod().metadata, name: "plb-gateway-runs" } };
        const created = await api.create(running, controller);
        const stored = structuredClone(created.status < 300 ? created.object : (await api.get(running)).object);
        for (const one of (stored.spec as { containers: { image: string }[] }).containers)
          one.image = "example.com/x:1";
        return api.replace(stored, { ...tenant, dryRun: true });
      },
    },
    {
      title: `${namespace}: the controller creates a gateway's pod`,
      expect: "admitted",
      run: () => api.create(pod(), { ...controller, dryRun: true }),
    },
    {
      title: `${namespace}: an applier creates a Deployment`,
      expect: "admitted",
      run: () => api.create(copy, { ...applier, dryRun: true }),
    },
  ];
}
