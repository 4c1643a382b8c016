#!/bin/sh
# sulh audit URL: the audit of a log over HTTP, from a node that tells the truth and from those that
# do not.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
dir=$work/log

# Prints a liar's address into $liar_url; its process in $liar.
lie() { # LIE
    : >"$work/liar"
    python3 tests/cli/liar.py "$url" "$1" >"$work/liar" 2>"$work/liar.err" &
    liar=$!
    eventually test -s "$work/liar"
    liar_url=$(cat "$work/liar")
}

end_liar() {
    kill $liar
    wait $liar 2>/dev/null
}
trap 'kill $server $liar 2>/dev/null; rm -rf "$work"' EXIT

agreement_id=$("$sulh" init "$dir" --agreement $agreement --demo | cut -d ' ' -f 2)
"$sulh" import "$dir" chronology data/chronology >/dev/null 2>&1
"$sulh" import "$dir" ged data/ucdp/ged221_pakistan_2017_hxl_as_published.csv >/dev/null 2>&1
serve "$dir"
"$sulh" audit "$dir" --json >"$work/here"
[ "$(json 'o["entries"]' "$work/here")" -gt 256 ]
row "a log of more than a bundle" $?

# --- the truth ---

expect "audit of a URL" 0 '^nothing is wrong$' "$sulh" audit "$url" --agreement "$agreement_id"
"$sulh" audit "$url" --agreement "$agreement_id" --json >"$work/there" 2>/dev/null
for member in ok agreement agreement_id origin entries root digest holds marked void; do
    is "and of the directory: $member" "$(json "o['$member']" "$work/there")" \
        "$(json "o['$member']" "$work/here")"
done
is "parts are named alone" "$(json 'o["parts_named"], "parts" in o' "$work/there")" \
    "($(json 'o["parts"] + o["owed"]' "$work/here"), False)"
expect "of another agreement" 1 'WRONG: entry 0: .*not the agreement asked for' \
    "$sulh" audit "$url" --agreement "$(printf '%064d' 0)"
expect "without an anchor" 2 'nothing is believed but what the id of entry 0 proves' \
    "$sulh" audit "$url"
expect "nobody there" 1 'sulh audit: audit: .*http://127.0.0.1:1' \
    "$sulh" audit http://127.0.0.1:1 --agreement "$agreement_id"
lie nothing
expect "through another server" 0 '^nothing is wrong$' \
    "$sulh" audit "$liar_url" --agreement "$agreement_id"
end_liar

# --- liars ---

found() { # LIE TEXT
    lie "$1"
    expect "a liar: $1" 1 "$2" "$sulh" audit "$liar_url" --agreement "$agreement_id"
    end_liar
}
found entry '^WRONG: entry [0-9]+: log/tile/entries/000.*: it is not the entry whose hash the log holds'
found entry-again '^WRONG: .*tile/entries/000: it is not what was given for it before'
found tile '^WRONG: log/tile/0/000.*: it does not hold the hashes of its entries'
found short '^WRONG: '
found keys '^WRONG: log/checkpoint: '
found smaller "^WRONG: log/checkpoint: .*the log's signature does not hold"
found no-checkpoint '^WRONG: log/checkpoint: it is of no entries'
found endless '^WRONG: log/tile/entries/000.*16777472'
found missing '^WRONG: log/tile/entries/000.*: there is none'
found refuses '^sulh audit: .*tile/entries/000.*: it is not given to us'
end_server TERM

# --- a log whose entries are for its participants ---

cp -r "$agreement" "$work/agreement"
sed -i 's/^entries = "public"/entries = "participants"/' "$work/agreement/agreement.toml"
dir=$work/closed
agreement_id=$("$sulh" init "$dir" --agreement "$work/agreement" --demo | cut -d ' ' -f 2)
serve "$dir"
audit_as() { # URL
    "$sulh" audit "$1" --agreement "$agreement_id" --as party/pakistan/1 --dir "$dir"
}
expect "a participant does" 0 '^nothing is wrong$' audit_as "$url"
lie signs-out
expect "and signs in again where the session ends" 0 '^nothing is wrong$' \
    audit_as "$liar_url"
is "once, whatever the number of its connections" "$(cat "$work/liar.err")" "/sign-in 1
/sign-in 2"
end_liar
end_server TERM
done_testing
