/**
 * What a container of a zone may be given besides what it has: nothing that reaches a network, a module or the node.
 * Allowed ones are listed, not forbidden ones: container runtimes take `net_admin` and `cap_net_admin` for NET_ADMIN.
 */
export const HARMLESS_CAPABILITIES: readonly string[] = [
  "AUDIT_WRITE",
  "BLOCK_SUSPEND",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "IPC_LOCK",
  "IPC_OWNER",
  "KILL",
  "LEASE",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
  "SYS_NICE",
  "SYS_PTRACE",
  "SYS_RESOURCE",
  "SYS_TIME",
  "WAKE_ALARM",
];
