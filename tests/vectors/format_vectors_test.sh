#!/bin/sh
# doc/vectors.json is what the program makes of doc/format.md, and holds for a program that
# shares no line with ours; which also finds what is damaged in it.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
lib=${SULH_BUILD:-build}/libsulh.a

make_maker() {
    cc -std=c17 -D_GNU_SOURCE -O1 -Wall -Wextra -Werror -Isrc -o "$work/format_vectors" \
        tests/vectors/format_vectors.c "$lib" -lsodium -lcrypto
}
expect "the maker builds" 0 "" make_maker
"$work/format_vectors" >"$work/vectors.json"
expect "doc/vectors.json is what it makes" 0 "" cmp "$work/vectors.json" doc/vectors.json
expect "and holds for the independent checker" 0 "^ok 100 " \
    node tests/vectors/check_vectors.mjs doc/vectors.json

# Each row damages one value, and names the test that must find it.
damage() { # NAME TEXT JAVASCRIPT-ON-v
    node -e 'const fs = require("fs");
        const v = JSON.parse(fs.readFileSync("doc/vectors.json", "utf8"));
        const log = v.logs.operators_clock.entries;
        const swap = (s, a, b) => { if (!s.includes(a)) throw new Error(a); return s.replace(a, b); };
        eval(process.argv[1]);
        fs.writeFileSync(process.argv[2], JSON.stringify(v));' "$3" "$work/damaged.json" ||
        row "to damage: $1" 1
    expect "found: $1" 1 "^not ok [0-9]+ - $2" \
        node tests/vectors/check_vectors.mjs "$work/damaged.json"
}

damage "a key id" "key " 'v.keys[0].key_id_hex = "00000000"'
damage "a public key" "key " 'v.keys[1].public_hex = v.keys[0].public_hex'
damage "an encrypted key" "encrypted key w1" \
    'const t = v.keys[2].encrypted_key_file; const c = t.at(-20) === "A" ? "B" : "A";
        v.keys[2].encrypted_key_file = t.slice(0, -20) + c + t.slice(-19)'
damage "what a try at it costs" "encrypted key north/root" \
    'v.keys[0].encrypted_key_file = swap(v.keys[0].encrypted_key_file, "argon2id 2", "argon2id 1")'
damage "a name" "name A" 'v.names.accepted.push("A")'
damage "a name refused for no reason" "no name" 'v.names.refused.push("a")'
damage "JSON that is not canonical" "canonical" 'v.canonical_json.accepted.push("[1, 2]")'
damage "JSON refused for no reason" "not canonical" 'v.canonical_json.refused.push({text: "{}"})'
damage "the text of a record" "record " 'v.records[3].note = swap(v.records[3].note, "seq", "sep")'
damage "the id of a record" "record " 'v.records[3].id = v.records[2].id'
damage "a record that is one" "no record" 'v.not_records.push(v.records[0])'
damage "a commitment" "part" 'v.parts[0].salt_hex = v.parts[0].salt_hex.replace(/^01/, "02")'
damage "a statement" "statement promise" \
    'v.statements[0].note = swap(v.statements[0].note, "\"index\":8", "\"index\":9")'
damage "the signer of a statement" "statement pin" 'v.statements[4].vkey = v.statements[3].vkey'
damage "the size in the checkpoint" "checkpoint" \
    'v.published.checkpoint = v.published.checkpoint.replace(/\n\d+\n/, "\n7\n")'
damage "the time of a cosignature" "cosignature" 'v.published.witness_seconds[2]++'
damage "a hash in the receipt" "receipt" \
    'const l = v.published.receipt.text.split("\n"); l[4] = l[3]; v.published.receipt.text = l.join("\n")'
damage "the receipt's index" "receipt" 'v.published.receipt.index++'
damage "a tile" "tiles" 'v.published.tile_b64 = swap(v.published.tile_b64, "A", "B")'
damage "a staged batch" "staged batch" 'v.stage.first++'
damage "a submission" "submission" 'v.submission.records.reverse()'
damage "an entry" "log operators_clock, entry 9" 'log[9].entry_b64 = log[10].entry_b64'
damage "a row" "log operators_clock, entry 9" \
    'log[9].effects = swap(log[9].effects, "\"live\"", "\"dead\"")'
damage "a verdict" "log operators_clock, entry 9" 'log[9].verdict = "marked gap"'
damage "a digest" "log operators_clock, entry 20" 'log[20].digest_hex = log[19].digest_hex'
damage "a root" "log operators_clock, entry 20" 'log[20].root_hex = log[19].root_hex'
damage "effects out of order" "log operators_clock, entry 4" \
    'log[4].effects = JSON.stringify(JSON.parse(log[4].effects).reverse())'
damage "what a hand-over writes" "log hand_over, entry 8" \
    'const e = v.logs.hand_over.entries[8]; e.effects = swap(e.effects, "\"ended\"", "\"active\"")'
damage "the time of a tick" "log witnesses, entry 4" \
    'const e = v.logs.witnesses.entries[4]; e.effects = swap(e.effects, "1760000002000", "1760000003000")'

done_testing
