# For load_test.sh and load_bench.sh, after tap.sh and cli.sh: COUNT phones at once with a form and BYTES of
# a photograph each, over a line that breaks off two connections of three; all arrive, each once, and the
# server's memory stays below MOST megabytes.

load() { # COUNT BYTES MOST
    dir=$work/node
    "$sulh" init "$dir" --agreement "$agreement" --demo >/dev/null
    "$sulh" device add "$dir" load --for people/load --url http://here --json >"$work/device"
    token=$(json 'o["token"]' "$work/device")
    serve "$dir"
    row "it serves" $? "$(cat "$work/server")"
    python3 tests/api/line.py proxy "${url##*:}" 50000 "$(($2 + 100000))" 3 >"$work/port" &
    line=$!
    eventually test -s "$work/port"
    before=$(python3 tests/nodes/rss.py of $server | cut -d' ' -f2)
    timeout 900 python3 tests/forms/load.py \
        "http://127.0.0.1:$(cat "$work/port")/openrosa/key/$token" "$1" "$2" >"$work/sent"
    kill $line
    echo "# acknowledged, broken off, seconds: $(cat "$work/sent")"
    is "all are acknowledged" "$(cut -d' ' -f1 "$work/sent")" "$1"
    [ "$(cut -d' ' -f2 "$work/sent")" -gt 0 ]
    row "though the line broke off" $? "$(cat "$work/sent")"
    is "and none is refused" "$(cut -d' ' -f4- "$work/sent")" ""
    for _ in $(seq 1800); do
        "$sulh" inbox "$dir" --json >"$work/inbox" && ! grep -q '"state":"waiting"' "$work/inbox" && break
        sleep 0.3
    done
    is "each is signed, once" \
        "$("$sulh" status "$dir" --json | json 'o["records"].get("incident.flash", 0), o.get("void", 0)')" "($1, 0)"
    peak=$(python3 tests/nodes/rss.py of $server | cut -d' ' -f2)
    echo "# at most $peak MB in memory, $before before"
    [ "$peak" -lt "$3" ]
    row "in less than $3 MB" $? "$peak"
    end_server TERM
    expect "nothing is wrong" 0 '^nothing is wrong' "$sulh" audit "$dir"
}
