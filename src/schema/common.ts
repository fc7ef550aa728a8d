import { anyObject, flag, integer, list, mapOf, object, oneOf, type Properties, type Schema, text } from "./schema.ts";

export const labelSelectorSchema: Schema = object("Kubernetes label selector; all of it must match.", {
  matchLabels: mapOf("Labels with exactly these values.", text("The value.", "label-value"), "label-key"),
  matchExpressions: list(
    "Further conditions.",
    object(
      "One condition.",
      {
        key: text("The label.", "label-key"),
        operator: oneOf("How it is compared.", ["In", "NotIn", "Exists", "DoesNotExist"]),
        values: list("The values, for In and NotIn.", text("A value.", "label-value")),
      },
      ["key", "operator"],
    ),
  ),
});

export const workloadRefSchema: Schema = object(
  "A workload by its full name.",
  {
    namespace: text("Its namespace.", "name"),
    kind: oneOf("Its kind. May be left out where one workload of the namespace has the name.", [
      "Pod",
      "Deployment",
      "StatefulSet",
      "DaemonSet",
      "ReplicaSet",
      "Job",
      "CronJob",
      "VirtualMachine",
    ]),
    name: text("Its name.", "config-name"),
  },
  ["namespace", "name"],
);

export const INTERNET =
  "Every address that is in no network of the project and is not the cluster's own. Addresses of pods, Services and nodes are left out, and link-local and multicast addresses. A private network that no intent describes counts as the internet.";

export const partyProperties: Properties = {
  zone: text("An IsolationZone, by name.", "name"),
  external: text("An ExternalNetwork, by name.", "name"),
  host: text("With `external`: one host of it.", "name"),
  vpn: text("What lies behind a VpnEgress, by name.", "name"),
  cidr: text("Addresses.", "cidr"),
  internet: flag(INTERNET),
  workload: workloadRefSchema,
};

/** Exactly one of zone, external, vpn, cidr, internet, workload: checked in `parties.ts`, where the message can say so. */
export function buildPartySchema(description: string): Schema {
  return object(description, partyProperties);
}

export const servicesSchema: Schema = list(
  "What may be connected to: `tcp/8443`, `udp/53`, `tcp/8000-8010`, `sctp/38412`, `icmp`.",
  text("A port.", "service"),
  { minItems: 1 },
);

export const addressPerFamilySchema: Schema = list("One address per address family.", text("An address.", "address"), {
  minItems: 1,
  maxItems: 2,
});

/** Addresses of a member's one pod, or of each pod by its ordinal. */
const memberAddresses: Schema = {
  type: ["array", "object"],
  description:
    "One address per address family, for a workload of one pod; or `perPod`: a list of such lists, by the ordinal of a StatefulSet's pods.",
  items: text("An address.", "address"),
  minItems: 1,
  maxItems: 2,
  properties: {
    perPod: list(
      "The addresses of pod 0, of pod 1, and so on. Needs Kubernetes 1.36 or later, or the target kube-ovn.",
      addressPerFamilySchema,
      { minItems: 1, maxItems: 1000 },
    ),
  },
  additionalProperties: false,
  required: ["perPod"],
};

/** An address, or a list with one per family. */
export function buildAddressOrPairSchema(description: string): Schema {
  return {
    type: ["string", "array"],
    description,
    format: "address",
    items: text("An address.", "address"),
    minItems: 1,
    maxItems: 2,
  };
}

/** What stood for a network before; `more`: keys that only some kinds have. */
export function buildExistingSchema(more: Properties): Schema {
  return object(
    "What stood for the network before: it is taken over under its name, and says nothing that it did not say.",
    {
      objects: list(
        "The objects, such as NetworkAttachmentDefinitions.",
        object(
          "One of them.",
          {
            namespace: text("Its namespace.", "name"),
            name: text("Its name.", "config-name"),
            annotations: mapOf("Annotations that it keeps.", text("The value.", "annotation"), "label-key"),
          },
          ["namespace", "name"],
        ),
        { minItems: 1 },
      ),
      cniName: text("Its name in the CNI configuration, where that is another one.", "line"),
      ...more,
    },
    ["objects"],
  );
}

