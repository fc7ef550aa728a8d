import type { Path } from "../../source/place.ts";
import { findValue } from "../../yaml/span.ts";
import { readEmbeddedJson } from "../embedded/embedded-text.ts";
import type { Nad, NadPlugin } from "../nad/read-nad.ts";
import { type Fields, isFields, type LintObject, parseApiGroup, readField, readText } from "../read/lint-object.ts";

/** A kind of which an operator makes a NetworkAttachmentDefinition. */
interface Maker {
  readonly group: string;
  /** The plugin of the network that is made. */
  type(spec: Fields): string | undefined;
  /** Where the network is made; undefined where that may be any namespace. */
  namespace(object: LintObject): string | undefined;
}

const SRIOV = "sriovnetwork.openshift.io";
const NVIDIA = "mellanox.com";
export const SPIDERPOOL = "spiderpool.spidernet.io";
const OVN_KUBERNETES = "k8s.ovn.org";

function networkNamespace(object: LintObject): string | undefined {
  return readText(readField(object, "spec", "networkNamespace"));
}

/** The operator of SR-IOV makes the network in its own namespace where nothing else is said. */
function sriovNamespace(object: LintObject): string | undefined {
  const written = readField(object, "spec", "networkNamespace");
  return written === undefined || written === "" ? object.namespace : readText(written);
}

const sriov = (type: string): Maker => ({ group: SRIOV, type: () => type, namespace: sriovNamespace });
const nvidia = (type: string): Maker => ({ group: NVIDIA, type: () => type, namespace: networkNamespace });
const overlay = "ovn-k8s-cni-overlay";

const makers: Readonly<Record<string, Maker>> = {
  SriovNetwork: sriov("sriov"),
  SriovIBNetwork: sriov("ib-sriov"),
  OVSNetwork: sriov("ovs"),
  MacvlanNetwork: nvidia("macvlan"),
  HostDeviceNetwork: nvidia("host-device"),
  IPoIBNetwork: nvidia("ipoib"),
  SpiderMultusConfig: {
    group: SPIDERPOOL,
    type: (spec) => (spec.cniType === "custom" ? undefined : readText(spec.cniType)),
    namespace: ({ namespace }) => namespace,
  },
  UserDefinedNetwork: { group: OVN_KUBERNETES, type: () => overlay, namespace: ({ namespace }) => namespace },
  ClusterUserDefinedNetwork: { group: OVN_KUBERNETES, type: () => overlay, namespace: () => undefined },
};

/** The network that an operator makes of an object, as far as the object says. It has no text that could be shown. */
export function readOperatorNetwork(object: LintObject): Nad | undefined {
  const maker = Object.hasOwn(makers, object.kind) ? makers[object.kind] : undefined;
  if (!maker || maker.group !== parseApiGroup(object.apiVersion)) return undefined;
  const written = readField(object, "spec");
  const spec = isFields(written) ? written : {};
  const type = maker.type(spec);
  const fields = type === overlay ? overlayFields(object) : spec;
  const ipam = ipamOf(object, ["spec", "ipam"]);
  const plugin: NadPlugin = { path: [], type, fields, ipam, ipamType: readText(ipam?.type) };
  const name = readText(readField(object, "metadata", "annotations", "multus.spidernet.io/cr-name")) ?? object.name;
  const known = type !== undefined && !object.doc.part.templated;
  return {
    object,
    name,
    namespace: maker.namespace(object),
    config: undefined,
    top: known ? fields : undefined,
    plugins: type === undefined ? [] : [plugin],
    isList: false,
    networkName: name,
  };
}

function ipamOf(object: LintObject, path: Path): Fields | undefined {
  const text = readField(object, ...path);
  if (typeof text !== "string" || !text.includes("{")) return undefined;
  const { value } = readEmbeddedJson(object.doc, [...object.path, ...path], text);
  return isFields(value) && Object.keys(value).length > 0 ? value : undefined;
}

/** A user-defined network in the words of the plugin. */
function overlayFields(object: LintObject): Fields {
  const path = object.kind === "UserDefinedNetwork" ? ["spec"] : ["spec", "network"];
  const topology = readText(readField(object, ...path, "topology"))?.toLowerCase();
  const inner = topology === undefined ? undefined : readField(object, ...path, topology);
  const subnets = findValue(inner, ["subnets"]);
  const texts = (Array.isArray(subnets) ? (subnets as readonly unknown[]) : []).flatMap(
    (one) => readText(isFields(one) ? one.cidr : one) ?? [],
  );
  return { topology, ...(texts.length > 0 && { subnets: texts.join(",") }) };
}
