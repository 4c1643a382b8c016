#!/bin/sh
# Three of seven are cut off from the keeper and the rest, and come back. Each node is in a network
# of its own where the kernel lets us make one, and what is cut is the wire; else the three are
# stopped in the middle of what they do, and the rows say so. Then one that was away while
# thousands of records came catches up.

cd "$(dirname "$0")/../.." || exit 1
if [ -z "$networks" ]; then
    networks=none
    unshare -rnm sh -c 'mount -t tmpfs none /run && mkdir /run/netns && ip netns add a &&
        ip link add name b type bridge' 2>/dev/null && exec env networks=own unshare -rnm "$0" "$@"
fi
. tests/house/tap.sh
. tests/cli/cli.sh
. tests/nodes/nodes.sh
inside=yes # through the node's own socket: that is there whoever is cut off
trap 'stop_all; rm -rf "$work"' EXIT

if [ $networks = own ]; then
    how="by cut wires"
    {
        mount -t tmpfs none /run && mkdir /run/netns
        ip link set lo up
        for bridge in near far; do
            ip link add name $bridge type bridge && ip link set $bridge up
        done
        ip addr add 10.77.0.254/24 dev near
        for n in $nodes; do
            ip netns add "n$n"
            ip link add "v$n" type veth peer name eth0 netns "n$n"
            ip link set "v$n" master near up
            ip -n "n$n" addr add "10.77.0.$n/24" dev eth0
            ip -n "n$n" link set eth0 up
            ip -n "n$n" link set lo up
            eval "url_$n=https://10.77.0.$n:8117"
        done
    } || exit 1
    under() { echo "ip netns exec n$1"; }
    cut_off() { for n in 3 6 7; do ip link set "v$n" master far; done; }
    heal() { for n in 3 6 7; do ip link set "v$n" master near; done; }
    make_agreed() { { make_keys "$1" && make_log && join_all; } 2>"$work/complaint"; }
else
    how="on loopback only, by stopping three: no networks of our own here"
    cut_off() { for n in 3 6 7; do eval "kill -STOP \$pid_$n"; done; }
    heal() { for n in 3 6 7; do eval "kill -CONT \$pid_$n"; done; }
    make_agreed() { make_mission "$1"; }
fi

make_agreed doha-istanbul-2025 || {
    row "the mission begins" 1 "$(cat "$work/complaint")"
    done_testing
    exit
}
for n in $nodes; do start "$n"; done
await 1 /api/status 'o["size"] >= 1 and o["now_ms"] > 0'
# shellcheck disable=SC2086 # a list
level $nodes
row "seven hold one log" $? "$(sizes $nodes)"

# --- four and three ---

now=$(at 1 /api/status | json 'o["now_ms"]')
cut_off
say 2 incident.open '{"title":"On the side of the keeper"}'
near=$id
await 4 "/api/incidents/$near" 'o["incident"]["title"] == "On the side of the keeper"'
row "three are cut off, $how: the four take a record, and all have it" $? "$(at 4 /api/nodes)"
await 1 /api/nodes 'o["cosigned"] == 4'
row "but four cosign, and are no quorum" $? "$(at 1 /api/nodes)"
if [ $networks = own ]; then
    say 3 incident.open '{"title":"On the other side"}'
    is "on the other side a record waits" "$(json 'o["waiting"]' "$work/answer")" 1
    far=$id
    await 3 /api/nodes \
        "'problem' in [c for c in o['contacts'] if c['name'] == '$(org_of 1)/node'][0]"
    row "and its node says that the keeper is not to be reached" $? "$(at 3 /api/nodes)"
    code=$(at 3 "/api/incidents/$near" | json '"incident" in o')
    is "nor has it what the four have" "$code" False
fi
is "no time goes by for anybody" "$(at 1 /api/status | json 'o["now_ms"]')" "$now"
heal
for n in 3 6 7; do
    await "$n" "/api/incidents/$near" 'o["incident"]["title"] == "On the side of the keeper"'
    row "together again, node $n has it" $? "$(at "$n" /api/nodes)"
done
await 1 /api/nodes 'o["cosigned"] == 7'
row "all seven cosign" $? "$(at 1 /api/nodes)"
await 1 /api/status "o['now_ms'] > $now"
row "and time goes on" $? "$(at 1 /api/status)"

# --- long away ---

many=2000
${CC:-gcc} -std=c17 -D_GNU_SOURCE -O1 -Isrc -o "$work/load" tests/crash/load.c \
    "$(dirname "$sulh")/libsulh.a" -lsodium -lseccomp -lssl -lcrypto -lsqlite3 -lmicrohttpd -lcurl -lz \
    -lpthread -lm 2>"$work/said"
row "the client is built" $? "$(cat "$work/said")"
stop 7 TERM
size=$(at 1 /api/status | json 'o["size"]')
cp "$(key_file "$(org_of 1)" desk)" "$work/1/keys/$(org_of 1)/1.key"
"$work/load" "$work/1" "$(org_of 1)/1" >/dev/null 2>"$work/said" &
load=$!
await 1 /api/status "o['size'] >= $((size + many))"
row "$many records come while node 7 is away" $? "$(cat "$work/said") $(at 1 /api/status)"
kill $load
wait $load 2>/dev/null
size=$(at 1 /api/status | json 'o["size"]')
begun=$(date +%s%N)
start 7
await 7 /api/status "o['size'] >= $size"
row "back, it catches up" $? "$(at 7 /api/nodes)"
echo "# $(at 7 /api/status | json 'o["size"]') entries are held $((($(date +%s%N) - begun) / 1000000)) ms" \
    "after it is started"
# It is offered again a minute later at the latest, for as long as the cut was.
if [ $networks = own ]; then
    await 2 "/api/incidents/$far" 'o["incident"]["title"] == "On the other side"'
    row "and what had waited on the other side is at the four" $? "$(at 3 /api/nodes)"
fi
for n in $nodes; do stop "$n" TERM; done
for n in 1 6 7; do
    expect "audit of node $n" 0 'nothing is wrong' "$sulh" audit "$work/$n" \
        --agreement "$agreement_id"
done
done_testing
