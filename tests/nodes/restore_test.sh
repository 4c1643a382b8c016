#!/bin/sh
# Everything is lost but one participant's directory, and the record goes on from it, as
# doc/handover.md says under "When everything but one copy is lost". And what must never be: an
# old copy of the keeper's directory, put back, signs nothing.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
. tests/nodes/nodes.sh
trap 'stop_all; rm -rf "$work"' EXIT

title=doha-istanbul-2025
make_mission "$title" || { row "the mission begins" 1 "$(cat "$work/complaint")"; done_testing; exit; }
make_term_keys "$title" 2

for n in $nodes; do start "$n"; done
await 1 /api/status 'o["size"] >= 1 and o["now_ms"] > 0'
# shellcheck disable=SC2086 # a list
level $nodes
stop 1 TERM
cp -r "$work/1" "$work/old"
start 1
say 3 incident.open '{"title":"Before all was lost"}'
kept=$id
for n in $nodes; do
    await "$n" "/api/incidents/$kept" 'o["incident"]["title"] == "Before all was lost"' ||
        row "node $n has what is to be kept" 1 "$(cat "$work/complaint") $(at "$n" /api/nodes)"
done
# shellcheck disable=SC2086 # a list
level $nodes
row "seven hold one log" $? "$(sizes $nodes)"

# --- an old copy of the keeper ---

stop 1 KILL
mv "$work/1" "$work/lost"
mv "$work/old" "$work/1"
checkpoint=$(cksum <"$work/1/log/checkpoint")
held=$(at 2 /api/status | json 'o["size"]')
expect "an old copy of the keeper stops when it is shown more of its own log" 1 \
    "holds size $held of this log.*older.*restore" \
    timeout $patience "$sulh" serve "$work/1" --listen "${url_1#http://}"
is "and has signed nothing" "$(cksum <"$work/1/log/checkpoint")" "$checkpoint"
ls "$work/1/evidence" >"$work/said" 2>/dev/null
row "what it was shown is kept" $? "$(ls "$work/1")"
timeout $patience "$sulh" serve "$work/1" --listen "${url_1#http://}" >"$work/said" 2>"$work/1.err"
[ ! -s "$work/said" ] && [ -s "$work/1.err" ]
row "nor has it taken anything in: it stops before it listens" $? "$(cat "$work/said")"
is "another time as well" "$(cksum <"$work/1/log/checkpoint")" "$checkpoint"

# --- one copy is left ---

for n in $nodes; do stop "$n" KILL; done
for n in 1 2 3 4 6 7; do rm -rf "${work:?}/$n"; done
mkdir "$work/copy"
(cd "$work/5" && tar cf - --exclude ./keys --exclude ./socket --exclude './store.db*' .) | tar xf - -C "$work/copy"
expect "the copy is the log, whole" 0 'nothing is wrong' \
    "$sulh" audit "$work/copy" --agreement "$agreement_id"

# Node 2 from the copy itself; the others join whoever has it.
mv "$work/copy" "$work/2"
mkdir -p "$work/2/keys/$(org_of 2)"
cp "$(key_file "$(org_of 2)" node)" "$work/2/keys/$(org_of 2)/node.key"
cp "$(key_file "$(org_of 2)" witness)" "$work/2/keys/$(org_of 2)/witness.key"
sed -e "s|$(org_of 5)|SELF|" -e "s|$(org_of 2)|$(org_of 5)|" -e "s|SELF|$(org_of 2)|" \
    -e "s|\"$url_2\"|\"$url_5\"|" "$work/2/sulh.toml" >"$work/sulh.toml"
mv "$work/sulh.toml" "$work/2/sulh.toml"
rm -rf "$work/2/witness" "$work/2/frozen" "$work/2/outbox"
start 2
start 5
for n in 1 3 4 6 7; do
    # shellcheck disable=SC2046,SC2154 # a list; url_2 is set by eval
    expect "node $n joins it" 0 "$agreement_id" "$sulh" join "$work/$n" "$url_2" \
        --agreement "$agreement_id" --from "$(org_of 2)/node" \
        --key-file "$(key_file "$(org_of "$n")" node)" \
        --witness-key "$(key_file "$(org_of "$n")" witness)" \
        $(peers_of "$n" | grep -v -- "$(org_of 2)/node=")
    start "$n"
done
# shellcheck disable=SC2086 # a list
level $nodes
row "all hold it again" $? "$(sizes $nodes)"

# --- it goes on under other keys ---

notes=
for n in $nodes; do stop "$n" TERM; done
for n in 2 3 4 5 6; do
    freeze_at "$n" 2 >"$work/$n.freeze" 2>"$work/complaint"
    row "node $n freezes the term whose keys are lost" $? "$(cat "$work/complaint")"
    notes="$notes --freeze $work/$n.freeze"
done
# shellcheck disable=SC2086 # a list
expect "and node 2 opens the next" 0 "^$title/term/2, at size" timeout $patience "$sulh" term open \
    "$work/2" --log-key "$work/keys/log2.key" --promise-key "$work/keys/promise2.key" $notes
for n in $nodes; do start "$n"; done
say 1 incident.open '{"title":"After all was lost"}'
after=$id
for n in $nodes; do
    await "$n" "/api/incidents/$after" 'o["incident"]["title"] == "After all was lost"'
    row "node $n has what was said since" $? "$(at "$n" /api/nodes)"
done
at 7 "/api/incidents/$kept" | json 'o["incident"]["title"]' | grep -q 'Before all was lost'
row "and what was said before" $? "$(at 7 /api/status)"
await 2 /api/nodes 'o["cosigned"] == 7'
row "all seven cosign" $? "$(at 2 /api/nodes)"
# shellcheck disable=SC2086 # a list
stop_level $nodes
audit_all
done_testing
