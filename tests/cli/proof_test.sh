#!/bin/sh
# sulh prove and sulh check-proof: an operator who keeps two logs, an author who signs twice,
# and strangers who read the proof with nothing but the id of entry 0.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
one=$work/one two=$work/two

prove() { # WORD...: the proof in $work/proof
    "$sulh" prove "$@" >"$work/proof" 2>"$work/complaint"
}

accused() { # of $work/proof, or what it is not proven for
    "$sulh" check-proof "$work/proof" --agreement "$agreement_id" --json 2>/dev/null |
        json '" ".join(a["key"] for a in o["accused"]) if o["proven"] else o["why"]'
}

note() { # DIR INDEX
    "$sulh" show "$1" entry "$2" --json | json 'o["note"]' | head -c -1
}

# An incident of its own title, by an author's key; its index in $index.
incident() { # DIR KEYNAME TITLE
    record "$1" "$2" incident.open "{\"title\":\"$3\"}"
    index=$(json 'o["index"]' "$work/answer")
}

# --- one log, and the other ---

agreement_id=$("$sulh" init "$one" --agreement $agreement --demo | cut -d ' ' -f 2)
log=demo.invalid/doha-istanbul-2025/term/1
incident "$one" mediator/qatar/1 "before they part"
cp -r "$one" "$two"
incident "$one" mediator/qatar/1 "in one"
at=$index
note "$one" "$at" >"$work/said.one"
incident "$two" mediator/qatar/1 "in two"
is "two logs that were one" "$at" "$index"
note "$two" "$index" >"$work/said.two"
incident "$two" party/afghanistan/1 "and more"
cp "$one/log/checkpoint" "$work/smaller"
cp "$two/log/checkpoint" "$work/larger"

# --- a split ---

prove split "$one" "$two"
row "split, with both logs" $? "$(cat "$work/complaint")"
is "accuses the log's key" "$(accused)" $log
is "and says so to who made it" "$(cut -d ' ' -f 1-4 "$work/complaint")" "The log key $log"
[ "$(wc -c <"$work/proof")" -lt 5000 ]
row "is small" $? "$(wc -c "$work/proof")"
prove split "$two" "$work/smaller"
is "split, with a checkpoint that was kept" "$(accused)" $log
prove split "$two" "$work/smaller" "$work/larger"
is "split, with two" "$(accused)" $log
expect "a larger one, without its log" 1 'is not here: give its directory' \
    "$sulh" prove split "$one" "$work/larger"
expect "one log is no split" 1 'nothing to prove: the second checkpoint continues the first' \
    "$sulh" prove split "$one" "$work/smaller"
incident "$one" mediator/qatar/1 "later"
incident "$one" mediator/qatar/1 "and later"
expect "nor is one that grew" 1 'nothing to prove: the second checkpoint continues the first' \
    "$sulh" prove split "$one" "$work/smaller"

# --- what a stranger is told ---

prove split "$one" "$two"
expect "check-proof" 0 "^The log key $log signed a log of [0-9]+ entries, and one of [0-9]+ that" \
    "$sulh" check-proof "$work/proof" --agreement "$agreement_id"
expect "to who trusts another agreement" 1 'it proves nothing: it is of another agreement' \
    "$sulh" check-proof "$work/proof" --agreement "$(printf '%064d' 0)"
expect "who trusts nothing" 2 '--agreement ID is missing' "$sulh" check-proof "$work/proof"
expect "who trusts no id" 2 'the id of entry 0, 64 lower-case hex' \
    "$sulh" check-proof "$work/proof" --agreement 12
expect "a file that is none" 1 'it proves nothing: proof: not what must stand here' \
    "$sulh" check-proof "$work/smaller" --agreement "$agreement_id"
expect "no file" 1 'No such file' "$sulh" check-proof /nowhere --agreement "$agreement_id"
expect "from standard input" 1 'it proves nothing' "$sulh" check-proof - --agreement "$agreement_id"
sed 's/"root":"./"root":"x/' "$work/proof" >"$work/changed"
expect "one digit changed" 1 'evidence: "root" is missing, of another form' \
    "$sulh" check-proof "$work/changed" --agreement "$agreement_id"
