import { suggestWord } from "../../diagnostics/suggest.ts";
import type { Path } from "../../source/place.ts";
import { findValue } from "../../yaml/span.ts";
import { isOpaque, locateJson } from "../embedded/embedded-text.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { OVN_PLUGIN } from "../nad/check-ovn.ts";
import { isVlanLink } from "../nad/link-constraints.ts";
import { nadRules } from "../nad/rules.ts";
import { operatorRules } from "../operators/rules.ts";
import { isFields, type LintObject, locateInObject, parseApiGroup, readField, readText } from "../read/lint-object.ts";
import { checkExclusive } from "./check-exclusive.ts";
import { checkLinks } from "./check-links.ts";
import { findNetworks, findSimilarNetwork, type Repository } from "./repository.ts";

/** Objects of operators against the networks, mappings and links that are here. */
export function checkOperators(repository: Repository): readonly LintFinding[] {
  return [
    ...repository.objects.flatMap((object) =>
      namedNetworks(object).flatMap((one) => notFound(repository, object, one)),
    ),
    ...mappings(repository),
    ...kubeOvn(repository),
    ...checkExclusive(repository),
    ...checkLinks(repository),
  ];
}

/** A network that an object names, at a path of it. */
interface Named {
  readonly path: Path;
  readonly text: string;
  /** Of a name without one. */
  readonly namespace: string | undefined;
}

function readNames(object: LintObject, path: Path, namespace = object.namespace): readonly Named[] {
  const text = readText(readField(object, ...path));
  return text === undefined ? [] : [{ path, text, namespace }];
}

/** Where objects name networks: storage of Rook and Longhorn, machines and migrations of KubeVirt. */
function namedNetworks(object: LintObject): readonly Named[] {
  const { kind, value } = object;
  switch (`${parseApiGroup(object.apiVersion)}/${kind}`) {
    case "ceph.rook.io/CephCluster":
      return selectors(object, ["spec", "network"]);
    case "helm.toolkit.fluxcd.io/HelmRelease":
      return [
        ...selectors(object, ["spec", "values", "cephClusterSpec", "network"]),
        ...readNames(object, ["spec", "values", "defaultSettings", "storageNetwork"]),
      ];
    case "longhorn.io/Setting":
      return object.name === "storage-network" ? readNames(object, ["value"]) : [];
    case "kubevirt.io/KubeVirt":
      return readNames(object, ["spec", "configuration", "migrations", "network"]);
    case "hco.kubevirt.io/HyperConverged":
      return readNames(object, ["spec", "liveMigrationConfig", "network"]);
    case "kubevirt.io/VirtualMachine":
    case "kubevirt.io/VirtualMachineInstance":
    case "kubevirt.io/VirtualMachineInstanceReplicaSet": {
      const spec = kind === "VirtualMachineInstance" ? ["spec"] : ["spec", "template", "spec"];
      const list = findValue(value, [...spec, "networks"]);
      return (Array.isArray(list) ? list : []).flatMap((_, index) =>
        readNames(object, [...spec, "networks", index, "multus", "networkName"]),
      );
    }
    default:
      return [];
  }
}

function selectors(object: LintObject, path: Path): readonly Named[] {
  if (readField(object, ...path, "provider") !== "multus") return [];
  return ["public", "cluster"].flatMap((key) => readNames(object, [...path, "selectors", key]));
}

function notFound(repository: Repository, object: LintObject, one: Named): readonly LintFinding[] {
  const [before = "", after] = one.text.split("/");
  const [name, namespace] = after === undefined ? [before, one.namespace] : [after, before];
  if (findNetworks(repository, name, namespace).length > 0) return [];
  const [elsewhere] = repository.networks.get(name) ?? [];
  const close = elsewhere ? name : findSimilarNetwork(repository, name);
  const [meant] = close === undefined ? [] : (repository.networks.get(close) ?? []);
  if (close === undefined || !meant) return lonely(repository, object, one);
  const where = meant.namespace ?? namespace;
  const help = `did you mean \`${where === undefined ? close : `${where}/${close}`}\`?`;
  const related = [{ place: locateInObject(meant.object, ["metadata", "name"]), label: "this network is here" }];
  const network = namespace === undefined ? name : `${namespace}/${name}`;
  const place = locateInObject(object, one.path);
  return [createFinding(operatorRules.diagnose("network-not-found", place, { network }, { help, related }))];
}

/** A storage cluster whose other network is here, in the namespace that both name: then this one should be as well. */
function lonely(repository: Repository, object: LintObject, one: Named): readonly LintFinding[] {
  if (repository.isPartial || one.path.at(-2) !== "selectors" || isOpaque(one.text)) return [];
  const [namespace, ...rest] = one.text.split("/").length > 1 ? one.text.split("/") : [one.namespace, one.text];
  const other = namedNetworks(object).find((named) => {
    const [a, b] = named.text.split("/");
    const [name = "", own] = b === undefined ? [a, named.namespace] : [b, a];
    return named.text !== one.text && own === namespace && findNetworks(repository, name, own).length > 0;
  });
  if (!other) return [];
  const related = [{ place: locateInObject(object, other.path), label: "the other network is here" }];
  const network = namespace === undefined ? one.text : `${namespace}/${rest.join("/")}`;
  return [
    createFinding(
      operatorRules.diagnose("network-not-found", locateInObject(object, one.path), { network }, { related }),
    ),
  ];
}

