import { type FieldClass, harmlessField, modelledField, refusedField } from "./field-class.ts";

const only = (value: string, why: string): FieldClass => refusedField(why, { safe: [value] });
const many = (names: readonly string[], one: FieldClass): Record<string, FieldClass> =>
  Object.fromEntries(names.map((name) => [name, one]));
const under = (prefix: string, all: Readonly<Record<string, FieldClass>>): Record<string, FieldClass> =>
  Object.fromEntries(Object.entries(all).map(([name, one]) => [`${prefix}.${name}`, one]));

const forwards = "only gateways forward packets";
const routesChange = "routes of the pod may then change behind the intents";
const foreign = "the pod then takes or sends packets of addresses that are not its own";
const timing = harmlessField("it is a time or a count");

const onLink4: Readonly<Record<string, FieldClass>> = {
  ...many(
    ["arp_notify", "arp_evict_nocarrier", "arp_announce", "log_martians", "tag"],
    harmlessField("it changes no path"),
  ),
  arp_accept: harmlessField("it learns neighbours earlier; who may announce an address is judged elsewhere"),
  arp_ignore: refusedField("with other values nobody can find the pod's address", { safe: ["0", "1"] }),
  arp_filter: only("0", "the pod may then leave questions for its own address unanswered"),
  drop_gratuitous_arp: only("0", "the pod then does not notice that a gateway failed over"),
  ...many(["force_igmp_version", "igmpv2_unsolicited_report_interval", "igmpv3_unsolicited_report_interval"], timing),
  ...many(["promote_secondaries", "drop_unicast_in_l2_multicast"], harmlessField("it changes no path")),
  rp_filter: refusedField("packets with a source that does not belong there are then accepted", { safe: ["1"] }),
  accept_redirects: only("0", routesChange),
  secure_redirects: only("1", routesChange),
  send_redirects: only("0", "redirects would change routes of others"),
  accept_source_route: only("0", "the sender may then choose the path past a firewall"),
  accept_local: only("0", foreign),
  route_localnet: only("0", "the network then reaches what listens on 127.0.0.1"),
  proxy_arp: only("0", foreign),
  proxy_arp_pvlan: only("0", foreign),
  bc_forwarding: only("0", forwards),
  forwarding: only("0", forwards),
  src_valid_mark: only("0", foreign),
  disable_policy: only("0", "the pod then accepts in clear text what must come by IPsec"),
  disable_xfrm: only("0", "the pod then sends in clear text what must go by IPsec"),
};

const onLink6: Readonly<Record<string, FieldClass>> = {
  ...many(
    ["accept_ra", "accept_ra_defrtr", "accept_ra_pinfo", "accept_ra_rtr_pref", "accept_ra_rt_info_max_plen"],
    only("0", routesChange),
  ),
  accept_redirects: only("0", routesChange),
  accept_source_route: refusedField("the sender may then choose the path past a firewall", { safe: ["0", "-1"] }),
  autoconf: harmlessField("it needs router advertisements, which are never accepted"),
  use_tempaddr: only("0", "the pod then sends from addresses that nobody knows"),
  disable_ipv6: refusedField("the network has IPv6", { safe: ["0"], withoutIpv6: "1" }),
  ...many(["dad_transmits", "accept_dad", "enhanced_dad", "optimistic_dad", "use_optimistic"], timing),
  ...many(["keep_addr_on_down", "ndisc_notify", "ndisc_tclass", "force_tllao"], harmlessField("it changes no path")),
  ...many(
    ["router_solicitations", "router_solicitation_delay", "router_solicitation_interval"],
    harmlessField("answers to it are never accepted"),
  ),
  ...many(["mldv1_unsolicited_report_interval", "mldv2_unsolicited_report_interval", "force_mld_version"], timing),
  drop_unicast_in_l2_multicast: harmlessField("it changes no path"),
  addr_gen_mode: harmlessField("it makes link-local addresses alone, as router advertisements are never accepted"),
  max_addresses: timing,
  router_probe_interval: only("1", "the route falls back to the pod network while a next hop is not asked for"),
  hop_limit: refusedField("a packet would end before its last hop", { between: [64, 255] }),
  mtu: refusedField("the MTU would differ from that of the network", { use: "`network.mtu`" }),
  proxy_ndp: only("0", foreign),
  forwarding: only("0", forwards),
  drop_unsolicited_na: only("0", "the pod then does not notice that a gateway failed over"),
  seg6_enabled: only("0", "the sender may then choose the path past a firewall"),
  rpl_seg_enabled: only("0", "the sender may then choose the path past a firewall"),
};

