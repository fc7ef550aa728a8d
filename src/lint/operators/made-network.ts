import type { Path } from "../../source/place.ts";
import { valueAt } from "../../yaml/span.ts";
import { embeddedJson } from "../embedded/embedded-text.ts";
import type { Nad, Plugin } from "../nad/read-nad.ts";
import { type Fields, fieldOf, groupOf, isFields, type LintObject, textOf } from "../read/lint-object.ts";

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
  return textOf(fieldOf(object, "spec", "networkNamespace"));
}

/** The operator of SR-IOV makes the network in its own namespace where nothing else is said. */
function sriovNamespace(object: LintObject): string | undefined {
  const written = fieldOf(object, "spec", "networkNamespace");
  return written === undefined || written === "" ? object.namespace : textOf(written);
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
    type: (spec) => (spec.cniType === "custom" ? undefined : textOf(spec.cniType)),
    namespace: ({ namespace }) => namespace,
  },
  UserDefinedNetwork: { group: OVN_KUBERNETES, type: () => overlay, namespace: ({ namespace }) => namespace },
  ClusterUserDefinedNetwork: { group: OVN_KUBERNETES, type: () => overlay, namespace: () => undefined },
};

/** The network that an operator makes of an object, as far as the object says. It has no text that could be shown. */
export function readMade(object: LintObject): Nad | undefined {
  const maker = Object.hasOwn(makers, object.kind) ? makers[object.kind] : undefined;
  if (!maker || maker.group !== groupOf(object.apiVersion)) return undefined;
  const written = fieldOf(object, "spec");
  const spec = isFields(written) ? written : {};
  const type = maker.type(spec);
  const fields = type === overlay ? overlayFields(object) : spec;
  const ipam = ipamOf(object, ["spec", "ipam"]);
  const plugin: Plugin = { path: [], type, fields, ipam, ipamType: textOf(ipam?.type) };
  const name = textOf(fieldOf(object, "metadata", "annotations", "multus.spidernet.io/cr-name")) ?? object.name;
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
  const text = fieldOf(object, ...path);
  if (typeof text !== "string" || !text.includes("{")) return undefined;
  const { value } = embeddedJson(object.doc, [...object.path, ...path], text);
  return isFields(value) && Object.keys(value).length > 0 ? value : undefined;
}

/** A user-defined network in the words of the plugin. */
function overlayFields(object: LintObject): Fields {
  const path = object.kind === "UserDefinedNetwork" ? ["spec"] : ["spec", "network"];
  const topology = textOf(fieldOf(object, ...path, "topology"))?.toLowerCase();
  const inner = topology === undefined ? undefined : fieldOf(object, ...path, topology);
  const subnets = valueAt(inner, ["subnets"]);
  const texts = (Array.isArray(subnets) ? (subnets as readonly unknown[]) : []).flatMap(
    (one) => textOf(isFields(one) ? one.cidr : one) ?? [],
  );
  return { topology, ...(texts.length > 0 && { subnets: texts.join(",") }) };
}