/** Keys of a network that a zone, an external network and a gateway's own network share. */
export const networkProperties: Properties = {
  uplink: text("The uplink of the Fabric that carries it.", "name"),
  vlan: integer("The VLAN id. Absent: allocated from the uplink's `vlans`.", 1, 4094),
  subnets: list("One per address family. Absent: allocated from `pools`.", text("A subnet.", "subnet"), {
    minItems: 1,
    maxItems: 2,
  }),
  pools: list("Pools of the Fabric to take subnets from, one per address family.", text("A pool.", "name"), {
    minItems: 1,
    maxItems: 2,
  }),
  reserved: list("Addresses that pods never get.", text("An address or a range.", "range")),
  mtu: integer("Largest packet, in bytes. Default: the uplink's.", 576, 65535),
  addressing: oneOf(
    "Where pods get addresses from: what is given out, their own, a server outside, nowhere.",
    ["pool", "static", "dhcp", "none"],
    "pool",
  ),
  ipam: oneOf("What gives out addresses. Default: the platform's.", ["whereabouts", "host-local"]),
  attach: oneOf("How pods are attached. Default: the uplink's.", ["macvlan", "ipvlan", "bridge", "sriov", "ovs"]),
  sysctls: mapOf(
    "Settings of the pod's interface; `IFNAME` stands for its name.",
    text("The value.", "line"),
    "sysctl",
  ),
  bandwidth: object("Limits per pod, in bits per second.", {
    ingress: text("Into the pod.", "rate"),
    egress: text("Out of the pod.", "rate"),
  }),
  plugin: anyObject("Further fields of the CNI plugin, each checked against its field table."),
  chain: list("Further chained CNI plugins.", anyObject("A plugin: `type` and its fields.")),
  existing: buildExistingSchema({}),
};

export const memberSchema: Schema = object("One workload (or a selection) that is attached.", {
  workload: workloadRefSchema,
  namespace: text("With `selector`: the namespace it selects in.", "name"),
  selector: labelSelectorSchema,
  interface: text("Name of the interface in the pod. Default: the first free netN.", "interface"),
  mac: text("MAC address of the interface; for a single pod.", "mac"),
  addresses: memberAddresses,
  setBy: oneOf(
    "Who sets the addresses. `guest`: the guest of a virtual machine does, by cloud-init or by hand. They are declared here, so that rules, policies and verify know them; the network needs `addressing: none`.",
    ["plumbline", "guest"],
    "plumbline",
  ),
  range: object(
    "A range of its own inside the subnet, allocated.",
    { size: integer("How many addresses.", 1, 65536) },
    ["size"],
  ),
  defaultRoute: flag("Whether the pod's default route leads into this network's gateway.", false),
});

/** A zone's guard looks at the capabilities of its pods; on other networks nothing does. */
export const zoneMemberSchema: Schema = {
  ...memberSchema,
  properties: {
    ...memberSchema.properties,
    allowCapabilities: list(
      "Capabilities that the pods of this workload keep or add, although they can send from addresses of others with them. The workload needs a ServiceAccount of its own.",
      oneOf("With NET_RAW: any address on its links. With NET_ADMIN: addresses, MAC addresses and routes too.", [
        "NET_RAW",
        "NET_ADMIN",
      ]),
      { minItems: 1 },
    ),
  },
};

/** `cpu: 2` is what people write, so a number will do. */
const quantity: Schema = {
  type: ["string", "number"],
  description: "An amount: `100m`, `64Mi`, `1`.",
  format: "quantity",
};

export const podSettingsSchema: Schema = object("Settings of the gateway pods.", {
  resources: object("Requests and limits of the container.", {
    requests: mapOf("What is set aside.", quantity, "label-key"),
    limits: mapOf("What it may use at most.", quantity, "label-key"),
  }),
  nodeSelector: mapOf("Nodes that they may run on.", text("The value.", "label-value"), "label-key"),
  tolerations: list(
    "Taints that they tolerate.",
    object("A toleration.", {
      key: text("The taint; absent with `Exists`: every taint.", "label-key"),
      operator: oneOf("How it is compared.", ["Exists", "Equal"], "Equal"),
      value: text("The taint's value, for Equal.", "label-value"),
      effect: oneOf("The taint's effect. Absent: every one.", ["NoSchedule", "PreferNoSchedule", "NoExecute"]),
      tolerationSeconds: integer("How long a NoExecute is put up with, in seconds.", 0, 2147483647),
    }),
  ),
  imagePullSecrets: list("Names of pull secrets.", text("A Secret.", "config-name")),
  priorityClassName: text("Their priority class.", "config-name"),
  topologyKey: text("What members of a pair are kept apart by.", "label-key", { default: "kubernetes.io/hostname" }),
});

export const availabilitySchema: Schema = object("Whether a second member stands by.", {
  mode: oneOf("One member, or two of which one is active.", ["activeStandby", "single"]),
  nodes: labelSelectorSchema,
});

export const secretKeyRefSchema: Schema = object(
  "A key of a Secret in the gateway's namespace. The value itself is never written here.",
  { secret: text("The Secret.", "config-name"), key: text("The key in it.", "secret-key") },
  ["secret", "key"],
);

/** Keys that every kind's spec has. */
export const commonProperties: Properties = {
  description: text("What it is for, in a sentence.", "line"),
  clusters: list("Clusters it holds in. Absent: all.", text("A cluster of the project.", "name"), { minItems: 1 }),
  target: text("Overrides the target of the clusters.", "name"),
  overrides: mapOf(
    "What differs by cluster: part of the same spec, merged field by field; lists are replaced.",
    anyObject("Part of the spec."),
  ),
};
