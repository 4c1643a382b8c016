#!/bin/sh
# Every command: what it does, what it says when it is called wrongly (2) and when it
# cannot do what it is asked (1).

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
dir=$work/node

# --- how the program is called ---

expect "nothing to do" 2 '^sulh init DIR \[--proposal OUT\]' "$sulh"
expect "no such command" 2 'there is no command "frob"' "$sulh" frob
expect "help" 0 '^sulh check-receipt FILE --vkey KEY' "$sulh" help
expect "help for one" 0 '^  --as KEYNAME$' "$sulh" help record
expect "help as an option" 0 '^  --as-of N$' "$sulh" show "$dir" --help
expect "help for none" 2 'there is no command "frob"' "$sulh" help frob
expect "too few words" 2 'too few arguments: status DIR' "$sulh" status
expect "too many words" 2 '"x" is one too many' "$sulh" status "$dir" x
expect "no such option" 2 'there is no option --frob here' "$sulh" status "$dir" --frob
expect "an option twice" 2 '--as-of is given twice' "$sulh" show "$dir" entry 1 --as-of 1 --as-of 2
expect "an option without its value" 2 '--as-of needs N' "$sulh" show "$dir" entry 1 --as-of
expect "an option left out" 2 '--operator ORG is missing: the organisation' "$sulh" propose a b
expect "neither way to begin" 2 'either --proposal OUT, signed by the roots, or --demo' \
    "$sulh" init "$dir"
expect "a demonstration of nothing" 2 '--demo needs --agreement' "$sulh" init "$dir" --demo
expect "an option of the other way" 2 '--log-key does not go with --demo' \
    "$sulh" init "$dir" --demo --agreement $agreement --log-key x
expect "words after --" 1 'directory --json: there is none' "$sulh" status -- --json

# --- init ---

"$sulh" init "$dir" --agreement $agreement --demo >"$work/made"
row "init --demo" $?
said_id=$(cut -d ' ' -f 2 "$work/made")
is "which says the agreement" "$(cut -d ' ' -f 1 "$work/made")" demo.invalid/doha-istanbul-2025
is "and the id of entry 0" "$said_id" "$("$sulh" show "$dir" entry 0 --json | json 'o["id"]')"
is "an organisation's first author can sign" \
    "$("$sulh" key list "$dir" | grep -c '^[a-z]*/[a-z-]*/1$')" 8
is "nobody else reads the keys" \
    "$(find "$dir/keys" -perm /077 | head -n 1)$(find "$dir" -maxdepth 0 -perm /027)" ""
is "log.vkey is one line" "$(wc -l <"$dir/log.vkey")" 1
expect "init spares what is there" 1 'is not empty: it holds' \
    "$sulh" init "$dir" --agreement $agreement --demo
mkdir "$work/full" && echo x >"$work/full/file"
expect "whatever it is" 1 'is not empty: it holds file' \
    "$sulh" init "$work/full" --agreement $agreement --demo
expect "no such agreement" 1 'directory /nowhere: there is none' \
    "$sulh" init "$work/new" --agreement /nowhere --demo
expect "a folder without one" 1 'it holds no agreement.toml' \
    "$sulh" init "$work/new" --agreement "$work/full" --demo
expect "no such operator" 1 'has no organisation "party/atlantis"' \
    "$sulh" init "$work/new" --agreement $agreement --demo --operator party/atlantis
[ ! -e "$work/new" ]
row "init that is refused makes nothing" $?

# --- init with real roots, whose keys stay theirs (more of it in ceremony_test.sh) ---

keys=
for org in mediator/qatar mediator/turkiye party/afghanistan party/pakistan; do
    keys="$keys $org/root"
done
for name in $keys mediator/qatar/node mediator/qatar/promise doha-istanbul-2025/term/1; do
    mkdir -p "$work/keys/$name"
    "$sulh" key new "$work/keys/$name/it.key" $name --plain >>"$work/vkeys"
done
is "key new prints vkeys" "$(grep -cE '^[a-z]+/[a-z]+/root\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$' "$work/vkeys")" 4
"$sulh" propose $agreement "$work/proposal" --keys "$work/vkeys" --operator mediator/qatar >/dev/null
for name in $keys; do
    "$sulh" sign "$work/proposal" --key-file "$work/keys/$name/it.key" --yes >/dev/null || echo $name
done >"$work/unsigned"
is "its roots sign" "$(cat "$work/unsigned")" ""
expect "init with its roots" 0 '^doha-istanbul-2025 [0-9a-f]{64}$' "$sulh" init "$work/real" \
    --proposal "$work/proposal" --node-key "$work/keys/mediator/qatar/node/it.key" \
    --promise-key "$work/keys/mediator/qatar/promise/it.key" \
    --log-key "$work/keys/doha-istanbul-2025/term/1/it.key"
