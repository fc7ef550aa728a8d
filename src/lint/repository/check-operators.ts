import { suggest } from "../../diagnostics/suggest.ts";
import type { Path } from "../../source/place.ts";
import { valueAt } from "../../yaml/span.ts";
import { isOpaque, placeOf } from "../embedded/embedded-text.ts";
import { type Finding, found } from "../finding.ts";
import { OVN } from "../nad/check-ovn.ts";
import { isVlanLink } from "../nad/link-laws.ts";
import { nadRules } from "../nad/rules.ts";
import { operatorRules } from "../operators/rules.ts";
import { fieldOf, groupOf, isFields, type LintObject, placeIn, textOf } from "../read/lint-object.ts";
import { checkExclusive } from "./check-exclusive.ts";
import { checkLinks } from "./check-links.ts";
import { closeName, networksNamed, type Repository } from "./repository.ts";

/** Objects of operators against the networks, mappings and links that are here. */
export function checkOperators(repository: Repository): readonly Finding[] {
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

function named(object: LintObject, path: Path, namespace = object.namespace): readonly Named[] {
  const text = textOf(fieldOf(object, ...path));
  return text === undefined ? [] : [{ path, text, namespace }];
}

/** Where objects name networks: storage of Rook and Longhorn, machines and migrations of KubeVirt. */
function namedNetworks(object: LintObject): readonly Named[] {
  const { kind, value } = object;
  switch (`${groupOf(object.apiVersion)}/${kind}`) {
    case "ceph.rook.io/CephCluster":
      return selectors(object, ["spec", "network"]);
    case "helm.toolkit.fluxcd.io/HelmRelease":
      return [
        ...selectors(object, ["spec", "values", "cephClusterSpec", "network"]),
        ...named(object, ["spec", "values", "defaultSettings", "storageNetwork"]),
      ];
    case "longhorn.io/Setting":
      return object.name === "storage-network" ? named(object, ["value"]) : [];
    case "kubevirt.io/KubeVirt":
      return named(object, ["spec", "configuration", "migrations", "network"]);
    case "hco.kubevirt.io/HyperConverged":
      return named(object, ["spec", "liveMigrationConfig", "network"]);
    case "kubevirt.io/VirtualMachine":
    case "kubevirt.io/VirtualMachineInstance":
    case "kubevirt.io/VirtualMachineInstanceReplicaSet": {
      const spec = kind === "VirtualMachineInstance" ? ["spec"] : ["spec", "template", "spec"];
      const list = valueAt(value, [...spec, "networks"]);
      return (Array.isArray(list) ? list : []).flatMap((_, index) =>
        named(object, [...spec, "networks", index, "multus", "networkName"]),
      );
    }
    default:
      return [];
  }
}

function selectors(object: LintObject, path: Path): readonly Named[] {
  if (fieldOf(object, ...path, "provider") !== "multus") return [];
  return ["public", "cluster"].flatMap((key) => named(object, [...path, "selectors", key]));
}

function notFound(repository: Repository, object: LintObject, one: Named): readonly Finding[] {
  const [before = "", after] = one.text.split("/");
  const [name, namespace] = after === undefined ? [before, one.namespace] : [after, before];
  if (networksNamed(repository, name, namespace).length > 0) return [];
  const [elsewhere] = repository.networks.get(name) ?? [];
  const close = elsewhere ? name : closeName(repository, name);
  const [meant] = close === undefined ? [] : (repository.networks.get(close) ?? []);
  if (close === undefined || !meant) return lonely(repository, object, one);
  const where = meant.namespace ?? namespace;
  const help = `did you mean \`${where === undefined ? close : `${where}/${close}`}\`?`;
  const related = [{ place: placeIn(meant.object, ["metadata", "name"]), label: "this network is here" }];
  const network = namespace === undefined ? name : `${namespace}/${name}`;
  const place = placeIn(object, one.path);
  return [found(operatorRules.diagnose("network-not-found", place, { network }, { help, related }))];
}

/** A storage cluster whose other network is here, in the namespace that both name: then this one should be as well. */
function lonely(repository: Repository, object: LintObject, one: Named): readonly Finding[] {
  if (repository.isPartial || one.path.at(-2) !== "selectors" || isOpaque(one.text)) return [];
  const [namespace, ...rest] = one.text.split("/").length > 1 ? one.text.split("/") : [one.namespace, one.text];
  const other = namedNetworks(object).find((named) => {
    const [a, b] = named.text.split("/");
    const [name = "", own] = b === undefined ? [a, named.namespace] : [b, a];
    return named.text !== one.text && own === namespace && networksNamed(repository, name, own).length > 0;
  });
  if (!other) return [];
  const related = [{ place: placeIn(object, other.path), label: "the other network is here" }];
  const network = namespace === undefined ? one.text : `${namespace}/${rest.join("/")}`;
  return [found(operatorRules.diagnose("network-not-found", placeIn(object, one.path), { network }, { related }))];
}

/** Bridges that NMState gives a name for OVN; `physnet` is OpenShift's own. */
function mappings(repository: Repository): readonly Finding[] {
  const names = repository.objects.flatMap((object) => {
    if (groupOf(object.apiVersion) !== "nmstate.io") return [];
    const list = fieldOf(object, "spec", "desiredState", "ovn", "bridge-mappings");
    return (Array.isArray(list) ? (list as readonly unknown[]) : []).flatMap((one) =>
      isFields(one) && one.state !== "absent" ? (textOf(one.localnet) ?? []) : [],
    );
  });
  if (names.length === 0) return [];
  const wrong = (name: string | undefined): string | undefined => {
    if (name === undefined || name === "physnet" || names.includes(name)) return undefined;
    const close = suggest(name, names);
    return close !== undefined && close.replace(/\d/g, "") !== name.replace(/\d/g, "") ? close : undefined;
  };
  const udns = repository.udns.flatMap((udn) => {
    const path = ["spec", "network", "localnet", "physicalNetworkName"];
    const name = textOf(fieldOf(udn, ...path));
    const close = wrong(name);
    return close === undefined ? [] : [unmapped(placeIn(udn, path), name, close)];
  });
  const nads = repository.nads.flatMap((nad) => {
    const [plugin] = nad.plugins;
    if (!nad.config || plugin?.type !== OVN || plugin.fields.topology !== "localnet") return [];
    const written = textOf(plugin.fields.physicalNetworkName);
    const close = wrong(written ?? nad.networkName);
    const path = written === undefined ? ["name"] : [...plugin.path, "physicalNetworkName"];
    return close === undefined ? [] : [unmapped(placeOf(nad.config, path), written ?? nad.networkName, close)];
  });
  return [...udns, ...nads];
}

function unmapped(place: ReturnType<typeof placeIn>, name: string | undefined, close: string): Finding {
  const help = `did you mean \`${close}\`?`;
  return found(operatorRules.diagnose("mapping-not-found", place, { name: name ?? "" }, { help }));
}

function ofKubeOvn({ objects }: Repository, kind: string): readonly LintObject[] {
  return objects.filter((one) => one.kind === kind && groupOf(one.apiVersion) === "kubeovn.io");
}

/** A Vlan tags what its provider network sends: a link that is a VLAN itself tags it again. */
function kubeOvn(repository: Repository): readonly Finding[] {
  const providers = ofKubeOvn(repository, "ProviderNetwork");
  const vlans = ofKubeOvn(repository, "Vlan");
  const twice = vlans.flatMap((vlan) => {
    const id = fieldOf(vlan, "spec", "id") ?? fieldOf(vlan, "spec", "vlanId");
    const provider = providers.find((one) => one.name !== undefined && one.name === fieldOf(vlan, "spec", "provider"));
    const link = provider && linksOf(provider).find(({ name }) => isVlanLink(name));
    if (!provider || !link || typeof id !== "number" || id === 0) return [];
    const related = [{ place: placeIn(provider, link.path), label: "the link of a VLAN" }];
    const path = fieldOf(vlan, "spec", "id") === undefined ? ["spec", "vlanId"] : ["spec", "id"];
    const help = "name the link below it in the ProviderNetwork, or give the Vlan `id: 0`, if one tag is enough";
    const parameters = { vlan: id, link: link.name };
    return [found(nadRules.diagnose("tagged-twice", placeIn(vlan, path), parameters, { related, help }))];
  });
  return [
    ...twice,
    ...vlans.flatMap((one) => misspelt(one, ["spec", "provider"], "ProviderNetwork", providers)),
    ...ofKubeOvn(repository, "Subnet").flatMap((one) => misspelt(one, ["spec", "vlan"], "Vlan", vlans)),
  ];
}

function linksOf(provider: LintObject): readonly { readonly name: string; readonly path: Path }[] {
  const first = textOf(fieldOf(provider, "spec", "defaultInterface"));
  const custom = fieldOf(provider, "spec", "customInterfaces");
  return [
    ...(first === undefined ? [] : [{ name: first, path: ["spec", "defaultInterface"] }]),
    ...(Array.isArray(custom) ? (custom as readonly unknown[]) : []).flatMap((one, index) => {
      const name = isFields(one) ? textOf(one.interface) : undefined;
      return name === undefined ? [] : [{ name, path: ["spec", "customInterfaces", index, "interface"] }];
    }),
  ];
}

function misspelt(object: LintObject, path: Path, kind: string, all: readonly LintObject[]): readonly Finding[] {
  const name = textOf(fieldOf(object, ...path));
  const names = all.flatMap((one) => one.name ?? []);
  if (name === undefined || names.includes(name)) return [];
  const close = suggest(name, names);
  if (close === undefined || close.replace(/\d/g, "") === name.replace(/\d/g, "")) return [];
  const help = `did you mean \`${close}\`?`;
  return [found(operatorRules.diagnose("object-not-found", placeIn(object, path), { kind, name }, { help }))];
}