root=$(sed 's/.*"root":"\([0-9a-f]*\)".*/\1/' "$work/proof" | tail -n 1)
sed "s/\"root\":\"$root\"/\"root\":\"$(echo "$root" | tr 0-9a-f 1-9a-f0)\"/" "$work/proof" \
    >"$work/changed"
expect "one hash changed" 1 'does not lead from' \
    "$sulh" check-proof "$work/changed" --agreement "$agreement_id"

# --- a fork ---

prove fork "$one" "$work/said.two"
is "fork, the other in the log" "$(accused)" mediator/qatar/1
expect "who admitted it is said" 0 '^mediator/qatar/1 was admitted by mediator/qatar/root\.$' \
    "$sulh" check-proof "$work/proof" --agreement "$agreement_id"
prove fork "$two" "$work/said.one" "$work/said.two"
is "fork, both given" "$(accused)" mediator/qatar/1
expect "the log's own record is no fork" 1 'nothing to prove: the log here has no other record' \
    "$sulh" prove fork "$one" "$work/said.one"
expect "a record twice is no fork" 1 'nothing to prove: it is the same record twice' \
    "$sulh" prove fork "$one" "$work/said.one" "$work/said.one"

# --- a broken promise ---

serve "$one"
incident "$two" party/afghanistan/1 "promised"
note "$two" "$index" >"$work/said"
python3 - "$work/said" "$work/submission" <<'PYTHON'
import struct, sys
note = open(sys.argv[1], "rb").read()
open(sys.argv[2], "wb").write(struct.pack(">I", len(note)) + note + struct.pack(">H", 0))
PYTHON
cp -r "$one" "$work/old"
curl -sS --max-time 60 -H 'Content-Type: application/vnd.sulh.submission' \
    --data-binary "@$work/submission" "$url/submit" >"$work/answers"
end_server TERM
json 'o["answers"][0]["promise"]' "$work/answers" | head -c -1 >"$work/promise"
expect "a promise that was kept" 1 'nothing to prove: the promise was kept' \
    "$sulh" prove promise "$one" "$work/promise"
expect "a promise that is not due" 1 'nothing to prove: entry [0-9]+ was promised, and the log here' \
    "$sulh" prove promise "$work/old" "$work/promise"
incident "$work/old" mediator/qatar/1 "in its place"
prove promise "$work/old" "$work/promise"
is "a promise that another log breaks" "$(accused)" observer/open-source/promise
expect "one promise twice" 1 'nothing to prove: both promises can be kept' \
    "$sulh" prove promises "$one" "$work/promise" "$work/promise"

# --- what nobody could make here: the other kinds, from files ---

id_of() { # FILE: the id of the entry 0 in it
    tail -n 1 "$1" | python3 -c '
import hashlib, json, sys
note = json.load(sys.stdin)["entry"]
print(hashlib.sha256(note[: note.rindex("\n\n") + 1].encode()).hexdigest())'
}
for kind in $(ls tests/corpus/misbehaviour | grep -vE '^[0-9a-f]{40}$'); do # those a fuzzer named
    file=tests/corpus/misbehaviour/$kind
    expect "check-proof of $kind" 0 '^The ' "$sulh" check-proof "$file" --agreement "$(id_of "$file")"
done
expect "what it cannot rule out is said" 0 '^Unless entry 3, which admits party/a/1, is void' \
    "$sulh" check-proof tests/corpus/misbehaviour/refusal-of-an-author \
    --agreement "$(id_of tests/corpus/misbehaviour/refusal-of-an-author)"

# --- wrong usage ---

expect "no such kind" 2 'there is no kind "theft"' "$sulh" prove theft "$one" "$work/smaller"
expect "and which there are" 2 '^  refusal +RECORD REFUSAL' "$sulh" prove theft "$one" x
expect "too few files" 2 'prove promises DIR PROMISE PROMISE' \
    "$sulh" prove promises "$one" "$work/promise"
expect "too many files" 2 'prove promise DIR PROMISE$' \
    "$sulh" prove promise "$one" "$work/promise" "$work/promise"
expect "no directory" 1 'directory /nowhere: there is none' \
    "$sulh" prove split /nowhere "$work/smaller"
expect "a directory without a log" 1 'log/checkpoint' "$sulh" prove split "$work" "$work/smaller"
expect "no such file to prove by" 1 'No such file' "$sulh" prove promise "$one" /nowhere
done_testing
