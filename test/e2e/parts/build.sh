#!/usr/bin/env bash
# Builds the real parts the end-to-end suite runs: etcd, kube-apiserver, kubectl, kustomize, the reference CNI
# plugins, cnitool and Multus (thin plugin), all from Go modules pinned by the go.sum files beside this script.
#   PLUMBLINE_E2E_CACHE=dir   where binaries are kept (default: ~/.cache/plumbline-e2e); outside any work tree
#   JOBS=n                    parallel compile actions (default 2)
#   build.sh                  prints the folder of the binaries; one folder per hash of this folder's files
# A binary that is there already is kept, so a second run costs nothing. Two runs at once: the second waits.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
JOBS=${JOBS:-2}
key=$(cd "$here" && find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -c1-16)
BIN=${PLUMBLINE_E2E_CACHE:-$HOME/.cache/plumbline-e2e}/$key
mkdir -p "$BIN"
exec 9>"$BIN/.lock"
flock 9

command -v go >/dev/null || { echo "missing: go (1.26 or newer) is needed to build the real parts" >&2; exit 3; }
export CGO_ENABLED=0 GOTOOLCHAIN=local

built() { # built NAME SECONDS
  echo "$1: built in $2 s" >&2
}

plugins=github.com/containernetworking/plugins/plugins v=v1.9.1
for p in main/bridge main/macvlan main/ptp main/loopback main/vlan main/ipvlan main/host-device \
         ipam/static ipam/host-local meta/tuning meta/firewall meta/sbr meta/portmap meta/bandwidth; do
  n=${p##*/}
  [ -x "$BIN/$n" ] && continue
  s=$SECONDS
  GOBIN=$BIN GOFLAGS=-mod=mod go install -p "$JOBS" -trimpath -ldflags "-s -w" "$plugins/$p@$v" >&2
  built "$n" $((SECONDS - s))
done

ver=$(cd "$here/k8s" && GOFLAGS=-mod=readonly go list -m -f '{{.Version}}' k8s.io/kubernetes)
kustver=$(cd "$here/k8s" && GOFLAGS=-mod=readonly go list -m -f '{{.Version}}' sigs.k8s.io/kustomize/kustomize/v5)
IFS=. read -r major minor _ <<<"${ver#v}"
when=2026-01-01T00:00:00Z # fixed: same source, same bytes
stamp="-s -w"
for p in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
  stamp="$stamp -X $p.gitVersion=$ver -X $p.gitMajor=$major -X $p.gitMinor=$minor -X $p.gitTreeState=clean -X $p.buildDate=$when"
done

build() { # build NAME FOLDER PACKAGE LDFLAGS
  [ -x "$BIN/$1" ] && return
  local s=$SECONDS
  (cd "$here/$2" && GOFLAGS=-mod=readonly go build -p "$JOBS" -trimpath -buildvcs=false -tags notest,grpcnotrace \
    -ldflags "$4" -o "$BIN/$1.tmp" "$3" >&2)
  mv "$BIN/$1.tmp" "$BIN/$1"
  built "$1" $((SECONDS - s))
}
provenance=sigs.k8s.io/kustomize/api/provenance
build multus multus gopkg.in/k8snetworkplumbingwg/multus-cni.v4/cmd/multus "-s -w"
build etcd etcd go.etcd.io/etcd/server/v3 "-s -w"
build kubectl k8s k8s.io/kubernetes/cmd/kubectl "$stamp"
build kube-apiserver k8s k8s.io/kubernetes/cmd/kube-apiserver "$stamp"
build kustomize k8s sigs.k8s.io/kustomize/kustomize/v5 \
  "-s -w -X $provenance.version=$kustver -X $provenance.buildDate=$when"
echo "$BIN"