is "keeps the operator's keys alone" "$("$sulh" key list "$work/real" | tr '\n' ' ')" \
    "doha-istanbul-2025/term/1 mediator/qatar/node mediator/qatar/promise "
is "it is no demonstration" "$(status_of "$work/real" 'o["demo"]')" 0
expect "and its audit holds" 0 '^nothing is wrong' "$sulh" audit "$work/real"

# A root admits with its own key file; who is admitted signs.
vkey=$("$sulh" key new "$work/real" party/pakistan/1)
printf '{"key":"%s","job":"author","org":"party/pakistan","role":"delegation-head"}' "$vkey" \
    >"$work/admit.json"
expect "a root admits an author" 0 '"verdict":"holds"' "$sulh" record "$work/real" member.admit \
    "$work/admit.json" --key-file "$work/keys/party/pakistan/root/it.key"
record "$work/real" party/pakistan/1 incident.open '{"title":"a crossing"}'
row "who opens an incident" $? "$(cat "$work/complaint")"

# --- key ---

expect "key without a verb" 2 '"find" is nothing to do with a key: new, show, public' \
    "$sulh" key find "$dir"
expect "key new needs a name" 2 'key new DIR.FILE.key NAME' "$sulh" key new "$dir"
expect "a name that is none" 2 '"A B" cannot name a key' "$sulh" key new "$dir" 'A B'
expect "a name that leads away" 2 'cannot name a key' "$sulh" key new "$dir" ../../evil
[ -z "$(find "$work" -name 'evil*')" ]
row "leads nowhere" $?
expect "a key there is" 1 'there is a key party/pakistan/1 already' \
    "$sulh" key new "$dir" party/pakistan/1
expect "key show" 0 '^party/pakistan/1\+' "$sulh" key show "$dir" party/pakistan/1
expect "key show of none" 1 'no key "party/atlantis/1" here' "$sulh" key show "$dir" party/atlantis/1
expect "an option that is for others" 2 '--witness is for key new' \
    "$sulh" key show "$dir" party/pakistan/1 --witness
"$sulh" key new "$dir" party/pakistan/witness --witness >/dev/null
is "a witness's vkey is of type 4" "$("$sulh" key show "$dir" party/pakistan/witness |
    cut -d + -f 3- | base64 -d | head -c 1 | od -An -tx1 | tr -d ' ')" 04
printf '{"title":"x"}' >"$work/title.json"
expect "and signs no record" 1 "a witness's key: it cosigns, and signs no records" \
    "$sulh" record "$dir" incident.open "$work/title.json" --as party/pakistan/witness
chmod 644 "$dir/keys/party/pakistan/1.key"
expect "a key that others read" 1 'is open to others: chmod 600 it' \
    "$sulh" key show "$dir" party/pakistan/1
chmod 600 "$dir/keys/party/pakistan/1.key"

# --- record ---

: >"$work/empty.json"
printf '{}' >"$work/bare.json"
printf '{"title":"here"}' >"$work/open.json"
pakistan="--as party/pakistan/1"
expect "who signs" 2 'who signs\? Either --as KEYNAME' \
    "$sulh" record "$dir" claim "$work/bare.json"
expect "not two" 2 'who signs\?' "$sulh" record "$dir" claim "$work/bare.json" $pakistan \
    --key-file "$work/keys/party/pakistan/root/it.key"
expect "a key that is not here" 1 'no key "party/atlantis/1" here' \
    "$sulh" record "$dir" incident.open "$work/open.json" --as party/atlantis/1
expect "no such kind" 2 'there is no kind "incident.opened": sulh rules prints them all' \
    "$sulh" record "$dir" incident.opened "$work/bare.json" $pakistan
expect "no such file" 1 'open .*/nothing.json: No such file' \
    "$sulh" record "$dir" claim "$work/nothing.json" $pakistan
expect "a file that is empty" 1 'empty.json: line 1, column 1' \
    "$sulh" record "$dir" claim "$work/empty.json" $pakistan
expect "a field is missing" 1 'claim: "claimant" is missing' \
    "$sulh" record "$dir" claim "$work/bare.json" $pakistan
is "none of these is in the log" "$(status_of "$dir" 'o["incidents"]')" 0
record "$dir" party/pakistan/1 incident.open '{"title":"here"}'
is "record" "$record_status:$(json 'o["verdict"]' "$work/answer")" 0:holds
incident=$id
is "which ends with a tick" "$(status_of "$dir" 'o["size"]')" \
    "$(($(json 'o["index"]' "$work/answer") + 2))"
