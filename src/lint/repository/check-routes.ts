import { formatAddress } from "../../net/address.ts";
import { type Cidr, containsAddress, formatCidr } from "../../net/cidr.ts";
import type { NetworkList, NetworkReference } from "../annotation/network-list.ts";
import { annotationRules } from "../annotation/rules.ts";
import { createFinding, type LintFinding } from "../finding.ts";
import { readAddress, readInterfaceAddress, readSubnet } from "../nad/addresses.ts";
import { readPools } from "../nad/pools.ts";
import { formatNadName, type Nad } from "../nad/read-nad.ts";
import { type Fields, isFields, locateInObject } from "../read/lint-object.ts";
import type { NetworkUse } from "./uses.ts";

/** Routes of a pod's networks: two that both are the default, and next hops that are no neighbours. */
export function checkRoutes(uses: readonly NetworkUse[]): readonly LintFinding[] {
  const byAsked = new Map<NetworkList, NetworkUse[]>();
  for (const use of uses) {
    const group = byAsked.get(use.networkList);
    if (group) group.push(use);
    else byAsked.set(use.networkList, [use]);
  }
  return [
    ...[...byAsked.values()].flatMap(twoDefaults),
    ...uses.flatMap(defaultRouteOffLink),
    ...uses.flatMap(routesOffLink),
  ];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** Every subnet that pods have on a network: of its addresses, its pools, and what the pod itself asks for. */
export function listSubnets(nad: Nad, selection: NetworkReference): readonly Cidr[] {
  const [first] = nad.plugins;
  const asked = listOf(selection.fields.ips).flatMap((one) => readSubnet(one) ?? []);
  const { ipam, ipamType, fields } = first ?? {};
  const fixed = listOf(ipam?.addresses).flatMap((one) => (isFields(one) ? (readSubnet(one.address) ?? []) : []));
  const ovn = ipamType === undefined && typeof fields?.subnets === "string" ? fields.subnets.split(",") : [];
  const layer3 = fields?.topology === "layer3";
  return [
    ...asked,
    ...fixed,
    ...(ipam ? readPools(ipam).map(({ subnet }) => subnet) : []),
    ...(layer3 ? [] : ovn.flatMap((one) => readSubnet(one) ?? [])),
  ];
}

interface DefaultRoute {
  readonly family: number;
  readonly priority: unknown;
}

/** The default routes that a network brings into the main table. */
function defaultsOf(nad: Nad): readonly DefaultRoute[] {
  // `sbr` moves the routes of a network into a table of its own.
  if (nad.plugins.some(({ type }) => type === "sbr" || type === "vrf")) return [];
  const [first] = nad.plugins;
  const routes = listOf(first?.ipam?.routes).flatMap((route): DefaultRoute[] => {
    if (!isFields(route) || route.table !== undefined) return [];
    const read = readInterfaceAddress(route.dst);
    return read?.prefix === 0 ? [{ family: read.address.family, priority: route.priority }] : [];
  });
  if (routes.length > 0 || first?.type !== "bridge" || first.fields.isDefaultGateway !== true) return routes;
  const families = new Set((first.ipam ? readPools(first.ipam) : []).map(({ subnet }) => subnet.family));
  return [...families].map((family) => ({ family, priority: undefined }));
}

function twoDefaults(uses: readonly NetworkUse[]): readonly LintFinding[] {
  // Multus takes away the default routes of all other networks where a pod chooses one.
  if (
    uses.some(({ networkList }) =>
      networkList.selections.some(({ fields }) => listOf(fields["default-route"]).length > 0),
    )
  )
    return [];
  const seen = new Map<string, NetworkUse>();
  return uses.flatMap((use) =>
    defaultsOf(use.nad).flatMap(({ family, priority }) => {
      const key = `${family} ${String(priority)}`;
      const first = seen.get(key);
      if (!first) seen.set(key, use);
      if (!first || first === use) return [];
      const related = [{ place: first.selection.place("name"), label: "adds one already" }];
      const parameters = { a: formatNadName(first.nad), b: formatNadName(use.nad), family };
      return [
        createFinding(
          annotationRules.diagnose("two-default-routes", use.selection.place("name"), parameters, { related }),
        ),
      ];
    }),
  );
}

function isLinkLocal(family: number, value: bigint): boolean {
  return family === 6 && value >> 118n === 0xfe80n >> 6n;
}

/** Whether a next hop cannot be a neighbour: there are subnets of its family, and it is in none. */
function offLink(
  gateway: unknown,
  subnets: readonly Cidr[],
): { readonly gateway: string; readonly subnet: string } | undefined {
  const address = readAddress(gateway);
  if (!address || isLinkLocal(address.family, address.value)) return undefined;
  const own = subnets.filter(({ family }) => family === address.family);
  const [subnet] = own;
  if (!subnet || own.some((one) => containsAddress(one, address))) return undefined;
  // A host's own /32 has its gateway off the link on purpose.
  if (own.some(({ family, prefix }) => prefix === (family === 4 ? 32 : 128))) return undefined;
  return { gateway: formatAddress(address), subnet: own.map(formatCidr).join(", ") };
}

function defaultRouteOffLink({ selection, nad }: NetworkUse): readonly LintFinding[] {
  const subnets = listSubnets(nad, selection);
  const related = [{ place: locateInObject(nad.object, ["metadata", "name"]), label: "the network" }];
  return listOf(selection.fields["default-route"]).flatMap((one) => {
    const wrong = offLink(one, subnets);
    if (!wrong) return [];
    return [
      createFinding(
        annotationRules.diagnose("default-route-outside", selection.place("default-route"), wrong, { related }),
      ),
    ];
  });
}

/** Routes of a network without addresses of its own, against those that the pod asks for. */
function routesOffLink({ selection, nad }: NetworkUse): readonly LintFinding[] {
  const [first] = nad.plugins;
  const ipam: Fields = first?.ipam ?? {};
  const asked = listOf(selection.fields.ips).flatMap((one) => readSubnet(one) ?? []);
  if (first?.ipamType !== "static" || listOf(ipam.addresses).length > 0 || asked.length === 0) return [];
  const routes = listOf(ipam.routes).filter(isFields);
  const direct = routes.flatMap((route) => (route.gw === undefined ? (readSubnet(route.dst) ?? []) : []));
  const related = [{ place: locateInObject(nad.object, ["metadata", "name"]), label: "has the route" }];
  const seen = new Set<unknown>();
  return routes.flatMap((route) => {
    const wrong = seen.has(route.gw) ? undefined : offLink(route.gw, [...asked, ...direct]);
    seen.add(route.gw);
    if (!wrong) return [];
    return [createFinding(annotationRules.diagnose("route-outside", selection.place("ips"), wrong, { related }))];
  });
}
