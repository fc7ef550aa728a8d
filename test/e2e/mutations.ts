import { holds, nth, toBlock } from "./address.ts";
import type { Expectations } from "./expectations.ts";
import { at, type KubeObject, podTemplate } from "./manifests.ts";
import {
  all,
  dropCapability,
  dropObjects,
  type Edit,
  editAnnotation,
  editNetworks,
  editObjects,
  editTexts,
  type Plugin,
  type Which,
} from "./mutation-edits.ts";
import type { PolicySpec } from "./policy-rules.ts";

/** One thing wrong with the manifests, and what must be run to see it. */
export interface Mutation {
  readonly name: string;
  readonly edit: Edit;
  /** `matrix` is always run; the others only where a mutation needs them. */
  readonly needs?: "borders" | "tunnel" | "admission";
}

const inNamespace =
  (namespace: string): Which =>
  (object) =>
    object.metadata.namespace === namespace;
const kind =
  (name: string, which: Which = () => true): Which =>
  (object) =>
    object.kind === name && which(object);

/** Every mutation that the example has something to be done to. The names say what is wrong. */
export function mutationsOf(expectations: Expectations): Mutation[] {
  return [
    ...networkMutations(expectations),
    ...expectations.pairs.slice(0, 1).flatMap((pair) => pairMutations(expectations, pair.namespace)),
    ...policyMutations(expectations),
    ...expectations.tunnels.slice(0, 1).flatMap((tunnel) => tunnelMutations(expectations, tunnel.namespace)),
    ...guardMutations(expectations),
  ];
}

/** A flow's two sides: the networks' blocks of its pair. */
function sides(expectations: Expectations) {
  const flow = expectations.pairs[0]?.flow;
  const namespaceOf = (pattern = "") => pattern.split("/")[0] ?? "";
  return {
    from: namespaceOf(flow?.from),
    to: namespaceOf(flow?.to),
    blocks: expectations.networks[flow?.on ?? ""] ?? [],
  };
}

type Routes = readonly { readonly dst: string; readonly gw?: string }[];

/** Drops or changes routes of networks. */
function editRoutes(which: Which, change: (routes: Routes) => Routes): Edit {
  return editNetworks(which, (plugin) => {
    if (!plugin.ipam?.routes) return false;
    const before = JSON.stringify(plugin.ipam.routes);
    plugin.ipam.routes = [...change(plugin.ipam.routes)];
    return JSON.stringify(plugin.ipam.routes) !== before;
  });
}

function networkMutations(expectations: Expectations): Mutation[] {
  const { from, to, blocks } = sides(expectations);
  const far = (destination: string) =>
    blocks.some((block) => holds(block, destination.split("/")[0] ?? "") || holds(destination, nth(block, 1n)));
  const links = expectations.links.map((link) => link.name);
  const otherLink = (plugin: Plugin) => links.find((link) => link !== plugin.master) ?? "";
  const ranges = (plugin: Plugin) => {
    const ipam = plugin.ipam;
    return ipam?.ipRanges ?? (ipam?.range ? [ipam as { range: string; range_start?: string }] : []);
  };
  const zones = expectations.networks;
  return [
    {
      name: "the sender's route to the far zone is gone",
      edit: editRoutes(inNamespace(from), (r) => r.filter((x) => !far(x.dst))),
    },
    {
      name: "the sender's IPv6 routes are gone",
      edit: editRoutes(inNamespace(from), (r) => r.filter((x) => !x.dst.includes(":"))),
    },
    { name: "the mirror routes are gone", edit: editRoutes(inNamespace(to), () => []) },
    {
      name: "the mirror routes have a wrong gateway",
      edit: editRoutes(inNamespace(to), (r) => r.map((x) => ({ ...x, gw: wrongGateway(zones, x.gw) }))),
    },
    {
      name: "the sender's routes have a wrong gateway",
      edit: editRoutes(inNamespace(from), (r) => r.map((x) => ({ ...x, gw: wrongGateway(zones, x.gw) }))),
    },
    {
      name: "the sender's routes are too narrow",
      edit: editRoutes(inNamespace(from), (r) => r.map((x) => ({ ...x, dst: narrowed(x.dst) }))),
    },
    {
      name: "one zone's pods stand on another VLAN",
      edit: editNetworks(inNamespace(to), (plugin) => {
        if (plugin.master === undefined) return false;
        plugin.master = otherLink(plugin);
        return true;
      }),
    },
    {
      name: "all zones stand on one VLAN",
      needs: "borders",
      edit: editNetworks(
        () => true,
        (plugin) => {
          const changed = plugin.master !== undefined && plugin.master !== links[0];
          if (changed) plugin.master = links[0];
          return changed;
        },
      ),
    },
    // Not a wider prefix: every destination here has a narrower route of its own, so no packet would go elsewhere.
    {
      name: "a zone's addresses are of the next subnet",
      edit: editNetworks(inNamespace(from), (plugin) =>
        ranges(plugin)
          .flatMap((r) => ["range", "range_start", "range_end"].map((key) => rewrite(r, key, nextSubnet)))
          .some(Boolean),
      ),
    },
    {
      name: "a zone's range begins at the virtual address",
      edit: editNetworks(inNamespace(to), (plugin) =>
        ranges(plugin)
          .map((r) => {
            const block = r.range.replace(/^([^-/]+)-[^/]+/, "$1");
            const gateway = (plugin.ipam?.routes ?? []).find((x) => x.gw && holds(block, x.gw))?.gw;
            return gateway === undefined ? false : rewrite(r, "range_start", () => gateway);
          })
          .some(Boolean),
      ),
    },
    {
      name: "a zone's network is not written",
      edit: dropObjects(kind("NetworkAttachmentDefinition", inNamespace(to))),
    },
    { name: "a workload's patch is gone", edit: dropPatch(to) },
    {
      name: "a workload's patch has a misspelt key",
      edit: editAnnotation(inNamespace(to), (v) => v.replace('"namespace"', '"namespce"').replace('"name"', '"nam"')),
    },
    {
      name: "a workload's patch names another zone's network",
      edit: editAnnotation(inNamespace(to), () => foreignValue(from)),
    },
  ];
}

