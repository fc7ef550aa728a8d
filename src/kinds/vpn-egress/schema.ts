import {
  availabilitySchema,
  buildAddressOrPairSchema,
  commonProperties,
  labelSelectorSchema,
  networkProperties,
  podSettingsSchema,
  secretKeyRefSchema,
  servicesSchema,
  workloadRefSchema,
} from "../../schema/common.ts";
import { flag, integer, list, object, oneOf, type Schema, text } from "../../schema/schema.ts";
import { podNetworkSchema } from "../isolation-zone/schema.ts";

const addresses = list("Our addresses in the tunnel.", text("An address with prefix.", "interface-address"), {
  minItems: 1,
  maxItems: 4,
});

const wireguard = object(
  "The tunnel, as WireGuard.",
  {
    endpoint: text("The peer, as address and port; a name would need DNS before the tunnel.", "endpoint"),
    publicKey: text("The peer's public key.", "wireguard-key"),
    addresses,
    privateKeyFrom: secretKeyRefSchema,
    presharedKeyFrom: secretKeyRefSchema,
    keepaliveSeconds: integer("How often an idle tunnel says it is there.", 1, 65535),
  },
  ["endpoint", "publicKey", "addresses", "privateKeyFrom"],
);

const ipsec = object(
  "The tunnel, as IPsec with IKEv2, always in UDP.",
  {
    remote: text("The peer's address.", "address"),
    localId: text("Who we are to the peer.", "word"),
    remoteId: text("Who the peer is.", "word"),
    addresses,
    pskFrom: secretKeyRefSchema,
    certificateFrom: {
      ...secretKeyRefSchema,
      description: "A certificate, `NAME.crt`, with `NAME.key` and the peer's authority `ca.crt` in the same Secret.",
    },
    proposals: list("Ciphers of IKE and ESP, as strongSwan writes them, best first.", text("A proposal.", "word"), {
      minItems: 1,
    }),
  },
  ["remote", "localId", "remoteId", "addresses"],
);

const inbound = object(
  "A port that the far side may connect to.",
  {
    port: text("The port: `tcp/51413`.", "service"),
    to: object("A workload among the clients, with one address of its own. Absent: `clients.workload`.", {
      workload: workloadRefSchema,
    }),
  },
  ["port"],
);

export const vpnEgressSchema: Schema = object(
  "These pods reach those destinations only through that tunnel.",
  {
    ...commonProperties,
    namespace: text("Where the gateway runs; a namespace of its own.", "name"),
    manageNamespace: flag("Whether the Namespace object is emitted.", true),
    clients: object("Who uses it: pods of a zone, or one workload that is in no zone.", {
      zone: text("Pods of this zone.", "name"),
      selector: labelSelectorSchema,
      workload: {
        ...workloadRefSchema,
        description:
          "A workload in no zone. It gets a zone of its own, `NAME-clients`: its namespace is closed on the default network, and its network is that of the tunnel.",
      },
    }),
    destinations: list("Networks behind the tunnel, or `any`.", text("A network.", "destination"), { minItems: 1 }),
    ports: servicesSchema,
    wireguard,
    ipsec,
    dns: object(
      "Resolvers behind the tunnel.",
      { servers: list("Their addresses.", text("An address.", "address"), { minItems: 1, maxItems: 3 }) },
      ["servers"],
    ),
    inbound: list(
      "Ports of the tunnel's address that are passed on to a client. Everything else that comes in is dropped.",
      inbound,
    ),
    podNetwork: {
      ...podNetworkSchema,
      description: "With `clients.workload`: what stays open on the default network (eth0).",
    },
    network: object("A network of its own for gateway and clients. Absent: the clients' zone.", {
      separation: oneOf("As in a zone.", ["physical", "vlan", "overlay"], "vlan"),
      ...networkProperties,
    }),
    addresses: list(
      "One item per member. Absent: allocated.",
      buildAddressOrPairSchema("A member's address, or one per family."),
      { maxItems: 2 },
    ),
    virtualAddress: buildAddressOrPairSchema("The address that clients route to. Absent: allocated."),
    availability: availabilitySchema,
    pod: podSettingsSchema,
    image: text(
      "Absent: `defaults.images.vpn` of the project. The tunnel's tools, nftables and iproute2, by digest: `images/vpn` of the repository; `images/README.md` says what nodes need.",
      "image",
    ),
  },
  ["namespace", "clients", "destinations"],
);
