#!/bin/sh
# A log that we wrote, read by a program that is not ours: Go's note and tlog packages.
# With SULH_TEST_LOG=DIRECTORY it is DIRECTORY/log under the key in DIRECTORY/log.vkey;
# without, it is logs that make_log.c makes of src/ledger, whole and damaged.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
verify=$work/verify_log

expect "the verifier builds" 0 "" env GO111MODULE=off GOFLAGS= GOPATH=/usr/share/gocode \
    go build -o "$verify" tests/interop/verify_log.go tests/interop/cosigner.go

if [ -n "${SULH_TEST_LOG-}" ]; then
    expect "$(basename "$SULH_TEST_LOG") holds" 0 "all hold" "$verify" "$SULH_TEST_LOG"
    done_testing
    exit
fi

make_make_log() {
    set -- tests/interop/make_log.c
    for file in src/base/*.c src/crypto/*.c src/codec/*.c src/ledger/*.c; do
        case $file in
        *_test.c | *_fuzz.c | *_bench.c) ;;
        *) set -- "$@" "$file" ;;
        esac
    done
    cc -std=c17 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -Isrc -o "$work/make_log" "$@" \
        -lsodium -lcrypto
}
expect "a log-maker builds" 0 "" make_make_log

for entries in 0 1 2 3 255 256 257 511 512 513 70000; do
    expect "make $entries entries" 0 "" "$work/make_log" "$work/$entries" "$entries"
    expect "$entries entries hold" 0 "^$entries entries, .*: all hold" "$verify" "$work/$entries"
done

# Each row damages a copy of a log of 513 entries, in a way that must be found.
flip() { # FILE OFFSET: another byte in its place
    byte=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
    printf %b "\\0$(printf %o $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

damaged() { # NAME TEXT COMMAND...
    damaged_name=$1 damaged_text=$2
    shift 2
    rm -rf "$work/copy"
    cp -R "$work/513" "$work/copy"
    if ! (cd "$work/copy" && "$@") >"$work/said" 2>&1 || diff -qr "$work/513" "$work/copy"; then
        row "to damage: $damaged_name" 1 "$(cat "$work/said")"
    fi >/dev/null
    expect "found: $damaged_name" 1 "$damaged_text" "$verify" "$work/copy"
}

damaged "a byte of an entry" "do not hash to the checkpoint's root" flip log/tile/entries/001 1000
damaged "a length in a bundle" "cut short|do not hash" flip log/tile/entries/000 1
damaged "a hash of a full tile" "log/tile/0/001|tile/0/001: not the hashes" flip log/tile/0/001 31
damaged "a hash of a partial tile" "not the hashes of the entries" flip log/tile/0/002.p/1 0
damaged "a hash of an upper tile" "not the hashes of the entries" flip log/tile/1/000.p/2 40
damaged "the size in the checkpoint" "checkpoint: " sed -i '2s/513/512/' log/checkpoint
damaged "the origin in the checkpoint" "checkpoint: " sed -i '1s/1$/2/' log/checkpoint
damaged "the log's signature" "checkpoint: " sed -i '5d' log/checkpoint
damaged "a cosignature" "checkpoint: " sed -i '6s/AAAABqs/AAAABqt/' log/checkpoint
damaged "the log's key" "log.vkey: " sed -i 's/.....$/AAAAA/' log.vkey
damaged "another key for the log" "1 of 2 known keys" \
    sed -i 's/.*/example.com\/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k/' log.vkey
damaged "a tile that is not there" "no such file" rm log/tile/0/000
damaged "a bundle that is not there" "no such file" rm log/tile/entries/002.p/1
damaged "a file that is no tile" "malformed tile path" touch log/tile/0/000.bak
damaged "a tile of a longer log" "not a tile of a log of 513" cp log/tile/0/000 log/tile/0/003
damaged "a partial tile beside the full one" "not a tile of a log of 513" \
    sh -c 'mkdir log/tile/0/000.p && head -c 32 log/tile/0/000 >log/tile/0/000.p/1'
damaged "a hash in a receipt" "tlog-proof: " sed -i '4s/^[^A]/A/; t; 4s/^A/B/' 512-513.tlog-proof
damaged "the entry in a receipt" "another entry" sed -i '2s/extra ..../extra AAAA/' 512-513.tlog-proof
damaged "the index of a receipt" "tlog-proof: " sed -i '3s/512/511/' 512-513.tlog-proof
damaged "the checkpoint of a receipt" "tlog-proof: " sed -i 's/^513$/514/' 512-513.tlog-proof
damaged "a hash in a proof of consistency" "consistency: " \
    sed -i '1s/^[^A]/A/; t; 1s/^A/B/' 256-411.consistency

done_testing
