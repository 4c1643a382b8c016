# For tests of the program's commands, after tap.sh: the program, answers in JSON, servers.

sulh=$(realpath "${SULH_BUILD:-build}")/sulh
agreement=agreements/doha-istanbul-2025

# What a Python expression over the JSON object `o` gives, of FILE or of standard input.
json() { # EXPRESSION [FILE]
    python3 -c 'import json, sys; o = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1" \
        <"${2:-/dev/stdin}"
}

is() { # NAME GOT WANTED
    [ "$2" = "$3" ]
    row "$1" $? "got: $2
wanted: $3"
}

status_of() { # DIR EXPRESSION
    "$sulh" status "$1" --json | json "$2"
}

# Signs one record and keeps the answer in $work/answer, its id in $id.
record() { # DIR KEYNAME KIND JSON
    printf '%s' "$4" >"$work/fields.json"
    "$sulh" record "$1" "$3" "$work/fields.json" --as "$2" >"$work/answer" 2>"$work/complaint"
    record_status=$?
    id=$(json 'o["id"]' "$work/answer" 2>/dev/null)
    return $record_status
}

# Whether the server says where it listens, or has ended.
begun() {
    [ -s "$work/address" ] || ! kill -0 $server 2>/dev/null
}

# Serves DIR on a free port of this machine, or at $listen: its address in $url, its process in
# $server.
serve() { # DIR [OPTION...]
    serve_dir=$1
    shift
    : >"$work/address"
    "$sulh" serve "$serve_dir" --listen "${listen:-127.0.0.1:0}" "$@" >"$work/address" 2>"$work/server" &
    server=$!
    eventually begun
    url=$(cat "$work/address")
    [ -n "$url" ]
}

# Ends the server with a signal; its status in $ended.
end_server() { # SIGNAL
    kill "-$1" $server
    wait $server 2>/dev/null
    ended=$?
}

get() { # PATH
    curl -sS --max-time 60 "$url$1"
}
