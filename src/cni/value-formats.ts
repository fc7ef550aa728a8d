import { parseAddress } from "../net/address.ts";
import { parseInterfaceAddress } from "../net/cidr.ts";
import type { PluginField } from "./plugin-table.ts";

/** As Go's net.ParseIP: IPv4-mapped IPv6 is fine there, and an empty text is no address at all. */
export function isGoAddress(text: string): boolean {
  return parseAddress(text) !== undefined || /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(text);
}

/** As Go's net.ParseCIDR: host bits may be set. */
export function isGoCidr(text: string): boolean {
  return typeof parseInterfaceAddress(text) === "object";
}

/** As Go's net.ParseMAC: 6, 8 or 20 bytes, in the forms `xx:xx`, `xx-xx` and `xxxx.xxxx`. */
export function isMac(text: string): boolean {
  return [6, 8, 20].some(
    (bytes) =>
      new RegExp(`^[0-9a-f]{2}(:[0-9a-f]{2}){${bytes - 1}}$`, "i").test(text) ||
      new RegExp(`^[0-9a-f]{2}(-[0-9a-f]{2}){${bytes - 1}}$`, "i").test(text) ||
      new RegExp(`^[0-9a-f]{4}(\\.[0-9a-f]{4}){${bytes / 2 - 1}}$`, "i").test(text),
  );
}

/** The lowest bit of the first octet makes an address one of a group; the kernel refuses it on a link. */
export function isMulticastMac(text: string): boolean {
  return isMac(text) && (Number.parseInt(text.slice(0, 2), 16) & 1) === 1;
}

/** A link's name as libcni takes it (ValidateInterfaceName). */
export function isInterfaceName(text: string): boolean {
  return text.length > 0 && text.length <= 15 && text !== "." && text !== ".." && !/[\s/:]/.test(text);
}

/** A CIDR, or `start-end/prefix` as whereabouts takes it. */
function isCidrOrRange(text: string): boolean {
  const range = /^([^-]+)-([^/]+)(\/\d+)$/.exec(text.trim());
  if (!range) return isGoCidr(text.trim());
  const [, start = "", end = "", prefix = ""] = range;
  return isGoAddress(start.trim()) && isGoCidr(`${end.trim()}${prefix}`);
}

const checks: Readonly<Record<NonNullable<PluginField["format"]>, (text: string) => boolean>> = {
  cidr: isGoCidr,
  ip: isGoAddress,
  "ip-or-cidr": (text) => isGoAddress(text) || isGoCidr(text),
  mac: isMac,
  "cidr-or-range": isCidrOrRange,
  guid: (text) => /^[0-9a-f]{2}(:[0-9a-f]{2}){7}$/i.test(text) || /^[0-9a-f]{16}$/i.test(text),
  ifname: isInterfaceName,
};

const wanted: Readonly<Record<NonNullable<PluginField["format"]>, string>> = {
  cidr: "an address with a prefix length, as in `10.0.0.0/24`",
  ip: "an address, as in `10.0.0.1`",
  "ip-or-cidr": "an address with its prefix length, as in `10.0.0.5/24`",
  mac: "a MAC address, as in `02:00:00:00:00:01`",
  "cidr-or-range": "a CIDR, or `start-end/prefix`",
  guid: "a GUID of eight octets",
  ifname: "the name of a link: at most 15 characters, without blanks, `/` and `:`",
};

/** What a text should have been, or undefined where it is that. Go takes an empty text for no value. */
export function checkFormat(format: NonNullable<PluginField["format"]>, text: string): string | undefined {
  return text === "" || checks[format](text) ? undefined : wanted[format];
}
