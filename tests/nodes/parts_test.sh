#!/bin/sh
# Photographs between nodes, over a line that breaks off every connection midway: from whoever
# follows to whoever keeps the log, and from there to the others.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
. tests/nodes/nodes.sh
build=${SULH_BUILD:-build}
lines=
trap 'kill $lines 2>/dev/null; stop_all; rm -rf "$work"' EXIT

# shellcheck disable=SC2046 # libraries
${CC:-gcc} -std=c17 -D_GNU_SOURCE -O1 -Isrc -o "$work/photos" tests/api/photos.c \
    "$build/libsulh.a" $(sed -n 's/^LIBS := //p' Makefile) 2>"$work/said"
row "the phone is built" $? "$(cat "$work/said")"
make_mission doha-istanbul-2025 || { row "the mission begins" 1 "$(cat "$work/complaint")"; done_testing; exit; }

# Nodes 2 and 3 reach the keeper over the bad line alone.
# shellcheck disable=SC2154 # url_1 is set by eval
python3 tests/api/line.py proxy "${url_1##*:}" 200000 600000 >"$work/port" &
lines=$!
eventually test -s "$work/port"
for n in 2 3; do
    sed -i "s|${url_1##*/}|127.0.0.1:$(cat "$work/port")|" "$work/$n/sulh.toml"
done
for n in $nodes; do start "$n"; done
await 3 /api/status 'o["now_ms"] > 0'
row "all follow" $? "$(at 3 /api/status)"

mkdir "$work/out"
org=$(org_of 3)
"$work/photos" "$work/3" "$(key_file "$org" desk)" "$work/out" 3 2 3000001 >"$work/parts"
row "records with photographs are signed" $? "$(cat "$work/parts")"
for n in 0 1 2; do
    curl -sS --max-time 60 --unix-socket "$work/3/socket" --data-binary "@$work/out/$n.whole" \
        -H 'Content-Type: application/vnd.sulh.submission' http://node/submit >>"$work/answers"
done
is "node 3 takes them" "$(grep -o '"later"' "$work/answers" | wc -l)" 3

have() { # N: how many of the photographs node N has
    count=0
    while read -r _ _ stored _; do
        [ -f "$work/$1/parts/large/$stored" ] && count=$((count + 1))
    done <"$work/parts"
    echo $count
}
all_have() { # N
    [ "$(have "$1")" = 6 ]
}
is "which has them itself" "$(have 3)" 6
eventually all_have 1
row "the keeper gets them all" $? "$(have 1); $(at 3 /api/nodes)"
await 3 /api/nodes 'o["outbox"]["waiting"] + o["outbox"]["promised"] == 0'
row "and nothing waits any more" $? "$(at 3 /api/outbox)"
eventually all_have 4
row "who follows over a good line has them" $? "$(have 4)"
eventually all_have 2
row "and over the bad one" $? "$(have 2)"
for n in $nodes; do stop "$n" TERM; done
for n in 1 2 3 4; do
    expect "node $n: nothing is wrong, nothing owed" 0 '1 0' sh -c \
        "'$sulh' audit '$work/$n' --json | python3 -c 'import json, sys
o = json.load(sys.stdin)
print(o[\"ok\"], o[\"owed\"])'"
    is "of node $n nothing is left halfway" "$(ls "$work/$n/upload" 2>/dev/null)" ""
done
done_testing