printf '{"title":"there"}' | "$sulh" record "$dir" incident.open - $pakistan >/dev/null
row "record from standard input" $?
record "$dir" observer/un/1 record.withdraw "{\"record\":\"$incident\",\"reason\":\"error\"}"
is "a void record is printed and fails" \
    "$record_status:$(json 'o["verdict"], o["reason"]' "$work/answer")" "1:('void', 'not_yours')"
is "and says what it is void by" "$(sed 's/entry [0-9]*/entry N/' "$work/complaint")" \
    "sulh record: entry N (record.withdraw) is logged and void by rules 1 record.withdraw: Only who signed it, or may by the agreement, can do this. (record $incident was signed by party/pakistan/1)"
record "$dir" observer/open-source/node clock.tick '{"at_ms":1}'
is "the operator's own key signs, too" "$record_status:$(json 'o["reason"]' "$work/answer")" 1:tick
"$sulh" key new "$dir" party/pakistan/9 >/dev/null
record "$dir" party/pakistan/9 incident.open '{"title":"x"}'
is "a key never admitted is refused" "$record_status:$(grep -c 'refused: unknown key' "$work/complaint")" 1:1

# --- status and show ---

is "status --json" "$(status_of "$dir" \
    '[type(o[k]).__name__ for k in ("size","root","digest","incidents","records")]')" \
    "['int', 'str', 'str', 'int', 'dict']"
is "counts what took effect" "$(status_of "$dir" 'o["incidents"], o["records"]["incident.open"]')" \
    "(2, 2)"
expect "status in words" 0 '^incidents +2$' "$sulh" status "$dir"
expect "status of no directory" 1 'directory /nowhere: there is none' "$sulh" status /nowhere
expect "status of some other" 1 'no node.s directory: it has no sulh.toml' "$sulh" status "$work/full"
expect "output that cannot be written" 1 'write to standard output: No space left' \
    sh -c "'$sulh' status '$dir' --json >/dev/full"

at=$(json 'o["size"] - 1' <<EOT
$("$sulh" status "$dir" --json)
EOT
)
"$sulh" show "$dir" incident "$incident" --json >"$work/before.json"
claim="{\"incident\":\"$incident\",\"claimant\":\"ISPR\",\"side\":\"PAK\",\"matter\":\"killed\",\"subject\":\"own soldiers\",\"min\":23,\"channel\":\"filed\",\"statement\":\"x\"}"
record "$dir" party/pakistan/1 claim "$claim"
row "a claim" $? "$(cat "$work/complaint")"
claim_id=$id
"$sulh" show "$dir" incident "$incident" --json >"$work/after.json"
is "show incident" "$(json 'o["claims"][0]["id"]' "$work/after.json")" "$claim_id"
is "what was known before" "$(json 'len(o["claims"])' "$work/before.json")" 0
"$sulh" show "$dir" incident "$incident" --json --as-of "$at" >"$work/then.json"
cmp -s "$work/before.json" "$work/then.json"
row "show --as-of is exactly that" $? "$(diff "$work/before.json" "$work/then.json")"
expect "before there was one" 1 "there is no incident $incident" "$sulh" show "$dir" incident "$incident" --as-of 1
expect "as of what is to come" 1 'as_of is 9999' "$sulh" show "$dir" entry 0 --as-of 9999
expect "as of no number" 2 '--as-of must be a decimal number' "$sulh" show "$dir" entry 0 --as-of -1
is "show record" "$("$sulh" show "$dir" record "$claim_id" --json | json 'o["kind"]')" claim
is "show entry is the same" "$("$sulh" show "$dir" record "$claim_id" --json)" \
    "$("$sulh" show "$dir" entry "$(json 'o["index"]' "$work/answer")" --json)"
expect "show in words" 0 '^kind: claim$' "$sulh" show "$dir" record "$claim_id"
expect "no such entry" 1 'there is no entry 9999: the last one is' "$sulh" show "$dir" entry 9999
expect "no such record" 1 'there is no record 0{64}' "$sulh" show "$dir" record "$(printf '%064d' 0)"
expect "no id" 1 'give 64 lower-case hex digits' "$sulh" show "$dir" incident 12
expect "show what" 2 'show what\? entry N, record ID or incident ID' "$sulh" show "$dir" thing 1
record "$dir" party/pakistan/1 incident.open '{"title":"a\u001b]0;b\u202ec\nstate: open"}'
"$sulh" show "$dir" incident "$id" >"$work/shown"
is "what somebody wrote cannot play on the terminal" "$(grep -cF 'title: a\u001b]0;b\u202ec' \
    "$work/shown")" 1
is "nor pass for a line of ours" "$(grep -c '^ *state: open$' "$work/shown")" 1

# --- receipts ---

