#!/bin/sh
# A node whose store was changed computes another register from there on: its attest shows it to
# all, sulh compare finds the entry, and sulh replay cures it.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
. tests/nodes/nodes.sh
trap 'stop_all; rm -rf "$work"' EXIT

make_mission doha-istanbul-2025 ||
    { row "the mission begins" 1 "$(cat "$work/complaint")"; done_testing; exit; }
nodes="1 2 3 4 5" # a quorum
bent=5
bent_name=$(org_of $bent)/node

# --- it follows, and its store is changed before it ever attested ---

start 1
start $bent
await $bent /api/status 'o["size"] >= 10'
row "a node follows" $? "$(at $bent /api/status)"
stop $bent TERM
expect "compare of two that agree" 0 '^they agree$' "$sulh" compare "$work/$bent" "$url_1"
# One digest, and by the chain what follows, for a node looks at its last when it starts.
# shellcheck disable=SC2154 # by eval
place=$(python3 - "$work/$bent/store.db" "$url_1" <<'END'
import hashlib, json, sqlite3, sys, urllib.request
store = sqlite3.connect(sys.argv[1])
last = store.execute("SELECT max(at) FROM digest").fetchone()[0]
digest = bytes(32)
with urllib.request.urlopen("%s/api/entries/%d/effects" % (sys.argv[2], last)) as answer:
    effects = json.load(answer)["effects"]
effects = json.dumps(effects, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
chained = hashlib.sha256(digest + last.to_bytes(8, "big") + effects.encode()).digest()
for at, changed in (last - 1, digest), (last, chained):
    store.execute("UPDATE digest SET digest = ? WHERE at = ?", (changed, at))
store.commit()
print(last - 1)
END
)
for n in 2 3 4 5; do start "$n"; done
await 1 /api/status 'o["now_ms"] > 0'
row "the clock goes" $? "$(at 1 /api/nodes)"
say 3 incident.open '{"title":"Behind"}'
await $bent "/api/incidents/$id" 'o["incident"]["title"] == "Behind"'
row "the log goes on" $? "$(at $bent /api/status)"

expect "compare finds the entry" 1 "^they part at +entry $place\$" "$sulh" compare "$work/4" "$url_5"
said '^common +'"$place"' entries$'
row "and how many are common" $? "$(cat "$work/said")"
said '^there +0{64}$'
row "and what there stands" $? "$(cat "$work/said")"
said '^  both +\['
row "and what the entry did" $? "$(cat "$work/said")"
said '^there: the digest that is stored is not what these effects give'
row "and whose store is not what its log gives" $? "$(cat "$work/said")"
expect "so it does from its own side" 1 '^here: the digest that is stored is not' \
    "$sulh" compare "$work/$bent" "$url_1"
"$sulh" compare "$work/4" "$url_5" --json >"$work/compared"
is "and in JSON" \
    "$(json 'o["agree"], o["entry"], o["common"], o["another_entry"], o["here"]["effects"] == o["there"]["effects"], o["here"]["digest"] == o["here"]["computed"] == o["there"]["computed"]' \
        "$work/compared")" "(0, $place, $place, 0, True, True)"

attested() { # CONDITION on an attest `a`
    await 1 /api/nodes "any($1 for a in o['attests'])"
}
attested "a['name'] == '$bent_name' and a['agrees'] == 0"
row "its attest shows that it does not agree" $? "$(at 1 /api/nodes)"
size=$(at 1 /api/nodes | json "[a['size'] for a in o['attests'] if a['name'] == '$bent_name'][0]")
attested "a['name'] != '$bent_name' and a['size'] >= $size and a['agrees'] == 1"
row "and others answer at once with what they computed" $? "$(at 1 /api/nodes)"

# --- and made anew ---

stop $bent TERM
expect "replay" 0 'digest' "$sulh" replay "$work/$bent"
start $bent
expect "compare of what was replayed" 0 '^they agree$' "$sulh" compare "$work/4" "$url_5"

# --- another log, nobody, nothing ---

other=$work/other
"$sulh" init "$other" --agreement $agreement --demo >/dev/null
expect "another agreement" 1 "is another agreement's" "$sulh" compare "$other" "$url_1"
expect "nobody there" 1 'there: /api/status' "$sulh" compare "$work/4" http://127.0.0.1:1
expect "no directory" 1 'sulh compare: ' "$sulh" compare "$work/none" "$url_1"
done_testing
