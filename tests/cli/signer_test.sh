#!/bin/sh
# The process that keeps the log's key: the server's memory does not have it, and when it ends
# so does the server, with everything that was answered.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
dir=$work/node
origin=demo.invalid/doha-istanbul-2025/term/1
"$sulh" init "$dir" --agreement $agreement --demo >/dev/null

# The processes that PID has started.
children() { # PID
    echo $(cat "/proc/$1/task/$1/children")
}

is_gone() { # PID, whose parent may not have looked after it
    ! grep -qs '^State:.[^Z]' "/proc/$1/status"
}

# The seed of a key file that stands open, in hex: behind the type in the last field.
seed() { # KEYNAME
    python3 -c 'import base64, sys; print(base64.b64decode(sys.stdin.read().split("+", 4)[4])[1:].hex())' \
        <"$dir/keys/$1.key"
}

hex() { # TEXT
    printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n'
}

# As is, of what is found in memory; where this user may not look, nothing is said.
finds() { # NAME PID WANTED HEX...
    finds_name=$1 finds_pid=$2 finds_wanted=$3
    shift 3
    found=$(python3 tests/cli/memory.py "$finds_pid" "$@" | sed 's/\b[1-9][0-9]*/some/g')
    if [ -z "$found" ]; then
        row "$finds_name # SKIP this user may not look into processes" 0
    else
        is "$finds_name" "$found" "$finds_wanted"
    fi
}

log=$(seed $origin)
promise=$(seed observer/open-source/promise)
text=$(cut -d + -f 5- "$dir/keys/$origin.key")

# --- whose memory has the key ---

serve "$dir"
row "it serves" $? "$(cat "$work/server")"
record "$dir" observer/mission/1 incident.open '{"title":"one"}'
is "and signs" "$record_status" 0
keeper=$(children $server)
is "with one other process" "$(echo $keeper | wc -w)" 1
finds "the server has the promise key, and not the log's" $server "some 0 0" \
    "$promise" "$log" "$(hex "$text")"
if [ "$(id -u)" -eq 0 ]; then
    finds "the other has the log's" $keeper "some" "$log"
    is "and has the socket and the directory open" \
        "$(readlink /proc/$keeper/fd/[3-9]* | sed 's/:.*//')" "socket
$dir"
fi
is "it is confined" "$(sed -n 's/^\(Seccomp\|NoNewPrivs\):\t//p' /proc/$keeper/status)" "1
2"

# --- when either ends ---

kill -TERM $keeper
record "$dir" observer/mission/1 incident.open '{"title":"two"}'
is "nobody can ask it to end" "$record_status" 0
kill -KILL $keeper
"$sulh" record "$dir" incident.open "$work/fields.json" --as observer/mission/1 >/dev/null 2>&1 &
waiting=$! # for what is not published any more
wait $server
ended=$?
kill $waiting
is "killed, it takes the server with it" "$ended" 1
expect "which says why" 0 "the process of the log's key" cat "$work/server"
expect "the directory is in order" 0 '^nothing is wrong' "$sulh" audit "$dir"
serve "$dir"
row "it serves again" $? "$(cat "$work/server")"
titles=$(status_of "$dir" 'o["records"]["incident.open"]')
[ "$titles" -ge 2 ]
row "with what was answered" $? "$titles"
keeper=$(children $server)
end_server KILL
eventually is_gone "$keeper"
row "the server killed, it ends as well" $?
serve "$dir"
row "and another serves" $? "$(cat "$work/server")"
keeper=$(children $server)
end_server TERM
is "which ends as it should" "$ended, $(cat "$work/server")" "0, "
is_gone "$keeper"
row "and leaves nobody behind" $?

# --- a log key under a passphrase of its own ---

phrase="four words of its own"
printf '%s\n' "$phrase" >"$work/phrase"
chmod 600 "$work/phrase"
SULH_PASSPHRASE_FILE=$work/phrase "$sulh" key encrypt "$dir" $origin
row "the log's key is encrypted" $?
: >"$work/shown"
python3 tests/cli/typed.py "$phrase" -- "$sulh" serve "$dir" --listen 127.0.0.1:0 >"$work/shown" &
typed=$!
typed_serves() {
    server=$(children $typed)
    [ -n "$server" ] && [ -S "$dir/socket" ] &&
        curl -s --unix-socket "$dir/socket" -o "$work/body" http://node/checkpoint
}
eventually typed_serves
finds "typed, it is nowhere in the server" "$server" "some 0 0" "$promise" "$log" "$(hex "$phrase")"
kill -TERM "$server"
wait $typed
is "the server ends" $? 0
is "it was asked once" "$(grep -c 'Passphrase of' "$work/shown")" 1
python3 tests/cli/typed.py "another phrase" -- "$sulh" serve "$dir" --listen 127.0.0.1:0 \
    >"$work/shown"
is "another passphrase starts nothing" "$?, $(grep -c 'not the passphrase' "$work/shown")" "1, 1"
done_testing
