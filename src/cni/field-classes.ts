import {
  type FieldClass,
  harmlessField,
  modelledField,
  ownField,
  type PluginClass,
  refusedField,
} from "./field-class.ts";

/** A plugin of which no configuration can be accepted. */
const whole = (why: string, use?: string): PluginClass => ({
  refused: why,
  ...(use !== undefined && { use }),
  fields: {},
});

const master = ownField("the link is the layer-2 domain");
const mtu = ownField("the MTU is compared with that of the link");
const vlan = ownField("the VLAN is the layer-2 domain");
const bridge = ownField("the bridge is the layer-2 domain");
const linkInContainer = refusedField("the pod then looks for the link among its own, not among those of the node", {
  safe: [false],
});
const log = harmlessField("it says where the plugin writes its log");
const mac = refusedField("every pod of the network then has one MAC address", { use: "`mac` of a member" });
const ownMac = { ...mac, written: [] } as FieldClass;

/** Fields that all plugins have. */
export const commonClasses: Readonly<Record<string, FieldClass>> = {
  cniVersion: ownField("the version is one that the reader knows"),
  name: ownField("leases are kept under it"),
  type: ownField("it says how the fields are read"),
  capabilities: ownField("it says what a pod may ask for"),
  ipam: ownField("addresses and routes come from it"),
  dns: harmlessField("the kubelet writes resolv.conf, whatever a secondary network says"),
  ipMasq: refusedField("the node then forwards for the pods and hides their addresses", { safe: [false] }),
};

/** Capabilities that a written object may have: what a pod may ask of its network. */
export const knownCapabilities: readonly string[] = [
  "ips",
  "mac",
  "deviceID",
  "infinibandGUID",
  "CNIDeviceInfoFile",
  "bandwidth",
];

const macvlan: PluginClass = {
  fields: {
    master,
    mode: refusedField("other modes than `bridge` keep pods of one link apart, or give the link to one pod", {
      use: "`memberTraffic` of an ExternalNetwork",
      safe: ["bridge", ""],
      written: ["private"],
      kept: true,
    }),
    mtu,
    mac,
    linkInContainer,
    bcqueuelen: harmlessField("it is the length of a queue"),
  },
};

const ipvlan: PluginClass = {
  fields: {
    master,
    mode: refusedField("the modes `l3` and `l3s` route between pods past every policy", { safe: ["l2", ""] }),
    mtu,
    linkInContainer,
  },
};

const bridgePlugin: PluginClass = {
  fields: {
    bridge,
    vlan,
    mtu,
    isGateway: {
      ...refusedField("the node then has an address on the network and routes into it", { safe: [false] }),
      ours: true,
    },
    isDefaultGateway: refusedField(
      "every node then routes between this network, all others that say so, and the pod network",
      {
        safe: [false],
        use: "`gateway`, or a leg of a FirewallPair",
      },
    ),
    forceAddress: refusedField("the node then changes its own addresses on the bridge", { safe: [false] }),
    ipMasq: {
      ...refusedField("the node then forwards for the pods and hides their addresses", { safe: [false] }),
      ours: true,
    },
    ipMasqBackend: harmlessField("it says how `ipMasq` works, which is always off"),
    hairpinMode: harmlessField("a pod only gets its own frames back"),
    promiscMode: refusedField("the node then takes every frame of the network, whomever it is for", {
      safe: [false],
      kept: true,
    }),
    vlanTrunk: modelledField("the VLANs are compared with those of other networks"),
    "vlanTrunk[].id": modelledField("the VLANs are compared with those of other networks"),
    "vlanTrunk[].minID": modelledField("the VLANs are compared with those of other networks"),
    "vlanTrunk[].maxID": modelledField("the VLANs are compared with those of other networks"),
    preserveDefaultVlan: refusedField("pods then stay in VLAN 1 of the bridge beside their own", {
      needed: true,
      safe: [false],
    }),
    macspoofchk: harmlessField("it only drops frames from other MAC addresses than the pod's"),
    enabledad: harmlessField("the pod only waits until its IPv6 addresses are known to be free"),
    disableContainerInterface: refusedField("the pod then has no interface that is up, so it reaches nobody", {
      safe: [false],
    }),
    portIsolation: refusedField("pods of one bridge then do not reach each other", {
      use: "`memberTraffic` of an ExternalNetwork",
      safe: [false],
      written: [true],
      kept: true,
    }),
  },
};

const sriov: PluginClass = {
  fields: {
    vlan,
    vlanQoS: harmlessField("it is the priority in the VLAN tag"),
    vlanProto: refusedField("another tag protocol is another network than the VLAN that is verified", {
      safe: ["802.1q", "802.1Q"],
    }),
    deviceID: refusedField("every pod then asks for one and the same device", { use: "`resourceName` of the uplink" }),
    min_tx_rate: harmlessField("it is a rate"),
    max_tx_rate: harmlessField("it is a rate"),
    spoofchk: refusedField("without it a pod sends from any MAC address", { needed: true, safe: ["on"], kept: true }),
    trust: refusedField("a trusted pod changes its MAC address and sees frames of others", {
      needed: true,
      safe: ["off"],
      kept: true,
    }),
    link_state: refusedField("a link that is held down carries nothing", { safe: ["auto", "enable"] }),
    mac: { ...ownMac, class: "refused" },
    logLevel: log,
    logFile: log,
  },
};

