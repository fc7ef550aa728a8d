import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { parseAddress } from "../../net/address.ts";
import { spelt } from "../../source/spelt.ts";
import { type Manifest, nameOf, placeIn } from "../model/manifests/manifest.ts";
import type { Model } from "../model/model.ts";
import { verifyRules } from "../rules.ts";
import { type AskedAddress, askedAddresses, writtenEndpoints } from "./asked-addresses.ts";

/**
 * Addresses of Services and endpoints that are read as none here: the API server takes `010.0.0.1` and `::ffff:10.0.0.1` for
 * 10.0.0.1, and whose they are is not asked.
 */
export function unreadAddresses({ entries }: Model): readonly Diagnostic[] {
  return entries.flatMap((entry) => {
    const unread = asked(entry).find(({ text }) => typeof text !== "string" || !parseAddress(text));
    if (!unread) return [];
    const parameters = { what: nameOf(entry), address: spelt(unread.text) };
    return [verifyRules.diagnose("unread-address", placeIn(entry, ...unread.path), parameters)];
  });
}

function asked(entry: Manifest): readonly AskedAddress[] {
  if (entry.kind === "Service") return askedAddresses(entry);
  return entry.kind === "EndpointSlice" || entry.kind === "Endpoints" ? writtenEndpoints(entry) : [];
}
