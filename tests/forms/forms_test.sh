#!/bin/sh
# The forms in the engine of ODK Web Forms, in node: each loads, is whole in every language, refuses
# what is wrong, and what the engine sends is read back by our reader. TAP, for prove. Needs node,
# and `npm ci` in this folder; without them it is skipped, and says so.
set -eu
cd "$(dirname "$0")/../.."
build=${SULH_BUILD:-build}

skip() {
    echo "1..0 # SKIP $1"
    exit 0
}
command -v node >/dev/null || skip "node is not installed"
[ -d tests/forms/node_modules/@getodk/xforms-engine ] || skip "run npm ci in tests/forms"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc -std=c17 -D_GNU_SOURCE -O1 -Wall -Wextra -Werror -Isrc -o "$work/forms_tool" \
    tests/forms/forms_tool.c "$build/libsulh.a" -lexpat -lsodium -lcrypto
for agreement in agreements/*/; do
    name=$(basename "$agreement")
    mkdir "$work/$name"
    "$work/forms_tool" write "$agreement/agreement.toml" "$work/$name"
    set -- "$@" "$work/$name"
done
node tests/forms/forms.mjs "$work/forms_tool" "$@"
