#!/usr/bin/env bash
# One container of the suite's small kubelet: a root file system of its own, the capabilities of its securityContext and
# no others, a read-only /proc/sys, its own process namespace with the command as process 1, in the pod's network.
#   container.sh ROOT USER CAPABILITIES READONLY TUN VOLUME ... -- COMMAND ...
# ROOT         an empty folder the root is mounted on
# CAPABILITIES for setpriv, such as -all,+net_admin; PRIVILEGED keeps all
# READONLY     true: readOnlyRootFilesystem
# TUN          true: /dev/net/tun is offered, for wireguard-go where the kernel has no wireguard
# VOLUME       SOURCE:TARGET:ro|rw, or tmpfs:TARGET:rw
set -euo pipefail
root=$1 user=$2 capabilities=$3 readonly=$4 tun=$5
shift 5
volumes=()
while [ "$1" != -- ]; do volumes+=("$1"); shift; done
shift

mount --make-rprivate /
mount -t tmpfs -o mode=755 plb-root "$root"
mkdir -p "$root"/{usr,etc,dev,proc,sys,run,tmp,var,root,.old}
mount --rbind /usr "$root/usr"
mount -o remount,bind,ro "$root/usr"
ln -s /run "$root/var/run"
for d in bin sbin lib lib32 lib64 libx32; do
  if [ -L "/$d" ]; then ln -s "$(readlink "/$d")" "$root/$d"
  elif [ -d "/$d" ]; then mkdir "$root/$d"; mount --bind "/$d" "$root/$d"; mount -o remount,bind,ro "$root/$d"; fi
done
for f in passwd group protocols services nsswitch.conf ld.so.cache iproute2 alternatives; do
  [ ! -e "/etc/$f" ] || cp -a "/etc/$f" "$root/etc/"
done
mount -t tmpfs -o mode=755 plb-dev "$root/dev"
for d in null zero full random urandom tty; do
  touch "$root/dev/$d"
  mount --bind "/dev/$d" "$root/dev/$d"
done
if [ "$tun" = true ]; then
  mkdir "$root/dev/net"
  touch "$root/dev/net/tun"
  mount --bind /dev/net/tun "$root/dev/net/tun"
fi
mount -t proc plb-proc "$root/proc"
[ "$capabilities" = PRIVILEGED ] || { mount --bind "$root/proc/sys" "$root/proc/sys"; mount -o remount,bind,ro "$root/proc/sys"; }
mount -t sysfs -o ro plb-sys "$root/sys"
for v in ${volumes[@]+"${volumes[@]}"}; do
  IFS=: read -r source target mode <<<"$v"
  mkdir -p "$root$target"
  if [ "$source" = tmpfs ]; then mount -t tmpfs plb-volume "$root$target"
  else mount --bind "$source" "$root$target"; fi
  [ "$mode" = rw ] || mount -o remount,bind,ro "$root$target"
done
[ "$readonly" != true ] || mount -o remount,ro "$root"
cd "$root"
pivot_root . .old
umount -l /.old
cd /
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
if [ "$capabilities" = PRIVILEGED ]; then exec "$@"; fi
exec setpriv --reuid "$user" --regid 0 --clear-groups --bounding-set "$capabilities" --inh-caps -all --no-new-privs "$@"
