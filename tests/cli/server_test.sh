#!/bin/sh
# A server and the commands beside it: who holds the directory, what comes in, how it ends
# and how it is killed.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
dir=$work/node
demo() { # DIR [AGREEMENT]
    "$sulh" init "$1" --agreement "${2:-$agreement}" --demo >/dev/null
}
demo "$dir"

# --- beside a server ---

serve "$dir"
row "serve prints its address" $? "$(cat "$work/server")"
is "the socket is its owner's" "$(stat -c %a "$dir/socket")" 600
is "the log is served as it is" "$(get /checkpoint | sha256sum)" "$(sha256sum <"$dir/log/checkpoint")"
expect "a second server" 1 'another process serves' "$sulh" serve "$dir" --listen 127.0.0.1:0
record "$dir" party/pakistan/1 incident.open '{"title":"here"}'
is "a record beside it" "$record_status:$(json 'o["verdict"]' "$work/answer")" 0:holds
incident=$id
is "is on its pages" "$(get "/api/incidents/$incident" | json 'o["incident"]["title"]')" here
is "show says the same" "$("$sulh" show "$dir" incident "$incident" --json)" \
    "$(get "/api/incidents/$incident")"
is "status is of now" "$(status_of "$dir" 'o["incidents"]')" 1
expect "audit beside it" 0 '^nothing is wrong' "$sulh" audit "$dir"
"$sulh" receipt "$dir" 3 >"$work/receipt"
expect "receipt beside it" 0 '^entry 3 of' \
    "$sulh" check-receipt "$work/receipt" --vkey "$(cat "$dir/log.vkey")"
expect "import beside it" 0 '"new":142' "$sulh" import "$dir" chronology data/chronology
expect "replay waits for its end" 1 'another process holds' "$sulh" replay "$dir"
expect "a void record" 1 'void by' "$sulh" record "$dir" record.withdraw --as observer/un/1 \
    "$(printf '{"record":"%s","reason":"error"}' "$incident" >"$work/w.json"; echo "$work/w.json")"

for n in 1 2 3 4 5 6 7 8; do
    record "$dir" observer/mission/1 incident.open "{\"title\":\"at once $n\"}"
    "$sulh" show "$dir" incident "$id" 2>&1 >/dev/null
done >"$work/late"
is "what was answered is there to be shown" "$(cat "$work/late")" ""

# Several at once, each with a key of its own; then all with one key.
printf '{"title":"at once"}' >"$work/open.json"
at_once() { # KEYNAME...
    pids=
    for key in "$@"; do
        "$sulh" record "$dir" incident.open "$work/open.json" --as "$key" \
            >>"$work/many" 2>>"$work/many.err" &
        pids="$pids $!"
    done
    for pid in $pids; do
        wait "$pid" && held=$((held + 1))
    done
}
: >"$work/many" && : >"$work/many.err" && held=0
at_once party/pakistan/1 party/afghanistan/1 mediator/qatar/1 observer/mission/1
is "four keys at once" "$held, $(cat "$work/many.err")" "4, "
held=0
at_once observer/mission/1 observer/mission/1 observer/mission/1 observer/mission/1
is "one key at once: each holds or says so" \
    "$((held + $(grep -c 'another process is signing as observer/mission/1' "$work/many.err")))" 4
is "and none forks" "$(status_of "$dir" 'o["records"]["incident.open"]')" $((1 + 23 + 8 + 4 + held))

# Holds the lock of a file for so long; its process in $holder.
hold() { # FILE SECONDS
    flock -F "$1" sleep "$2" &
    holder=$!
    eventually is_held "$1"
}
is_held() { # FILE
    ! flock -n "$1" true
}
let_go() {
    kill $holder
    wait $holder 2>/dev/null
}

# The operator's key in another's hand stops no server.
record "$dir" observer/open-source/node clock.tick '{"at_ms":1}'
is "who signs as the operator is heard" "$record_status:$(json 'o["reason"]' "$work/answer")" 1:tick
hold "$dir/keys/observer/open-source/node.key" 600
"$sulh" record "$dir" incident.open "$work/open.json" --as observer/mission/1 >/dev/null
row "a record while it is held" $?

# --- the end ---

end_server TERM
is "SIGTERM ends it" "$ended, $(cat "$work/server")" "0, "
[ ! -e "$dir/socket" ]
row "its socket is gone" $?
let_go
is "nothing is left to publish" "$("$sulh" audit "$dir" --json | json 'o["ok"], o["staged"]')" "(1, 0)"
size=$(status_of "$dir" 'o["size"]')
serve "$dir"
end_server INT
is "SIGINT, too" "$ended" 0
again=$(status_of "$dir" 'o["size"]')
serve "$dir"
end_server TERM
is "a server with nothing to do adds nothing" "$(status_of "$dir" 'o["size"]')" "$again"
[ "$again" -le $((size + 1)) ]
row "but the tick that was owed" $? "$size, then $again"

# --- killed ---

serve "$dir"
record "$dir" observer/mission/1 incident.open '{"title":"before the end"}'
before=$(status_of "$dir" 'o["records"]["incident.open"]')
for _ in 1 2 3; do
    "$sulh" record "$dir" incident.open "$work/open.json" --as observer/mission/1 \
        >"$work/answer" 2>/dev/null
    [ $? -eq 0 ] && before=$((before + 1))
done
end_server KILL
[ -S "$dir/socket" ]
row "kill -9 leaves the socket's file" $?
is "and what was answered" "$(status_of "$dir" 'o["records"]["incident.open"]')" "$before"
record "$dir" party/pakistan/1 incident.open '{"title":"after the end"}'
is "a record after it" "$record_status" 0

# Somebody at work, and beside it the file of a socket that nobody listens at.
hold "$dir/lock" 600
expect "the lock is believed, and not the file" 1 'another process is at work in it and no server' \
    "$sulh" status "$dir"
let_go
hold "$dir/lock" 0.5
expect "a short one is waited for" 0 '^size' "$sulh" status "$dir"
wait $holder
serve "$dir"
row "a server takes the old socket's place" $? "$(cat "$work/server")"
record "$dir" party/pakistan/1 incident.open '{"title":"again"}'
is "and answers there" "$record_status" 0

# --- where it listens ---

demo "$work/second"
port=${url##*:}
expect "a port that is taken" 1 "listen on 127.0.0.1:$port: Address already in use" \
    "$sulh" serve "$work/second" --listen "127.0.0.1:$port"
[ ! -e "$work/second/socket" ]
row "leaves no socket" $?
expect "no address" 2 '"here" is no address to listen on' "$sulh" serve "$work/second" --listen here
expect "a name is none" 2 'write ADDRESS:PORT in numbers' \
    "$sulh" serve "$work/second" --listen localhost:8117
end_server TERM

mkdir "$work/closed"
cp $agreement/* "$work/closed"
sed -i 's/^entries = "public"/entries = "participants"/' "$work/closed/agreement.toml"
demo "$work/third" "$work/closed"
serve "$work/third"
row "entries for participants" $? "$(cat "$work/server")"
is "by name of this machine" "$(curl -s -o "$work/body" -w '%{http_code}' "$url/api/status")" 200
is "and no other" "$(curl -s -o "$work/body" -w '%{http_code}' -H 'Host: evil.example' "$url/api/status")" 421
end_server TERM
expect "the audit at the end" 0 '^nothing is wrong' "$sulh" audit "$dir"
done_testing
