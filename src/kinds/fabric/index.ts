import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { validateFabric } from "../../generated/validators.ts";
import type { Fabric, Uplink } from "../../ir/fabric.ts";
import type { CommonSpec, Instance, Intent } from "../../ir/intent.ts";
import { type Cidr, cidrsOverlap, formatCidr, parseKnownCidr } from "../../net/cidr.ts";
import { parseVlans, type VlanRange } from "../../net/vlan.ts";
import { type NodePlace, placeAt, placeAtKey } from "../../source/place.ts";
import { defineKind } from "../kind.ts";
import { checkNestedVlans } from "./nested-vlans.ts";
import { fabricRules } from "./rules.ts";
import { fabricSchema } from "./schema.ts";
import type { FabricSpec, UplinkSpec } from "./types.ts";

export const fabric = defineKind<FabricSpec>({
  name: "Fabric",
  folder: "fabrics",
  summary: "what is physically there: uplinks, VLANs and address pools",
  schema: fabricSchema,
  validate: validateFabric,
  rules: fabricRules,
  check,
  hasTarget: false,
  fabric: toFabric,
});

function toFabric({ name, doc, spec }: Intent<FabricSpec>): Fabric {
  const overrides = Object.entries(overridesOf(spec));
  const pools = (spec.pools ?? []).map((pool, index) => ({
    name: pool.name,
    cidr: parseKnownCidr(pool.cidr),
    prefixLength: pool.prefixLength,
    place: placeAt(doc, "spec", "pools", index, "name"),
  }));
  return {
    name,
    doc,
    clusters: spec.clusters,
    uplinks: uplinksFrom(spec.uplinks, (index) => placeAt(doc, "spec", "uplinks", index, "name")),
    uplinksOf: new Map(
      overrides.flatMap(([cluster, { uplinks }]) =>
        uplinks
          ? [[cluster, uplinksFrom(uplinks, (i) => placeAt(doc, "spec", "overrides", cluster, "uplinks", i, "name"))]]
          : [],
      ),
    ),
    pools: new Map(pools.map((pool) => [pool.name, pool])),
    poolOrder: pools.map((pool) => pool.name),
    shares: new Map(Object.entries(spec.shares ?? {}).map(([name, share]) => [name, Number(share.slice(2))])),
  };
}

function uplinksFrom(specs: readonly UplinkSpec[], place: (index: number) => NodePlace): ReadonlyMap<string, Uplink> {
  return new Map(
    specs.map((uplink, index) => [
      uplink.name,
      {
        name: uplink.name,
        interface: uplink.interface,
        bridge: uplink.bridge,
        vlanInterface: uplink.vlanInterface ?? "{interface}.{vlan}",
        mtu: uplink.mtu ?? 1500,
        vlans: (uplink.vlans ?? []).map((text) => parseVlans(text) as VlanRange),
        nativeVlan: uplink.nativeVlan ?? 1,
        nodes: uplink.nodes,
        attach: uplink.attach ?? "macvlan",
        resourceName: uplink.resourceName,
        physicalNetwork: uplink.physicalNetwork,
        place: place(index),
      },
    ]),
  );
}

function overridesOf(spec: unknown): Readonly<Record<string, Partial<FabricSpec>>> {
  return ((spec as CommonSpec).overrides ?? {}) as Readonly<Record<string, Partial<FabricSpec>>>;
}

/** VLANs and addresses are allocated once for all clusters of a Fabric: only how a cluster reaches them may differ. */
function checkOverride({ intent, cluster, spec }: Instance<FabricSpec>): Diagnostic[] {
  const part = overridesOf(intent.spec)[cluster] ?? {};
  const within = (...path: (string | number)[]) => placeAt(intent.doc, "spec", "overrides", cluster, ...path);
  const refuse = (key: string, place: NodePlace) =>
    fabricRules.diagnose("same-in-clusters", { ...place, on: "key" }, { key });
  const base = new Map((intent.spec as FabricSpec).uplinks.map((one) => [one.name, one.vlans ?? []]));
  const other = (part.uplinks ? spec.uplinks : []).flatMap(({ name, vlans = [] }, index) =>
    base.has(name) && String(base.get(name)) !== String(vlans)
      ? [fabricRules.diagnose("same-in-clusters", within("uplinks", index), { key: "vlans" })]
      : [],
  );
  const keys = ["pools", "shares"].filter((key) => Object.hasOwn(part, key));
  return [...keys.map((key) => refuse(key, within(key))), ...other];
}

