import type { Diagnostic } from "../../../diagnostics/diagnostic.ts";
import { parseAddress } from "../../../net/address.ts";
import { parseCidr } from "../../../net/cidr.ts";
import { verifyRules } from "../../rules.ts";
import { formatName, locateInManifest, type ReadManifest, readList, readText } from "../manifests/manifest.ts";
import type { AttachableNetwork, AttachmentRoute } from "./network.ts";

/** How pods name a Network of the whole cluster: no network of a namespace has a name with a blank. */
export function formatGkeName(name: string): string {
  return `gke ${name}`;
}

const API = "networking.gke.io/";

/** A Network of GKE (networking.gke.io/v1), or why it cannot be said what it connects. */
export function readGkeNetwork(
  manifest: ReadManifest,
  all: readonly ReadManifest[],
): readonly AttachableNetwork[] | Diagnostic {
  if (!manifest.apiVersion.startsWith(API)) return [];
  const refuse = (why: string) =>
    verifyRules.diagnose("unreadable", locateInManifest(manifest, "spec"), { what: formatName(manifest), why });
  const name = readText(manifest.value, "spec", "parametersRef", "name");
  const parameters = parameterSets(all).get(name ?? "");
  const vpc = parameters && readText(parameters.value, "spec", "vpc");
  if (vpc === undefined) return refuse(`no parameters \`${name}\` say which VPC it is`);
  const via = parseAddress(readText(manifest.value, "spec", "gateway4") ?? "");
  const routes: AttachmentRoute[] = [];
  for (const route of readList(manifest.value, "spec", "routes")) {
    const to = parseCidr(readText(route, "to") ?? "");
    if (typeof to === "string") return refuse("one of its routes");
    routes.push({ to, via, metric: 0 });
  }
  return [
    {
      manifest,
      namespace: "",
      name: formatGkeName(manifest.name),
      // Subnets of one VPC are routed to each other, so the VPC is the border and not the subnet.
      domain: `vpc ${vpc}`,
      plugin: "gke",
      pools: [],
      fixed: [],
      addressing: "unknown",
      routes,
      sourceRouted: false,
      mtu: undefined,
      forwards4: false,
      forwards6: false,
      reversePath: 0,
    },
  ];
}

const indexes = new WeakMap<readonly ReadManifest[], ReadonlyMap<string, ReadManifest>>();

function parameterSets(all: readonly ReadManifest[]): ReadonlyMap<string, ReadManifest> {
  const known = indexes.get(all);
  if (known) return known;
  const made = new Map(all.filter((one) => one.kind === "GKENetworkParamSet").map((one) => [one.name, one]));
  indexes.set(all, made);
  return made;
}