const neighbour: Readonly<Record<string, FieldClass>> = {
  ...many(
    [
      "base_reachable_time",
      "base_reachable_time_ms",
      "retrans_time",
      "retrans_time_ms",
      "gc_stale_time",
      "delay_first_probe_time",
      "locktime",
      "unres_qlen",
      "unres_qlen_bytes",
      "anycast_delay",
      "proxy_delay",
    ],
    timing,
  ),
  ...many(["ucast_solicit", "mcast_solicit"], refusedField("nobody would be asked for", { between: [1, 100] })),
};

const ofPod: Readonly<Record<string, FieldClass>> = {
  ...under(
    "net.ipv4",
    many(
      [
        "ip_local_port_range",
        "ip_local_reserved_ports",
        "ip_unprivileged_port_start",
        "ping_group_range",
        "tcp_base_mss",
        "tcp_congestion_control",
        "tcp_ecn",
        "tcp_fastopen",
        "tcp_fin_timeout",
        "tcp_keepalive_intvl",
        "tcp_keepalive_probes",
        "tcp_keepalive_time",
        "tcp_max_syn_backlog",
        "tcp_max_tw_buckets",
        "tcp_moderate_rcvbuf",
        "tcp_mtu_probing",
        "tcp_notsent_lowat",
        "tcp_orphan_retries",
        "tcp_retries1",
        "tcp_retries2",
        "tcp_rmem",
        "tcp_sack",
        "tcp_slow_start_after_idle",
        "tcp_syn_retries",
        "tcp_synack_retries",
        "tcp_syncookies",
        "tcp_timestamps",
        "tcp_tw_reuse",
        "tcp_window_scaling",
        "tcp_wmem",
        "udp_rmem_min",
        "udp_wmem_min",
        "icmp_echo_ignore_broadcasts",
        "icmp_ratelimit",
        "igmp_max_memberships",
        "fib_multipath_hash_policy",
      ],
      harmlessField("it tunes sockets of the pod itself"),
    ),
  ),
  ...many(["net.core.somaxconn", "net.ipv6.bindv6only", "net.ipv6.auto_flowlabels"], harmlessField("it tunes sockets")),
  "net.ipv4.ip_default_ttl": refusedField("a packet would end before its last hop", { between: [64, 255] }),
  "net.ipv4.ip_nonlocal_bind": only("0", foreign),
  "net.ipv6.ip_nonlocal_bind": only("0", foreign),
  "net.ipv4.ip_no_pmtu_disc": only("0", "packets that are too large would vanish"),
  "net.ipv4.icmp_echo_ignore_all": only("0", "the pod then does not answer `icmp`, which is verified as allowed"),
  "net.ipv6.icmp.echo_ignore_all": only("0", "the pod then does not answer `icmp`, which is verified as allowed"),
};

/** Every sysctl that has a class. `IFNAME` is the pod's interface; a name of `all`, `default` or another link has none. */
export const sysctlClasses: Readonly<Record<string, FieldClass>> = {
  ...under("net.ipv4.conf.IFNAME", onLink4),
  ...under("net.ipv6.conf.IFNAME", onLink6),
  ...under("net.ipv4.neigh.IFNAME", neighbour),
  ...under("net.ipv6.neigh.IFNAME", neighbour),
  ...ofPod,
  // Gateways alone are written with these, and the reader follows who forwards.
  "net.ipv4.ip_forward": modelledField(forwards, { ours: true }),
  "net.ipv4.conf.all.forwarding": modelledField(forwards, { ours: true }),
  "net.ipv6.conf.all.forwarding": modelledField(forwards, { ours: true }),
};
