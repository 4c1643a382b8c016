#!/bin/sh
# The log changes hands as doc/handover.md says: the keeper dies for good, the others freeze where
# it ended and open the next term, twice in a row; what must be refused on the way; who was away
# comes after; and the old keeper, back from a copy and gone on alone, follows when that is set aside.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
. tests/nodes/nodes.sh
trap 'stop_all; rm -rf "$work"' EXIT

title=doha-istanbul-2025
make_mission "$title" || { row "the mission begins" 1 "$(cat "$work/complaint")"; done_testing; exit; }
make_term_keys "$title" 2
make_term_keys "$title" 3

# What a refusal must leave as it is.
state_of() { # N
    (cd "$work/$1" && cat sulh.toml log.vkey && find log terms frozen -type f 2>/dev/null |
        LC_ALL=C sort | xargs cksum) | cksum
}

# Opens a term at N with the freeze notes at those places.
open_at() { # N TERM NOTE...
    open_n=$1 open_term=$2
    shift 2
    # shellcheck disable=SC2046 # a list
    timeout $patience "$sulh" term open "$work/$open_n" --log-key "$work/keys/log$open_term.key" \
        --promise-key "$work/keys/promise$open_term.key" \
        $(for note in "$@"; do echo --freeze "$work/$note.freeze"; done)
}

refused() { # NAME WHY NOTE...
    refused_name=$1 refused_why=$2
    shift 2
    before=$(state_of 2)
    expect "$refused_name" 1 "$refused_why" open_at 2 2 "$@"
    is "$refused_name: nothing has changed" "$(state_of 2)" "$before"
}

# --- the keeper dies ---

for n in $nodes; do start "$n"; done
await 1 /api/status 'o["size"] >= 1 and o["now_ms"] > 0'
say 3 incident.open '{"title":"In the first term"}'
level $nodes
row "seven hold one log" $? "$(sizes $nodes)"
stop 7 TERM
cp -r "$work/7" "$work/behind"
say 3 incident.open '{"title":"The last of the first term"}'
level 1 2 3 4 5 6
row "six hold more of it" $? "$(sizes 1 2 3 4 5 6)"
stop 1 KILL
mv "$work/1" "$work/kept"
level 2 3 4 5 6
size=$(at 2 /api/status | json 'o["size"]')
row "the keeper is gone, and five hold $size entries" $? "$(sizes 2 3 4 5 6)"

expect "who serves does not freeze" 1 'stop that first' freeze_at 2 2
for n in 2 3 4 5 6; do stop "$n" TERM; done

say 3 incident.open '{"title":"Queued offline"}'
queued=$id
is "what is signed now waits" "$(json 'o["waiting"]' "$work/answer")" 1
say 2 incident.open '{"title":"Queued at the next keeper"}'
queued_here=$id
is "also where the log will be kept" "$(json 'o["waiting"]' "$work/answer")" 1
printf '{"size":1,"digest":"%064d"}' 0 >"$work/fields.json"
"$sulh" record "$work/2" node.attest "$work/fields.json" --as "$(org_of 2)/node" >"$work/answer" \
    2>"$work/complaint"
is "and so does what its node said itself" "$(json 'o["waiting"]' "$work/answer")" 1

# --- freezing ---

for n in 2 3 4 5; do
    freeze_at "$n" 2 >"$work/$n.freeze" 2>"$work/complaint"
    row "node $n freezes" $? "$(cat "$work/complaint")"
done
freeze_at 2 2 >"$work/again.freeze"
cmp -s "$work/2.freeze" "$work/again.freeze"
row "freezing again gives the same note" $? "$(cat "$work/again.freeze")"
make_key "$work/keys/other.key" "$title/term/2"
expect "toward another key it refuses" 1 'another freeze was signed' "$sulh" term freeze "$work/2" \
    --next-log-key "$("$sulh" key public "$work/keys/other.key")" \
    --next-promise-key "$("$sulh" key public "$work/keys/promise2.key")"
expect "toward the present term, too" 2 'no origin that can follow' "$sulh" term freeze "$work/2" \
    --next-log-key "$("$sulh" key public "$work/keys/log.key")" \
    --next-promise-key "$("$sulh" key public "$work/keys/promise.key")"

# --- what opens no term ---

freeze_at behind 2 >"$work/behind.freeze" 2>"$work/complaint"
row "one that is behind can freeze where it is" $? "$(cat "$work/complaint")"
cp -r "$work/6" "$work/stranger"
mkdir -p "$work/stranger/keys/observer/stranger"
make_key "$work/stranger/keys/observer/stranger/node.key" observer/stranger/node
sed -i "s|$(org_of 6)/node|observer/stranger/node|" "$work/stranger/sulh.toml"
freeze_at stranger 2 >"$work/stranger.freeze" 2>"$work/complaint"
row "a stranger can sign what looks like one" $? "$(cat "$work/complaint")"
refused "four notes are too few" 'the term would not open' 2 3 4 5
refused "one of them twice is no fifth" 'the term would not open' 2 3 4 5 5
refused "nor is one of another size" 'the term would not open' 2 3 4 5 behind
refused "nor a stranger's" 'the term would not open' 2 3 4 5 stranger
start 2
await 2 /api/nodes 'not o["keeps"]'
row "and node 2 follows as before" $? "$(at 2 /api/nodes)"
is "and says where it froze" "$(at 2 /api/nodes | json 'o["frozen"]')" "{'beyond': 0, 'size': $size}"
# shellcheck disable=SC2034,SC2154 # by eval; port by reserve_ports
url_behind=http://127.0.0.1:$port
start behind
await behind /api/nodes \
    "o['frozen']['beyond'] > 0 and o['frozen']['size'] + o['frozen']['beyond'] == $size"
