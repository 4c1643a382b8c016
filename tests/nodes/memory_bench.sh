#!/bin/sh
# What memory a node takes that has served a log of RECORDS records (20,000; a million takes ten
# minutes) to who pages through it and to who audits it, and what the audits take: in MB, printed;
# and less than 300: memory is the same on every machine, so it is judged.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
build=${SULH_BUILD:-build}
records=${RECORDS:-20000}
server=
trap 'kill $server 2>/dev/null; rm -rf "$work" "$node"' EXIT

${CC:-gcc} -std=c17 -D_GNU_SOURCE -O1 -Isrc -o "$work/fill" tests/nodes/fill.c "$build/libsulh.a" \
    -lsodium -lseccomp -lssl -lcrypto -lsqlite3 -lmicrohttpd -lcurl -lz -lpthread -lm 2>"$work/said"
row "what makes the log is built" $? "$(cat "$work/said")"
node=$("$work/fill" "$records")
[ -d "$node" ]
row "$records records are logged" $?

under_300() { # NAME LEAST-NAMED MEGABYTES...: the last of them counts
    what=$1
    shift
    echo "# $what: $* MB"
    for largest in "$@"; do :; done
    [ "$largest" -gt 0 ] && [ "$largest" -lt 300 ]
    row "$what: under 300 MB" $? "$*"
}
resident() { # NAME
    # shellcheck disable=SC2046 # two numbers
    under_300 "$1, now and at most" $(python3 tests/nodes/rss.py of $server)
}

serve "$node"
row "it serves" $? "$(cat "$work/server")"
resident "after the start"
python3 tests/nodes/rss.py page "$url" >"$work/said" 2>&1
row "it is paged through" $? "$(cat "$work/said")"
resident "after paging through $(cat "$work/said") pages"
id=$("$sulh" audit "$node" --json | json 'o["agreement_id"]')
under_300 "an audit from afar takes" \
    "$(python3 tests/nodes/rss.py run "$sulh" audit "$url" --agreement "$id")"
resident "after an audit from afar"
end_server TERM
under_300 "an audit of the directory takes" "$(python3 tests/nodes/rss.py run "$sulh" audit "$node")"
under_300 "a replay takes" "$(python3 tests/nodes/rss.py run "$sulh" replay "$node")"
done_testing
