import { compareCidrs, formatCidr, parseCidr, parseInterfaceAddress, toNetwork } from "../../net/cidr.ts";
import { formatValue } from "../../source/format-value.ts";
import type { SourceFile } from "../../source/source-file.ts";
import { readList, readNumber, readText } from "../model/manifests/manifest.ts";

export interface NetworkChange {
  /** `isolationzone/pci`. */
  readonly network: string;
  readonly what: "VLAN" | "uplink" | "subnets" | "MTU";
  readonly before: string;
  readonly after: string;
  /** The line of the intent: `intents/zones/pci.yaml:4`. */
  readonly because: string | undefined;
}

/** What an output says of a network; absent: it does not say. */
type Facts = Partial<Record<NetworkChange["what"], string>>;

/** Networks of one output by their intents, and where those stand. */
export interface OutputNetworks {
  readonly networks: ReadonlyMap<string, Facts>;
  readonly lineOf: (intent: string) => string | undefined;
}

const ORDER = ["VLAN", "uplink", "subnets", "MTU"] as const;

/** The networks that pods of an output are given interfaces on, as its inventory tells them. */
export function readOutputNetworks(files: readonly SourceFile[]): OutputNetworks["networks"] {
  const inventory = files.find((file) => /^(?:.*\/)?inventory\.json$/.test(file.path));
  const interfaces = readList(read(inventory?.text ?? ""), "pods").flatMap((pod) => readList(pod, "interfaces"));
  const byNetwork = new Map<string, unknown[]>();
  for (const one of interfaces) {
    const network = readText(one, "network");
    if (network === undefined) continue;
    const known = byNetwork.get(network);
    if (known) known.push(one);
    else byNetwork.set(network, [one]);
  }
  return new Map([...byNetwork].map(([network, all]) => [network, factsOf(all)]));
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function factsOf(interfaces: readonly unknown[]): Facts {
  const together = (values: readonly (string | undefined)[]) =>
    [...new Set(values.filter((one) => one !== undefined))].sort().join(" ");
  const facts = {
    VLAN: together(interfaces.map((one) => String(readNumber(one, "link", "vlan") ?? "none"))),
    uplink: together(interfaces.map((one) => readText(one, "link", "parent"))),
    subnets: subnetsOf(interfaces),
    MTU: together(interfaces.map((one) => readNumber(one, "mtu")?.toString())),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== ""));
}

function subnetsOf(interfaces: readonly unknown[]): string {
  const found = interfaces.flatMap((one) => [
    ...readList(one, "addressing", "ranges").map((range) => parseCidr(readText(range, "subnet") ?? "")),
    ...readList(one, "addressing", "addresses").map((address) => {
      const parsed = parseInterfaceAddress(formatValue(address));
      return typeof parsed === "string" ? parsed : toNetwork(parsed);
    }),
  ]);
  const cidrs = found.filter((one) => typeof one !== "string");
  const byText = new Map(cidrs.map((one) => [formatCidr(one), one]));
  return [...byText.values()].sort(compareCidrs).map(formatCidr).join(" ");
}

/** What changes of networks that both outputs have. */
export function compareNetworks(before: OutputNetworks, after: OutputNetworks): readonly NetworkChange[] {
  return [...after.networks.keys()].sort().flatMap((network) => {
    const [was, is] = [before.networks.get(network), after.networks.get(network)];
    return ORDER.flatMap((what): NetworkChange[] => {
      const [old, now] = [was?.[what], is?.[what]];
      if (old === undefined || now === undefined || old === now) return [];
      const because = after.lineOf(network) ?? before.lineOf(network);
      return [{ network, what, before: old, after: now, because }];
    });
  });
}
