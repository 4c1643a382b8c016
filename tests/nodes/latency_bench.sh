#!/bin/sh
# How long it takes from a record's submission at one node until a quorum has cosigned it and all
# seven show it: measured and printed, not judged; what must hold is that every one arrives.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
. tests/nodes/nodes.sh
trap 'stop_all; rm -rf "$work"' EXIT

make_mission doha-istanbul-2025 || {
    row "the mission begins" 1 "$(cat "$work/complaint")"
    done_testing
    exit
}
for n in $nodes; do start "$n"; done
await 1 /api/status 'o["size"] >= 1 and o["now_ms"] > 0'
# shellcheck disable=SC2086 # a list
level $nodes
row "seven hold one log" $? "$(sizes $nodes)"
# shellcheck disable=SC2046 # a list
timeout 100 python3 tests/nodes/latency.py 30 "$(key_file "$(org_of 3)" desk)" "$sulh" "$work/3" \
    $(for n in $nodes; do eval "echo \$url_$n"; done) >"$work/times" 2>"$work/complaint"
is "thirty records are cosigned and at all seven" "$(wc -l <"$work/times")" 30
echo "# milliseconds, at a load of $(cut -d' ' -f1 /proc/loadavg) on $(nproc) cores:"
for column in "1 logged, at the node that follows" "2 cosigned by a quorum, and at all seven"; do
    cut -d' ' -f"${column%% *}" "$work/times" | sort -n | awk -v what="${column#* }" \
        '{ at[NR] = $1 } END { if (NR) print "# " what ": median", at[int((NR + 1) / 2)] \
        ", worst", at[NR] }'
done
done_testing
