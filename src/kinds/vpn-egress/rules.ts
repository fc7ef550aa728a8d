import { defineRules } from "../../diagnostics/rules.ts";

export const vpnRules = defineRules("vpn", {
  "one-tunnel": {
    severity: "error",
    message: ({ found }: { found: string }) => `a VPN is exactly one of wireguard, ipsec; this has ${found}`,
    label: "write `wireguard` or `ipsec`",
  },
  "ipsec-credential": {
    severity: "error",
    message: ({ found }: { found: string }) => `ipsec takes exactly one of pskFrom, certificateFrom; this has ${found}`,
    label: "write `pskFrom` or `certificateFrom`",
  },
  "certificate-key": {
    severity: "error",
    message: ({ key }: { key: string }) =>
      `\`${key}\` must end in \`.crt\`: the names of the other keys follow from it`,
    label: "not `NAME.crt`",
    help: "name the certificate `tls.crt`; `tls.key` and `ca.crt` are in the same Secret, as cert-manager writes them",
  },
  proposal: {
    severity: "error",
    message: ({ proposal }: { proposal: string }) => `the proposal \`${proposal}\` is not known`,
    label: "cipher, hash, group",
    help: "write `aes256gcm16-sha384-ecp384`: AES (GCM, CCM or CBC) or chacha20poly1305, then sha256, sha384 or sha512",
  },
  "any-needs-dns": {
    severity: "error",
    message: () => "all traffic goes through the tunnel, so clients need DNS resolvers behind it",
    label: "needs `dns.servers`",
    help: "add `dns: {servers: [10.8.0.53]}`; the cluster's resolver would leak every name",
  },
  "any-alone": {
    severity: "error",
    message: () => "`any` already includes all destinations",
    label: "already in `any`",
    help: "delete the others",
  },
  "any-needs-routes": {
    severity: "error",
    message: ({ cluster }: { cluster: string }) =>
      `pods of cluster \`${cluster}\` would lose their routes to pods, Services and nodes together with eth0's default route`,
    label: "replaces the default route",
    help: "write the main CNI plugin as `platform.cni`, or `platform.podNetwork.eth0Routes: true` if pods have those routes (`ip route` in a pod shows them), or list the destinations",
  },
  "missing-image": {
    severity: "error",
    message: () => "a VPN gateway needs an `image`",
    label: "there is no image",
    help: "write `image` here, or `defaults: {images: {vpn: …}}` in plumbline.yaml for all of them",
  },
  "one-client": {
    severity: "error",
    message: ({ found }: { found: string }) => `clients are exactly one of zone, workload; this has ${found}`,
    label: "write `zone` or `workload`",
    help: "write `zone` for the pods of a zone, or `workload` for one workload that is in no zone",
  },
  "client-in-zone": {
    severity: "error",
    message: ({ ref, zone }: { ref: string; zone: string }) => `${ref} is in zone \`${zone}\` already`,
    label: "in a zone",
    help: ({ zone }: { ref: string; zone: string }) => `write \`zone: ${zone}\`, with a \`selector\` for its pods`,
  },
  "client-namespace": {
    severity: "error",
    message: ({ namespace, ref }: { namespace: string; ref: string }) =>
      `the tunnel closes namespace \`${namespace}\` for its client, but ${ref} runs there too`,
    label: "used by another workload too",
    help: ({ namespace }: { namespace: string; ref: string }) =>
      `give the client a namespace of its own, or write an IsolationZone for \`${namespace}\` and name it in \`clients\``,
  },
  "selector-without-zone": {
    severity: "error",
    message: () => "`selector` selects pods of a zone, and the client is one workload",
    label: "has no effect",
    help: "take it out",
  },
  "pod-network-of-zone": {
    severity: "error",
    message: ({ zone }: { zone: string }) => `what stays open on eth0 of the clients is written in zone \`${zone}\``,
    label: "has no effect",
    help: ({ zone }: { zone: string }) => `move it to \`podNetwork\` of IsolationZone \`${zone}\``,
  },
  "inbound-port": {
    severity: "error",
    message: ({ port }: { port: string }) => `\`${port}\` is not one tcp or udp port`,
    label: "write one port",
    help: "write `tcp/51413`; write an entry for each port",
  },
  "inbound-twice": {
    severity: "error",
    message: ({ port }: { port: string }) => `\`${port}\` is passed on already`,
    label: "the second entry",
  },
  "inbound-target": {
    severity: "error",
    message: ({ why }: { why: string }) => `what comes in goes to one address of a client, but ${why}`,
    label: "not one address",
    help: "name a workload of one pod (a Deployment with `strategy: {type: Recreate}`) that has `range: {size: 1}` or `addresses` in the clients' zone",
  },
  "no-clients": {
    severity: "error",
    message: ({ zone }: { zone: string }) => `the selector matches no member of zone \`${zone}\``,
    label: "matches nothing",
  },
  "clients-not-told-apart": {
    severity: "warning",
    message: ({ zone }: { zone: string }) =>
      `clients share the address pool of zone \`${zone}\`, so the gateway allows the whole zone`,
    label: "cannot be distinguished by address",
    help: "give the clients a `range` of their own in the zone's members",
  },
  "destination-in-network": {
    severity: "error",
    message: ({ cidr, network }: { cidr: string; network: string }) =>
      `${cidr} overlaps ${network}, which is not behind the tunnel`,
    label: "belongs to another network",
  },
  "destination-in-pods": {
    severity: "error",
    message: ({ cidr, what, cluster }: { cidr: string; what: string; cluster: string }) =>
      `${cidr} overlaps the ${what} network of cluster \`${cluster}\``,
    label: "used by the cluster itself",
  },
  "claimed-twice": {
    severity: "error",
    message: ({ a, b, other }: { a: string; b: string; other: string }) =>
      `${a} is already reached by ${other} (${b}), for the same clients`,
    label: "two tunnels for one destination",
    help: "make the destinations disjoint, or the clients",
  },
  "destination-open": {
    severity: "error",
    message: ({ cidr, open }: { cidr: string; open: string }) =>
      `${cidr} is behind the tunnel, but ${open} is open in clear text`,
    label: "bypasses the tunnel",
    help: "narrow the zone's `podNetwork.allow`",
  },
  "dns-outside": {
    severity: "error",
    message: ({ server }: { server: string }) => `the resolver ${server} is not behind the tunnel`,
    label: "not a destination",
    help: "add it to `destinations`",
  },
  "no-common-family": {
    severity: "error",
    message: ({ cidr, zone }: { cidr: string; zone: string }) =>
      `${cidr} is of an address family that zone \`${zone}\` has no subnet of`,
    label: "clients have no such address",
  },
  "endpoint-inside": {
    severity: "error",
    message: ({ endpoint, where }: { endpoint: string; where: string }) =>
      `the tunnel ends at ${endpoint}, which is ${where}`,
    label: "no far end",
    help: "write the address of the partner's gateway, which the gateway of this tunnel reaches by eth0",
  },
  "endpoint-in-destination": {
    severity: "error",
    message: ({ endpoint, cidr }: { endpoint: string; cidr: string }) =>
      `the tunnel's endpoint ${endpoint} is in ${cidr}: the tunnel would go through itself`,
    label: "contains the endpoint",
  },
});
