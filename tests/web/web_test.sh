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
servers=
finish() {
    for server in $servers; do
        kill "$server" 2>/dev/null || true
        wait "$server" || true
    done
    rm -rf "$work"
}
trap finish EXIT

# A demonstration with the shipped data, served: its address is in $work/NAME.address.
serve() { # NAME AGREEMENT
    "$sulh" init "$work/$1" --agreement "$2" --demo >"$work/said" 2>&1
    "$sulh" import "$work/$1" chronology data/chronology >>"$work/said" 2>&1
    "$sulh" serve "$work/$1" --listen 127.0.0.1:0 >"$work/$1.address" 2>>"$work/said" &
    servers="$servers $!"
    for _ in $(seq 100); do
        [ -s "$work/$1.address" ] && return
        sleep 0.1
    done
    cat "$work/said" >&2
    exit 1
}

mkdir "$work/terms"
cp agreements/doha-istanbul-2025/* "$work/terms"
sed -i 's/^entries = "public"/entries = "participants"/' "$work/terms/agreement.toml"
serve demo agreements/doha-istanbul-2025
serve closed "$work/terms"
mkdir -p "$build/pages"
node tests/web/pages.mjs "$(cat "$work/demo.address")" "$build/pages" "$sulh" "$work/demo" \
    "$(cat "$work/closed.address")" "$work/closed"
