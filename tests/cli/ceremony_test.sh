#!/bin/sh
# doc/ceremony.md from start to finish: three organisations, each on a machine of its own (a
# directory here), encrypted root keys, quorum 2; and what each step must refuse.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh

machine() { # NAME: from here on we are there, with its passphrase
    mkdir -p "$work/$1"
    [ -e "$work/$1/passphrase" ] || (umask 077 && echo "the passphrase of $1" >"$work/$1/passphrase")
    export SULH_PASSPHRASE_FILE="$work/$1/passphrase"
    here=$work/$1
}

# An agreement with more text than fits in one piece, and a map. The name of one organisation
# begins with another's.
folder=$work/agreement
mkdir "$folder"
{
    cat <<'EOT'
[agreement]
name = "north-south"
title.en = "Truce between North and South"
entries = "public"
quorum = 3
max_gap_ms = 1800000
rules = 1
no_move = "N"
clause = 1
EOT
    cat <<'EOT'

[[clause]]
id = "N"

[[role]]
id = "envoy"
may = ["admit", "open_incident", "report", "claim", "link", "withdraw"]
EOT
    for org in "helper 1 envoy" "north 1 envoy" "south 1 envoy" "north/relief 0 envoy" "press 0"; do
        set -- $org
        printf '\n[[organisation]]\nid = "%s"\nroot = %s\nname.en = "%s"\n' "$1" "$2" "The $1"
        [ -z "${3-}" ] || printf 'role = "%s"\n' "$3"
    done
    printf '\n[[annex]]\nid = "a"\ntext.en = "'
    seq -f 'line %g of the annex. ' 2000 | tr -d '\n'
    printf '"\n'
} | grep -v '^clause = 1' >"$folder/agreement.toml"
echo '{"type":"FeatureCollection","features":[]}' >"$folder/line.geojson"
echo 'not for the record' >"$folder/README.txt"

# --- each organisation: its keys, and what it hands over ---

for org in helper north south; do
    machine $org
    "$sulh" key new "$here/root.key" $org/root &&
        "$sulh" key new "$here/node.key" $org/node --plain &&
        "$sulh" key new "$here/witness.key" $org/witness --witness --plain &&
        "$sulh" key new "$here/1.key" $org/1 --plain &&
        "$sulh" key reader "$here/1.age"
    cp "$here/node.key" "$here/mine.key"
done >"$work/vkeys"
row "keys on three machines" $?
is "roots' are encrypted" "$(head -qn 1 "$work"/*/root.key | sort | uniq -c | sed 's/^ *//')" \
    "3 sulh/key/v1"
machine helper
"$sulh" key new "$here/log.key" north-south/term/1 --plain >>"$work/vkeys" &&
    "$sulh" key new "$here/promise.key" helper/promise --plain >>"$work/vkeys" &&
    "$sulh" key new "$here/relief.key" north/relief/1 --plain >>"$work/vkeys"
row "the operator's log and promise keys, and somebody's who has no root" $?
for org in helper north south; do
    machine $org
    "$sulh" key public "$here/root.key" "$here/node.key" "$here/witness.key" "$here/1.key" \
        "$here/1.age" >"$work/$org.vkeys"
done
row "public keys are handed over" $?
"$sulh" key public "$work/helper/log.key" "$work/helper/promise.key" "$work/helper/relief.key" \
    >"$work/operator.vkeys"
is "as they were printed" "$(cat "$work"/*.vkeys | sort)" "$(sort "$work/vkeys")"
all_keys="--keys $work/helper.vkeys --keys $work/north.vkeys --keys $work/south.vkeys
    --keys $work/operator.vkeys"

# --- what cannot be proposed ---

propose() { # FOLDER OUT OPTION...: with what is usual
    propose_folder=$1 propose_out=$2
    shift 2
    "$sulh" propose "$propose_folder" "$propose_out" --operator helper --quorum 2 "$@"
}
made() { # NAME VKEY-FILE REGEXP: with this file beside all the others
    expect "$1" 1 "$3" propose "$folder" "$work/no" $all_keys --keys "$2"
}
expect "no keys at all" 2 "the organisations' keys are missing" propose "$folder" "$work/no"
expect "no operator" 2 '--operator ORG is missing' "$sulh" propose "$folder" "$work/no" $all_keys
expect "an operator of no agreement" 1 'has no organisation "atlantis"' \
    "$sulh" propose "$folder" "$work/no" $all_keys --operator atlantis