log=$(cat "$dir/log.vkey")
other=$(cat "$work/real/log.vkey")
entry=$(json 'o["index"]' "$work/answer")
"$sulh" receipt "$dir" "$entry" >"$work/receipt"
row "receipt" $?
expect "check-receipt" 0 "^entry $entry of demo.invalid/doha-istanbul-2025/term/1 at size [0-9]+, leaf " \
    "$sulh" check-receipt "$work/receipt" --vkey "$log"
expect "of another log" 1 'check-receipt: ' "$sulh" check-receipt "$work/receipt" --vkey "$other"
expect "by no key" 2 'vkey: ' "$sulh" check-receipt "$work/receipt" --vkey x
expect "by none" 2 '--vkey KEY is missing: the log.s key' "$sulh" check-receipt "$work/receipt"
"$sulh" show "$dir" entry "$entry" --json | json 'o["note"]' | head -c -1 >"$work/entry"
expect "with one's own copy" 0 "^entry $entry of" \
    "$sulh" check-receipt "$work/receipt" --vkey "$log" --entry "$work/entry"
echo >>"$work/entry"
expect "that is another" 1 'check-receipt: ' \
    "$sulh" check-receipt "$work/receipt" --vkey "$log" --entry "$work/entry"
lines=$(wc -l <"$work/receipt")
for line in $(seq "$lines"); do
    awk -v n="$line" 'NR == n { sub(/[A-Za-z0-9]$/, "!") || sub(/=*$/, "!") } { print }' \
        "$work/receipt" >"$work/altered"
    "$sulh" check-receipt "$work/altered" --vkey "$log" >/dev/null 2>&1
    [ $? -eq 1 ] || echo "line $line"
done >"$work/passed"
is "altered in any line" "$(cat "$work/passed")" ""
expect "receipt of no entry" 1 'there is no entry 9999: the log has [0-9]+' "$sulh" receipt "$dir" 9999
expect "receipt of no number" 2 'N must be a decimal number, not "x"' "$sulh" receipt "$dir" x

# --- audit and replay ---

expect "audit" 0 "^entry 0 +$said_id$" "$sulh" audit "$dir" --agreement "$said_id"
expect "audit of another agreement" 1 'WRONG' "$sulh" audit "$dir" --agreement "$(printf '%064d' 0)"
"$sulh" audit "$dir" --json >"$work/audit.json"
is "audit --json says what status says" "$(json 'o["ok"], o["entries"], o["root"], o["digest"]' "$work/audit.json")" \
    "$(status_of "$dir" '1, o["size"], o["root"], o["digest"]')"
cp -a "$dir" "$work/bent"
printf '\377' | dd of="$work/bent/log/tile/0/000.p/$(ls "$work/bent/log/tile/0/000.p")" \
    bs=1 seek=7 conv=notrunc 2>/dev/null
expect "audit of a changed byte" 1 'WRONG: ' "$sulh" audit "$work/bent"
is "audit --json of it" "$("$sulh" audit "$work/bent" --json | json 'o["ok"]')" 0

before=$("$sulh" status "$dir" --json)
digest=$(status_of "$dir" 'o["digest"]')
expect "replay" 0 "^[0-9]+ entries, digest $digest$" "$sulh" replay "$dir"
is "leaves everything as it was" "$("$sulh" status "$dir" --json)" "$before"
rm -f "$dir"/store.db*
is "status without a store makes it anew" "$("$sulh" status "$dir" --json)" "$before"
rm -f "$dir"/store.db*
expect "and so does replay" 0 "digest $digest$" "$sulh" replay "$dir"
printf 'not a store' >"$dir/store.db"
expect "a damaged store says what mends it" 1 'replay' "$sulh" status "$dir"
expect "replay mends it" 0 "digest $digest$" "$sulh" replay "$dir"
is "as it was" "$("$sulh" status "$dir" --json)" "$before"
expect "replay of what is no node's" 1 'it has no sulh.toml' "$sulh" replay "$work/full"
is "makes nothing there" "$(ls "$work/full")" file

# --- import and rules ---

expect "no such feed" 2 '"rss" is no feed' "$sulh" import "$dir" rss x
expect "import" 0 '"claims":96' "$sulh" import "$dir" chronology data/chronology
expect "again is no harm" 0 '"new":0' "$sulh" import "$dir" chronology data/chronology
expect "rules" 0 '^### claim 1$' "$sulh" rules
for kind in $("$sulh" rules | sed -n 's/^### \(.*\) 1$/\1/p'); do
    "$sulh" rules "$kind" >"$work/kind"
    [ "$(head -n 1 "$work/kind"), $(grep -c '^#' "$work/kind")" = "### $kind 1, 1" ] || echo "$kind"
done >"$work/others"
is "rules of each kind alone" "$(cat "$work/others")" ""
expect "rules of no kind" 2 'there is no kind "clam"' "$sulh" rules clam
expect "the audit at the end" 0 '^nothing is wrong' "$sulh" audit "$dir"
done_testing
