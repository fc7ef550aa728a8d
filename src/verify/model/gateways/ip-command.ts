import type { Address, Family } from "../../../net/address.ts";
import { parseAddress } from "../../../net/address.ts";
import { type Cidr, type InterfaceAddress, parseKnownCidr, toNetwork } from "../../../net/cidr.ts";
import { parsePrefixed } from "./keepalived.ts";

/** What one `ip` command changes. */
export type LinkChange =
  | { readonly type: "address"; readonly address: InterfaceAddress; readonly interface: string }
  | {
      readonly type: "route";
      readonly to: Cidr;
      readonly via: Address | undefined;
      /** Undefined: unreachable. */
      readonly interface: string | undefined;
      readonly metric: number;
      readonly table: string;
    }
  | { readonly type: "rule"; readonly family: Family; readonly table: string; readonly suppress: boolean }
  | { readonly type: "tunnel"; readonly interface: string; readonly id: string | undefined }
  | { readonly type: "mtu"; readonly interface: string; readonly mtu: number }
  | { readonly type: "nothing" };

/** The meaning of an `ip` command, or undefined where it is not understood. */
export function readIpCommand(words: readonly string[]): LinkChange | undefined {
  const rest = words.slice(1);
  const family: Family = rest.includes("-6") ? 6 : 4;
  const [object = "", verb = "", ...args] = rest.filter((word) => !/^-(4|6|o|d|br)$/.test(word));
  const after = (key: string) => (args.includes(key) ? args[args.indexOf(key) + 1] : undefined);
  if (verb === "show" || verb === "list") return { type: "nothing" };
  // Taking something away at the start only makes sure that nothing is left from before.
  if (/^del(ete)?$/.test(verb) && object !== "rule") return { type: "nothing" };
  if (/^addr(ess)?$|^a$/.test(object) && /^(add|replace)$/.test(verb)) {
    const address = parsePrefixed(args[0] ?? "");
    const dev = after("dev");
    return address && dev !== undefined ? { type: "address", address, interface: dev } : undefined;
  }
  if (/^r(oute)?$/.test(object) && /^(add|replace)$/.test(verb)) return routeOf(args, family, after);
  if (object === "rule" && verb === "add") {
    const table = after("table") ?? "";
    return { type: "rule", family, table, suppress: args.includes("suppress_prefixlength") };
  }
  if (object !== "link") return undefined;
  if (verb === "add" && /^(wireguard|xfrm)$/.test(after("type") ?? ""))
    return { type: "tunnel", interface: (args[0] === "dev" ? args[1] : args[0]) ?? "", id: after("if_id") };
  if (verb === "set") {
    const name = (args[0] === "dev" ? args[1] : args[0]) ?? "";
    const mtu = after("mtu");
    return mtu === undefined ? { type: "nothing" } : { type: "mtu", interface: name, mtu: Number(mtu) };
  }
  return undefined;
}

function routeOf(
  args: readonly string[],
  family: Family,
  after: (key: string) => string | undefined,
): LinkChange | undefined {
  const closed = args[0] === "unreachable" || args[0] === "blackhole";
  const text = (closed ? args[1] : args[0]) ?? "";
  const dev = after("dev");
  const gateway = after("via");
  const via = gateway === undefined ? undefined : parseAddress(gateway);
  const read = text === "default" ? undefined : parsePrefixed(text);
  const to = text === "default" ? parseKnownCidr(family === 6 ? "::/0" : "0.0.0.0/0") : read && toNetwork(read);
  if (!to || (!closed && dev === undefined)) return undefined;
  const metric = Number(after("metric") ?? "0");
  return { type: "route", to, via, interface: closed ? undefined : dev, metric, table: after("table") ?? "main" };
}
