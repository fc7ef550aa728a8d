import { distance } from "fastest-levenshtein";
import { type AnnotationSites, findAnnotations } from "../annotation/annotation-sites.ts";
import { type NetworkList, readNetworkList } from "../annotation/network-list.ts";
import { readVirtualMachine, type VirtualMachine } from "../kubevirt/machine.ts";
import { isNad, type Nad, readNad, readNetworkAt } from "../nad/read-nad.ts";
import { readOperatorNetwork } from "../operators/operator-network.ts";
import { isPolicy } from "../policy/check-policy.ts";
import { isFields, type LintObject, parseApiGroup, readField, readText } from "../read/lint-object.ts";
import { isSriov } from "../sriov/check-sriov.ts";
import { isUdn } from "../udn/check-udn.ts";
import { type AppliedTogether, followKustomizations } from "./applied-together.ts";

/** Something that pods can name as a network. */
export interface NetworkEntry {
  readonly name: string;
  /** Undefined where it may be any. */
  readonly namespace: string | undefined;
  /** Its configuration, where that stands here too. */
  readonly nad: Nad | undefined;
  readonly object: LintObject;
}

/** Everything that rules across objects look at. */
export interface Repository {
  readonly nads: readonly Nad[];
  /** Networks of which only a configuration stands here, in objects of operators. */
  readonly written: readonly Nad[];
  readonly networks: ReadonlyMap<string, readonly NetworkEntry[]>;
  /** Whether there may be networks that are not among these: unread files, names that are filled in later. */
  readonly isPartial: boolean;
  readonly sites: readonly AnnotationSites[];
  readonly asked: readonly NetworkList[];
  readonly policies: readonly LintObject[];
  readonly udns: readonly LintObject[];
  readonly sriov: readonly LintObject[];
  readonly machines: readonly VirtualMachine[];
  readonly namespaces: ReadonlyMap<string, LintObject>;
  /** All objects, for rules about operators. */
  readonly objects: readonly LintObject[];
  readonly joined: AppliedTogether;
}

export function readRepository(
  objects: readonly LintObject[],
  unreadNetworks: boolean,
  joined: AppliedTogether = followKustomizations([]),
): Repository {
  const nads = objects.filter(isNad).map(readNad);
  const written = objects.flatMap(additionalNetworks);
  const sites = objects
    .map(findAnnotations)
    .filter((one) => one.sites.length > 0 || one.misplaced.length > 0 || one.notText.length > 0);
  const entries = [...nads.flatMap(entryOfNad), ...written.flatMap(entryOfNad), ...objects.flatMap(entryOfMaker)];
  return {
    nads,
    written,
    networks: groupByName(entries),
    isPartial: unreadNetworks || nads.some((nad) => nad.name === undefined),
    sites,
    asked: sites.flatMap((one) => one.sites).map(readNetworkList),
    policies: objects.filter(isPolicy),
    udns: objects.filter(isUdn),
    sriov: objects.filter(isSriov),
    machines: objects.flatMap((object) => readVirtualMachine(object) ?? []),
    objects,
    joined,
    namespaces: new Map(
      objects.flatMap((one) => (one.kind === "Namespace" && one.name !== undefined ? [[one.name, one] as const] : [])),
    ),
  };
}

function groupByName(entries: readonly NetworkEntry[]): ReadonlyMap<string, readonly NetworkEntry[]> {
  const groups = new Map<string, NetworkEntry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.name);
    if (group) group.push(entry);
    else groups.set(entry.name, [entry]);
  }
  return groups;
}

function entryOfNad(nad: Nad): NetworkEntry[] {
  return nad.name === undefined ? [] : [{ name: nad.name, namespace: nad.namespace, nad, object: nad.object }];
}

function entryOfMaker(object: LintObject): NetworkEntry[] {
  const made = readOperatorNetwork(object);
  return made?.name === undefined ? [] : [{ name: made.name, namespace: made.namespace, nad: made, object }];
}

/** OpenShift's manual has one of this name written, without a range, so that whereabouts is installed. Nobody attaches. */
const SHIM = "whereabouts-shim";

/** OpenShift's own way: networks within the configuration of the cluster's network operator. */
function additionalNetworks(object: LintObject): Nad[] {
  const isOperator = object.kind === "Network" && parseApiGroup(object.apiVersion) === "operator.openshift.io";
  const list = isOperator ? readField(object, "spec", "additionalNetworks") : undefined;
  return (Array.isArray(list) ? (list as readonly unknown[]) : []).flatMap((one, index) => {
    if (!isFields(one) || one.name === SHIM) return [];
    const path = ["spec", "additionalNetworks", index, "rawCNIConfig"];
    return [readNetworkAt(object, path, readText(one.name), readText(one.namespace))];
  });
}

/** Networks that a name may mean; without a namespace, those of any. */
export function findNetworks(
  repository: Repository,
  name: string,
  namespace: string | undefined,
): readonly NetworkEntry[] {
  return (repository.networks.get(name) ?? []).filter(
    (one) => one.namespace === undefined || namespace === undefined || one.namespace === namespace,
  );
}

/** The one network that a name means for certain, with a configuration that can be read. */
export function findUniqueNad(
  repository: Repository,
  name: string | undefined,
  namespace: string | undefined,
): Nad | undefined {
  const named = name === undefined ? [] : findNetworks(repository, name, namespace);
  const nad = named.length === 1 ? named[0]?.nad : undefined;
  return nad && !nad.object.doc.part.templated && nad.top ? nad : undefined;
}

/** `lan-1` and `lan2` are two of a row, not a slip; `lan-1` and `lan1` are one name in two spellings. */
function isOfOneRow(a: string, b: string): boolean {
  const lettersOf = (name: string) => name.replace(/[\d._-]+/g, "");
  return lettersOf(a) === lettersOf(b) && plainOf(a) !== plainOf(b);
}

function plainOf(name: string): string {
  return name.replace(/[._-]+/g, "");
}

/** Names that are looked up at most: where more are missing, the networks are somewhere else altogether. */
const LOOKED_UP_MAX = 100;
const lookedUp = new WeakMap<Repository, Map<string, string | undefined>>();

/** The network that a name was meant to be: a slip of a letter or two, and no other number. */
export function findSimilarNetwork(repository: Repository, name: string): string | undefined {
  const known = lookedUp.get(repository) ?? new Map<string, string | undefined>();
  lookedUp.set(repository, known);
  if (known.has(name) || known.size >= LOOKED_UP_MAX) return known.get(name);
  const close = closest(repository.networks.keys(), name);
  known.set(name, close);
  return close;
}

function closest(names: Iterable<string>, name: string): string | undefined {
  const plain = plainOf(name);
  let best: string | undefined;
  let least = name.length < 6 ? 2 : 3;
  for (const known of names) {
    if (Math.abs(known.length - name.length) >= least) continue;
    // Without the dashes it is the same name: nothing is closer.
    if (plainOf(known) === plain) return known;
    const edits = distance(name, known);
    if (edits < least && !isOfOneRow(known, name)) {
      least = edits;
      best = known;
    }
  }
  return best;
}