function nextSubnet(text: string): string {
  return text.replace(/^(\d+\.\d+)\.(\d+)\./, (_, start, third) => `${start}.${Number(third) + 1}.`);
}

function foreignValue(namespace: string): string {
  return JSON.stringify([{ name: "plb-does-not-exist", namespace }]);
}

/** Templates of a namespace lose the networks annotation. */
function dropPatch(namespace: string): Edit {
  return editObjects(inNamespace(namespace), (object) => {
    const annotations = podTemplate(object)?.metadata?.annotations;
    return annotations !== undefined && delete annotations["k8s.v1.cni.cncf.io/networks"];
  });
}

function rewrite(record: object, key: string, change: (text: string) => string): boolean {
  const values = record as Record<string, string>;
  const before = values[key] ?? "";
  values[key] = change(before);
  return values[key] !== before;
}

/** An address of the gateway's own network that nobody has. */
function wrongGateway(networks: Expectations["networks"], gateway = ""): string {
  const block = Object.values(networks)
    .flat()
    .find((cidr) => holds(cidr, gateway));
  return block ? nth(block, toBlock(block).family === 4 ? -3n : 65_333n) : gateway;
}

function narrowed(cidr: string): string {
  const { family } = toBlock(cidr);
  return `${cidr.split("/")[0]}/${family === 4 ? 30 : 126}`;
}

