#!/bin/sh
# The agreement's quota: what is over it is not logged, and not lost; a node that follows keeps it
# and carries it until there is room.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
dir=$work/node
server=
trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT

# A copy of the agreement with another quota.
with_quota() { # WINDOW_MS OF_KEY OF_ORGANISATION: into $work/agreement
    rm -rf "$work/agreement"
    cp -r "$agreement" "$work/agreement"
    sed -i -e "s/^quota.window_ms = .*/quota.window_ms = $1/" -e "s/^quota.of_key = .*/quota.of_key = $2/" \
        -e "s/^quota.of_organisation = .*/quota.of_organisation = $3/" "$work/agreement/agreement.toml"
}
say() { # KEYNAME TITLE
    record "$dir" "$1" incident.open "{\"title\":\"$2\"}"
}

# --- agreements that are refused ---

while read -r window key organisation what; do
    with_quota "$window" "$key" "$organisation"
    expect "$what" 1 "$(echo "$what" | sed 's/.*: //')" \
        "$sulh" init "$dir" --agreement "$work/agreement" --demo
done <<END
0 2 3 a window of no time: "window_ms"
86400001 2 3 a window of more than a day: "window_ms"
60000 0 3 no record: "of_key"
60000 4 3 an organisation with less than its key: "of_organisation"
60000 2 10000001 without end: "of_organisation"
END

# --- the door of whoever keeps the log ---

with_quota 60000 2 3
"$sulh" init "$dir" --agreement "$work/agreement" --demo >/dev/null
row "an agreement with a quota" $?
serve "$dir"
row "is served" $? "$(cat "$work/server")"
say observer/mission/1 one && say observer/mission/1 two
row "two records of a key" $? "$(cat "$work/complaint")"
size=$(status_of "$dir" 'o["size"]')
say observer/mission/1 three
is "the third" $? 1
grep -q 'not logged: over the quota: in 60 seconds the log takes 2 records of one key, and 3 of one organisation; sign it again in [0-9]* seconds' \
    "$work/complaint"
row "is not logged, and says so" $? "$(cat "$work/complaint")"
say party/pakistan/1 mine
row "another organisation's is" $? "$(cat "$work/complaint")"
say observer/mission/1 'three again'
is "again at once" $? 1
expect "nothing of it is in the log" 0 '^nothing is wrong' "$sulh" audit "$dir"
end_server TERM
is "the server ends well" "$ended" 0
say observer/mission/1 three
row "begun anew, the door counts anew" $? "$(cat "$work/complaint")"
is "and the chain goes on without a gap" "$(json 'o["verdict"]' "$work/answer")" holds
[ "$size" -gt 0 ] && expect "the log holds" 0 '^nothing is wrong' "$sulh" audit "$dir"
done_testing