const ovs: PluginClass = {
  fields: {
    bridge,
    vlan,
    mtu,
    trunk: modelledField("the VLANs are compared with those of other networks"),
    "trunk[].id": modelledField("the VLANs are compared with those of other networks"),
    "trunk[].minID": modelledField("the VLANs are compared with those of other networks"),
    "trunk[].maxID": modelledField("the VLANs are compared with those of other networks"),
    deviceID: refusedField("every pod then asks for one and the same device", { use: "`resourceName` of the uplink" }),
    ofport_request: refusedField("a port of the switch is for one pod, and flows of others may be bound to it"),
    interface_type: refusedField("the pod then has no link of the kernel, so that no policy of it counts"),
    configuration_path: refusedField("it reads further settings from a file of the node, which nobody verifies"),
    socket_file: refusedField("it is another switch than the one that is verified"),
    link_state_check_retries: harmlessField("it says how long the plugin waits"),
    link_state_check_interval: harmlessField("it says how long the plugin waits"),
  },
};

const hostDevice: PluginClass = {
  fields: {
    device: ownField("the link is the layer-2 domain"),
    hwaddr: ownField("the link is the layer-2 domain"),
    kernelpath: refusedField("the reader cannot tell which link it is"),
    pciBusID: refusedField("the reader cannot tell which link it is"),
  },
};

const kubeOvn: PluginClass = {
  fields: {
    server_socket: ownField("it is the agent of the platform"),
    provider: ownField("the Subnet of that provider is the network"),
    routes: modelledField("routes come from it"),
    "routes[].dst": modelledField("routes come from it"),
    "routes[].gw": modelledField("routes come from it"),
    deviceID: refusedField("every pod then asks for one and the same device"),
    vf_driver: refusedField("the pod then has no link of the kernel, so that no policy of it counts"),
    vhost_user_socket_volume_name: refusedField(
      "the pod then has no link of the kernel, so that no policy of it counts",
    ),
    vhost_user_socket_name: refusedField("the pod then has no link of the kernel, so that no policy of it counts"),
    vhost_user_socket_consumption: refusedField(
      "the pod then has no link of the kernel, so that no policy of it counts",
    ),
  },
};

/** Plugins of which plumbline writes no object: what they connect is not verified as a network of an intent. */
const notWritten: Readonly<Record<string, PluginClass>> = {
  ptp: whole("it makes the node the router of every pod", "`attach: macvlan` or `bridge`"),
  tap: whole("its device is for a virtual machine, which gets its own from `attach`"),
  dummy: whole("its link leads nowhere, so nobody reaches anybody"),
  bond: whole("it joins several networks of the pod to one, which the reader does not follow"),
  "ib-sriov": whole("partitions of InfiniBand are not verified"),
  "ovn-k8s-cni-overlay": whole("the controller of OVN-Kubernetes writes it itself", "target `ovn-kubernetes`"),
  antrea: whole("secondary networks of Antrea are not verified"),
  userspace: whole("the pod then has no link of the kernel, so that no policy of it counts"),
};

const vlanPlugin: PluginClass = { fields: { master, vlanId: vlan, mtu, linkInContainer } };

/** Plugins that attach a pod. */
export const attachingClasses: Readonly<Record<string, PluginClass>> = {
  macvlan,
  ipvlan,
  bridge: bridgePlugin,
  sriov,
  ovs,
  vlan: vlanPlugin,
  "host-device": hostDevice,
  ipoib: { fields: { master } },
  loopback: { fields: {} },
  "kube-ovn": kubeOvn,
  ...notWritten,
};

const perPod = "it would hold for every pod of the network";