expect "an operator without a log key" 1 'nobody handed over the key "north-south/term/1"' \
    propose "$folder" "$work/no" --keys "$work/helper.vkeys" --keys "$work/north.vkeys" \
    --keys "$work/south.vkeys"
expect "a root that handed over nothing" 1 'nobody handed over the key "south/root"' \
    propose "$folder" "$work/no" --keys "$work/helper.vkeys" --keys "$work/north.vkeys" \
    --keys "$work/operator.vkeys"
expect "another operator than whose promise key is here" 1 'only the operator, north, has one' \
    "$sulh" propose "$folder" "$work/no" $all_keys --operator north
expect "more cosignatures than witnesses" 1 'quorum is larger than the number of witnesses' \
    "$sulh" propose "$folder" "$work/no" $all_keys --operator helper --quorum 4
expect "a file that is not there" 1 'open /nowhere' propose "$folder" "$work/no" --keys /nowhere
echo "x+00000000+AQ" >"$work/bad"
made "no vkey" "$work/bad" 'bad: line 1: vkey: '
head -c 40 "$work/north.vkeys" >"$work/bad"
made "a line cut short" "$work/bad" 'bad: line 1: it does not end in a newline'
made "a key twice" "$work/north.vkeys" 'the key north/root: there is another of that name'
head -n 1 "$work/vkeys" >"$work/bad"
grep -m 1 ^age1 "$work/vkeys" >>"$work/bad"
expect "what a root would read with" 1 'bad: line 2: an age recipient is an author' \
    propose "$folder" "$work/no" --keys "$work/bad"
grep ^age1 "$work/vkeys" >"$work/bad"
made "what nobody reads with" "$work/bad" 'bad: line 1: an age recipient is an author'
sed '$!d; s/./Z/10' "$work/north.vkeys" >"$work/bad"
sed -n '4p' "$work/north.vkeys" | cat - "$work/bad" >"$work/bad.2"
expect "what nobody could read with" 1 'line 2: of north/1: age recipient: a letter' \
    propose "$folder" "$work/no" --keys "$work/bad.2"
other() { # NAME [OPTION]: a key made now
    rm -f "$work/other.key"
    "$sulh" key new "$work/other.key" "$@" --plain >"$work/bad"
}
machine north
other atlantis/root
made "of nobody" "$work/bad" 'the key atlantis/root: it is of no organisation of north-south'
other press/root
made "a root that is none" "$work/bad" 'the agreement does not have press as a root'
other press/1
made "an author that may do nothing" "$work/bad" 'gives the authors of press no role'
other north/relief/witness
made "a witness's key that signs records" "$work/bad" 'it is of another type than a witness'
other north-south/term/2
made "the log's next" "$work/bad" 'the key north-south/term/2: it is of no organisation'
sed 's/north\/node/north\/2/' "$work/north/node.key" >"$work/moved.key"
expect "one seed under two names has two ids" 1 "the key id is another key's" \
    "$sulh" key public "$work/moved.key"
python3 - "$work/north/node.key" >"$work/moved.key" <<'EOT'
import base64, ctypes, ctypes.util, hashlib, sys
typed = base64.b64decode(open(sys.argv[1]).read().split("+", 4)[4])
sodium = ctypes.CDLL(ctypes.util.find_library("sodium"))
public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(64)
sodium.crypto_sign_seed_keypair(public, secret, typed[1:])
name = "north/2"
key_id = hashlib.sha256(name.encode() + b"\n\x01" + public.raw).hexdigest()[:8]
print(f"PRIVATE+KEY+{name}+{key_id}+{base64.b64encode(typed).decode()}")
EOT
"$sulh" key public "$work/moved.key" >"$work/bad"
made "one key under two names" "$work/bad" 'record [0-9]+, member.admit by north/root, would not hold: .*the key is bound already'
cp -r "$folder" "$work/folder"
printf '\nmore = 1\n' >>"$work/folder/agreement.toml"
sed -i 's/^rules = 1/rules = 7/' "$work/folder/agreement.toml"
expect "rules that this program lacks" 1 'names rules 7' propose "$work/folder" "$work/no" $all_keys
mkdir "$work/full" && echo x >"$work/full/file"
expect "a folder that is in use" 1 'full is not empty: it holds file' \
    propose "$folder" "$work/full" $all_keys
