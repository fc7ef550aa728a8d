import { isDeepStrictEqual } from "node:util";
import { DOORS } from "../pod-subresources.ts";
import { controller, podOf, type Try, tenant } from "./admission-try.ts";
import type { Claims, Verdict } from "./claims.ts";
import type { Answer, CallOptions, ClusterApi } from "./cluster-api.ts";
import { doorTries } from "./door-tries.ts";
import type { Expectations } from "./expectations.ts";
import { idOf, type KubeObject, podTemplate } from "./manifests.ts";
import { gatewayTries, networkTries, parameterTries } from "./platform-tries.ts";
import { pool, until } from "./shell.ts";

const networksKey = "k8s.v1.cni.cncf.io/networks";
const defaultKey = "v1.multus-cni.io/default-network";

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
  const [first] = members.filter((one) => podTemplate(one)?.metadata.annotations?.[networksKey]);
  if (first) tries.push(...doorTries(api, first, admission.outsideNamespace));
  await claims.check("every door to a pod is guarded, or has its reason", () => checkDoors(api, objects));
  await claims.check("admission objects are stored as they are written", () => checkDefaults(api, objects));
  tries.push(...outsideTries(api, networks, admission.outsideNamespace, admission.zoneNamespaces));
  tries.push(...networkTries(api, networks, applier));
  tries.push(...parameterTries(api, objects, applier));
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

/** Subresources of pods, from discovery: one more in a later version is a door that nobody has looked at. */
async function checkDoors(api: ClusterApi, objects: readonly KubeObject[]): Promise<Verdict> {
  const served = (await api.coreResources()).filter((name) => /^(pods|bindings)(\/|$)/.test(name));
  const known = new Set(DOORS.map((one) => one.resource));
  const policies = new Set(
    objects.filter((one) => one.kind === "ValidatingAdmissionPolicy").map((one) => one.metadata.name),
  );
  const problems = [
    ...served.filter((name) => !known.has(name)).map((name) => `${name} is served, and nobody says who guards it`),
    ...[...known].filter((name) => !served.includes(name)).map((name) => `${name} is not served`),
    ...DOORS.flatMap(({ resource, guard }) =>
      guard === undefined || policies.has(guard) ? [] : [`${resource}: no policy ${guard}`],
    ),
  ];
  return { problems, measured: `${served.length} resources` };
}

