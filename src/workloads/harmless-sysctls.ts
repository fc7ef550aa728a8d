/**
 * Sysctls that a pod of a zone may set: those that Kubernetes calls safe, and others of its own processes' memory, queues
 * and sockets. None of them forwards packets, takes routes from neighbours, or answers for addresses of others.
 */
export const HARMLESS_SYSCTLS: readonly string[] = [
  "fs.mqueue.msg_default",
  "fs.mqueue.msg_max",
  "fs.mqueue.msgsize_default",
  "fs.mqueue.msgsize_max",
  "fs.mqueue.queues_max",
  "kernel.msgmax",
  "kernel.msgmnb",
  "kernel.msgmni",
  "kernel.sem",
  "kernel.shm_rmid_forced",
  "kernel.shmall",
  "kernel.shmmax",
  "kernel.shmmni",
  "net.core.somaxconn",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
];