row "one that follows beyond where it froze says so" $? "$(at behind /api/nodes)"
stop behind TERM

# --- a frozen witness ---

await 2 /api/nodes 'all(c["asked_ms"] for c in o["contacts"])'
{ printf 'old %s\n\n' "$size" && at 2 /checkpoint | sed "/^— $(org_of 2 | sed 's|/|.|')/d"; } >"$work/request"
code=$(curl -sS --max-time 60 -o "$work/said" -w '%{http_code}' --data-binary @"$work/request" \
    "$url_2/add-checkpoint")
[ "$code" = 404 ]
row "a frozen witness cosigns the old term no more" $? "$code: $(cat "$work/said")"
stop 2 TERM

# --- the second term ---

freeze_at 6 2 >"$work/6.freeze" 2>"$work/complaint"
expect "five notes open the second term" 0 "^$title/term/2, at size $((size + 1))" \
    open_at 2 2 2 3 4 5 6
expect "not twice" 1 'keeps the log already' open_at 2 2 2 3 4 5 6
for n in 2 3 4 5 6; do start "$n"; done
for n in 3 4 5 6; do
    await "$n" "/api/incidents/$queued" 'o["incident"]["title"] == "Queued offline"'
    row "what waited is in the second term, at node $n" $? "$(at "$n" /api/status)"
done
await 3 "/api/incidents/$queued_here" 'o["incident"]["title"] == "Queued at the next keeper"'
row "and so is what waited where it is kept now" $? "$(at 2 /api/status)"
is_empty() { # DIRECTORY
    [ -z "$(ls "$1")" ]
}
eventually is_empty "$work/2/outbox"
is "which waits no more there" "$(ls "$work/2/outbox")" ""
await 2 /api/nodes 'o["cosigned"] == 5'
row "five cosign it" $? "$(at 2 /api/nodes)"

# --- a third in a row ---

level 2 3 4 5 6
stop 2 KILL
level 3 4 5 6
start 2
stop_level 2 3 4 5 6
second_end=$(status_of "$work/2" 'o["size"]')
notes=
for n in 2 3 4 5 6; do
    freeze_at "$n" 3 >"$work/$n.freeze" 2>"$work/complaint"
    row "node $n freezes the second term" $? "$(cat "$work/complaint")"
    notes="$notes $n"
done
# shellcheck disable=SC2086 # a list
expect "node 4 opens the third" 0 "^$title/term/3, at size" open_at 4 3 $notes
for n in 3 4 5 6; do start "$n"; done
expect "who kept the second stops, and says what to do" 1 \
    "handed over at size $second_end to $title/term/3.*kept.*set-aside DIR --size $second_end" \
    timeout $patience "$sulh" serve "$work/2" --listen "${url_2#http://}"
expect "that makes it follow" 0 '^0 records wait' "$sulh" term set-aside "$work/2" \
    --size "$second_end"
expect "and is done once" 1 'there is none' "$sulh" term set-aside "$work/2" --size "$second_end"
for n in 2 7; do start "$n"; done
level 2 3 4 5 6 7
row "who was away during both comes through both terms by itself" $? "$(sizes 2 3 4 5 6 7)
$(at 7 /api/nodes)"
say 3 incident.open '{"title":"In the third term"}'
third=$id
await 7 "/api/incidents/$third" 'o["incident"]["title"] == "In the third term"'
row "and sees what is said there" $? "$(at 3 /api/status)"
await 4 /api/nodes 'o["cosigned"] == 6'
row "six cosign the third term" $? "$(at 4 /api/nodes)"

# --- the old keeper, back ---

mv "$work/kept" "$work/1"
cp "$work/1/sulh.toml" "$work/sulh.toml"
sed '/^\[\[peer\]\]/,$d' "$work/sulh.toml" >"$work/1/sulh.toml"
say 1 incident.open '{"title":"Alone in the first term"}'
is "alone, it goes on with the first term" "$(json '"waiting" in o' "$work/answer")" False
alone=$id
cp "$work/sulh.toml" "$work/1/sulh.toml"
expect "among the others it stops, and says why" 1 \
    "handed over at size $size to $title/term/2.*term set-aside DIR --size $size" \
    timeout $patience "$sulh" serve "$work/1" --listen "${url_1#http://}"
before=$(state_of 1)
expect "beyond what it holds there is nothing to set aside" 2 'nothing is beyond' \
    "$sulh" term set-aside "$work/1" --size 100000
is "and nothing has changed" "$(state_of 1)" "$before"
expect "what it went on with is set aside" 0 'records wait in the outbox' \
    "$sulh" term set-aside "$work/1" --size "$size"
expect "the log that it was stays beside" 0 checkpoint find "$work/1/aside" -name checkpoint
start 1
await 4 "/api/incidents/$alone" 'o["incident"]["title"] == "Alone in the first term"'
row "and its record comes back from its outbox" $? "$(at 1 /api/nodes) $(cat "$work/1.err")"
# shellcheck disable=SC2086 # a list
level $nodes
row "it follows" $? "$(sizes $nodes)"
await 4 /api/nodes 'o["cosigned"] == 7'
row "and cosigns: all seven" $? "$(at 4 /api/nodes)"

# --- all the same ---

# shellcheck disable=SC2086 # a list
stop_level $nodes
audit_all
done_testing
