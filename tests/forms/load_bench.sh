#!/bin/sh
# Two hundred phones at once, with a photograph of 5 MB each, on a bad line: what it took is printed.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
. tests/forms/load.sh
server=
line=
trap 'kill $server $line 2>/dev/null; rm -rf "$work"' EXIT

load "${COUNT:-200}" "${BYTES:-5000000}" 300
done_testing
