#!/bin/sh
# The log carried in a file: from who keeps it to who has no line, whole, cut short, damaged.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
keeper=$work/keeper
far=$work/far
author=mediator/qatar/1

"$sulh" init "$keeper" --agreement $agreement --demo >"$work/made"
row "there is a log" $?
id0=$(cut -d ' ' -f 2 "$work/made")

# Entry 0 on paper, as somebody may have it: all that is needed to begin.
entry_0() { # DIR
    python3 - "$1/log/tile/entries" <<'END'
import glob, sys
bundle = open(sorted(glob.glob(sys.argv[1] + "/000*/*") + glob.glob(sys.argv[1] + "/000"))[0], "rb").read()
sys.stdout.buffer.write(bundle[2 : 2 + int.from_bytes(bundle[:2], "big")])
END
}
entry_0 "$keeper" >"$work/entry-0.note"
join() { # DIR NAME
    "$sulh" join "$1" http://127.0.0.1:9 --agreement "$id0" --entry-0 "$work/entry-0.note" --name "$2"
}
expect "a node far away begins with entry 0" 0 "$id0" join "$far" far/node

size_of() { # DIR
    sed -n 2p "$1/log/checkpoint"
}
open_incident() {
    record "$keeper" $author incident.open '{"title":"Shelling near the crossing"}'
}
same() { # NAME: the two directories say the same
    "$sulh" audit "$keeper" --json >"$work/a"
    "$sulh" audit "$far" --json >"$work/b"
    wanted='[o["ok"], o["entries"], o["root"], o["digest"], o["parts"], o["owed"], o["to_recover"]]'
    is "$1" "$(json "$wanted" "$work/b")" "$(json "$wanted" "$work/a")"
}

# --- all of it ---

for _ in 1 2 3; do open_incident; done
first=$(size_of "$keeper")
expect "export" 0 "^entries from 0 to size $first, 3 parts, [0-9]+ bytes$" \
    "$sulh" bundle export "$keeper" "$work/all"
expect "once" 1 'all is there already' "$sulh" bundle export "$keeper" "$work/all"
expect "import" 0 "^$first entries and 3 parts came: size $first$" \
    "$sulh" bundle import "$far" "$work/all"
same "both hold the same"
expect "once more, for nothing" 0 "^0 entries and 0 parts came: size $first$" \
    "$sulh" bundle import "$far" "$work/all"
"$sulh" bundle export "$far" "$work/again" >"$work/said"
cmp -s "$work/all" "$work/again"
row "who received it writes the same file" $?

# --- what is new ---

for _ in 1 2 3 4; do open_incident; done
second=$(size_of "$keeper")
expect "export what is new" 0 "^entries from $first to size $second, 4 parts" \
    "$sulh" bundle export "$keeper" "$work/new" --from "$first"
[ "$(wc -c <"$work/new")" -gt 1000 ]
row "which is a file" $?

# --- on the way ---

bytes=$(wc -c <"$work/new")
head -c $((bytes / 2)) "$work/new" >"$work/cut"
expect "cut short" 1 "cut short at byte $((bytes / 2)).*copy the rest" \
    "$sulh" bundle import "$far" "$work/cut"
is "nothing of it was taken" "$(size_of "$far")" "$first"
head -c $((bytes - 40)) "$work/new" >"$work/cut"
expect "cut short in its last part" 1 "cut short at byte $((bytes - 40)), within parts/.*the log is here" \
    "$sulh" bundle import "$far" "$work/cut"
is "the log was taken" "$(size_of "$far")" "$second"
is "a part is owed" "$("$sulh" audit "$far" --json | json 'o["owed"]')" 1
expect "the whole file brings it" 0 '^0 entries and 1 parts came' \
    "$sulh" bundle import "$far" "$work/new"
same "and both hold the same again"

open_incident
third=$(size_of "$keeper")
"$sulh" bundle export "$keeper" "$work/third" --from "$second" >"$work/said"
python3 - "$work/third" "$work/damaged" <<'END'
import sys
b = bytearray(open(sys.argv[1], "rb").read())
b[b.index(b"tile/entries/") + 200] ^= 1
open(sys.argv[2], "wb").write(b)
END
expect "damaged" 1 'tile/entries/.*damaged on the way' "$sulh" bundle import "$far" "$work/damaged"

