#!/bin/sh
# The terms amended: proposed by one root from a folder, agreed by the others from theirs, in
# force from a moment on; and what each step refuses.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
dir=$work/node

"$sulh" init "$dir" --agreement $agreement --demo >/dev/null 2>"$work/complaint"
row "a demonstration" $? "$(cat "$work/complaint")"
record "$dir" observer/mission/1 incident.open '{"title":"Shots at night"}'

# Version 2: another clause for refusals, another act.
folder=$work/folder
cp -r $agreement "$folder"
cat >>"$folder/agreement.toml" <<'EOT'

[[clause]]
id = "P-amended"
text.en = "What nobody is given the right to do changes nothing."
status = "proposed"

[[act]]
id = "K-999"
clause = "P-amended"
label.en = "An act that was forgotten"
EOT
sed -i 's/^no_move = .*/no_move = "P-amended"/' "$folder/agreement.toml"

expect "neither proposes nor agrees" 2 'either --from DATE' "$sulh" amend "$dir" "$folder"
expect "both" 2 'either --from DATE' "$sulh" amend "$dir" "$folder" --from now --concur x
expect "two signers" 2 'who signs' "$sulh" amend "$dir" "$folder" --from now --as x --key-file y
expect "no date" 2 'is no date' "$sulh" amend "$dir" "$folder" --from tomorrow
expect "a day that there is not" 2 'is no date' "$sulh" amend "$dir" "$folder" --from 2099-02-29
expect "the past" 1 'nothing is amended before now' "$sulh" amend "$dir" "$folder" --from 2025-10-19
expect "no folder" 1 'amend|open' "$sulh" amend "$dir" "$work/nowhere" --from now
expect "an amendment that is not there" 1 'no amendment of the terms' \
    "$sulh" amend "$dir" "$folder" --concur 0000

other=$work/other
mkdir "$other"
sed 's/^name = "doha-istanbul-2025"/name = "elsewhere"/' "$folder/agreement.toml" >"$other/agreement.toml"
expect "another agreement's" 1 'of the agreement demo.invalid/elsewhere, and this log' \
    "$sulh" amend "$dir" "$other" --from now
sed 's/^quorum = .*/quorum = 1/' "$folder/agreement.toml" >"$other/agreement.toml"
expect "another quorum" 1 '"quorum" is fixed by entry 0' "$sulh" amend "$dir" "$other" --from now
sed 's/^no_move = .*/no_move = "P-nowhere"/' "$folder/agreement.toml" >"$other/agreement.toml"
expect "terms that are not well formed" 1 'no .*clause.* has the id "P-nowhere"' \
    "$sulh" amend "$dir" "$other" --from now

size=$(status_of "$dir" 'o["size"]')
expect "what it would change" 0 '^  new +act/K-999' "$sulh" amend "$dir" "$folder" --from now
expect "the head, too" 0 '^  changed  agreement: no_move$' "$sulh" amend "$dir" "$folder" --from now
echo no | "$sulh" amend "$dir" "$folder" --from now --as mediator/qatar/root >"$work/said" 2>&1
is "who does not say yes signs nothing" "$(tail -n 1 "$work/said" | grep -o 'nothing was signed')" \
    'nothing was signed'
is "and nothing is in the log" "$(status_of "$dir" 'o["size"]')" "$size"
expect "a key that is no root's" 1 'void by format §1.4' \
    "$sulh" amend "$dir" "$folder" --from now --as party/pakistan/1 --yes

"$sulh" amend "$dir" "$folder" --from now --as mediator/qatar/root --yes >"$work/page" 2>&1
row "proposed" $? "$(cat "$work/page")"
tail -n 1 "$work/page" >"$work/answer"
second=$(json 'o["id"]' "$work/answer")
is "which it is not yet" "$(json 'o["state"], o["version"]' "$work/answer")" "('proposed', 2)"
is "whom it waits for" "$(json '" ".join(o["waits_for"])' "$work/answer")" \
    "mediator/turkiye/root party/afghanistan/root party/pakistan/root"
expect "agreed to by who has another folder" 1 'is not what the amendment lists' \
    "$sulh" amend "$dir" $agreement --concur "$second" --as party/pakistan/root --yes
expect "agreed to by who proposed" 1 'void by P-no-move' \
    "$sulh" amend "$dir" "$folder" --concur "$second" --as mediator/qatar/root --yes
record "$dir" party/pakistan/1 incident.report '{"act":"K-999","means":"heard"}'
is "not in force" "$(json 'o["reason"]' "$work/answer")" term

for root in mediator/turkiye party/afghanistan; do
    expect "agreed to by $root" 0 '"state":"proposed"' \
        "$sulh" amend "$dir" "$folder" --concur "$second" --as $root/root --yes
done
# The last by a key that is kept elsewhere.
mv "$dir/keys/party/pakistan/root.key" "$work/root.key"
expect "and by the last" 0 '"state":"agreed"' \
    "$sulh" amend "$dir" "$folder" --concur "$second" --key-file "$work/root.key" --yes
expect "once" 1 'void by' "$sulh" amend "$dir" "$folder" --concur "$second" --key-file "$work/root.key" --yes
record "$dir" party/pakistan/1 incident.report '{"act":"K-999","means":"heard"}'
is "in force" "$(json 'o["verdict"]' "$work/answer")" holds

# A version that begins later, and one that was overtaken.
sed -i 's/An act that was forgotten/An act that was nearly forgotten/' "$folder/agreement.toml"
"$sulh" amend "$dir" "$folder" --from 2099-01-01 --as mediator/qatar/root --yes >"$work/page" 2>&1
row "a third version" $? "$(cat "$work/page")"
third=$(tail -n 1 "$work/page" | json 'o["id"]')
grep -qx '  changed  act/K-999: label' "$work/page"
row "says what it changes of the second" $? "$(cat "$work/page")"
for root in mediator/turkiye party/afghanistan; do
    "$sulh" amend "$dir" "$folder" --concur "$third" --as $root/root --yes >/dev/null 2>&1
done
expect "agreed, for 2099" 0 '"from_ms":4070908800000.*"state":"agreed","version":3' \
    "$sulh" amend "$dir" "$folder" --concur "$third" --key-file "$work/root.key" --yes

serve "$dir"
is "the second rules" "$(get /api/agreement | json 'o["version"], o["agreement"]["no_move"]')" \
    "(2, 'P-amended')"
is "the first is kept" "$(get '/api/agreement?version=1' | json 'o["agreement"]["no_move"]')" P-no-move
is "and the third is there to be read" \
    "$(get '/api/agreement?version=3' | json '[a["label"]["en"] for a in o["terms"]["act"] if a["id"] == "K-999"]')" \
    "['An act that was nearly forgotten']"
is "no item stands in two versions" \
    "$(get /api/agreement | json 'len([a for a in o["terms"]["act"] if a["id"] == "K-999"])')" 1
get /api/agreement/files/line.geojson >"$work/line"
cmp -s "$work/line" "$folder/line.geojson"
row "the files are the amendment's" $?
end_server TERM
expect "audit" 0 'nothing is wrong' "$sulh" audit "$dir"
"$sulh" replay "$dir" >/dev/null 2>&1
record "$dir" party/pakistan/1 incident.report '{"act":"K-999","means":"heard"}'
is "replay gives the same terms" "$(json 'o["verdict"]' "$work/answer")" holds
done_testing