function pairMutations(expectations: Expectations, namespace: string): Mutation[] {
  const which = inNamespace(namespace);
  const text = (name: string, pattern: RegExp, replacement: string): Mutation => ({
    name,
    edit: editTexts(which, pattern, replacement),
  });
  const second: Which = (object) => which(object) && object.metadata.name === expectations.pairs[0]?.members.at(-1);
  return [
    text("the firewall accepts by default", /(hook forward [^;]*; policy )drop/g, "$1accept"),
    text("the firewall's allowing rules are gone", /^.*oifname .*accept.*comment.*$/gm, ""),
    text("the firewall's rules name no port", /tcp dport (\{[^}]*\}|\d+)/g, "meta l4proto tcp"),
    text("the firewall opens one port more", /tcp dport \{? ?(\d+)(, [^}]*)? ?\}?/g, "tcp dport { $1, 22 }"),
    text("the firewall's rules name another port", /tcp dport (\{[^}]*\}|\d+)/g, "tcp dport 9"),
    text("the firewall's IPv6 rules are gone", /^.*oifname .*ip6 [sd]addr .*accept.*$/gm, ""),
    text("the firewall drops replies", /ct state vmap \{[^}]*\}|ct state established,related accept/g, "counter"),
    text("the firewall's rules name no networks", /(oifname "[^"]+") (ip6? [sd]addr (\{[^}]*\}|\S+) )+/g, "$1 "),
    text("the firewall answers for itself", /(hook input [^;]*; policy )drop/g, "$1accept"),
    text("the ruleset does not load", /type filter hook forward/g, "type filtre hook forward"),
    text("a member claims another virtual address", /^(\s*)(\d+\.\d+\.\d+)\.\d+(\/\d+ dev \S+)$/gm, "$1$2.249$3"),
    text("the members do not know each other", /(unicast_peer \{\s*\n?\s*)(\S+)/g, "$1192.0.2.77"),
    { name: "the pair's pods do not forward IPv4", edit: dropSysctl(which, /ipv4.*forward/) },
    { name: "the pair's pods do not forward IPv6", edit: dropSysctl(which, /ipv6.*forwarding/) },
    {
      name: "the legs have no addresses",
      edit: editAnnotation(which, (v) => v.replace(/"ips": ?\[[^\]]*\]/g, '"ips":[]')),
    },
    { name: "the legs are swapped", edit: editAnnotation(which, swapInterfaces) },
    { name: "a pair's leg stands on another VLAN", edit: oneLegElsewhere(expectations, which) },
    { name: "the pair may not set up its network (NET_ADMIN)", edit: dropCapability(which, "NET_ADMIN") },
    { name: "the pair may not announce itself (NET_RAW)", edit: dropCapability(which, "NET_RAW") },
    { name: "a member is not written", edit: dropObjects(kind("Deployment", second)) },
  ];
}

function dropSysctl(which: Which, name: RegExp): Edit {
  return editNetworks(which, (plugin) => {
    const keys = Object.keys(plugin.sysctl ?? {}).filter((key) => name.test(key));
    for (const key of keys) delete plugin.sysctl?.[key];
    return keys.length > 0;
  });
}

function swapInterfaces(value: string): string {
  const list = JSON.parse(value) as { interface: string }[];
  const names = list.map((entry) => entry.interface).reverse();
  return JSON.stringify(list.map((entry, index) => ({ ...entry, interface: names[index] })));
}

function oneLegElsewhere(expectations: Expectations, which: Which): Edit {
  let done = false;
  return (set) => {
    done = false;
    return editNetworks(which, (plugin) => {
      if (done || plugin.master === undefined) return false;
      plugin.master = expectations.links.map((link) => link.name).find((link) => link !== plugin.master);
      done = true;
      return true;
    })(set);
  };
}

function policyMutations(expectations: Expectations): Mutation[] {
  const { from, to } = sides(expectations);
  const policies = (namespace: string) => kind("NetworkPolicy", inNamespace(namespace));
  const specs = (which: Which, change: (spec: PolicySpec & Record<string, unknown>) => boolean) =>
    editObjects(which, (object: KubeObject) => change(object.spec as PolicySpec & Record<string, unknown>));
  const anywhere = [{ namespaceSelector: {} }];
  return [
    { name: "the default network of the far zone is open", edit: dropObjects(policies(to)) },
    { name: "the default network of the sender's zone is open", edit: dropObjects(policies(from)) },
    {
      name: "the default network is closed in one direction only",
      edit: specs(policies(to), (s) => reassign(s, "policyTypes", ["Egress"])),
    },
    {
      name: "the default network lets every namespace in",
      // The cluster-wide policies would still stop them.
      edit: all(
        specs(policies(to), (s) => reassign(s, "ingress", [{ from: anywhere }])),
        dropObjects(adminTier),
      ),
    },
    {
      name: "the default network lets pods out to everywhere",
      edit: all(
        specs(policies(from), (s) => reassign(s, "egress", [{}])),
        dropObjects(adminTier),
      ),
    },
    {
      name: "the default network's policies select nobody",
      edit: specs(policies(to), (s) => reassign(s, "podSelector", { matchLabels: { "plb-nobody": "x" } })),
    },
    { name: "names cannot be resolved", edit: specs(policies(from), (s) => reassign(s, "egress", [])) },
    {
      name: "the secondary network's policies admit nobody",
      edit: specs(kind("MultiNetworkPolicy", inNamespace(to)), (s) => reassign(s, "ingress", [])),
    },
    {
      name: "the secondary network's policies let nobody out",
      edit: specs(kind("MultiNetworkPolicy", inNamespace(from)), (s) => reassign(s, "egress", [])),
    },
  ];
}

