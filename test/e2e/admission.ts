import type { Claims } from "./claims.ts";
import type { Answer, CallOptions, ClusterApi } from "./cluster-api.ts";
import type { Expectations } from "./expectations.ts";
import { type KubeObject, podTemplate } from "./manifests.ts";
import { pool, until } from "./shell.ts";

const networksKey = "k8s.v1.cni.cncf.io/networks";
const defaultKey = "v1.multus-cni.io/default-network";

/** A try at the API server and what must come of it. */
interface Try {
  readonly title: string;
  readonly expect: "admitted" | "denied";
  run(): Promise<Answer>;
}

/** Someone with every right that RBAC can give: what denies them is the guard alone. */
const tenant: CallOptions = { as: "plb-tenant", asGroups: ["plb-admins", "system:authenticated"] };
const controller: CallOptions = {
  as: "system:serviceaccount:kube-system:replicaset-controller",
  asGroups: ["system:serviceaccounts", "system:authenticated"],
};

/** Gives the suite's users cluster-admin, and waits until that is in force. */
export async function bindUsers(api: ClusterApi, applier: string): Promise<CallOptions> {
  const user = (name: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind: "User", name });
  await api.apply({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "plb-suite" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [user("plb-tenant"), user(applier)],
  });
  const options = { as: applier, asGroups: ["system:authenticated"] };
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } };
  await until(async () => (await api.apply(namespace, { ...options, dryRun: true })).status < 300, 10_000);
  return options;
}

/** The admission guards, tried: everything here is judged by the real API server. */
export async function checkAdmission(
  api: ClusterApi,
  objects: readonly KubeObject[],
  workloads: readonly KubeObject[],
  expectations: Expectations,
  applier: CallOptions,
  claims: Claims,
): Promise<void> {
  const { admission } = expectations;
  if (!admission) return;
  const tries: Try[] = [];
  const members = workloads.filter((w) => admission.zoneNamespaces.includes(w.metadata.namespace ?? ""));
  const networks = objects.filter((object) => object.kind === "NetworkAttachmentDefinition");
  for (const namespace of admission.zoneNamespaces) {
    const member = members.find(
      (w) => w.metadata.namespace === namespace && podTemplate(w)?.metadata.annotations?.[networksKey],
    );
    if (!member) {
      claims.add(`guards of ${namespace}`, ["no patched workload stands in this namespace"]);
      continue;
    }
    const foreign = networks.find(
      (nad) => nad.metadata.namespace !== namespace && admission.zoneNamespaces.includes(nad.metadata.namespace ?? ""),
    );
    tries.push(...memberTries(api, member, foreign));
  }
  tries.push(...outsideTries(api, networks, admission.outsideNamespace, admission.zoneNamespaces));
  tries.push(...networkTries(api, networks, applier));
  for (const namespace of admission.gatewayNamespaces) tries.push(...gatewayTries(api, objects, namespace, applier));
  await settleGuards(api, tries);
  const results = await pool(tries, 4, async (entry) => ({ entry, answer: await entry.run() }));
  const problems = results.flatMap(({ entry, answer }) => judge(entry, answer));
  const denied = tries.filter((entry) => entry.expect === "denied").length;
  claims.add(
    "admission guards deny what escapes a zone and admit what belongs",
    problems,
    `${denied} denied, ${tries.length - denied} admitted`,
  );
}

/** A policy is in force about a second after it was stored. */
async function settleGuards(api: ClusterApi, tries: readonly Try[]): Promise<void> {
  const first = tries.find((entry) => entry.expect === "denied");
  if (first) await until(async () => judge(first, await first.run()).length === 0, 8000, 500);
  void api;
}

function judge(entry: Try, answer: Answer): string[] {
  const admitted = answer.status < 300;
  if (admitted !== (entry.expect === "admitted"))
    return [`${entry.title}: ${admitted ? "admitted" : `denied: ${answer.refusal}`}`];
  // A refusal by anything but a policy would prove nothing.
  if (!admitted && !/ValidatingAdmissionPolicy/.test(answer.refusal))
    return [`${entry.title}: refused, but not by a guard: ${answer.refusal}`];
  return [];
}

