#!/bin/sh
# An eighth node, to whom no line goes: what the seven hold comes to it in files, over a hand-over
# of the log.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
. tests/nodes/nodes.sh
trap 'stop_all; rm -rf "$work"' EXIT

mission=doha-istanbul-2025
make_mission "$mission" || { row "the mission begins" 1 "$(cat "$work/complaint")"; done_testing; exit; }
for n in $nodes; do start "$n"; done

size_of() { # N
    sed -n 2p "$work/$1/log/checkpoint"
}
lines_of() { # N
    grep -c '^— ' "$work/$1/log/checkpoint"
}
audit_of() { # N
    "$sulh" audit "$work/$1" --agreement "$agreement_id" --json |
        json '"%d %s %s %d" % (o["ok"], o["root"], o["digest"], o["owed"])'
}
settle() { # N...: until all of them hold the same, then no more
    await "$1" /api/status 'o["now_ms"] > 0'
    stop_level "$@"
}

# --- the first term ---

await 3 /api/status 'o["now_ms"] > 0'
say 3 incident.open '{"title":"Shelling"}'
await 5 "/api/incidents/$id" 'o["incident"]["title"] == "Shelling"'
await 5 /api/nodes 'o["cosigned"] >= 5'
row "a record is cosigned" $? "$(at 5 /api/nodes)"
settle $nodes
size=$(size_of 5)
# shellcheck disable=SC2154 # url_1 is set by eval
"$sulh" join "$work/8" "$url_1" --agreement "$agreement_id" \
    --entry-0 "$work/proposal/0000.note" --name far/node >"$work/said"
"$sulh" bundle export "$work/5" "$work/early" --to $((size - 1)) >"$work/said"
expect "the eighth gets what a tick has covered" 0 'entries and [0-9]+ parts came: size' \
    "$sulh" bundle import "$work/8" "$work/early"
[ "$(size_of 8)" -lt "$size" ] && [ "$(lines_of 8)" -ge 6 ]
row "with the quorum's cosignatures" $? "$(cat "$work/8/log/checkpoint")"
"$sulh" bundle export "$work/5" "$work/rest" --from "$(size_of 8)" >"$work/said"
expect "and then the rest" 0 "came: size $size$" "$sulh" bundle import "$work/8" "$work/rest"
cmp -s "$work/5/log/checkpoint" "$work/8/log/checkpoint"
row "with all the lines that the other had" $? "$(cat "$work/8/log/checkpoint")"
is "its audit says the same" "$(audit_of 8)" "$(audit_of 5)"

# --- the log is handed over, and goes on ---

largest=$(for n in $nodes; do size_of "$n"; done | sort -n | tail -n 1)
held=$(for n in 2 3 4 5 6 7; do [ "$(size_of "$n")" = "$largest" ] && echo "$n"; done)
make_key "$work/keys/log-2.key" "$mission/term/2"
make_key "$work/keys/promise-2.key" "$(org_of 2)/promise/2"
freezes=
for n in $held; do
    "$sulh" term freeze "$work/$n" \
        --next-log-key "$("$sulh" key public "$work/keys/log-2.key")" \
        --next-promise-key "$("$sulh" key public "$work/keys/promise-2.key")" \
        >"$work/freeze-$n" 2>"$work/complaint" && freezes="$freezes --freeze $work/freeze-$n"
done
# shellcheck disable=SC2086 # a list
"$sulh" term open "$work/2" --log-key "$work/keys/log-2.key" \
    --promise-key "$work/keys/promise-2.key" $freezes >"$work/said" 2>"$work/complaint"
row "a quorum hands the log over" $? "$(cat "$work/complaint")"
expect "before it goes on nothing is wrong" 0 'nothing is wrong' "$sulh" audit "$work/2"
for n in 2 3 4 5 6 7; do start "$n"; done
say 3 incident.open '{"title":"In the second term"}'
await 3 "/api/incidents/$id" 'o["incident"]["title"] == "In the second term"'
row "it goes on in its second term" $? "$(at 3 /api/status)"
await 3 /api/nodes 'o["cosigned"] >= 5'
settle 2 3 4 5 6 7
is "of which node 3 has the checkpoint" "$(head -n 1 "$work/3/log/checkpoint")" "$mission/term/2"

# --- and comes to the eighth as well ---

"$sulh" bundle export "$work/3" "$work/second" --from "$size" >"$work/said"
expect "the eighth follows into the second term" 0 "came: size $(size_of 3)$" \
    "$sulh" bundle import "$work/8" "$work/second"
is "whose key it has now" "$(wc -l <"$work/8/log.vkey")" 2
is "its audit says the same" "$(audit_of 8)" "$(audit_of 3)"
"$sulh" join "$work/9" "$url_1" --agreement "$agreement_id" \
    --entry-0 "$work/proposal/0000.note" --name new/node >"$work/said"
"$sulh" bundle export "$work/8" "$work/all" >"$work/said"
expect "and a ninth has all of it from the eighth" 0 "came: size $(size_of 3)$" \
    "$sulh" bundle import "$work/9" "$work/all"
is "whose audit says the same" "$(audit_of 9)" "$(audit_of 3)"
done_testing
