import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Attachment, Ipam, Network } from "../../ir/plan.ts";
import type { Platform } from "../../ir/project.ts";
import { formatDisplayName } from "../../workloads/display-name.ts";
import { findValue } from "../../yaml/span.ts";
import { multusRules } from "../shared/cni/rules.ts";

/**
 * Machines whose address comes from a pool of CNI. A live migration starts a second pod while the first one runs, so IPAM
 * gives it another address; the guest keeps the one that it was told, which is given to somebody else later.
 */
export function checkMachines(
  attachments: readonly Attachment[],
  networks: ReadonlyMap<string, Network>,
  { ipam }: Platform,
  found: Diagnostic[],
): void {
  for (const { workload, network: id, variant: name, origin, addresses } of attachments) {
    if (workload.kind !== "VirtualMachine" || addresses.length > 0) continue;
    const network = networks.get(id);
    const variant = network?.variants.find((one) => one.name === name);
    if (!network || !variant || !givesOthers(variant.ipam)) continue;
    // A machine cannot sit there at all, and an error says so.
    if (network.link.attach === "macvlan") continue;
    // It is shut down where another machine would migrate.
    const spec = [...workload.templatePath, "spec", "evictionStrategy"];
    if (findValue(workload.doc.value, spec) === "None") continue;
    const parameters = { ref: formatDisplayName(workload), ipam: network.ipam ?? ipam };
    found.push(multusRules.diagnose("migration-address", origin, parameters));
  }
}

/** A pool of one address has none for a second pod: the migration does not begin, and the machine keeps what it has. */
function givesOthers(ipam: Ipam): boolean {
  return ipam.mode === "pool" && ipam.pools.some(({ start, end }) => start.value !== end.value);
}
