import { mayBeChained } from "../../../cni/classify.ts";
import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import { findRepeatedKey } from "../../../yaml/repeated-key.ts";
import { verifyRules } from "../../rules.ts";
import {
  type Fields,
  formatName,
  isFields,
  locateInManifest,
  type ReadManifest,
  readLabels,
  readNumber,
  readText,
} from "../manifests/manifest.ts";
import { isEnabled } from "../pods/pod-sysctls.ts";
import { type ReadIpam, readIpam } from "./ipam.ts";
import { readDomain } from "./l2-domain.ts";
import type { AttachableNetwork } from "./network.ts";
import { findNodeRouting, listNodeRoutes } from "./node-routes.ts";
import { findNonCanonicalKey } from "./non-canonical-key.ts";
import { readTrunk } from "./trunk.ts";

/**
 * Modes in which the pods of a link reach each other, and that in which they do not (`private`). Whether a switch sends back
 * what comes by `vepa` cannot be seen here, so it is taken to.
 */
const MODES: Readonly<Record<string, readonly string[]>> = { macvlan: ["bridge", "vepa", "private"], ipvlan: ["l2"] };

/** Of the specification, up to 1.1.0: no plugin takes another. */
const VERSIONS = /^(0\.[1-4]\.\d|1\.[01]\.\d)$/;

const RESOURCE = "k8s.v1.cni.cncf.io/resourceName";

/** What a NetworkAttachmentDefinition connects, or why that cannot be said. */
export function readNetwork(manifest: ReadManifest): AttachableNetwork | Diagnostic {
  const refuse = (why: string) =>
    verifyRules.diagnose("unreadable", locateInManifest(manifest, "spec", "config"), {
      what: formatName(manifest),
      why,
    });
  const plugins = readConflist(readText(manifest.value, "spec", "config"));
  if (typeof plugins === "string") return refuse(plugins);
  const [first, ...chained] = plugins as [Fields, ...Fields[]];
  const unknown = chained.find((plugin) => !mayBeChained(readText(plugin, "type") ?? ""));
  if (unknown) return refuse(`the chained plugin \`${readText(unknown, "type")}\` is not known`);
  const place = readDomain(
    { name: manifest.name, ...first },
    readLabels(manifest.value, "metadata", "annotations")[RESOURCE],
  );
  if ("why" in place) return refuse(place.why);
  // Multus calls a configuration without a name after the object.
  const ipam = readIpam({ name: manifest.name, ...first });
  if ("why" in ipam) return refuse(ipam.why);
  const mode = readText(first, "mode");
  const modes = MODES[readText(first, "type") ?? ""];
  if (mode !== undefined && modes && !modes.includes(mode)) return refuse(`the mode \`${mode}\` is not known`);
  return assemble(manifest, first, chained, place.domain, ipam);
}

/**
 * Of a network that cannot be read in full: the link that it is on, whatever else it does. Nobody knows its addresses then,
 * so they may be any.
 */
export function readLinkOnly(manifest: ReadManifest): AttachableNetwork | undefined {
  const plugins = readConflist(readText(manifest.value, "spec", "config"));
  const first = typeof plugins === "string" ? undefined : plugins[0];
  // What those of a platform are on, its own objects say.
  if (!first || isPlatforms(first)) return undefined;
  const named = { name: manifest.name, ...first };
  const place = readDomain(named, readLabels(manifest.value, "metadata", "annotations")[RESOURCE]);
  if ("why" in place) return undefined;
  const nothing: ReadIpam = { pools: [], fixed: [], addressing: "unknown", routes: [] };
  return assemble(manifest, first, [], place.domain, nothing);
}

function assemble(
  manifest: ReadManifest,
  first: Fields,
  chained: readonly Fields[],
  domain: string,
  ipam: ReadIpam,
): AttachableNetwork {
  const sysctls: Record<string, string> = {};
  for (const plugin of chained) Object.assign(sysctls, readLabels(plugin, "sysctl"));
  const mtus = chained.map((plugin) => readNumber(plugin, "mtu")).filter((mtu) => mtu !== undefined);
  const on = (...keys: readonly string[]) => keys.some((key) => isEnabled(sysctls[key] ?? "0"));
  const strictness = (key: string) => Number(sysctls[key] ?? "0");
  return {
    manifest,
    namespace: manifest.namespace,
    name: manifest.name,
    domain,
    trunk: readTrunk(first, domain),
    plugin: readText(first, "type") ?? "",
    ...ipam,
    routes: [...ipam.routes, ...listNodeRoutes(first, ipam)],
    nodeRoutes: findNodeRouting(first),
    takesAddresses: takesAddresses(first),
    takesMac: isPlatforms(first) || (isFields(first.capabilities) && first.capabilities.mac === true),
    sourceRouted: chained.some((plugin) => readText(plugin, "type") === "sbr"),
    mtu: mtus.at(-1) ?? readNumber(first, "mtu"),
    sysctls,
    mac: readText(first, "mac"),
    forwards4: on("net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding"),
    forwards6: on("net.ipv6.conf.all.forwarding"),
    reversePath: Math.max(strictness("net.ipv4.conf.IFNAME.rp_filter"), strictness("net.ipv4.conf.all.rp_filter")) as
      | 0
      | 1
      | 2,
  };
}

/** Plugins of a platform that takes what a pod asks for from annotations of its own. */
function isPlatforms(first: Fields): boolean {
  const type = readText(first, "type") ?? "";
  return type.startsWith("ovn-k8s") || type === "kube-ovn";
}

/** Whether addresses that a pod asks for reach the plugin that gives them (CNI conventions: the capability `ips`). */
function takesAddresses(first: Fields): boolean {
  if (isPlatforms(first)) return true;
  const capabilities = isFields(first.capabilities) ? first.capabilities : {};
  const ipam = readText(first, "ipam", "type");
  return capabilities.ips === true && (ipam === "static" || ipam === "host-local");
}

/** The plugins of a conflist, or of a single configuration; or why there are none. */
export function readConflist(text: string | undefined): readonly Fields[] | string {
  if (text === undefined || text.trim() === "") return "it has no config";
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    return "its config is no JSON";
  }
  if (!isFields(config)) return "its config is no object";
  const twice = findRepeatedKey(text);
  if (twice !== undefined) return `its key \`${twice}\` stands twice, and readers differ on which one counts`;
  const disguised = findNonCanonicalKey(config);
  if (disguised !== undefined) return `plugins read its key \`${disguised}\` as \`${disguised.toLowerCase()}\``;
  const version = readText(config, "cniVersion");
  if (version !== undefined && !VERSIONS.test(version)) return `the CNI version \`${version}\` is not known`;
  const { type = null } = config;
  if (type !== null && typeof type !== "string") return "its type is no text";
  // Multus asks for plugins only where there is no type (LoadDelegateNetConf).
  if (type) return [config];
  if (!Array.isArray(config.plugins)) return "its config names no plugin";
  const plugins = config.plugins.filter(isFields);
  if (plugins.length === 0 || plugins.length !== config.plugins.length) return "its config names no plugin";
  // A conflist's own name is the network's name for OVN.
  return plugins.map((plugin) => ({ ...(typeof config.name === "string" && { name: config.name }), ...plugin }));
}
