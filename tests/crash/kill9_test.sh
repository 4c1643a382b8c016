#!/bin/sh
# The server is killed at random moments, again and again, while records are handed in. Each
# that was answered must be in the log at its place, every checkpoint must be of one log,
# and the directory must pass its audit, as the last kill left it and after recovery.
#
# SULH_KILLS is how many times (100).

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
build=${SULH_BUILD:-build}
sulh=$build/sulh
dir=$work/node
kills=${SULH_KILLS:-100}
server=
loads=
trap 'kill -9 $server $loads 2>/dev/null; rm -rf "$work"' EXIT

serve() { # starts the server and waits until it listens
    : >"$work/address"
    "$sulh" serve "$dir" --listen 127.0.0.1:0 >"$work/address" 2>>"$work/log" &
    server=$!
    for try in $(seq 2400); do
        [ -s "$work/address" ] && return
        kill -0 $server 2>/dev/null || break
        sleep 0.05
    done
    row "the server starts" 1 "$(tail -n 5 "$work/log")"
    done_testing
    exit 1
}

${CC:-gcc} -std=c17 -D_GNU_SOURCE -O1 -Isrc -o "$work/load" tests/crash/load.c "$build/libsulh.a" \
    -lsodium -lseccomp -lssl -lcrypto -lsqlite3 -lmicrohttpd -lcurl -lz -lpthread -lm 2>"$work/said"
row "the client is built" $? "$(cat "$work/said")"
expect "init" 0 "^demo.invalid/" "$sulh" init "$dir" --agreement agreements/doha-istanbul-2025 --demo


serve
for key in observer/open-source/1 party/pakistan/1 party/afghanistan/1; do
    answered=$work/answered.$(echo $key | tr / .)
    "$work/load" "$dir" $key >"$answered" 2>>"$work/load.log" &
    loads="$loads $!"
done

wrong=
for kill in $(seq "$kills"); do
    sleep 0.$(awk -v n="$kill" 'BEGIN { srand(n); printf "%03d", 10 + 200 * rand() }')
    kill -9 $server
    wait $server 2>/dev/null
    cp "$dir/log/checkpoint" "$work/checkpoint.$kill"
    if [ $((kill % 10)) -eq 0 ]; then # as the kill left it
        "$sulh" audit "$dir" >"$work/said" 2>&1 || wrong="$wrong $kill: $(cat "$work/said")"
    fi
    serve
done
row "the audit passes as a kill left the directory" "${#wrong}" "$wrong"

for load in $loads; do
    kill -0 "$load" 2>/dev/null
    row "the client was answered to the end" $? "$(cat "$work/load.log")"
    kill "$load"
    wait "$load" 2>/dev/null
done
loads=
kill -TERM $server
wait $server
row "the server ends when it is told to" $? "$(tail -n 3 "$work/log")"
server=

expect "the audit passes" 0 "nothing is wrong" "$sulh" audit "$dir"
expect "nothing is left to recover" 0 '"to_recover":0' "$sulh" audit "$dir" --json
expect "what was answered is there" 0 "answered records are there" \
    python3 tests/crash/verify.py "$dir" "$work"/answered.* -- "$work"/checkpoint.*
sed 's/^/# /' "$work/said" >&2
digest=$("$sulh" audit "$dir" --json | sed 's/.*"digest":"\([0-9a-f]*\)".*/\1/')
expect "replay makes the same register" 0 "$digest" "$sulh" replay "$dir"
done_testing
