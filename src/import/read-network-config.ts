import { checkPlugin } from "../cni/check-plugin.ts";
import { type ClassificationContext, type ClassRefusal as FieldRefusal, findRefusals } from "../cni/classify.ts";
import { isKnownPlugin } from "../cni/plugin-table.ts";
import { checkNad } from "../lint/nad/check-nad.ts";
import { type Nad, type NadPlugin, RESOURCE_ANNOTATION } from "../lint/nad/read-nad.ts";
import { type Fields, readField } from "../lint/read/lint-object.ts";
import { type ImportRefusal, isImportRefusal } from "./loss.ts";
import { type ExistingAddresses, readAddresses } from "./read-addresses.ts";
import { type ExistingLink, readLink } from "./read-link.ts";

/** What a NetworkAttachmentDefinition says, in the words of intents. */
export interface ImportedConfig extends ExistingAddresses {
  readonly link: ExistingLink;
  readonly mtu: number | undefined;
  readonly plugin: Fields;
  readonly chain: readonly Fields[];
  readonly cniVersion: string | undefined;
  /** Undefined: the object's own name. */
  readonly cniName: string | undefined;
  /** Keys that no plugin reads today, and that are gone afterwards. */
  readonly unread: readonly string[];
}

/** Fields of the attaching plugin that are said otherwise, or say nothing. */
const SAID = [
  "type",
  "name",
  "cniVersion",
  "master",
  "bridge",
  "vlan",
  "mtu",
  "ipam",
  "isGateway",
  "ipMasq",
  "isDefaultGateway",
];
/** What pods may ask of the plugin; networks with addresses of pods' own have both. */
const ASKED = ["ips", "mac"];

/** Plugins that may follow without changing who reaches whom; of any other, nobody can prove that it does the same. */
const FOLLOWING = ["tuning", "bandwidth", "sbr"];

export function readNetworkConfig(nad: Nad): ImportedConfig | ImportRefusal {
  const { object, config, top, plugins } = nad;
  if (!config) return { why: "it has no configuration of its own" };
  const wrong = checkNad(nad).find(({ diagnostic }) => diagnostic.severity === "error");
  if (wrong) return { why: `no pod can start with it: ${wrong.diagnostic.message}` };
  const [first, ...others] = plugins;
  if (!top || !first?.type) return { why: "it names no plugin" };
  const annotations = readField(object, "metadata", "annotations") as Fields | undefined;
  const resource = annotations?.[RESOURCE_ANNOTATION];
  const link = readLink(first.type, first.fields, typeof resource === "string" ? resource : undefined);
  if (isImportRefusal(link)) return link;
  const addresses = readAddresses(first.ipam);
  if (isImportRefusal(addresses)) return addresses;
  const more = furtherOf(first, others);
  if (isImportRefusal(more)) return more;
  const { mtu } = first.fields;
  const { cniVersion, name } = top;
  return {
    ...addresses,
    link,
    mtu: typeof mtu === "number" && mtu > 0 ? mtu : undefined,
    ...more,
    cniVersion: typeof cniVersion === "string" ? cniVersion : undefined,
    cniName: typeof name === "string" && name !== "" && name !== nad.name ? name : undefined,
  };
}

/** What goes into `plugin` and `chain`. */
function furtherOf(
  first: NadPlugin,
  others: readonly NadPlugin[],
): Pick<ImportedConfig, "plugin" | "chain" | "unread"> | ImportRefusal {
  const chain: Fields[] = [];
  for (const { type, fields } of others) {
    if (type === undefined || !FOLLOWING.includes(type)) return { why: `the plugin \`${type}\` follows` };
    const { name: _name, cniVersion: _version, ...rest } = fields;
    chain.push(rest);
  }
  const asked = Object.entries((first.fields.capabilities as Fields | undefined) ?? {}).flatMap(([key, value]) =>
    value === false ? [] : [key],
  );
  const other = asked.find((key) => !ASKED.includes(key));
  if (other !== undefined) return { why: `intents have no key for the capability \`${other}\`` };
  const own = Object.entries(first.fields).filter(([key]) => !SAID.includes(key) && key !== "capabilities");
  const type = first.type as string;
  const ignored = isKnownPlugin(type)
    ? new Set(
        checkPlugin(type, first.fields).flatMap(({ path: [key] }) =>
          // What gives addresses is read apart.
          key === undefined || key === "ipam" ? [] : [String(key)],
        ),
      )
    : new Set<string>();
  const plugin = own.filter(([key, value]) => !ignored.has(key) && !isUsual(type, key, value));
  const refused = refusedOf(type, Object.fromEntries(plugin), chain);
  if (refused) return { why: `${refused.what} cannot be accepted: ${refused.why}` };
  return { plugin: Object.fromEntries(plugin), chain, unread: [...ignored].sort() };
}

/** The first thing that an intent could not say. */
function refusedOf(type: string, plugin: Fields, chain: readonly Fields[]): FieldRefusal | undefined {
  const reading: ClassificationContext = { of: "intent", existing: true, ipv6: true };
  const followed = chain.flatMap(({ type: name, ...fields }) => findRefusals(String(name), fields, true, reading));
  return [...findRefusals(type, plugin, false, reading), ...followed][0];
}

/** What is written without being said. */
function isUsual(type: string, key: string, value: unknown): boolean {
  if (key !== "mode") return false;
  return (type === "macvlan" && value === "bridge") || (type === "ipvlan" && value === "l2") || value === "";
}