function podOf(workload: KubeObject, name: string): KubeObject {
  const template = structuredClone(podTemplate(workload) as KubeObject);
  const { labels, annotations } = template.metadata;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: workload.metadata.namespace, labels: { ...labels }, annotations: { ...annotations } },
    spec: withoutClaims(template.spec as Record<string, unknown>),
  };
}

function withoutClaims(spec: Record<string, unknown>): Record<string, unknown> {
  const { volumes, ...rest } = spec;
  void volumes;
  const containers = (rest.containers as Record<string, unknown>[]).map(({ volumeMounts, ...container }) => {
    void volumeMounts;
    return container;
  });
  return { ...rest, containers };
}

type Change = (pod: KubeObject) => void;

const annotate =
  (key: string, value: string): Change =>
  (pod) => {
    pod.metadata.annotations = { ...pod.metadata.annotations, [key]: value };
  };

const contain =
  (context: unknown, where = "containers"): Change =>
  (pod) => {
    const spec = pod.spec as Record<string, unknown[]>;
    const container = { name: "plb", image: "registry.example.com/x:1", securityContext: context };
    spec[where] = [...(spec[where] ?? []), container];
  };

function memberTries(api: ClusterApi, member: KubeObject, foreign: KubeObject | undefined): Try[] {
  const namespace = member.metadata.namespace;
  const own = podTemplate(member)?.metadata.annotations?.[networksKey] ?? "";
  const attempt = (title: string, expect: Try["expect"], change: Change, options: CallOptions = tenant): Try => ({
    title: `${namespace}: ${title}`,
    expect,
    run: () => {
      const pod = podOf(member, "plb-try");
      change(pod);
      return api.create(pod, { ...options, dryRun: true });
    },
  });
  const tries = [
    attempt("the pod as patched", "admitted", () => {}),
    attempt("the pod as patched, from its controller", "admitted", () => {}, controller),
    attempt("a pod without networks", "admitted", (pod) => delete pod.metadata.annotations?.[networksKey]),
    attempt("hostNetwork", "denied", (pod) => Object.assign(pod.spec as object, { hostNetwork: true })),
    attempt("another default network", "denied", annotate(defaultKey, "kube-system/other")),
    attempt("a privileged container", "denied", contain({ privileged: true })),
    attempt("NET_ADMIN", "denied", contain({ capabilities: { add: ["NET_ADMIN"] } })),
    attempt("CAP_NET_ADMIN", "denied", contain({ capabilities: { add: ["CAP_NET_ADMIN"] } })),
    attempt("ALL capabilities", "denied", contain({ capabilities: { add: ["ALL"] } })),
    attempt(
      "NET_RAW in an init container",
      "denied",
      contain({ capabilities: { add: ["NET_RAW"] } }, "initContainers"),
    ),
    attempt("privileged init container", "denied", contain({ privileged: true }, "initContainers")),
  ];
  if (foreign) tries.push(...foreignTries(attempt, own, foreign));
  tries.push(...updateTries(api, member, foreign));
  return tries;
}

function foreignTries(
  attempt: (title: string, expect: Try["expect"], change: Change) => Try,
  own: string,
  foreign: KubeObject,
): Try[] {
  const { name, namespace } = foreign.metadata;
  const list = own.trim().startsWith("[") ? (JSON.parse(own) as unknown[]) : [];
  const values: [string, string][] = [
    ["a foreign network, short", `${namespace}/${name}`],
    ["a foreign network, short with an interface", `${namespace}/${name}@net7`],
    ["a foreign network, JSON", JSON.stringify([{ name, namespace }])],
    ["a foreign network after the own ones", JSON.stringify([...list, { name, namespace, interface: "net7" }])],
    ["a foreign network in capital keys", `[{"NAME":"${name}","NAMESPACE":"${namespace}"}]`],
    ["a foreign network with an escaped key", `[{"n\\u0061me":"${name}","namesp\\u0061ce":"${namespace}"}]`],
    ["a key twice, the second foreign", own.replace(/\}\]\s*$/, `,"name":"${name}","namespace":"${namespace}"}]`)],
    ["an address of one's own choosing", own.replace(/\}\]\s*$/, `,"ips":["10.255.255.254/8"]}]`)],
    ["a bare name that exists elsewhere", name],
    ["an own network of the same name in capitals", name.toUpperCase()],
  ];
  return values
    .filter(([, value]) => value !== own)
    .map(([title, value]) => attempt(title, "denied", annotate(networksKey, value)));
}