[ ! -e "$work/no" ]
row "and nothing is made" $?

# --- the proposal ---

out=$work/proposal
expect "propose" 0 '^quorum     2 of 3 witnesses$' propose "$folder" "$out" $all_keys
cp "$work/said" "$work/proposed"
anchor=$(sed -n 's/^entry 0    //p' "$work/proposed")
is "says the id of entry 0, which is the sum of its text" "$anchor" \
    "$(sha256sum "$out/0000.text" | cut -d ' ' -f 1)"
is "and every key" "$(grep -oE '[a-z0-9/-]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$' "$work/proposed" | sort)" \
    "$(grep -v ^age1 "$work/vkeys" | sort)"
is "and what authors read with" "$(sed -n 's/^ *reads by //p' "$work/proposed" | sort)" \
    "$(grep ^age1 "$work/vkeys" | sort)"
is "in the order of the log" "$(for text in "$out"/*.text; do sed -n 2p "$text"; done | uniq -c |
    sed 's/^ *//' | tr '\n' ' ')" \
    "1 agreement.adopt 1 3 agreement.part 1 3 agreement.concur 1 4 member.admit 1 "
is "pieces with their sums" "$(grep -cE '^  [0-9a-f]{64}  agreement.toml [12]$' "$work/proposed")" 2
is "the files as they are" "$(cd "$out/agreement" && sha256sum -- *)" \
    "$(cd "$folder" && sha256sum agreement.toml line.geojson)"
is "nothing is signed" "$(find "$out" -name '*.note')" ""
propose "$folder" "$work/again" --keys "$work/operator.vkeys" --keys "$work/south.vkeys" \
    --keys "$work/north.vkeys" --keys "$work/helper.vkeys" >/dev/null
for text in "$out"/*.text; do
    sed 's/"said_at_ms":[0-9]*//; s/"prev":"[^"]*"//; s/"agreement":"[0-9a-f]*"//' "$text"
done >"$work/one"
for text in "$work/again"/*.text; do
    sed 's/"said_at_ms":[0-9]*//; s/"prev":"[^"]*"//; s/"agreement":"[0-9a-f]*"//' "$text"
done >"$work/two"
cmp -s "$work/one" "$work/two"
row "the order in which keys came makes no difference" $?

# --- what nobody signs ---

machine south
sign() { # [OPTION...]
    "$sulh" sign "$here/proposal" --key-file "$here/root.key" "$@"
}
bring() { # a fresh copy of the proposal to this machine
    rm -rf "$here/proposal"
    cp -r "$out" "$here/proposal"
}
refuses() { # NAME REGEXP: what was done to the copy is found, and nothing is signed
    expect "$1" 1 "$2" sign --yes
    [ -z "$(find "$here/proposal" -name '*.note' -newer "$out/0000.text" | grep -v "${3-/$}")" ]
    row "  and nothing is signed" $?
    bring
}
bring
expect "a no" 1 'nothing was signed' sh -c 'echo no | "$@"' sh \
    "$sulh" sign "$here/proposal" --key-file "$here/root.key"
expect "nobody to say yes" 1 'nothing was signed' sign
is "writes nothing" "$(find "$here/proposal" -name '*.note')" ""

