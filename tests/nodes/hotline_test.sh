#!/bin/sh
# Seven nodes, a process each, and nobody keeps the log: what is said over the hotline comes to
# whom it is for at once, across a kill, and by way of a third; and when the log is kept again, all
# of it is there once. How long messages take is told, not judged.

cd "$(dirname "$0")/../.." || exit 1
readers=yes
. tests/house/tap.sh
. tests/cli/cli.sh
. tests/nodes/nodes.sh
inside=yes # through the node's own socket: that is there whoever is cut off
trap 'stop_all; rm -rf "$work"' EXIT

each=150 # messages either way

make_mission doha-istanbul-2025 || { row "the mission begins" 1 "$(cat "$work/complaint")"; done_testing; exit; }
${CC:-gcc} -std=c17 -D_GNU_SOURCE -O1 -Isrc -o "$work/talk" tests/nodes/talk.c \
    "$(dirname "$sulh")/libsulh.a" -lsodium -lseccomp -lssl -lcrypto -lsqlite3 -lmicrohttpd -lcurl -lz \
    -lpthread -lm 2>"$work/said"
row "the program that talks is built" $? "$(cat "$work/said")"
for n in $nodes; do start "$n"; done
await 1 /api/status 'o["size"] >= 1 and o["now_ms"] > 0'
# shellcheck disable=SC2086 # a list
level $nodes
row "seven hold one log" $? "$(sizes $nodes)"

# --- nobody keeps the log ---

stop 1 KILL
talk() { # FROM TO
    "$work/talk" "$work/$1" "$(key_file "$(org_of "$1")" desk)" "$(org_of "$2")" $each 20 \
        >"$work/sent_$1" 2>"$work/talk_$1" &
}
hear() { # AT
    python3 tests/nodes/hear.py "$work/$1" "$(org_of "$1")" $each $patience >"$work/heard_$1" &
}
hear 2
heard_2=$!
hear 3
heard_3=$!
talk 2 3
talk_2=$!
talk 3 2
talk_3=$!
sleep 1
stop 4 KILL # whoever stands between may go, too
start 4
wait $talk_2 && wait $talk_3
row "whoever signs is answered while nobody keeps the log" $? "$(cat "$work/talk_2" "$work/talk_3")"
wait $heard_2
row "every message is heard at node 2" $? "$(wc -l <"$work/heard_2")"
wait $heard_3
row "and at node 3" $? "$(wc -l <"$work/heard_3")"
for n in 2 3; do
    # shellcheck disable=SC2046 # four numbers
    set -- $(python3 tests/nodes/delay.py "$work/sent_$((5 - n))" "$work/heard_$n")
    echo "# to node $n: $2 of $1 messages, half of them after $3 ms, 99 of 100 after $4 ms"
    is "each that was sent to node $n was heard there" "$2" "$1"
done
waits="len(o['waiting']) >= min(500, 4 * $each)"
for n in 4 5 6 7; do
    await $n '/api/hotline?limit=500' "$waits"
    row "node $n holds them and that they came" $? "$(at $n /api/hotline | json 'len(o["waiting"])')"
done
hops="[h['state'] for h in o['hops'] if h['organisation']"
await 3 /api/hotline "$hops == 'mediator/qatar'] == ['down']"
row "the line to who kept the log is down" $? "$(at 3 /api/hotline | json 'o["hops"]')"
await 3 /api/hotline "set($hops != 'mediator/qatar']) == {'up'}"
row "all others are up" $? "$(at 3 /api/hotline | json 'o["hops"]')"

# --- passed on by a third ---

say 2 hotline.send '{"to":"party/afghanistan","via":"mediator/turkiye","priority":"flash","language":"ur","text":"فائر بند کریں"}'
first=$id
for n in 3 4; do
    await $n '/api/hotline?limit=5' "any(m['id'] == '$first' for m in o['messages'])"
    row "what goes by way of a third is at node $n" $? "$(cat "$work/$n.err")"
done
say 4 hotline.relay "{\"message\":\"$first\",\"act\":\"passed\",\"language\":\"en\",\"translation\":\"Cease fire\"}"
say 3 hotline.ack "{\"message\":\"$first\",\"step\":\"understood\",\"read_back\":\"We stop\"}"
is "what says so waits" "$(json 'o["waiting"]' "$work/answer")" 1
steps="[(s['org'], s['state']) for m in o['messages'] if m['id'] == '$first' for s in m['steps']]"
await 6 '/api/hotline?limit=5' \
    "sorted($steps) == [('mediator/turkiye', 'delivered'), ('party/afghanistan', 'understood')]"
row "with whom it is how far, a third knows" $? "$(at 6 '/api/hotline?limit=5' | json "$steps")"
is "and that the log does not" \
    "$(at 6 '/api/hotline?limit=5' | json "[m['logged'] for m in o['messages'] if m['id'] == '$first']")" "[0]"

# --- the log follows ---

start 1
for n in $nodes; do
    await "$n" /api/hotline 'o["waiting"] == [] and len(o["messages"]) > 0'
    row "nothing waits at node $n any more" $? "$(at "$n" /api/hotline | json 'len(o["waiting"])')"
done
is "each message is logged once" "$(at 1 /api/status | json 'o["records"]["hotline.send"]')" $((2 * each + 1))
is "and that it came" "$(at 1 /api/status | json 'o["records"]["hotline.deliver"]')" $((2 * each + 2))
is "nothing of it was void" "$(at 1 /api/status | json 'o["records"].get("void", 0)')" 0
for n in 1 3; do
    stop "$n" TERM
    expect "audit of node $n" 0 'nothing is wrong' "$sulh" audit "$work/$n" --agreement "$agreement_id"
done
done_testing
