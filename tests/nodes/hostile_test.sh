#!/bin/sh
# One of the others lies, or is slow: node 7 believes that the keeper answers where a liar does,
# and the keeper counts on the liar as a witness and as a peer. The others go on, node 7 follows
# from those who tell the truth, and /api/nodes says what is wrong with whom.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
. tests/nodes/nodes.sh
trap 'stop_all; kill $liars 2>/dev/null; rm -rf "$work"' EXIT

make_mission doha-istanbul-2025 || {
    row "the mission begins" 1 "$(cat "$work/complaint")"
    done_testing
    exit
}
liars= first=
for _ in 1 2; do
    echo honest >"$work/mode"
    # shellcheck disable=SC2154 # url_1 is set by eval
    python3 tests/nodes/hostile.py "$port" "$url_1" "$work/mode" 2>"$work/liar.err" &
    liars="$liars $!"
    liar=http://127.0.0.1:$port
    next_port
    # The first stands where node 7 looks for the keeper; the second is a witness, and node 6.
    if [ -z "$first" ]; then
        first=$liar
        sed -i "s|$url_1\"|$liar\"|" "$work/7/sulh.toml"
    else
        # shellcheck disable=SC2154
        sed -i "s|$url_6\"|$liar\"|" "$work/1/sulh.toml"
        printf '\n[[witness]]\nname = "hostile/witness"\nurl = "%s/w"\n' "$liar" \
            >>"$work/1/sulh.toml"
    fi
done
for n in 1 2 3 4 5 7; do start "$n"; done

keeper_seen="[c for c in o['contacts'] if c['name'] == '$(org_of 1)/node'][0]"
liar_seen="[c for c in o['contacts'] if c['name'] == '$(org_of 6)/node'][0]"
await 1 /api/status 'o["size"] >= 1 and o["now_ms"] > 0'
level 1 2 3 4 5 7
row "as long as it is honest, all is well" $? "$(at 7 /api/nodes)"

# Whether a node says so of the contact. Wrong tiles show while there is something to fetch: so
# there is always something.
says() { # CONTACT N REGEX
    for _ in $(seq 100); do
        python3 tests/nodes/await.py 1 "__import__('re').search('$3', $1.get('problem', '')) is not None" \
            "$(door "$2" /api/nodes)" 2>/dev/null && return
        say 3 incident.open '{"title":"One more"}'
    done
    return 1
}

# What it does; what is said of it where node 7 looks for the keeper; and, of node 6, at the keeper.
while read -r mode at_7 at_1; do
    echo "$mode" >"$work/mode"
    say 3 incident.open "{\"title\":\"While it is $mode\"}"
    await 7 "/api/incidents/$id" "o['incident']['title'] == 'While it is $mode'"
    row "$mode: a record is taken, and is at node 7" $? "$(at 7 /api/nodes)"
    [ "$at_7" = - ] && continue
    says "$keeper_seen" 7 "$at_7"
    row "$mode: node 7 says so" $? "$(at 7 /api/nodes | json "$keeper_seen")"
    says "$liar_seen" 1 "$at_1"
    row "$mode: and the keeper" $? "$(at 1 /api/nodes | json "$liar_seen")"
done <<'END'
garbage origin|note|line origin|note|line
endless larger|limit|long larger|limit|long
redirect answered.302 answered.302
error answered.500 answered.500
foreign origin origin
tiles tile|hash|root .*
slow - -
silent time|busy time|busy
END
await 1 /api/nodes 'o["cosigned"] >= 5'
row "five cosign all the while" $? "$(at 1 /api/nodes)"
for pid in $liars; do kill -0 "$pid"; done
row "and the liars were there to the end" $? "$(cat "$work/liar.err")"
for n in 1 2 3 4 5 7; do stop "$n" TERM; done
for n in 1 7; do
    expect "audit of node $n" 0 'nothing is wrong' "$sulh" audit "$work/$n" \
        --agreement "$agreement_id"
done
done_testing
