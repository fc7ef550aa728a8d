#!/usr/bin/env bash
# Builds the real parts the end-to-end suite runs: etcd, kube-apiserver, kubectl, kustomize, the reference CNI plugins,
# Multus (thin plugin) and Flux's apply engine, and fetches definitions of other projects; all from Go modules pinned by
# the go.sum files beside this script.
#   PLUMBLINE_E2E_CACHE=dir   where results are kept (default: ~/.cache/plumbline-e2e); outside any work tree
#   JOBS=n                    parallel compile actions (default 2)
#   build.sh                  prints the folder of the results
# Each result is kept under a hash of what it is built from (go.mod, go.sum, sources, flags), so a change of one part
# builds that part alone, and a second run builds nothing. Two runs at once: the second waits.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
JOBS=${JOBS:-2}
cache=${PLUMBLINE_E2E_CACHE:-$HOME/.cache/plumbline-e2e}
hash() { LC_ALL=C sha256sum | cut -c1-16; }
BIN=$cache/$(cd "$here" && find . -type f | LC_ALL=C sort | xargs sha256sum | hash)
mkdir -p "$cache/built" "$BIN"
exec 9>"$cache/.lock"
flock 9

command -v go >/dev/null || { echo "missing: go (1.26 or newer) is needed to build the real parts" >&2; exit 3; }
export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=readonly
go=$(go env GOVERSION)

# part NAME KEY COMMAND ...: has COMMAND write the result to the path appended to it, unless the cache has one for KEY.
part() {
  local name=$1 kept
  kept=$cache/built/$name-$(hash <<<"$go $2")
  shift 2
  if [ ! -e "$kept" ]; then
    local began=$SECONDS
    "$@" "$kept.tmp" >&2
    mv "$kept.tmp" "$kept"
    echo "$name: built in $((SECONDS - began)) s" >&2
  fi
  ln -f "$kept" "$BIN/$name"
}

install_plugin() { # install_plugin PACKAGE@VERSION RESULT
  local folder
  folder=$(mktemp -d "$cache/built/.plugin-XXXXXX")
  GOBIN=$folder GOFLAGS=-mod=mod go install -p "$JOBS" -trimpath -ldflags "-s -w" "$1"
  mv "$folder"/* "$2"
  rmdir "$folder"
}

build() { # build FOLDER PACKAGE LDFLAGS RESULT
  (cd "$here/$1" && go build -p "$JOBS" -trimpath -buildvcs=false -tags notest,grpcnotrace -ldflags "$3" -o "$4" "$2")
}

built() { # built NAME FOLDER PACKAGE LDFLAGS
  part "$1" "$(cat "$here/$2"/*) $3 $4" build "$2" "$3" "$4"
}

definition() { # definition MODULE@VERSION CHECKSUM FILE RESULT
  local found
  found=$(cd / && GOFLAGS=-mod=mod go mod download -json "$1")
  grep -qF "\"Sum\": \"$2\"" <<<"$found" || { echo "$1 has another checksum than $2" >&2; return 1; }
  cp "$(sed -n 's/^\t"Dir": "\(.*\)",$/\1/p' <<<"$found")/$3" "$4"
}

plugins=github.com/containernetworking/plugins/plugins v=v1.9.1
for p in main/bridge main/macvlan main/ptp main/loopback main/vlan main/ipvlan main/host-device \
         ipam/static ipam/host-local meta/tuning meta/firewall meta/sbr meta/portmap meta/bandwidth; do
  part "${p##*/}" "$plugins/$p@$v" install_plugin "$plugins/$p@$v"
done

ver=$(cd "$here/k8s" && go list -m -f '{{.Version}}' k8s.io/kubernetes)
kustver=$(cd "$here/k8s" && go list -m -f '{{.Version}}' sigs.k8s.io/kustomize/kustomize/v5)
IFS=. read -r major minor _ <<<"${ver#v}"
when=2026-01-01T00:00:00Z # fixed: same source, same bytes
stamp="-s -w"
for p in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
  stamp="$stamp -X $p.gitVersion=$ver -X $p.gitMajor=$major -X $p.gitMinor=$minor -X $p.gitTreeState=clean -X $p.buildDate=$when"
done
provenance=sigs.k8s.io/kustomize/api/provenance

built multus multus gopkg.in/k8snetworkplumbingwg/multus-cni.v4/cmd/multus "-s -w"
built etcd etcd go.etcd.io/etcd/server/v3 "-s -w"
built kubectl k8s k8s.io/kubernetes/cmd/kubectl "$stamp"
built kube-apiserver k8s k8s.io/kubernetes/cmd/kube-apiserver "$stamp"
built kustomize k8s sigs.k8s.io/kustomize/kustomize/v5 \
  "-s -w -X $provenance.version=$kustver -X $provenance.buildDate=$when"
built flux flux . "-s -w"
while read -r module checksum file; do
  case $module in '' | '#'*) continue ;; esac
  name=${file##*/}
  part "definition-$name" "$module $checksum $file" definition "$module" "$checksum" "$file"
done <"$here/definitions.txt"
echo "$BIN"