/** Plugins that work behind an attaching one. */
export const chainedClasses: Readonly<Record<string, PluginClass>> = {
  tuning: {
    fields: {
      dataDir: harmlessField("it is a folder of the plugin on the node"),
      sysctl: modelledField("each sysctl has a class of its own"),
      mac,
      promisc: refusedField("a pod then receives frames that are for others", { safe: [false], kept: true }),
      mtu: refusedField("the MTU would differ from that of the network", { use: "`network.mtu`", kept: true }),
      allmulti: harmlessField("only multicast of the same network reaches the pod"),
      txQLen: harmlessField("it is the length of a queue"),
    },
  },
  bandwidth: {
    fields: {
      ingressRate: harmlessField("it is a rate"),
      ingressBurst: harmlessField("it is a rate"),
      egressRate: harmlessField("it is a rate"),
      egressBurst: harmlessField("it is a rate"),
      shapedSubnets: harmlessField("it says which traffic a rate is for"),
      unshapedSubnets: harmlessField("it says which traffic a rate is for"),
    },
  },
  sbr: {
    fields: {
      table: harmlessField("it is the number of a routing table of the pod"),
      gateways: refusedField(`${perPod}, and the reader takes next hops from routes`, { use: "`gateway`" }),
      addSourceHints: harmlessField("answers leave from the address that was asked, as they do anyway"),
    },
  },
  firewall: whole("it writes rules of the node for the pod's addresses", "`rules` of a FirewallPair"),
  portmap: whole("it opens ports of the node into the network", "`podNetwork.allow`"),
  vrf: whole("it moves the link to another routing table, which the reader does not follow"),
  "route-override": whole("it takes away and adds routes behind the intents", "`gateway`, `hosts` and `routes`"),
  rdma: whole("what RDMA sends passes no policy of the pod"),
  coordinator: whole("it changes routes and rules of the pod behind the intents"),
  "ovs-mirror-producer": whole("it copies frames of the network to others"),
  "ovs-mirror-consumer": whole("the pod then receives frames of other pods"),
};

const pool = ownField("the addresses that are allocated");
const routes = ownField("routes come from it");
const lease = harmlessField("it is how the plugin keeps its leases");
const otherTable = refusedField("the reader follows the main routing table alone");
const routeFields: Readonly<Record<string, FieldClass>> = {
  routes,
  "routes[].dst": routes,
  "routes[].gw": routes,
  "routes[].mtu": refusedField("packets would be smaller than the network's", { use: "`network.mtu`" }),
  "routes[].advmss": harmlessField("it is the size of segments that TCP asks for"),
  "routes[].priority": modelledField("the reader compares routes by it"),
  "routes[].table": { ...otherTable, safe: [254, 0] },
  "routes[].scope": refusedField("a route of another scope may have no next hop", { safe: [0] }),
};
const nextHop = modelledField("routes without a next hop take it");
const static_: Readonly<Record<string, FieldClass>> = {
  addresses: pool,
  "addresses[].address": pool,
  "addresses[].gateway": nextHop,
  dns: harmlessField("the kubelet writes resolv.conf, whatever a secondary network says"),
};
const otherStore = refusedField("addresses then come from a place that is not verified");

/** Address plugins, by what stands in `ipam.type`. */
export const addressClasses: Readonly<Record<string, PluginClass>> = {
  "host-local": {
    fields: {
      subnet: pool,
      rangeStart: pool,
      rangeEnd: pool,
      gateway: nextHop,
      ranges: pool,
      ...routeFields,
      dataDir: lease,
      resolvConf: harmlessField("the kubelet writes resolv.conf, whatever a secondary network says"),
    },
  },
  static: { fields: { ...static_, ...routeFields } },
  whereabouts: {
    fields: {
      range: pool,
      range_start: pool,
      range_end: pool,
      exclude: pool,
      ipRanges: pool,
      "ipRanges[].range": pool,
      "ipRanges[].range_start": pool,
      "ipRanges[].range_end": pool,
      "ipRanges[].exclude": pool,
      gateway: nextHop,
      ...routeFields,
      ...static_,
      addresses: refusedField("the pod then has addresses beside those that are verified", {
        use: "`addresses` of a member",
      }),
      "addresses[].address": otherStore,
      "addresses[].gateway": otherStore,
      node_slice_size: refusedField("the reader takes the whole range for every node's"),
      network_name: modelledField("leases are kept under it"),
      enable_overlapping_ranges: refusedField("two networks may then give one address twice", { safe: [true] }),
      sleep_for_race: lease,
      leader_lease_duration: lease,
      leader_renew_deadline: lease,
      leader_retry_period: lease,
      log_file: log,
      log_level: log,
      reconciler_cron_expression: lease,
      kubernetes: lease,
      "kubernetes.kubeconfig": lease,
      "kubernetes.k8s_api_root": lease,
      configuration_path: lease,
      datastore: lease,
      etcd_host: lease,
      etcd_username: lease,
      etcd_password: lease,
      etcd_key_file: lease,
      etcd_cert_file: lease,
      etcd_ca_cert_file: lease,
    },
  },
  dhcp: {
    fields: {
      daemonSocketPath: lease,
      provide: harmlessField("it says what the pod tells the server of itself"),
      "provide[].option": harmlessField("it says what the pod tells the server of itself"),
      "provide[].value": harmlessField("it says what the pod tells the server of itself"),
      "provide[].fromArg": harmlessField("it says what the pod tells the server of itself"),
      request: refusedField("the server may then give routes that no intent names"),
      "request[].skipDefault": refusedField("the server may then give routes that no intent names"),
      "request[].option": refusedField("the server may then give routes that no intent names"),
      priority: modelledField("addresses and routes of a server are not verified"),
    },
  },
  "kube-ovn": whole("plumbline lets Kube-OVN's own plugin allocate addresses"),
  spiderpool: whole("its pools are not verified"),
  antrea: whole("its pools are not verified"),
  "nv-ipam": whole("its pools are not verified"),
};
