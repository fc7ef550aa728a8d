import { compareCidrs, formatCidr, networkOf, parseCidr, parseInterfaceAddress } from "../../net/cidr.ts";
import type { SourceFile } from "../../source/source-file.ts";
import { spelt } from "../../source/spelt.ts";
import { listAt, numberAt, textAt } from "../model/manifests/manifest.ts";

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
export interface Networks {
  readonly networks: ReadonlyMap<string, Facts>;
  readonly lineOf: (intent: string) => string | undefined;
}

const ORDER = ["VLAN", "uplink", "subnets", "MTU"] as const;

/** The networks that pods of an output are given interfaces on, as its inventory tells them. */
export function networksIn(files: readonly SourceFile[]): Networks["networks"] {
  const inventory = files.find((file) => /^(?:.*\/)?inventory\.json$/.test(file.path));
  const interfaces = listAt(read(inventory?.text ?? ""), "pods").flatMap((pod) => listAt(pod, "interfaces"));
  const byNetwork = new Map<string, unknown[]>();
  for (const one of interfaces) {
    const network = textAt(one, "network");
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
    VLAN: together(interfaces.map((one) => String(numberAt(one, "link", "vlan") ?? "none"))),
    uplink: together(interfaces.map((one) => textAt(one, "link", "parent"))),
    subnets: subnetsOf(interfaces),
    MTU: together(interfaces.map((one) => numberAt(one, "mtu")?.toString())),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== ""));
}

function subnetsOf(interfaces: readonly unknown[]): string {
  const found = interfaces.flatMap((one) => [
    ...listAt(one, "addressing", "ranges").map((range) => parseCidr(textAt(range, "subnet") ?? "")),
    ...listAt(one, "addressing", "addresses").map((address) => {
      const parsed = parseInterfaceAddress(spelt(address));
      return typeof parsed === "string" ? parsed : networkOf(parsed);
    }),
  ]);
  const cidrs = found.filter((one) => typeof one !== "string");
  const byText = new Map(cidrs.map((one) => [formatCidr(one), one]));
  return [...byText.values()].sort(compareCidrs).map(formatCidr).join(" ");
}

/** What changes of networks that both outputs have. */
export function networkChanges(before: Networks, after: Networks): readonly NetworkChange[] {
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
