#!/bin/sh
# Erasure at every node of a mission: what is not ordered is kept, what is goes everywhere, from
# whoever was away when it was ordered as well; and each organisation says so once.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
. tests/nodes/nodes.sh
trap 'stop_all; rm -rf "$work"' EXIT

make_mission doha-istanbul-2025 || give_up "the mission begins" "$(cat "$work/complaint")"
for n in $nodes; do start "$n"; done
await 3 /api/status 'o["now_ms"] > 0'
row "all follow" $? "$(at 3 /api/status)"

# --- a report with two photographs, a small and a large one, and another that is kept ---

report() { # N WORD: its commitments in $work/WORD: the fields', then those of the media
    echo "small $2" >"$work/small.jpg"
    yes "large $2" | head -c 1500000 >"$work/large.jpg"
    printf '{"means":"saw","summary":"a crater","place_name":"place of %s"}' "$2" >"$work/fields.json"
    "$sulh" record "$work/$1" incident.report "$work/fields.json" --tier public \
        --media image/jpeg="$work/small.jpg" --media image/jpeg="$work/large.jpg" \
        --key-file "$(key_file "$(org_of "$1")" desk)" >"$work/answer" 2>"$work/complaint" ||
        give_up "a report is taken at node $1" "$(cat "$work/complaint")"
    id=$(json 'o["id"]' "$work/answer")
    await 1 "/api/records/$id" 'o["kind"] == "incident.report"'
    at 1 "/api/records/$id" | json \
        '"\n".join(p["commitment"] for p in sorted(o["parts"], key=lambda p: "media" in p))' >"$work/$2"
}
holds() { # N WORD: the files of node N that have a word of that report
    grep -rlE "(small|large|place of) $2" "$work/$1" --include='*' 2>/dev/null | sort
}
all_hold() { # WORD: whether every photograph is at every node
    for n in $nodes; do
        [ "$(grep -rlE "(small|large) $1" "$work/$n/parts" 2>/dev/null | wc -l)" = 2 ] || return 1
    done
}
report 2 condemned
report 2 kept
eventually all_hold condemned && eventually all_hold kept
row "every node has every photograph" $? "$(for n in $nodes; do holds "$n" condemned; done)"
level 1 2 3 4 5 6 7
stop 3 TERM

# --- what is no order destroys nothing ---

order() { # N COMMITMENT: of whether it is taken
    printf '{"part":"%s","clause":"P-confidentiality"}' "$2" >"$work/fields.json"
    "$sulh" record "$work/$1" part.erase "$work/fields.json" \
        --key-file "$(key_file "$(org_of "$1")" desk)" >"$work/answer" 2>"$work/complaint"
}
state_of() { # COMMITMENT EXPRESSION
    at 1 "/api/custody/$1" | json "$2"
}
await_state() { # N COMMITMENT EXPRESSION
    await "$1" "/api/custody/$2" "$3"
}
first=$(sed -n 1p "$work/kept")
while read -r n what state; do
    before=$(at 1 /api/status | json 'o["size"]')
    order "$n" "$first"
    await 1 /api/status "o['size'] > $before"
    await_state 1 "$first" "o.get('erasure', {}).get('state', 'none') == '$state'"
    row "$what: $state" $? "$(at 1 "/api/custody/$first")$(cat "$work/answer" "$work/complaint")"
done <<'END'
2 asked-by-whoever-may-not none
1 asked-by-one proposed
1 asked-by-the-same-again proposed
END

# An organisation of the agreement that has no node owes its word for ever: its root may give it.
nodeless=observer/open-source

# --- what is ordered goes, with what views tell of it ---

while read -r part; do
    order 1 "$part"
    row "asked by one mediator" $? "$(cat "$work/complaint")"
    order 4 "$part"
    row "and by the other" $? "$(cat "$work/complaint")"
done <"$work/condemned"
while read -r part; do
    await_state 1 "$part" \
        "[r['id'] for r in o['erased'] if r['row']['state'] == 'owed'] == ['$nodeless', 'party/afghanistan']"
    row "each that is there says so" $? "$(at 1 "/api/custody/$part")"
    is "it is not erased as long as one owes its word" \
        "$(state_of "$part" 'o["part"]["state"], o["erasure"]["owed"]')" "('ordered', 2)"
done <"$work/condemned"
for n in 1 2 4 5 6 7; do
    is "node $n has nothing of it any more" "$(holds "$n" condemned)" ""
done
is "who is away has all of it" "$(holds 3 condemned | grep -c parts/)" 2
is "what was only asked for is kept" "$(for n in 1 2 4 5 6 7; do
    grep -rlE "(small|large) kept" "$work/$n/parts"; done | wc -l)" 12

# --- who was away ---

start 3
while read -r part; do
    await_state 1 "$part" 'o["erasure"]["owed"] == 1'
    row "who was away destroys it, and says so" $? "$(at 1 "/api/custody/$part")"
    is "of each organisation that has a node one word, that it has destroyed it" "$(state_of "$part" \
        '[s["fields"]["found"] for s in o["steps"] if s["kind"] == "part.erased"] == 7 * ["destroyed"]')" True
    is "it is owed by who has no node alone" "$(state_of "$part" \
        '[r["id"] for r in o["erased"] if r["row"]["state"] == "owed"]')" "['$nodeless']"
done <"$work/condemned"
is "it has nothing of it any more, either" "$(holds 3 condemned)" ""
stored=$(at 1 "/api/records/$id" | json '[p["stored"] for p in o["parts"]][0]')
is "what is kept is given" "$(curl -sS -o "$work/said" -w '%{http_code}' "$(eval "echo \$url_7")/api/parts/$stored")" 200
part=$(sed -n 2p "$work/condemned")
is "what is erased is gone, at any node" \
    "$(curl -sS -o "$work/said" -w '%{http_code}' "$(eval "echo \$url_7")/api/media/$part")" 410
stop_level 1 2 3 4 5 6 7
for n in $nodes; do
    is "node $n: what was erased is counted apart, nothing is owed" \
        "$("$sulh" audit "$work/$n" --json | json 'o["ok"], o["erased"], o["owed"]')" "(1, 3, 0)"
done
done_testing