/** What the server fills in stands in the objects already: a GitOps tool that compares them sees no difference. */
async function checkDefaults(api: ClusterApi, objects: readonly KubeObject[]): Promise<Verdict> {
  const own = objects.filter((one) => one.apiVersion.startsWith("admissionregistration.k8s.io/"));
  const problems = await pool(own, 4, async (one) => {
    const { spec } = (await api.get(one)).object;
    return isDeepStrictEqual(spec, one.spec) ? [] : [`${idOf(one)}: stored as ${JSON.stringify(spec)}`];
  });
  return { problems: problems.flat(), measured: `${own.length} objects` };
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

const sysctl =
  (name: string): Change =>
  (pod) => {
    const spec = pod.spec as Record<string, object>;
    spec.securityContext = { ...spec.securityContext, sysctls: [{ name, value: "1" }] };
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
    attempt("net_admin, which container runtimes take", "denied", contain({ capabilities: { add: ["net_admin"] } })),
    attempt("ALL capabilities", "denied", contain({ capabilities: { add: ["ALL"] } })),
    attempt("all capabilities", "denied", contain({ capabilities: { add: ["all"] } })),
    attempt("SYS_MODULE", "denied", contain({ capabilities: { add: ["SYS_MODULE"] } })),
    attempt("NET_BIND_SERVICE", "admitted", contain({ capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] } })),
    attempt("the default set of capabilities", "denied", contain(undefined)),
    attempt("the default set in an init container", "denied", contain(undefined, "initContainers")),
    attempt("another capability dropped", "denied", contain({ capabilities: { drop: ["MKNOD"] } })),
    attempt("NET_RAW dropped", "admitted", contain({ capabilities: { drop: ["MKNOD", "NET_RAW"] } })),
    attempt("ALL dropped, NET_RAW added", "denied", contain({ capabilities: { drop: ["ALL"], add: ["NET_RAW"] } })),
    attempt("net.ipv4.ip_forward", "denied", sysctl("net.ipv4.ip_forward")),
    attempt("net/ipv4/ip_forward", "denied", sysctl("net/ipv4/ip_forward")),
    attempt("a safe sysctl", "admitted", sysctl("net.ipv4.tcp_keepalive_time")),
    attempt("hostPID", "denied", (pod) => Object.assign(pod.spec as object, { hostPID: true })),
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
  const label: Change = (pod) => {
    pod.metadata.labels = { ...pod.metadata.labels, plb: "moved" };
  };
  const tries = [
    change("a label written on an existing pod", "admitted", label),
    change("network-status forged on an existing pod", "denied", status),
    change(
      "the networks taken from an existing pod",
      "denied",
      (pod) => delete pod.metadata.annotations?.[networksKey],
    ),
    debug("an ephemeral container with net_admin", "denied", { capabilities: { add: ["net_admin"] } }),
    debug("an ephemeral container with the default set", "denied", undefined),
    debug("an ephemeral container that drops ALL", "admitted", { capabilities: { drop: ["ALL"] } }),
    debug("an ephemeral container with NET_ADMIN", "denied", { capabilities: { add: ["NET_ADMIN"] } }),
    debug("a privileged ephemeral container", "denied", { privileged: true }),
  ];
  if (foreign) {
    const value = `${foreign.metadata.namespace}/${foreign.metadata.name}`;
    tries.push(change("a foreign network written on an existing pod", "denied", annotate(networksKey, value)));
  }
  return tries;
}

/** Values as people write them, which are none of a zone's business. */
const innocent = [
  " macvlan-a , storage/backup@net1 ",
  '[\n  {\n    "name": "macvlan-a",\n    "ips": [ "10.1.1.1/24" ],\n    "default-route": ["10.1.1.254"]\n  }\n]',
  '[{"name":"a","portMappings":[{"hostPort":80,"containerPort":80}],"bandwidth":{"ingressRate":1},"cni-args":{"x":"y"}}]',
];

/** The first letter as JSON lets it be written, too. */
function escaped(text: string): string {
  return `\\u00${text.charCodeAt(0).toString(16)}${text.slice(1)}`;
}

/** A pod of a namespace without a zone must not name a zone's networks. */
function outsideTries(
  api: ClusterApi,
  networks: readonly KubeObject[],
  namespace: string,
  zones: readonly string[],
): Try[] {
  const pod = (key: string, value: string | undefined): KubeObject => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "plb-outside", namespace, ...(value !== undefined && { annotations: { [key]: value } }) },
    spec: { containers: [{ name: "main", image: "registry.example.com/x:1" }] },
  });
  const attempt = (title: string, expect: Try["expect"], value?: string, key = networksKey): Try => ({
    title: `${namespace}: ${title}`,
    expect,
    run: () => api.create(pod(key, value), { ...tenant, dryRun: true }),
  });
  const zoneNetworks = networks.filter((nad) => zones.includes(nad.metadata.namespace ?? ""));
  return [
    attempt("a pod without networks", "admitted"),
    ...innocent.map((value) => attempt(`somebody else's networks: ${value}`, "admitted", value)),
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
        attempt(
          `${metadata.namespace}/${metadata.name} over several lines`,
          "denied",
          JSON.stringify([{ name: "other" }, { name: metadata.name, namespace: metadata.namespace }], null, 2),
        ),
        attempt(
          `${metadata.namespace}/${metadata.name} as the default, with an escaped letter`,
          "denied",
          `[{"name":"${metadata.name}","namespace":"${escaped(metadata.namespace ?? "")}"}]`,
          defaultKey,
        ),
      ]),
  ];
}
