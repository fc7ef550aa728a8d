import type { Workload } from "../ir/workload.ts";
import type { NodePlace, Path } from "../source/place.ts";
import { findValue } from "../yaml/span.ts";
import { HARMLESS_CAPABILITIES } from "./harmless-capabilities.ts";
import { HARMLESS_SYSCTLS } from "./harmless-sysctls.ts";

/** What a pod template asks for and where: `runs a privileged container`. */
export interface PolicyBypass {
  readonly what: string;
  readonly place: NodePlace;
  /** The capability, where it is one. */
  readonly capability?: string;
}

/** With one of these a pod is a router. */
const FORWARDING =
  /^net[./]ipv4[./](ip_forward|conf[./].+[./](mc_)?forwarding)$|^net[./]ipv6[./]conf[./].+[./](mc_|force_)?forwarding$/;

const DEFAULT_NETWORK = "v1.multus-cni.io/default-network";

/** What a workload's pods could get around a zone's policies with, besides what they may keep; the zone's guard refuses such pods. */
export function findPolicyBypasses(workload: Workload, kept: readonly string[]): readonly PolicyBypass[] {
  const { doc, templatePath } = workload;
  const place = (...path: Path): NodePlace => ({ doc, path: [...templatePath, ...path], on: "value" });
  const read = (...path: Path) => findValue(doc.value, [...templatePath, ...path]);
  const found: PolicyBypass[] = [];
  if (read("spec", "hostPID") === true)
    found.push({ what: "sees the node's processes", place: place("spec", "hostPID") });
  if (workload.annotations[DEFAULT_NETWORK] !== undefined)
    found.push({ what: "replaces its default network", place: place("metadata", "annotations", DEFAULT_NETWORK) });
  const sysctls = read("spec", "securityContext", "sysctls");
  for (const [index, sysctl] of (Array.isArray(sysctls) ? sysctls : []).entries()) {
    const name = findValue(sysctl, ["name"]);
    if (typeof name === "string" && !HARMLESS_SYSCTLS.includes(name))
      found.push({
        what: FORWARDING.test(name)
          ? `sets the sysctl \`${name}\`, which makes it forward packets between its networks (verify/two-domains)`
          : `sets the sysctl \`${name}\``,
        place: place("spec", "securityContext", "sysctls", index, "name"),
      });
  }
  for (const list of ["containers", "initContainers"]) {
    const containers = read("spec", list);
    if (!Array.isArray(containers)) continue;
    for (const [index] of containers.entries()) {
      const context: Path = ["spec", list, index, "securityContext"];
      if (read(...context, "privileged") === true)
        found.push({ what: "runs a privileged container", place: place(...context, "privileged") });
      const added = read(...context, "capabilities", "add");
      for (const [nth, name] of (Array.isArray(added) ? added : []).entries())
        if (typeof name === "string" && !HARMLESS_CAPABILITIES.includes(name) && !kept.includes(name))
          found.push({
            what: `asks for \`${name}\``,
            place: place(...context, "capabilities", "add", nth),
            capability: name,
          });
    }
  }
  return found;
}
