import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { parseAddress } from "../../net/address.ts";
import { formatValue } from "../../source/format-value.ts";
import { formatName, locateInManifest, type ReadManifest } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { verifyRules } from "../rules.ts";
import { listServiceAddresses, listWrittenEndpoints, type WrittenAddress } from "./service-addresses.ts";

/**
 * Addresses of Services and endpoints that are read as none here: the API server takes `010.0.0.1` and `::ffff:10.0.0.1` for
 * 10.0.0.1, and whose they are is not asked.
 */
export function checkUnreadAddresses({ entries }: Model): readonly Diagnostic[] {
  return entries.flatMap((entry) => {
    const unread = asked(entry).find(({ text }) => typeof text !== "string" || !parseAddress(text));
    if (!unread) return [];
    const parameters = { what: formatName(entry), address: formatValue(unread.text) };
    return [verifyRules.diagnose("unread-address", locateInManifest(entry, ...unread.path), parameters)];
  });
}

function asked(entry: ReadManifest): readonly WrittenAddress[] {
  if (entry.kind === "Service") return listServiceAddresses(entry);
  return entry.kind === "EndpointSlice" || entry.kind === "Endpoints" ? listWrittenEndpoints(entry) : [];
}
