#!/bin/sh
# Our TOML reader beside smol-toml, over every case and the fuzzer's corpus. TAP, for prove.
# Needs node, and `npm ci` in this folder; without them it is skipped, and says so.
set -eu
cd "$(dirname "$0")/../.."

skip() {
    echo "1..0 # SKIP $1"
    exit 0
}
command -v node >/dev/null || skip "node is not installed"
[ -d tests/oracle/node_modules/smol-toml ] || skip "run npm ci in tests/oracle"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sources=$(ls src/base/*.c src/crypto/*.c src/codec/*.c | grep -v -e '_test\.c$' -e '_fuzz\.c$' -e '_bench\.c$')
# shellcheck disable=SC2086 # no path of ours has a space
${CC:-cc} -std=c17 -D_GNU_SOURCE -O1 -Isrc -o "$work/print" tests/oracle/toml_print.c $sources \
    -lsodium -lcrypto

set -- accepted malformed outside
for rule; do
    set -- "$@" "$rule=tests/oracle/toml/$rule"
    shift
done
[ ! -d agreements ] || for file in agreements/*/*.toml; do
    mkdir -p "$work/agreements"
    cp "$file" "$work/agreements/$(basename "$(dirname "$file")")-$(basename "$file")"
done
[ ! -d "$work/agreements" ] || set -- "$@" "accepted=$work/agreements"
node tests/oracle/toml-documents.mjs "$work/documents" 1000
node tests/oracle/toml-oracle.mjs "$work/print" "$@" any=tests/corpus/toml any="$work/documents"
