#!/usr/bin/env bash
# The end-to-end suite: a real API server, real CNI plugins and Multus, real nftables, keepalived and WireGuard, real
# packets, in namespaces of its own. Needs Linux, root, Node with the project's packages installed, and Go 1.26 for the
# first run (or PLUMBLINE_E2E_CACHE with what an earlier run built). Debian packages that are missing are installed.
#   npm run e2e                     everything, and docs/proof.md anew
#   npm run e2e -- --ci             everything, with a few of the mutations; which ones follows from the manifests
#   npm run e2e -- --only api       only a part: suite, api, packets, mutations (docs/proof.md is left alone)
#   npm run e2e -- --only ovn       packets on OVN of Debian's packages, which no other run needs
#   npm run e2e -- --only mutations --mutation port   only mutations whose name holds that word
#   npm run e2e -- --example shop   only the expectation files whose name begins so
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

fail() {
  printf 'e2e: %s\n' "$@" >&2
  echo "0 passed, 1 failed"
  exit 1
}

[ "$(uname -s)" = Linux ] || fail "missing: Linux (network namespaces, nftables)"
[ "$(id -u)" = 0 ] || fail "missing: root. The suite makes network, mount and process namespaces; run it as root."
[ -x node_modules/.bin/tsx ] || fail "missing: the project's packages. Run npm ci first."

# What IPsec gateways run stands outside of PATH, its plugins beside it.
PATH=$PATH:/usr/lib/ipsec
has() { case $1 in /*) [ -e "$1" ] ;; *) command -v "$1" >/dev/null ;; esac; }
# command or file:Debian package
wanted="nft:nftables wg:wireguard-tools wireguard-go:wireguard-go keepalived:keepalived ip:iproute2 ping:iputils-ping
tcpdump:tcpdump nc:netcat-openbsd conntrack:conntrack shellcheck:shellcheck openssl:openssl unshare:util-linux sysctl:procps
charon:strongswan-charon swanctl:strongswan-swanctl /usr/lib/ipsec/plugins/libstrongswan-openssl.so:libstrongswan-standard-plugins
/usr/lib/ipsec/plugins/libstrongswan-kernel-libipsec.so:libcharon-extra-plugins"
case " $* " in
  *" ovn "*) wanted="$wanted ethtool:ethtool ovs-vswitchd:openvswitch-switch ovn-nbctl:ovn-common ovn-northd:ovn-central
ovn-controller:ovn-host" ;;
esac
packages=()
for pair in $wanted; do has "${pair%%:*}" || packages+=("${pair##*:}"); done
if [ ${#packages[@]} -gt 0 ]; then
  command -v apt-get >/dev/null || fail "missing: ${packages[*]} (no apt-get to install them with)"
  echo "e2e: installing ${packages[*]}"
  # wireguard-tools would recommend a kernel.
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=120 "${packages[@]}"; } \
    >/dev/null || fail "apt-get could not install: ${packages[*]}"
  for pair in $wanted; do has "${pair%%:*}" || fail "missing: ${pair%%:*} (package ${pair##*:})"; done
fi
[ -c /dev/net/tun ] || fail "missing: /dev/net/tun (wireguard-go needs it)"
unshare --net --mount --pid --fork true 2>/dev/null || fail "missing: the right to make namespaces (CAP_SYS_ADMIN)"

bin=$(bash test/e2e/parts/build.sh) || fail "the real parts could not be built (test/e2e/parts/build.sh)"

# What an earlier run left behind: only folders of ours whose process is gone.
for folder in /tmp/plb-[0-9]*; do
  [ -d "$folder" ] || continue
  kill -0 "${folder##*/plb-}" 2>/dev/null || rm -rf "$folder"
done
folder=/tmp/plb-$$
mkdir -p "$folder"
# A run that is killed takes everything in its namespaces with it.
TMPDIR=$folder setpriv --pdeathsig KILL bash test/e2e/enter.sh node_modules/.bin/tsx test/e2e/suite.ts "$bin" "$folder" "plb-$$" "$@" &
child=$!
trap 'kill -KILL "$child" 2>/dev/null || true; rm -rf "$folder"' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
status=0
wait "$child" || status=$?
exit $status