/** Bridges that NMState gives a name for OVN; `physnet` is OpenShift's own. */
function mappings(repository: Repository): readonly LintFinding[] {
  const names = repository.objects.flatMap((object) => {
    if (parseApiGroup(object.apiVersion) !== "nmstate.io") return [];
    const list = readField(object, "spec", "desiredState", "ovn", "bridge-mappings");
    return (Array.isArray(list) ? (list as readonly unknown[]) : []).flatMap((one) =>
      isFields(one) && one.state !== "absent" ? (readText(one.localnet) ?? []) : [],
    );
  });
  if (names.length === 0) return [];
  const wrong = (name: string | undefined): string | undefined => {
    if (name === undefined || name === "physnet" || names.includes(name)) return undefined;
    const close = suggestWord(name, names);
    return close !== undefined && close.replace(/\d/g, "") !== name.replace(/\d/g, "") ? close : undefined;
  };
  const udns = repository.udns.flatMap((udn) => {
    const path = ["spec", "network", "localnet", "physicalNetworkName"];
    const name = readText(readField(udn, ...path));
    const close = wrong(name);
    return close === undefined ? [] : [unmapped(locateInObject(udn, path), name, close)];
  });
  const nads = repository.nads.flatMap((nad) => {
    const [plugin] = nad.plugins;
    if (!nad.config || plugin?.type !== OVN_PLUGIN || plugin.fields.topology !== "localnet") return [];
    const written = readText(plugin.fields.physicalNetworkName);
    const close = wrong(written ?? nad.networkName);
    const path = written === undefined ? ["name"] : [...plugin.path, "physicalNetworkName"];
    return close === undefined ? [] : [unmapped(locateJson(nad.config, path), written ?? nad.networkName, close)];
  });
  return [...udns, ...nads];
}

function unmapped(place: ReturnType<typeof locateInObject>, name: string | undefined, close: string): LintFinding {
  const help = `did you mean \`${close}\`?`;
  return createFinding(operatorRules.diagnose("mapping-not-found", place, { name: name ?? "" }, { help }));
}

function ofKubeOvn({ objects }: Repository, kind: string): readonly LintObject[] {
  return objects.filter((one) => one.kind === kind && parseApiGroup(one.apiVersion) === "kubeovn.io");
}

/** A Vlan tags what its provider network sends: a link that is a VLAN itself tags it again. */
function kubeOvn(repository: Repository): readonly LintFinding[] {
  const providers = ofKubeOvn(repository, "ProviderNetwork");
  const vlans = ofKubeOvn(repository, "Vlan");
  const twice = vlans.flatMap((vlan) => {
    const id = readField(vlan, "spec", "id") ?? readField(vlan, "spec", "vlanId");
    const provider = providers.find(
      (one) => one.name !== undefined && one.name === readField(vlan, "spec", "provider"),
    );
    const link = provider && linksOf(provider).find(({ name }) => isVlanLink(name));
    if (!provider || !link || typeof id !== "number" || id === 0) return [];
    const related = [{ place: locateInObject(provider, link.path), label: "the link of a VLAN" }];
    const path = readField(vlan, "spec", "id") === undefined ? ["spec", "vlanId"] : ["spec", "id"];
    const help = "name the link below it in the ProviderNetwork, or give the Vlan `id: 0`, if one tag is enough";
    const parameters = { vlan: id, link: link.name };
    return [
      createFinding(nadRules.diagnose("tagged-twice", locateInObject(vlan, path), parameters, { related, help })),
    ];
  });
  return [
    ...twice,
    ...vlans.flatMap((one) => checkMisspelled(one, ["spec", "provider"], "ProviderNetwork", providers)),
    ...ofKubeOvn(repository, "Subnet").flatMap((one) => checkMisspelled(one, ["spec", "vlan"], "Vlan", vlans)),
  ];
}

function linksOf(provider: LintObject): readonly { readonly name: string; readonly path: Path }[] {
  const first = readText(readField(provider, "spec", "defaultInterface"));
  const custom = readField(provider, "spec", "customInterfaces");
  return [
    ...(first === undefined ? [] : [{ name: first, path: ["spec", "defaultInterface"] }]),
    ...(Array.isArray(custom) ? (custom as readonly unknown[]) : []).flatMap((one, index) => {
      const name = isFields(one) ? readText(one.interface) : undefined;
      return name === undefined ? [] : [{ name, path: ["spec", "customInterfaces", index, "interface"] }];
    }),
  ];
}

function checkMisspelled(
  object: LintObject,
  path: Path,
  kind: string,
  all: readonly LintObject[],
): readonly LintFinding[] {
  const name = readText(readField(object, ...path));
  const names = all.flatMap((one) => one.name ?? []);
  if (name === undefined || names.includes(name)) return [];
  const close = suggestWord(name, names);
  if (close === undefined || close.replace(/\d/g, "") === name.replace(/\d/g, "")) return [];
  const help = `did you mean \`${close}\`?`;
  return [
    createFinding(operatorRules.diagnose("object-not-found", locateInObject(object, path), { kind, name }, { help })),
  ];
}
