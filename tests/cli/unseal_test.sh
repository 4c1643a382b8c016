#!/bin/sh
# What is sealed to two mediators, opened by both, one step each, on the record.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
dir=$work/node
outer=mediator/qatar/1 inner=mediator/turkiye/1
"$sulh" init "$dir" --agreement $agreement --demo >/dev/null
row "a demonstration" $?

head -c 1500000 /dev/urandom >"$work/film.mp4"
printf '{"type":"shelling","means":"told","summary":"who told it"}' >"$work/fields.json"
report() { # TIER: its id in $id
    "$sulh" record "$dir" incident.report "$work/fields.json" --as party/pakistan/1 --tier "$1" \
        --media video/mp4="$work/film.mp4" >"$work/answer" 2>"$work/complaint"
    row "a report, $1" $? "$(cat "$work/complaint")"
    id=$(json 'o["id"]' "$work/answer")
}
report mechanism
mechanism=$id
report sealed

states() { # KEYNAME, its state for it, and how far it is opened
    "$sulh" open "$dir" "$id" --as "$1" >"$work/opened" 2>>"$work/complaint"
    json '" ".join(p.get("media", "fields") + "=" + p["state"] + "," + p.get("opening", "-") for p in sorted(o["parts"], key=lambda p: p.get("media", "")))' "$work/opened"
}
closed='not for this key'
is "closed to the outer mediator" "$(states $outer)" "fields=$closed,- video/mp4=$closed,-"
is "and to the inner" "$(states $inner)" "fields=$closed,- video/mp4=$closed,-"

# --- who may not ---

expect "the inner one first" 1 "^sulh unseal: nothing in it is $inner's to unseal now" \
    "$sulh" unseal "$dir" "$id" --as $inner
said 'has its outer seal yet'
row "for the outer seal is another's" $? "$(cat "$work/said")"
expect "who signed it" 1 "is sealed to others" "$sulh" unseal "$dir" "$id" --as party/pakistan/1
expect "what is not sealed" 1 "nothing in it is" "$sulh" unseal "$dir" "$mechanism" --as $outer
expect "a key that reads nothing" 1 'no identity here to read with' \
    "$sulh" unseal "$dir" "$id" --as mediator/qatar/root
expect "nobody" 2 '--as KEYNAME is missing' "$sulh" unseal "$dir" "$id"
expect "no record" 1 'there is no record 0123' "$sulh" unseal "$dir" 0123 --as $outer
before=$(status_of "$dir" 'o["size"]')

# --- the outer one ---

mv "$dir/keys/$outer.age" "$work/kept.age"
cp "$dir/keys/$inner.age" "$dir/keys/$outer.age"
expect "with another's identity" 1 'is not sealed to this key' \
    "$sulh" unseal "$dir" "$id" --as $outer
mv "$work/kept.age" "$dir/keys/$outer.age"
is "nothing of all that is on the record" "$(status_of "$dir" 'o["size"]')" "$before"
echo "who told something else" >"$work/else.txt"
sealed=$(json '[p["commitment"] for p in o["parts"] if "fields" not in p][0]' "$work/opened")
printf '{"part":"%s","step":"outer"}' "$sealed" >"$work/fields.json"
expect "passing on something else than what was sealed" 1 'void.*something else than what it opens' \
    "$sulh" record "$dir" part.opened "$work/fields.json" --as $outer --tier sealed \
    --media text/plain="$work/else.txt"
is "opens nothing" "$(states $inner)" "fields=$closed,- video/mp4=$closed,-"
expect "the outer one" 0 '"step":"outer","verdict":"holds"' \
    "$sulh" unseal "$dir" "$id" --as $outer --why "To protect who told it."
is "once for each part" "$(grep -c '"step":"outer"' "$work/said")" 2
is "half open, and closed to it" "$(states $outer)" \
    "fields=$closed,half_open video/mp4=$closed,half_open"
expect "not again" 1 'has lost its outer seal already' "$sulh" unseal "$dir" "$id" --as $outer
is "closed to who signed it" "$(states party/pakistan/1)" \
    "fields=$closed,half_open video/mp4=$closed,half_open"

# --- the inner one ---

cp -r "$dir" "$work/lost"
rm "$work/lost/parts/large"/*
expect "what was passed on is not here" 1 'sulh unseal: the part [0-9a-f]{64}: ' \
    "$sulh" unseal "$work/lost" "$id" --as $inner
expect "the inner one" 0 '"step":"inner","verdict":"holds"' "$sulh" unseal "$dir" "$id" --as $inner
is "once for each part" "$(grep -c '"step":"inner"' "$work/said")" 2
for who in $outer $inner; do
    is "open to $who" "$(states $who)" "fields=open,open video/mp4=open,open"
    is "as it was told" "$(json '[p["fields"]["summary"] for p in o["parts"] if "fields" in p]' "$work/opened")" \
        "['who told it']"
done
"$sulh" open "$dir" "$id" --as $outer --out "$work/out" >/dev/null
cmp "$work/out"/* "$work/film.mp4"
row "and the film as it was" $?
is "closed to all others" "$(states party/afghanistan/1)" \
    "fields=$closed,open video/mp4=$closed,open"
expect "not again" 1 'is open already' "$sulh" unseal "$dir" "$id" --as $inner
expect "the audit holds" 0 '^nothing is wrong' "$sulh" audit "$dir"
done_testing
