#!/bin/sh
# sulh join: a directory that follows, and what it does not believe.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
dir=$work/keeper
"$sulh" init "$dir" --agreement "$agreement" --demo >"$work/begun" || exit 1
id=$(awk '{ print $NF }' "$work/begun")
wrong=$(echo "$id" | tr 0-9a-f 1-9a-f0)
name=party/pakistan/node
serve "$dir"
keeper=$url
keeper_pid=$server

join() { # NAME STATUS TEXT DIR OPTION...
    join_name=$1 join_status=$2 join_text=$3 join_dir=$4
    shift 4
    expect "$join_name" "$join_status" "$join_text" timeout 120 "$sulh" join "$work/$join_dir" "$@"
}
join "another agreement" 1 "not $wrong" a "$keeper" --agreement "$wrong" --name $name
join "a name for its id" 2 'audit' a "$keeper" --agreement doha-istanbul-2025 --name $name
join "an id cut short" 2 '64 hex' a "$keeper" --agreement "${id%?}" --name $name
join "an id in capitals" 2 '64 hex' a "$keeper" --agreement "$(echo "$id" | tr a-f A-F)" --name $name
join "without an id" 2 '.agreement' a "$keeper" --name $name
join "without a key or a name" 2 'whose node is it' b "$keeper" --agreement "$id"
join "a name that is none" 2 'whose node is it' c "$keeper" --agreement "$id" --name 'A B'
join "a peer without an address" 2 'peer is' d "$keeper" --agreement "$id" --name $name --peer x/node
join "nobody there" 1 'refused|onnect' e http://127.0.0.1:1 --agreement "$id" --name $name
join "no address at all" 1 'not supported' f ftp://127.0.0.1 --agreement "$id" --name $name
printf 'nonsense' >"$work/nonsense"
join "an entry 0 that is none" 1 'entry 0' g "$keeper" --agreement "$id" --name $name \
    --entry-0 "$work/nonsense"
join "a directory that is in use" 1 'is not empty' keeper "$keeper" --agreement "$id" --name $name
join "as it should be" 0 "$id" node "$keeper" --agreement "$id" --name $name
join "twice" 1 'is not empty' node "$keeper" --agreement "$id" --name $name

mkdir "$work/second"
join "from entry 0 in hand, whoever is there" 0 "$id" second http://127.0.0.1:1 --agreement "$id" \
    --name $name --entry-0 "$work/node/entry-0"

serve "$work/node"
follows() {
    [ "$(get /api/status | json 'o["size"]')" -ge 1 ]
}
eventually follows
is "it holds the log" "$(get /checkpoint)" "$(cat "$dir/log/checkpoint")"
is "and computes the same" "$(get /api/status | json 'o["digest"]')" "$(status_of "$dir" 'o["digest"]')"
is "it says that it follows" "$(get /api/nodes | json 'o["keeps"], o["contacts"][0]["name"]')" \
    "(0, 'observer/open-source/node')"
is "and cosigns nothing" "$(curl -s -o "$work/said" -w '%{http_code}' -H 'Content-Type: text/plain' \
    --data-binary 'old 0' "$url/add-checkpoint")" 404
end_server TERM
is "it ends as it should" "$ended" 0
expect "and what it holds is in order" 0 'nothing is wrong' "$sulh" audit "$work/node" --agreement "$id"
kill -TERM $keeper_pid
wait $keeper_pid 2>/dev/null
done_testing
