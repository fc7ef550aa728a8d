import type { ExpectedIndex } from "../../expected/expected-index.ts";
import { readFields, readList, readText } from "../manifests/manifest.ts";
import type { Model } from "../model.ts";
import type { PolicyRole } from "./known-policies.ts";
import { ADMISSION_NAMESPACE, type NamespaceScope } from "./read-policies.ts";

/** A guard that the intents need: in which namespaces, and what it lets through by name. */
export interface ExpectedAdmissionPolicy {
  readonly role: PolicyRole;
  readonly namespaces: NamespaceScope;
  readonly denies: boolean;
  /** Parameters that are a list of names, in any order. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
}

const only = (names: readonly string[]): NamespaceScope => ({ not: false, names: new Set(names) });
const allBut = (names: readonly string[]): NamespaceScope => ({ not: true, names: new Set(names) });

/** Guards of the whole cluster; those of zones are held against the zones' pods. */
export function listExpectedPolicies(model: Model, watch: ExpectedIndex): readonly ExpectedAdmissionPolicy[] {
  const { zones, gatewayNamespaces } = watch.expected;
  const { appliers, networkWriters, statusWriters } = model.platform;
  const gateways = [...new Set(gatewayNamespaces.map((one) => one.name))];
  if (zones.length + gateways.length === 0) return [];
  // While every zone only audits, so does what guards them all.
  const denies = zones.length === 0 || zones.some((zone) => !zone.audit);
  const enforced = zones.filter((zone) => !zone.audit).flatMap((zone) => zone.namespaces);
  const audited = zones.filter((zone) => zone.audit).flatMap((zone) => zone.namespaces);
  const closed = [...enforced, ...(denies ? gateways : [])];
  const watched = [...audited, ...(denies ? [] : gateways)];
  const writers = [...appliers, ...networkWriters];
  const found: ExpectedAdmissionPolicy[] = [
    { role: "network writers", namespaces: allBut([]), denies, lists: { writers } },
    { role: "guard parameters", namespaces: only([ADMISSION_NAMESPACE]), denies, lists: {} },
    { role: "bindings", namespaces: allBut([]), denies, lists: {} },
    { role: "pod status", namespaces: allBut([]), denies, lists: { writers: statusWriters } },
  ];
  if (closed.length > 0) found.push({ role: "elsewhere", namespaces: allBut(closed), denies: true, lists: { closed } });
  if (watched.length > 0)
    found.push({ role: "elsewhere", namespaces: allBut(watched), denies: false, lists: { closed: watched } });
  if (gateways.length > 0)
    found.push({ role: "gateway namespaces", namespaces: only(gateways), denies, lists: { appliers } });
  const attaching = attachingLists(model, [...closed, ...watched]);
  if (attaching) found.push({ role: "attaching annotations", namespaces: allBut([]), denies, lists: attaching });
  const classes = deviceClasses(model);
  if (classes.length > 0)
    found.push({ role: "device claims", namespaces: allBut([]), denies, lists: { classes, writers } });
  return [...found, ...ofOvnKubernetes(model, enforced)];
}

/** Annotations by which a platform attaches pods, besides those of Multus; one that begins with `.` is an ending. */
const ATTACHING: Readonly<Record<string, readonly string[]>> = {
  gke: ["networking.gke.io/interfaces", "networking.gke.io/default-interface"],
  "kube-ovn": [".kubernetes.io/logical_switch", "ovn.kubernetes.io/vpc"],
};

function attachingLists(model: Model, closed: readonly string[]): ExpectedAdmissionPolicy["lists"] | undefined {
  const own = model.written.filter((one) => /^(kubeovn|networking\.gke)\.io\//.test(one.apiVersion));
  const plugins = [...new Set(own.map((one) => (one.apiVersion.startsWith("kubeovn") ? "kube-ovn" : "gke")))];
  if (plugins.length === 0) return undefined;
  const keys = plugins.flatMap((plugin) => ATTACHING[plugin] ?? []);
  const isAttaching = (key: string) => keys.some((one) => (one.startsWith(".") ? key.endsWith(one) : key === one));
  const allowed = model.pods
    .filter((pod) => model.changed.has(pod.id))
    .flatMap((pod) =>
      Object.entries(pod.annotations)
        .filter(([key]) => isAttaching(key))
        .map(([key, value]) => `${pod.namespace} ${key}=${value}`),
    );
  const names = own.filter((one) => one.kind === "Network" || one.kind === "Subnet").map((one) => one.name);
  return { keys, closed, allowed, names };
}

/** Classes of the devices by which pods get onto networks. */
function deviceClasses({ written }: Model): readonly string[] {
  const requests = written
    .filter((one) => one.kind === "ResourceClaimTemplate")
    .flatMap((one) => readList(one.value, "spec", "spec", "devices", "requests"));
  return [...new Set(requests.flatMap((one) => readText(readFields(one, "exactly"), "deviceClassName") ?? []))];
}

/** OVN-Kubernetes: namespaces whose pods are on another main network, and gateways that pods make themselves. */
function ofOvnKubernetes(
  { written, networks }: Model,
  enforced: readonly string[],
): readonly ExpectedAdmissionPolicy[] {
  if (!written.some((one) => one.apiVersion.startsWith("k8s.ovn.org/"))) return [];
  const mains = [...new Set(networks.filter((one) => one.main !== undefined).map((one) => one.namespace))];
  const found: ExpectedAdmissionPolicy[] = [];
  if (mains.length > 0) found.push({ role: "main networks", namespaces: only(mains), denies: true, lists: {} });
  if (enforced.length > 0)
    found.push({ role: "routing pods", namespaces: allBut([]), denies: true, lists: { closed: enforced } });
  return found;
}
