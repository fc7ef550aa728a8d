#!/usr/bin/env bash
# Runs a command in network, mount and process namespaces of its own: whatever it makes there (links, namespaces,
# mounts, processes) is gone when it ends, also after SIGKILL, and no two runs can meet.
#   enter.sh COMMAND [ARGUMENT ...]
set -euo pipefail
if [ "${1:-}" != --inside ]; then
  exec unshare --net --mount --pid --fork --kill-child --mount-proc bash "$0" --inside "$@"
fi
shift
mount --make-rprivate /
mkdir -p /run/netns
mount -t tmpfs -o mode=755 plb-netns /run/netns
ip link set lo up
# A packet bridged between two pods of a zone must not meet the node's forward rules.
for knob in /proc/sys/net/bridge/bridge-nf-call-iptables /proc/sys/net/bridge/bridge-nf-call-ip6tables; do
  [ ! -e "$knob" ] || echo 0 >"$knob"
done
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
echo 0 >/proc/sys/net/ipv6/conf/all/accept_dad
exec "$@"
