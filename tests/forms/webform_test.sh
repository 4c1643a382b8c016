#!/bin/sh
# The forms in a browser: filled in, signed by a key made there, sent, with and without a network, in
# languages from the left and from the right. TAP, for prove. Screenshots are left in BUILD/pages.
# Needs node, chromium and `npm ci` in tests/web.

set -eu
cd "$(dirname "$0")/../.."
build=${SULH_BUILD:-build}
sulh=$(realpath "$build")/sulh

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
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    [ -z "$server" ] || wait "$server" || true
    rm -rf "$work"
}
trap finish EXIT

"$sulh" init "$work/demo" --agreement agreements/doha-istanbul-2025 --demo >"$work/said" 2>&1
cp -r "$work/demo" "$work/other"
"$sulh" serve "$work/demo" --listen 127.0.0.1:0 >"$work/address" 2>>"$work/said" &
server=$!
for _ in $(seq 600); do
    [ -s "$work/address" ] && break
    sleep 0.1
done
mkdir -p "$build/pages"
node tests/forms/webform.mjs "$(cat "$work/address")" "$build/pages" "$sulh" "$work/demo" party/pakistan/root \
    "$work/other"
