#!/bin/sh
# Twelve phones at once on a bad line; load_bench.sh is the same with 200 and 5 MB each.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
. tests/forms/load.sh
server=
line=
trap 'kill $server $line 2>/dev/null; rm -rf "$work"' EXIT

load 12 1000000 150
done_testing
