#!/bin/sh
# The pages in a browser: the demonstration's directory is filled and served, and Chromium
# looks at it in both languages, by day and night, on a phone and a desk. TAP, for prove.
# Screenshots are left in BUILD/pages. Needs node, chromium and `npm ci` in this folder.

set -eu
cd "$(dirname "$0")/../.."
build=${SULH_BUILD:-build}
sulh=$build/sulh

skip() {
    echo "1..0 # SKIP $1"
    exit 0
}
command -v node >/dev/null || skip "node is not installed"
command -v chromium >/dev/null || skip "chromium is not installed"
[ -d tests/web/node_modules/playwright-core ] || skip "run npm ci in tests/web"

work=$(mktemp -d)
server=
finish() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" || true
    fi
    rm -rf "$work"
}
trap finish EXIT

"$sulh" init "$work/demo" --agreement agreements/doha-istanbul-2025 --demo >"$work/said" 2>&1
"$sulh" import "$work/demo" chronology data/chronology >>"$work/said" 2>&1
"$sulh" serve "$work/demo" --listen 127.0.0.1:0 >"$work/address" 2>>"$work/said" &
server=$!
for _ in $(seq 100); do
    [ -s "$work/address" ] && break
    sleep 0.1
done
[ -s "$work/address" ] || {
    cat "$work/said" >&2
    exit 1
}
mkdir -p "$build/pages"
node tests/web/pages.mjs "$(cat "$work/address")" "$build/pages" "$sulh" "$work/demo"
