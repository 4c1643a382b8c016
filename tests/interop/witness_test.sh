#!/bin/sh
# Our witness asked by a client that is not ours, and our client asking witnesses that are not
# ours: witness.go has read only the specifications. Its rows are one for each case.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
lib=${SULH_BUILD:-build}/libsulh.a

make_peer() {
    cc -std=c17 -D_GNU_SOURCE -O1 -Wall -Wextra -Werror -Isrc -o "$work/peer" \
        tests/interop/witness_peer.c "$lib" $(sed -n 's/^LIBS := //p' Makefile)
}
expect "our side builds" 0 "" make_peer
expect "their side builds" 0 "" env GO111MODULE=off GOFLAGS= GOPATH=/usr/share/gocode \
    go build -o "$work/theirs" tests/interop/witness.go tests/interop/cosigner.go

rows() { # ROLE WHO
    mkdir "$work/$1"
    "$work/theirs" "$1" "$work/peer" "$work/$1" >"$work/rows" 2>"$work/errors" </dev/null
    ended=$?
    while read -r status name; do
        case $status in
        0 | 1) row "$2: $name" "$status" ;;
        *) echo "$status $name" >>"$work/errors" ;;
        esac
    done <"$work/rows"
    row "$2: to the end" "$ended" "$(cat "$work/errors")"
}
rows client "our witness"
rows server "our client"

done_testing
