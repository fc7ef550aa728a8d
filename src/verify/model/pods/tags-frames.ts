import { readFields, readList, readTexts } from "../manifests/manifest.ts";
import type { Pod } from "./pod.ts";

/** With one of these a container makes links of its own, or writes frames as it likes. */
const RAW: ReadonlySet<string> = new Set(["NET_ADMIN", "NET_RAW", "ALL"]);

/** What lets a pod send frames of any VLAN that its link takes, as its own manifest has it; undefined: nothing that is written. */
export function findFrameTagging({ spec, manifest }: Pod): string | undefined {
  if (manifest.kind.startsWith("VirtualMachine")) return "a guest of its own";
  const containers = ["initContainers", "containers", "ephemeralContainers"].flatMap((key) => readList(spec, key));
  for (const container of containers) {
    const context = readFields(container, "securityContext");
    if (context.privileged === true) return "`privileged`";
    // Container runtimes take `net_admin` and `CAP_NET_ADMIN` for NET_ADMIN.
    const named = readTexts(context, "capabilities", "add").map((one) => one.toUpperCase().replace(/^CAP_/, ""));
    const raw = named.find((one) => RAW.has(one));
    if (raw !== undefined) return `\`${raw}\``;
  }
  return undefined;
}
