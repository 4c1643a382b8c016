#!/bin/sh
# Seven organisations, a process and a directory each, on loopback: from the ceremony of their
# roots to a record that all of them hold, cosigned; kills, stops, a partition, and a hand-over.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
. tests/nodes/nodes.sh
trap 'stop_all; rm -rf "$work"' EXIT

name=doha-istanbul-2025
make_mission "$name" || { row "the mission begins" 1 "$(cat "$work/complaint")"; done_testing; exit; }
for n in $nodes; do start "$n"; done

# --- one log ---

agreed='o["size"] >= 1 and o["now_ms"] > 0'
await 1 /api/status "$agreed"
row "the first tick comes about by the quorum of seven" $? "$(at 1 /api/nodes)"
say 3 incident.open '{"title":"Shelling"}'
first=$id
for n in $nodes; do
    await "$n" "/api/incidents/$first" 'o["incident"]["title"] == "Shelling"'
    row "a record at a node that follows is seen at node $n" $? "$(at "$n" "/api/incidents/$first")"
done
await 1 /api/nodes 'o["cosigned"] == 7'
row "all seven cosign" $? "$(at 1 /api/nodes)"
await 5 /api/nodes 'o["cosigned"] >= 5'
row "and a node that follows shows the quorum" $? "$(at 5 /api/nodes)"

# --- who is away ---

stop 6 KILL
kill -STOP $pid_7
say 2 incident.open '{"title":"While two are away"}'
second=$id
await 1 /api/nodes 'o["cosigned"] >= 5'
row "while one is dead and one hangs, five are a quorum" $? "$(at 1 /api/nodes)"
start 6
kill -CONT $pid_7
for n in 6 7; do
    await "$n" "/api/incidents/$second" 'o["incident"]["title"] == "While two are away"'
    row "node $n catches up" $? "$(at "$n" /api/status)"
done

# --- the keeper is away: nothing is lost ---

stop 1 KILL
say 4 incident.open '{"title":"While the keeper is away"}'
third=$id
is "what is signed then waits" "$(json 'o["waiting"]' "$work/answer")" 1
stop 4 KILL
start 4
start 1
for n in 1 4 7; do
    await "$n" "/api/incidents/$third" 'o["incident"]["title"] == "While the keeper is away"'
    row "and is at node $n when it is back, across a kill" $? "$(at "$n" /api/status)"
done

# --- all the same ---

# shellcheck disable=SC2086 # a list
stop_level $nodes
digests=$(for n in $nodes; do
    "$sulh" audit "$work/$n" --agreement "$agreement_id" --json |
        json '"%d %s %s" % (o["ok"], o["root"], o["digest"])'
done | sort | uniq -c)
[ "$(echo "$digests" | wc -l)" -eq 1 ] && case $digests in *" 1 "*) ;; *) false ;; esac
row "audit of each finds the same log and the same digest" $? "$digests"
for n in $nodes; do
    expect "audit of node $n" 0 'nothing is wrong' "$sulh" audit "$work/$n" --agreement "$agreement_id"
done

# --- a witness that may have forgotten ---

cosign() { # asks node 5 for a cosignature of what it holds itself: the status
    size=$(at 5 /api/status | json 'o["checkpoint"]["size"]')
    { printf 'old %s\n\n' "$size" && at 5 /checkpoint | sed "/^— $(org_of 5 | sed 's|/|.|')/d"; } \
        >"$work/request"
    # shellcheck disable=SC2154 # by eval
    curl -sS --max-time 60 -o "$work/said" -w '%{http_code}' --data-binary @"$work/request" \
        "$url_5/add-checkpoint"
}
for n in 5 6 7; do start "$n"; done
await 5 /api/nodes 'o["waits_for"] == 2'
row "started anew, two others do not make it cosign" $? "$(at 5 /api/nodes)"
is "not even what it holds" "$(cosign)" 503
said 'too few of this node.s peers have answered yet'
row "and it says why" $? "$(cat "$work/said")"
for n in 1 2; do start "$n"; done
await 5 /api/nodes 'o["waits_for"] == 0'
row "four do: a quorum with it" $? "$(at 5 /api/nodes)"
is "and then it cosigns" "$(cosign)" 200
done_testing
