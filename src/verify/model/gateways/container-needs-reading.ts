import type { ContainerView } from "./mounted-files.ts";

/** A container that changes its network namespace: it runs one of these, or a script that does. */
const TOOLS = /(?:^|[\s/])(?:nft|keepalived|ip|wg|wireguard-go|iptables|sysctl)(?:\s|$)/m;

/** Only what comes from a ConfigMap that was written can be read; images do what they do. */
export function mustReadContainer(container: ContainerView): boolean {
  if (container.command.length === 0) return false;
  const line = container.command.join(" ");
  if (TOOLS.test(line)) return true;
  return [...container.files.values()].some((file) => line.includes(file.path) && TOOLS.test(file.text));
}
