#!/bin/sh
# How long /api/hotline takes beside MESSAGES messages (20,000 when not said), all of them open: as the
# page asks and as the console does. Measured and printed, not judged.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
trap 'end_server TERM; rm -rf "$work"' EXIT
messages=${MESSAGES:-20000}
dir=$work/node

"$sulh" init "$dir" --agreement $agreement --demo >"$work/said" 2>&1
row "a node" $? "$(cat "$work/said")"
${CC:-gcc} -std=c17 -D_GNU_SOURCE -O1 -Isrc -o "$work/talk" tests/nodes/talk.c \
    "$(dirname "$sulh")/libsulh.a" -lsodium -lseccomp -lssl -lcrypto -lsqlite3 -lmicrohttpd -lcurl -lz \
    -lpthread -lm 2>"$work/said"
row "the program that talks is built" $? "$(cat "$work/said")"
serve "$dir"
row "served" $? "$(cat "$work/server")"
talks=
for org in party/afghanistan party/pakistan mediator/qatar mediator/turkiye; do
    to=party/pakistan
    [ $org = $to ] && to=party/afghanistan
    "$work/talk" "$dir" "$dir/keys/$org/1.key" $to $((messages / 4)) 0 >"$work/sent" 2>"$work/talked" &
    talks="$talks $!"
done
status=0
for talk in $talks; do wait "$talk" || status=1; done
row "$messages messages are sent" $status "$(cat "$work/talked" "$work/server")"
for limit in 1 50 200 500; do
    for _ in 1 2 3 4 5 6 7 8 9 10 11; do
        curl -sS --max-time 60 -o "$work/answer" -w '%{time_total}\n' --unix-socket "$dir/socket" \
            "http://node/api/hotline?limit=$limit"
    done | sort -n | sed -n 6p >"$work/median"
    is "the last $limit are told" "$(json 'len(o["messages"])' "$work/answer")" "$((messages < limit ? messages : limit))"
    echo "# limit=$limit: $(cat "$work/median") s, the median of eleven"
done
done_testing
