import { hashContent } from "./hash.ts";

/** RFC 1123 label: what most Kubernetes names are. */
export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text);
}

/** Parts joined by dashes. Only where that is longer than `limit` is it cut, and then a hash keeps it unique. */
export function formatObjectName(parts: readonly string[], limit = 63): string {
  const whole = parts.join("-");
  if (whole.length <= limit) return whole;
  return `${whole.slice(0, limit - 9).replace(/-+$/, "")}-${hashContent(whole, 8)}`;
}

/** The longest name of a Linux network interface (IFNAMSIZ less the terminating zero). */
export const INTERFACE_NAME_MAX = 15;

/** Interfaces that every pod has. */
export const EVERY_PODS_INTERFACES: readonly string[] = ["eth0", "lo"];

/**
 * What the kernel takes as an interface name (dev_valid_name in net/core/dev.c), and libcni too. `all` and `default` are
 * sysctls of every link: the kernel makes none of that name (sysctl_dev_name_is_allowed in net/ipv4/devinet.c), and it fills
 * in a number for `%d`.
 */
export function isInterfaceName(text: string): boolean {
  return (
    text.length > 0 &&
    text.length <= INTERFACE_NAME_MAX &&
    text !== "." &&
    text !== ".." &&
    text !== "all" &&
    text !== "default" &&
    /^[^\s/:%]+$/.test(text)
  );
}