# One byte of each text, at its start, in its middle and at its end.
for text in "$out"/*.text; do
    size=$(stat -c %s "$text")
    for at in 2 $((size / 2)) $((size - 10)); do
        bring
        python3 -c 'import sys; f = open(sys.argv[1], "r+b"); n = int(sys.argv[2]); f.seek(n)
b = f.read(1); f.seek(n); f.write(b"1" if b != b"1" else b"2")' "$here/proposal/${text##*/}" $at
        "$sulh" sign "$here/proposal" --key-file "$work/south/root.key" --yes >/dev/null 2>&1
        [ $? -eq 1 ] || echo "${text##*/} $at"
        find "$here/proposal" -name '*.note'
    done
done >"$work/passed"
is "a byte of any text" "$(cat "$work/passed")" ""
bring
n=$(ls "$out"/*.text | wc -l)
last=$(printf '%04d' $((n - 1)))
sed -i '3s/"said_at_ms":1/"said_at_ms":2/' "$here/proposal/$last.text"
refuses "a clock put forward in one" "$last.text was changed: it is not the member.admit of"
mv "$here/proposal/0001.text" "$work/one"
mv "$here/proposal/0002.text" "$here/proposal/0001.text"
mv "$work/one" "$here/proposal/0002.text"
refuses "another order of pieces" '0001.text was changed'
mv "$here/proposal/0005.text" "$work/one"
mv "$here/proposal/0006.text" "$here/proposal/0005.text"
mv "$work/one" "$here/proposal/0006.text"
refuses "another order of consents" '0005.text was changed'
rm "$here/proposal/0003.text"
refuses "a text left out" '0003.text is missing'
rm "$here/proposal/0008.text"
refuses "an admission left out" '0008.text is missing'
cp "$here/proposal/$last.text" "$here/proposal/$(printf '%04d' "$n").text"
refuses "an admission twice" 'the key north/relief/1: there is another of that name'
cp "$here/proposal/0001.text" "$here/proposal/$(printf '%04d' "$n").text"
refuses "a text too many" "it holds $((n + 1)) texts, and must hold $n"
cp "$work/again/0000.text" "$here/proposal/0000.text"
refuses "entry 0 of another proposal" '0001.text was changed'
echo x >"$here/proposal/notes.txt"
refuses "a file that is no part of it" 'notes.txt is no part of a proposal'
echo more >"$here/proposal/agreement/annex.txt"
refuses "nor beside the agreement" 'agreement/annex.txt is no part of a proposal'
echo '{"type":"FeatureCollection","features":[ ]}' >"$here/proposal/agreement/line.geojson"
refuses "a file that is not what entry 0 lists" 'agreement/line.geojson is not the file that entry 0'
sed -i 's/line 1999 /line 1998 /' "$here/proposal/agreement/agreement.toml"
refuses "an agreement with a word changed" 'agreement/agreement.toml is not the file that entry 0'
echo '{}' >"$here/proposal/agreement/other.geojson"
refuses "a file more" 'agreement/ are not those entry 0 lists'
rm "$here/proposal/agreement/line.geojson"
refuses "a file less" 'agreement/ are not those entry 0 lists'
sed -i 's/"quorum":2/"quorum":1/' "$here/proposal/0000.text"
refuses "a smaller quorum under the same consents" '0001.text was changed'
sed -i 's/^no_move = "N"/no_move = ""/' "$here/proposal/agreement/agreement.toml"
refuses "terms that are none" 'agreement.toml: .*no_move'
echo x >"$here/proposal/0006.note"
refuses "a note that is none" '0006.note: record: note: ' 0006.note
cp "$here/proposal/0006.text" "$here/proposal/0006.note"
refuses "a text for a note" '0006.note: record: note: ' 0006.note

# Keys that are none of its roots.
"$sulh" key new "$here/nobody.key" atlantis/root --plain >/dev/null
expect "a key of nobody" 1 'atlantis/root is no root of this proposal: it signs nothing here' \
    "$sulh" sign "$here/proposal" --key-file "$here/nobody.key" --yes
expect "a node's key" 1 'south/node is no root of this proposal' \
    "$sulh" sign "$here/proposal" --key-file "$here/node.key" --yes
expect "a witness's key" 1 'south/witness is no root of this proposal' \
    "$sulh" sign "$here/proposal" --key-file "$here/witness.key" --yes
rm "$here/nobody.key"
"$sulh" key new "$here/nobody.key" south/root --plain >/dev/null
expect "another key of a root's name" 1 'names another key south/root than this one' \
    "$sulh" sign "$here/proposal" --key-file "$here/nobody.key" --yes
machine north
expect "a passphrase that is another's" 1 'not the passphrase of south/root' \
    "$sulh" sign "$work/south/proposal" --key-file "$work/south/root.key" --yes
is "none of them signed" "$(find "$work/south/proposal" -name '*.note')" ""

# --- what is signed ---

machine south
expect "typing the passphrase, and then no" 1 'nothing was signed' env -u SULH_PASSPHRASE_FILE \
    python3 tests/cli/typed.py "the passphrase of south" no -- \
    "$sulh" sign "$here/proposal" --key-file "$here/root.key"
is "signs nothing" "$(find "$here/proposal" -name '*.note')" ""
expect "south signs, when it has said yes" 0 'south/root signs:' sh -c 'echo yes | "$@"' sh \
    "$sulh" sign "$here/proposal" --key-file "$here/root.key"
is "having seen what proposing showed" "$(grep -vxFf "$work/said" "$work/proposed")" ""
is "what of it is its own" "$(grep -cE '^  000[0-9]  (agreement.concur|member.admit): ' "$work/said")" 2
is "whom it admits" "$(grep -c 'member.admit: admits south/1 as author, in the role envoy$' "$work/said")" 1
is "and who has not signed yet" "$(sed -n 's/.*\(still to sign\)/\1/p' "$work/said")" \
    "still to sign: helper/root (7 records), north/root (2 records)"
is "signed are its records alone" "$(cd "$here/proposal" && ls ./*.note | tr '\n' ' ')" \
    "./0006.note ./0009.note "
is "which begin with their texts" "$(head -n 3 "$here/proposal/0006.note" | cmp - "$out/0006.text")" ""
sum=$(cat "$here/proposal"/*.note | sha256sum)
expect "signing again is no harm" 0 'still to sign' sign --yes
is "and the same" "$(cat "$here/proposal"/*.note | sha256sum)" "$sum"
cp "$here/proposal"/*.note "$out"

bring
sed -i '5s/....\(....\)$/AAAA\1/' "$here/proposal/0006.note"
expect "a signature that was changed" 1 '0006.note: ' sign --yes
bring
mv "$here/proposal/0009.note" "$here/proposal/0008.note"
expect "a note of another number" 1 '0008.note: it is another text that was signed' sign --yes
bring
sed 's/root /root2 /' "$here/proposal/0006.note" >"$here/proposal/0006.new"
mv "$here/proposal/0006.new" "$here/proposal/0006.note"
expect "under another name" 1 '0006.note: ' sign --yes
bring
cp "$here/proposal/0006.note" "$here/proposal/0044.note"
expect "a note of no record" 1 '0044.note is of no record' sign --yes

for org in helper north; do
    machine $org
    bring
    expect "$org signs" 0 "$org/root signs:" sign --yes
    find "$here/proposal" -name '*.note' -exec cp {} "$out" \;
done

# --- at the operator's ---

machine helper
begin() { # DIR OPTION...
    "$sulh" init "$@" --log-key "$here/log.key" --promise-key "$here/promise.key"
}
bring
rm "$here/proposal/0009.note"
expect "a signature is missing" 1 'not signed yet: south/root \(1 record\)$' \
    begin "$here/no" --proposal "$here/proposal" --node-key "$here/node.key"
rm "$here/proposal"/*.note
expect "all are" 1 'helper/root \(7 records\), north/root \(2 records\), south/root \(2 records\)$' \
    begin "$here/no" --proposal "$here/proposal" --node-key "$here/node.key"
bring
sed -i 's/envoy/enemy/' "$here/proposal/0009.text"
expect "a text changed after it was signed" 1 '0009.text was changed' \
    begin "$here/no" --proposal "$here/proposal" --node-key "$here/node.key"
bring
cp "$here/proposal/0007.note" "$work/one"
sed '3s/"seq":/"seq": /' "$work/one" >"$here/proposal/0007.note"
expect "a note with a space more" 1 '0007.note: ' \
    begin "$here/no" --proposal "$here/proposal" --node-key "$here/node.key"
bring
expect "another's node key" 1 'holds north/node, not the key that the proposal names' \
    begin "$here/no" --proposal "$here/proposal" --node-key "$work/north/node.key"
expect "another's witness" 1 'holds north/witness, not the key' begin "$here/no" \
    --proposal "$here/proposal" --node-key "$here/node.key" --witness-key "$work/north/witness.key"
expect "no node key" 2 '--proposal needs --node-key' begin "$here/no" --proposal "$here/proposal"
expect "a proposal in a demonstration" 2 '--proposal does not go with --demo' \
    "$sulh" init "$here/no" --demo --agreement "$folder" --proposal "$here/proposal"
expect "an agreement beside a proposal" 2 '--agreement does not go with --proposal' \
    begin "$here/no" --proposal "$here/proposal" --node-key "$here/node.key" --agreement "$folder"
expect "a directory that is in use" 1 'is not empty' \
    begin "$work/full" --proposal "$here/proposal" --node-key "$here/node.key"
[ ! -e "$here/no" ]
row "none of these made anything" $?

"$sulh" key encrypt "$here/log.key" # a service's keys may be encrypted too
expect "init" 0 "^north-south $anchor\$" begin "$here/node" --proposal "$here/proposal" \
    --node-key "$here/node.key" --witness-key "$here/witness.key"
is "ends without a tick, and says so" "$(grep -c \
    '^Time does not run yet: it begins when 2 witnesses have cosigned' "$work/said")" 1
is "keeps the operator's keys alone" "$("$sulh" key list "$here/node" | tr '\n' ' ')" \
    "helper/node helper/promise helper/witness north-south/term/1 "
is "as they were" "$(head -n 1 "$here/node/keys/north-south/term/1.key")" sulh/key/v1
expect "the audit agrees" 0 '^nothing is wrong$' "$sulh" audit "$here/node" --agreement "$anchor"
is "with every record" "$("$sulh" audit "$here/node" --json | json 'o["entries"], o["holds"]')" \
    "($n, $n)"
is "each the note that was signed" "$(for i in $(seq 0 $((n - 1))); do
    "$sulh" show "$here/node" entry "$i" --json | json 'o["note"]' | head -c -1 |
        cmp - "$here/proposal/$(printf '%04d' "$i").note"
done)" ""
expect "a program of another's agrees" 0 "" sh -c 'node tests/second/second.mjs "$1" >"$2"' sh \
    "$here/node" "$work/second"
is "its settings name its keys" "$(grep -E '^(name|witness|origin|promise) = ' "$here/node/sulh.toml" |
    cut -d '"' -f 2 | tr '\n' ' ')" "helper/node helper/witness north-south/term/1 helper/promise "
is "it is no demonstration" "$(status_of "$here/node" 'o["demo"]')" 0
for key in "$work"/*/root.key; do
    grep -rqF "$(tail -n 1 "$key")" "$here/node" && echo "$key"
done >"$work/leaked"
is "no root's key is anywhere in it" "$(cat "$work/leaked")" ""

# --- the page says what there is: every command in it, and every option ---

awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' doc/ceremony.md |
    sed -e ':a' -e '/\\$/N; s/\\\n//; ta' | sed -n 's/ *#.*//; s/^sulh //p' >"$work/commands"
while read -r command words; do
    "$sulh" help "$command" >"$work/help" 2>&1 || echo "no command $command"
    for option in $(echo "$words" | grep -oE -- '--[a-z0-9-]+'); do
        grep -qE -- "^  $option( |\$)" "$work/help" || echo "$command has no $option"
    done
done <"$work/commands" >"$work/unknown"
is "doc/ceremony.md" "$(cut -d ' ' -f 1 "$work/commands" | sort -u | tr '\n' ' ')$(cat "$work/unknown")" \
    "audit init join key propose serve sign "
done_testing
