#!/bin/sh
# A case by hand, as its users would: taken up, told, answered, refused, and read: sulh case and
# sulh due, and what the HTTP interface says of them.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
dir=$work/node

"$sulh" init "$dir" --agreement $agreement --demo >/dev/null 2>"$work/complaint"
row "a demonstration" $? "$(cat "$work/complaint")"
expect "nothing is due" 0 'nothing is due' "$sulh" due "$dir"
expect "no such case" 1 'no incident 00.* has been taken up' "$sulh" case "$dir" \
    0000000000000000000000000000000000000000000000000000000000000000
expect "no id" 2 'usage: sulh case DIR ID' "$sulh" case "$dir"
expect "a word for an id" 1 '64 lower-case hex digits' "$sulh" case "$dir" one

mission=observer/mission/1
record "$dir" party/pakistan/1 incident.open '{"title":"Shots at night"}'
case=$id
expect "an incident is no case yet" 1 'taken up' "$sulh" case "$dir" "$case"
record "$dir" party/afghanistan/1 incident.report \
    "{\"incident\":\"$case\",\"act\":\"K-15\",\"means\":\"heard\",\"summary\":\"د شپې ډزې\"}"
row "a report, in Pashto" $? "$(cat "$work/complaint")"

record "$dir" party/pakistan/1 incident.flash \
    "{\"incident\":\"$case\",\"ongoing\":\"yes\",\"what\":\"Shots heard north of the post.\"}"
row "and a first word from the other side" $? "$(cat "$work/complaint")"

# Who says what, and what comes of it: "holds", or the reason why not.
while IFS='|' read -r by kind fields want; do
    record "$dir" "$by" "$kind" "{\"case\":\"$case\"$fields}"
    is "$kind by $by: $want" "$(json 'o.get("reason", o["verdict"])' "$work/answer")" "$want"
done <<EOT
party/afghanistan/1|case.triage|,"outcome":"open","modalities":1|capability
$mission|case.triage|,"outcome":"open","modalities":2|modalities
$mission|case.triage|,"outcome":"open","modalities":1,"act":"K-99"|term
$mission|case.triage|,"outcome":"open","modalities":1,"act":"K-15","grade":"G2","accused":["party/pakistan","party/afghanistan"]|holds
party/pakistan/1|case.reply|,"answer":"denies"|no_move
$mission|case.publish|,"tier":"public"|not_notified
$mission|case.notify|,"notice":"To both, in the same words."|holds
observer/oic/1|case.reply|,"answer":"denies"|capability
party/pakistan/1|case.reply|,"answer":"denies","statement":"Not ours."|holds
$mission|case.mark|,"side":"access_blocked"|holds
EOT

"$sulh" case "$dir" "$case" >"$work/page"
row "the page" $?
# What stands on it, a pattern a line.
while read -r pattern; do
    grep -qE "$pattern" "$work/page"
    row "the page: $pattern" $? "$(cat "$work/page")"