# One who gives it hashes that fit has still not the log's key.
python3 - "$work/third" "$work/forged" <<'END'
import hashlib, struct, sys
b = open(sys.argv[1], "rb").read()
line = b"sulh/bundle/v1\n"
out, at = line, len(line)
while b[at : at + 2] != b"\0\0":
    n = struct.unpack(">H", b[at : at + 2])[0]
    path = b[at + 2 : at + 2 + n]
    size = struct.unpack(">Q", b[at + 2 + n : at + 10 + n])[0]
    data = bytearray(b[at + 10 + n : at + 10 + n + size])
    if path.startswith(b"tile/entries/"):
        data[-30] ^= 1
    section = struct.pack(">H", n) + path + struct.pack(">Q", size) + bytes(data)
    out += section + hashlib.sha256(section).digest()
    at += 10 + n + size + 32
open(sys.argv[2], "wb").write(out + b"\0\0")
END
expect "forged" 1 'not the root of the checkpoint' "$sulh" bundle import "$far" "$work/forged"
is "neither is taken" "$(size_of "$far")" "$second"
expect "the true one is" 0 "came: size $third$" "$sulh" bundle import "$far" "$work/third"
same "both hold the same in the end"

# --- far behind, and far ahead ---

expect "a year of reports" 0 '142 new' "$sulh" import "$keeper" chronology data/chronology
expect "and by another author" 0 '142 new' \
    "$sulh" import "$keeper" chronology data/chronology --as $author
fourth=$(size_of "$keeper")
"$sulh" bundle export "$keeper" "$work/late" --from "$fourth" >"$work/said" 2>&1
open_incident
"$sulh" bundle export "$keeper" "$work/late" --from "$fourth" >"$work/said"
expect "one that begins too late" 1 "begins with entry [0-9]+, and $third are here" \
    "$sulh" bundle import "$far" "$work/late"
"$sulh" bundle export "$keeper" "$work/between" --from 20 >"$work/said"
expect "one that begins early enough" 0 "came: size $(size_of "$keeper")" \
    "$sulh" bundle import "$far" "$work/between"
same "both hold the year"
third=$(size_of "$keeper")

# --- who cannot ---

expect "no such file" 1 'there is none' "$sulh" bundle import "$far" "$work/none"
cp "$work/entry-0.note" "$work/text"
expect "no bundle" 1 'it is no bundle' "$sulh" bundle import "$far" "$work/text"
expect "the keeper imports nothing" 1 'keeps the log' "$sulh" bundle import "$keeper" "$work/all"
"$sulh" init "$work/other" --agreement $agreement --demo >"$work/said"
"$sulh" bundle export "$work/other" "$work/others" >"$work/said"
expect "another log" 1 'not signed by the log.s key' "$sulh" bundle import "$far" "$work/others"
expect "from the end on" 1 "nothing from $third on" \
    "$sulh" bundle export "$keeper" "$work/end" --from "$third"
expect "earlier than any checkpoint" 1 'no checkpoint of at most 2 entries' \
    "$sulh" bundle export "$keeper" "$work/early" --to 2
expect "from nowhere" 1 'there is none' "$sulh" bundle export "$keeper" "$work/nowhere/file"
[ ! -e "$work/end" ] && [ ! -e "$work/early" ]
row "what is refused leaves no file" $?
expect "neither export nor import" 2 'neither export nor import' "$sulh" bundle frob "$far" x
expect "from is for export" 2 'for export' "$sulh" bundle import "$far" "$work/all" --from 1
serve "$far"
expect "not while it is served" 1 'is being served' "$sulh" bundle import "$far" "$work/all"
expect "but export is fine" 0 "to size $third" "$sulh" bundle export "$far" "$work/beside"
cmp -s "$work/beside" "$work/all"
row "and holds more than the first" $((! $?))
kill $server
wait $server 2>/dev/null
done_testing
