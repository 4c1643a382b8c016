#!/bin/sh
# Three of seven organisations lie, the operator among them: with a quorum of 5 that is what it
# takes to give two logs a quorum each. Two could not; and the proof names the three, and nobody else.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
. tests/nodes/nodes.sh
trap 'stop_all; rm -rf "$work"' EXIT

liars="1 2 3"
make_mission doha-istanbul-2025 || { row "the mission begins" 1 "$(cat "$work/complaint")"; done_testing; exit; }
for n in $nodes; do start "$n"; done
await 1 /api/status 'o["size"] >= 1 and o["now_ms"] > 0'
row "the first tick comes about" $? "$(at 1 /api/nodes)"
say 1 incident.open '{"title":"What all have seen"}'
shared=$id
for n in $nodes; do
    await "$n" "/api/incidents/$shared" 'o["incident"]["title"] == "What all have seen"'
    row "node $n has the record of before" $?
done
stop_all

# --- what the quorum is worth, of a log that has one ---

is "sulh quorum: any three split it, any three stop it" \
    "$("$sulh" quorum "$work/4" --json | json 'o["witnesses"], o["quorum"], o["split"]["witnesses"], o["stop"]["witnesses"]')" \
    "(7, 5, 3, 3)"
expect "the parties alone cannot, nor the mediators; the observers can" 0 \
    '^ +so can all of: observer \(3\)$' "$sulh" quorum "$work/4"
expect "and who operates it is one of them" 0 '^operator +mediator/qatar, which has a key' \
    "$sulh" quorum "$work/4"

# --- one log for 4 and 5, another for 6 and 7 ---

for n in $liars; do cp -r "$work/$n" "$work/other-$n"; done
told() { # TITLE N...: these are told it, by 1, and cosign it; the last of them sees that
    told_title=$1
    shift
    for told_n; do start "$told_n"; done
    say 1 incident.open "{\"title\":\"$told_title\"}"
    await "$told_n" "/api/incidents/$id" "o['incident']['title'] == '$told_title'" &&
        await "$told_n" /api/nodes 'o["cosigned"] >= 5'
    row "node $told_n sees a quorum of it: $told_title" $? "$(at "$told_n" /api/nodes)"
    stop_all
}
told "for 4 and 5" 1 2 3 4 5
for n in $liars; do
    mv "$work/$n" "$work/one-$n"
    mv "$work/other-$n" "$work/$n"
done
told "for 6 and 7" 1 2 3 6 7
for n in 5 7; do
    expect "audit of node $n" 0 'nothing is wrong' "$sulh" audit "$work/$n" --agreement "$agreement_id"
done

# --- when 5 and 7 meet ---

accused() { # PROGRAM...: what it prints, a name a line, in order
    "$@" | tr ' ' '\n' | sort | tr '\n' ' '
}
ours() {
    "$sulh" check-proof "$work/proof" --agreement "$agreement_id" --json |
        json '" ".join(a["key"] for a in o["accused"])'
}
wanted="doha-istanbul-2025/term/1 $(for n in $liars; do echo "$(org_of "$n")/witness"; done |
    sort | tr '\n' ' ')"
"$sulh" prove split "$work/5" "$work/7" >"$work/proof" 2>"$work/complaint"
row "the two honest ones prove it" $? "$(cat "$work/complaint")"
is "against the log's key and the three" "$(accused ours)" "$wanted"
if command -v node >/dev/null; then
    is "the second program reads it the same" \
        "$(accused node tests/sync/check_proof.mjs "$agreement_id" "$work/proof")" "$wanted"
fi
expect "who kept to one log proves nothing against itself" 1 'nothing to prove' \
    "$sulh" prove split "$work/5" "$work/4"
done_testing