function check(instance: Instance<FabricSpec>): Diagnostic[] {
  const { spec } = instance;
  const place = (...path: (string | number)[]) => instance.at(...path);
  const found: Diagnostic[] = [];
  found.push(...checkDuplicates("uplink", spec.uplinks, (index) => place("uplinks", index, "name")));
  found.push(...checkDuplicates("pool", spec.pools ?? [], (index) => place("pools", index, "name")));
  for (const [index, uplink] of spec.uplinks.entries()) {
    if (uplink.attach === "sriov" && uplink.resourceName === undefined)
      found.push(fabricRules.diagnose("missing-resource", place("uplinks", index), { uplink: uplink.name }));
    if (uplink.interface === undefined && uplink.bridge === undefined)
      found.push(...withoutInterface(uplink, index, place));
    if (uplink.nodes?.matchExpressions)
      found.push(fabricRules.diagnose("nodes-match-labels", place("uplinks", index, "nodes"), { uplink: uplink.name }));
    if (uplink.vlanInterface !== undefined && !uplink.vlanInterface.includes("{vlan}"))
      found.push(fabricRules.diagnose("bad-vlan-interface", place("uplinks", index, "vlanInterface"), {}));
  }
  found.push(...checkOverride(instance));
  found.push(...sameInterface(spec, place));
  found.push(...checkNestedVlans(spec, place));
  found.push(...checkPools(spec, place));
  for (const cluster of Object.keys(spec.shares ?? {}))
    if (!spec.clusters.includes(cluster))
      found.push(
        fabricRules.diagnose("unknown-share", placeAtKey(instance.intent.doc, "spec", "shares", cluster), { cluster }),
      );
  return found;
}

/** macvlan and ipvlan find the link of the default route by themselves; a VLAN of it has no name, and no other plugin does. */
function withoutInterface(
  uplink: UplinkSpec,
  index: number,
  place: (...path: (string | number)[]) => NodePlace,
): Diagnostic[] {
  const { attach = "macvlan", name } = uplink;
  if (attach === "sriov") return [];
  const finds = attach === "macvlan" || attach === "ipvlan";
  const why = uplink.vlans ? "has VLANs" : finds ? undefined : `attaches by ${attach}`;
  return why === undefined
    ? []
    : [fabricRules.diagnose("missing-interface", place("uplinks", index), { uplink: name, why })];
}

/** Uplinks on the same nodes must be different links; on other nodes a name means another card. */
function sameInterface(spec: FabricSpec, place: (...path: (string | number)[]) => NodePlace): Diagnostic[] {
  return spec.uplinks.flatMap((uplink, index) => {
    const nodes = JSON.stringify(uplink.nodes ?? {});
    const first = spec.uplinks.findIndex((other) => {
      const theirs = JSON.stringify(other.nodes ?? {});
      return sameLink(other, uplink) && (theirs === nodes || theirs === "{}" || nodes === "{}");
    });
    const other = spec.uplinks[first];
    if (first === index || !other) return [];
    const related = [{ place: place("uplinks", first, "interface"), label: "the first one" }];
    const link = uplink.interface ?? uplink.bridge ?? "the default route's";
    const parameters = { name: uplink.name, other: other.name, link };
    return [fabricRules.diagnose("same-interface", place("uplinks", index, "interface"), parameters, { related })];
  });
}

function sameLink(a: UplinkSpec, b: UplinkSpec): boolean {
  if (a.interface !== undefined || b.interface !== undefined) return a.interface === b.interface;
  return a.bridge === b.bridge && a.resourceName === b.resourceName;
}

function checkDuplicates(
  what: string,
  all: readonly { readonly name: string }[],
  place: (index: number) => NodePlace,
): Diagnostic[] {
  return all.flatMap(({ name }, index) => {
    const first = all.findIndex((other) => other.name === name);
    if (first === index) return [];
    const related = [{ place: place(first), label: "the first one" }];
    return [fabricRules.diagnose("duplicate-name", place(index), { what, name }, { related })];
  });
}

function checkPools(spec: FabricSpec, place: (...path: (string | number)[]) => NodePlace): Diagnostic[] {
  const pools = (spec.pools ?? []).map((pool) => ({ ...pool, network: parseKnownCidr(pool.cidr) }));
  return pools.flatMap((pool, index) => {
    const found: Diagnostic[] = [];
    if (!fitsPrefix(pool.network, pool.prefixLength))
      found.push(
        fabricRules.diagnose("pool-prefix", place("pools", index, "prefixLength"), {
          prefix: pool.prefixLength,
          cidr: formatCidr(pool.network),
        }),
      );
    const first = pools.findIndex((other) => cidrsOverlap(other.network, pool.network));
    if (first < index) {
      const related = [{ place: place("pools", first, "cidr"), label: "the other pool" }];
      found.push(
        fabricRules.diagnose(
          "overlapping-pools",
          place("pools", index, "cidr"),
          { a: pool.name, b: pools[first]?.name ?? "" },
          { related },
        ),
      );
    }
    return found;
  });
}

function fitsPrefix(network: Cidr, prefix: number): boolean {
  return prefix >= network.prefix && prefix <= (network.family === 4 ? 30 : 126);
}