done <<'EOT'
^Shots at night$
^  state +notified$
^  act alleged +K-15 \(Fire or exchange of fire
^  accused +party/pakistan \(Pakistan\), party/afghanistan \(Afghanistan\)$
^  in the way +access blocked$
^  running +reply .*party/afghanistan: due 2
^  met +reply .*party/pakistan
^ +1  incident.report, by party/afghanistan/1
^    summary: د شپې ډزې$
^ +2  incident.flash, by party/pakistan/1
^    what: Shots heard north of the post\.$
REFUSED: no move, clause P-no-move
REFUSED: not notified, clause
^    statement: Not ours\.$
EOT
is "what was void before there was a case is no part of it" \
    "$(grep -c 'REFUSED' "$work/page")" 3
expect "due, for one side" 0 'owed by party/afghanistan' "$sulh" due "$dir" --for party/afghanistan
is "and not for who has answered" \
    "$("$sulh" due "$dir" --for party/pakistan --json | json 'len(o["due"])')" 0
record "$dir" party/pakistan/1 state.declare '{"organisation":"party/pakistan","state":"in_force"}'
row "a side declares the ceasefire in force" $? "$(cat "$work/complaint")"
expect "which stands above what is due" 0 '^  in force, declares party/pakistan' "$sulh" due "$dir"
record "$dir" party/afghanistan/1 state.declare '{"organisation":"party/afghanistan","state":"suspended"}'
expect "the other declares otherwise" 0 '^The ceasefire, on which the sides differ:$' "$sulh" due "$dir"
expect "compliance, side by side" 0 '^party/pakistan \(Pakistan\)$' "$sulh" compliance "$dir"
expect "what it answered" 0 '^  replies: 1 denies$' "$sulh" compliance "$dir"
expect "compliance of nobody" 1 'as_of' "$sulh" compliance "$dir" --as-of x
before=$("$sulh" case "$dir" "$case" --json | json '[r["index"] for r in o["records"]][1] - 1')
expect "as it was" 0 'state +open' "$sulh" case "$dir" "$case" --as-of "$before"
expect "audit" 0 'nothing is wrong' "$sulh" audit "$dir"
"$sulh" case "$dir" "$case" --json >"$work/before"
"$sulh" replay "$dir" >/dev/null 2>&1
is "replay gives the same case" "$("$sulh" case "$dir" "$case" --json)" "$(cat "$work/before")"

serve "$dir"
is "the list" "$(curl -s "$url/api/cases?state=notified" | json '[c["title"] for c in o["cases"]]')" \
    "['Shots at night']"
is "of another state" "$(curl -s "$url/api/cases?state=closed" | json 'o["cases"]')" "[]"
is "what is due" "$(curl -s "$url/api/due?organisation=party/afghanistan" |
    json '[d["clock"] for d in o["due"]]')" "['reply']"
is "a query that it does not know" "$(curl -s -o /dev/null -w '%{http_code}' "$url/api/due?for=x")" 400
kill "$server"

# A finding, and what it lacks of each standard: a warning and a trail, and a witness of neither.
"$sulh" scenario scenarios/doha-istanbul-2025/s04-infiltration.txt --keep "$work/kept" >"$work/said" 2>&1
row "a case with findings" $? "$(cat "$work/said")"
serve "$work/kept"
found=$(curl -s "$url/api/cases" | json 'o["cases"][0]["id"]')
finding=$(curl -s "$url/api/cases/$found" |
    json '[r["id"] for r in o["records"] if r["kind"] == "finding.draft" and r["verdict"] == "holds"][0]')
curl -s "$url/api/findings/$finding" >"$work/finding"
is "what counts" "$(json '[i.get("origin", i.get("why_not")) for i in o["items"]]' "$work/finding")" \
    "['pakistan', 'mission']"
is "what is missing" "$(json '{s["id"]: [g["what"] for g in s["lacks"]] for s in o["standards"]}' "$work/finding")" \
    "{'L0': [], 'L1': [], 'L2': [], 'L3': [], 'L4': ['items', 'origins']}"
is "in words" "$(json '[s["sentence"] for s in o["standards"] if s["lacks"]]' "$work/finding")" \
    "['records that count (2 of 3); independent origins (2 of 3)']"
is "of what is no finding" "$(curl -s -o /dev/null -w '%{http_code}' "$url/api/findings/$found")" 404
kill "$server"

# What runs when a case is closed is owed by nobody.
before_close=$("$sulh" due "$dir" --json | json 'len(o["due"])')
[ "$before_close" -gt 0 ]
row "something is due" $? "$before_close"
record "$dir" $mission case.close "{\"case\":\"$case\",\"reason\":\"not_pursued\"}"
is "nothing of a closed case is due" "$("$sulh" due "$dir" --json | json 'o["due"]')" "[]"
expect "what ran is left" 0 '^  left +reply ' "$sulh" case "$dir" "$case"
record "$dir" $mission case.reopen "{\"case\":\"$case\",\"reason\":\"error\"}"
is "until it is taken up again" "$("$sulh" due "$dir" --json | json 'len(o["due"])')" "$before_close"
done_testing
