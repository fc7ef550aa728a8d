#!/usr/bin/env bash
# Checks and verifies the project in $PROJECT, and comments what changes against $BASE. The diff is posted before it can fail.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
plumbline() { node "${PLUMBLINE:-$here/../../dist/plumbline.js}" -C "$PROJECT" "$@"; }
plumbline check --frozen --format "${FINDINGS:-github}"
plumbline verify
if [ -n "${BASE:-}" ]; then
  comment="$(mktemp)"
  trap 'rm -f "$comment"' EXIT
  plumbline diff "$BASE..HEAD" --format markdown > "$comment"
  cat "$comment"
  node "$here/post-comment.mjs" "$comment"
  if [ -n "${FAIL_ON:-}" ]; then plumbline diff "$BASE..HEAD" --fail-on "$FAIL_ON" > /dev/null; fi
fi
