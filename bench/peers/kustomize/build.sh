#!/usr/bin/env bash
# Builds kustomize from Go modules into bin/ beside this script; keeps what is there.
set -euo pipefail
cd "$(dirname "$0")"
[ -x bin/kustomize ] || GOFLAGS= CGO_ENABLED=0 GOTOOLCHAIN=local GOBIN="$PWD/bin" go install -trimpath sigs.k8s.io/kustomize/kustomize/v5@v5.8.1
