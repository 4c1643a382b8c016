#!/bin/sh
# The committed vectors are what their program makes, row for row.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh

edges() {
    GO111MODULE=off GOFLAGS='' go run tests/vectors/make-ed25519-edge.go >"$work/edges"
}
expect "the rows are made" 0 "holds:73" edges
expect "and are those in ed25519-edge.txt" 0 "" cmp "$work/edges" tests/vectors/ed25519-edge.txt
done_testing
