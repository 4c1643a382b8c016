#!/bin/sh
# Two programs read proofs of misbehaviour: sulh, and the one beside this file, which was written from
# doc/format.md §11. Of each proof of the corpus and of some thousand that almost are one they must say
# the same: whom it accuses, or that it proves nothing.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh

if ! command -v node >/dev/null; then
    echo "1..0 # SKIP there is no node"
    exit
fi

id=$(tail -n 1 tests/corpus/misbehaviour/split | python3 -c '
import hashlib, json, sys
note = json.load(sys.stdin)["entry"]
print(hashlib.sha256(note[: note.rindex("\n\n") + 1].encode()).hexdigest())')
count=$(node tests/sync/variants.mjs tests/corpus/misbehaviour "$work/proofs")
[ "$count" -gt 1000 ]
row "there are many" $? "$count"

n=0
while [ $n -lt "$count" ]; do
    "$sulh" check-proof "$work/proofs/$n" --agreement "$id" --json 2>/dev/null
    n=$((n + 1))
done | python3 -c '
import json, sys
for line in sys.stdin:
    o = json.loads(line)
    print(" ".join(sorted(a["key"] for a in o["accused"])) if o["proven"] else "-")' >"$work/ours"
(cd "$work/proofs" && seq 0 $((count - 1))) | sed "s|^|$work/proofs/|" |
    xargs node tests/sync/check_proof.mjs "$id" >"$work/theirs" 2>"$work/why"
row "the second program reads them all" $? "$(cat "$work/why")"
is "and sulh does" "$(wc -l <"$work/ours")" "$count"
paste -d '|' "$work/proofs/names" "$work/ours" "$work/theirs" >"$work/both"
awk -F '|' '$2 != $3' "$work/both" >"$work/differ"
[ ! -s "$work/differ" ]
row "they agree on each" $? "$(head "$work/differ")"

proven=$(grep -vc '^-$' "$work/ours")
[ "$proven" -gt 50 ] && [ $((count - proven)) -gt 1000 ]
row "on some that prove, and on more that do not" $? "$proven of $count"
is "each of the corpus proves" \
    "$(awk -F '|' '$1 !~ /:/ && $2 == "-"' "$work/both")" ""
done_testing