const adminTier: Which = (object) => /^(Admin|Cluster)NetworkPolicy$/.test(object.kind) || object.kind === "Namespace";

function reassign(spec: Record<string, unknown>, key: string, value: unknown): boolean {
  const before = JSON.stringify(spec[key]);
  spec[key] = value;
  return JSON.stringify(value) !== before;
}

function tunnelMutations(expectations: Expectations, namespace: string): Mutation[] {
  const which = inNamespace(namespace);
  const tunnel = expectations.tunnels[0];
  const clientNamespace = tunnel?.clients[0]?.split("/")[0] ?? "";
  const text = (pattern: RegExp, replacement: string) => editTexts(which, pattern, replacement);
  const destination = (cidr: string) =>
    (tunnel?.destinations ?? []).some((d) => toBlock(d).first === toBlock(cidr).first);
  const accept = text(/(hook (?:forward|output) [^;]*; policy )drop/g, "$1accept");
  return [
    {
      name: "the kill switch is gone",
      needs: "tunnel",
      edit: all(accept, text(/^.* route replace unreachable.*$/gm, "  :"), dropObjects(kind("NetworkPolicy", which))),
    },
    { name: "the tunnel's source is not translated", edit: text(/^.*masquerade.*$/gm, "") },
    { name: "the tunnel carries other destinations", edit: text(/(AllowedIPs = ).*/g, "$110.99.99.0/24") },
    { name: "the tunnel has another endpoint", edit: text(/(Endpoint = )[^:\n]+:/g, "$1203.0.113.99:") },
    { name: "the tunnel's rules forbid the encrypted packets", edit: text(/^.*udp dport.*$/gm, "") },
    { name: "nothing may enter the tunnel", edit: text(/^.*iifname .*oifname "(wg[^"]*|tun[^"]*)".*accept.*$/gm, "") },
    {
      name: "the clients have no route to the tunnel",
      edit: editRoutes(inNamespace(clientNamespace), (r) => r.filter((x) => !destination(x.dst))),
    },
    { name: "the tunnel's gateway does not forward", edit: dropSysctl(which, /forward/) },
    { name: "the gateway may not set up its network (NET_ADMIN)", edit: dropCapability(which, "NET_ADMIN") },
    {
      name: "large packets are swallowed",
      needs: "tunnel",
      edit: all(
        text(/^.*maxseg size set.*$/gm, ""),
        text(/destination-unreachable, /g, ""),
        text(/established,related accept/g, "established accept"),
        text(/related : accept/g, "related : drop"),
        text(/packet-too-big, /g, ""),
      ),
    },
    {
      name: "clients may leave by eth0",
      needs: "tunnel",
      edit: all(
        editObjects(kind("NetworkPolicy", inNamespace(clientNamespace)), (o) =>
          reassign(o.spec as Record<string, unknown>, "egress", [{}]),
        ),
        dropObjects(adminTier),
      ),
    },
  ];
}

function guardMutations(expectations: Expectations): Mutation[] {
  if (!expectations.admission) return [];
  const validations = (pattern: RegExp): Edit =>
    editObjects(kind("ValidatingAdmissionPolicy"), (object) => {
      const spec = object.spec as { validations?: { expression: string; message?: string }[] };
      const left = (spec.validations ?? []).filter((v) => !pattern.test(v.expression));
      const changed = left.length !== (spec.validations ?? []).length && left.length > 0;
      if (changed) spec.validations = left;
      return changed;
    });
  return [
    {
      name: "the guards are not written",
      needs: "admission",
      edit: dropObjects((o) => /^ValidatingAdmissionPolicy(Binding)?$/.test(o.kind)),
    },
    {
      name: "the guards only warn",
      needs: "admission",
      edit: editObjects(kind("ValidatingAdmissionPolicyBinding"), (o) =>
        reassign(o.spec as Record<string, unknown>, "validationActions", ["Warn"]),
      ),
    },
    { name: "the guards do not look at hostNetwork", needs: "admission", edit: validations(/hostNetwork/) },
    {
      name: "the guards are not told of one zone",
      needs: "admission",
      edit: (set) => {
        const bindings = set.objects.filter(
          kind("ValidatingAdmissionPolicyBinding", (o) => at(o, "spec", "paramRef") !== undefined),
        );
        const last = bindings.at(-1) ?? set.objects.filter(kind("ValidatingAdmissionPolicyBinding")).at(-1);
        return last && { ...set, objects: set.objects.filter((object) => object !== last) };
      },
    },
  ];
}