/** What may be changed on a pod that exists. */
function updateTries(api: ClusterApi, member: KubeObject, foreign: KubeObject | undefined): Try[] {
  const namespace = member.metadata.namespace;
  const name = `plb-exists-${member.metadata.name}`;
  const existing = async (): Promise<KubeObject> => {
    const pod = podOf(member, name);
    const created = await api.create(pod, controller);
    return created.status < 300 ? created.object : (await api.get(pod)).object;
  };
  const change = (title: string, expect: Try["expect"], edit: Change): Try => ({
    title: `${namespace}: ${title}`,
    expect,
    run: async () => {
      const pod = structuredClone(await existing());
      edit(pod);
      return api.replace(pod, { ...tenant, dryRun: true });
    },
  });
  const debug = (title: string, expect: Try["expect"], context: unknown): Try => ({
    title: `${namespace}: ${title}`,
    expect,
    run: async () => {
      const pod = structuredClone(await existing());
      const container = { name: "plb-debug", image: "registry.example.com/x:1", securityContext: context };
      (pod.spec as Record<string, unknown>).ephemeralContainers = [container];
      return api.debug(pod, { ...tenant, dryRun: true });
    },
  });
  const status = annotate("k8s.v1.cni.cncf.io/network-status", "[]");
  const tries = [
    change("network-status written on an existing pod", "admitted", status),
    debug("an ephemeral container without rights", "admitted", undefined),
    debug("an ephemeral container with NET_ADMIN", "denied", { capabilities: { add: ["NET_ADMIN"] } }),
    debug("a privileged ephemeral container", "denied", { privileged: true }),
  ];
  if (foreign) {
    const value = `${foreign.metadata.namespace}/${foreign.metadata.name}`;
    tries.push(change("a foreign network written on an existing pod", "denied", annotate(networksKey, value)));
  }
  return tries;
}

/** A pod of a namespace without a zone must not name a zone's networks. */
function outsideTries(
  api: ClusterApi,
  networks: readonly KubeObject[],
  namespace: string,
  zones: readonly string[],
): Try[] {
  const pod = (value: string | undefined): KubeObject => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "plb-outside",
      namespace,
      ...(value === undefined ? {} : { annotations: { [networksKey]: value } }),
    },
    spec: { containers: [{ name: "main", image: "registry.example.com/x:1" }] },
  });
  const attempt = (title: string, expect: Try["expect"], value?: string): Try => ({
    title: `${namespace}: ${title}`,
    expect,
    run: () => api.create(pod(value), { ...tenant, dryRun: true }),
  });
  const zoneNetworks = networks.filter((nad) => zones.includes(nad.metadata.namespace ?? ""));
  return [
    attempt("a pod without networks", "admitted"),
    ...zoneNetworks
      .slice(0, 4)
      .flatMap(({ metadata }) => [
        attempt(`${metadata.namespace}/${metadata.name}, short`, "denied", `${metadata.namespace}/${metadata.name}`),
        attempt(
          `${metadata.namespace}/${metadata.name}, JSON`,
          "denied",
          JSON.stringify([{ name: metadata.name, namespace: metadata.namespace }]),
        ),
        attempt(
          `${metadata.namespace}/${metadata.name}, capital keys`,
          "denied",
          `[{"NAME":"${metadata.name}","NameSpace":"${metadata.namespace}"}]`,
        ),
      ]),
  ];
}

/** Only appliers write networks. */
function networkTries(api: ClusterApi, networks: readonly KubeObject[], applier: CallOptions): Try[] {
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

async function changed(api: ClusterApi, network: KubeObject, options: CallOptions): Promise<Answer> {
  const stored = (await api.get(network)).object;
  return api.replace(
    { ...stored, spec: { config: '{"cniVersion":"1.0.0","name":"x","type":"bridge"}' } },
    { ...options, dryRun: true },
  );
}

/** In a gateway namespace only appliers write workloads, and only the cluster's controllers create pods. */
function gatewayTries(api: ClusterApi, objects: readonly KubeObject[], namespace: string, applier: CallOptions): Try[] {
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
