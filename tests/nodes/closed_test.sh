#!/bin/sh
# An agreement whose entries are for its participants, over TLS: the nodes know one another by
# their keys, sign in to each other, and strangers see hashes alone.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
. tests/nodes/nodes.sh
trap 'stop_all; rm -rf "$work"' EXIT

cp -r "$agreement" "$work/agreement"
agreement=$work/agreement
sed -i 's/^entries = "public"/entries = "participants"/' "$agreement/agreement.toml"
scheme=https
make_mission doha-istanbul-2025 || { row "the mission begins" 1 "$(cat "$work/complaint")"; done_testing; exit; }
for n in $nodes; do start "$n" --tls; done

inside=yes # their own sockets, where whoever may open them is at home
await 1 /api/status 'o["size"] >= 1 and o["now_ms"] > 0'
row "the first tick comes about by the quorum" $? "$(at 1 /api/nodes)"
say 3 incident.open '{"title":"Shelling"}'
row "a record at a node that follows" $? "$(cat "$work/complaint")"
for n in $nodes; do
    await "$n" "/api/incidents/$id" 'o["incident"]["title"] == "Shelling"'
    row "is seen at node $n" $? "$(at "$n" "/api/incidents/$id")"
done

expect "participants compare" 0 '^they agree$' "$sulh" compare "$work/4" "$url_5"

stranger() { # PATH
    eval "curl -sSk --max-time 60 -o /dev/null -w '%{http_code}' \$url_2$1"
}
is "a stranger may have the checkpoint" "$(stranger /checkpoint)" 200
is "and hashes" "$(stranger "/tile/0/000.p/$(at 2 /api/status | json 'o["checkpoint"]["size"]')")" 200
for path in /tile/entries/000 "/api/incidents/$id" /api/nodes /api/entries/0/effects; do
    is "but not $path" "$(stranger $path)" 401
done

# The certificate is another: whoever stands between.
stop 1 TERM
rm -rf "$work/1/tls"
eval "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=x \
    -keyout '$work/false.key' -out '$work/false.crt' 2>/dev/null"
port=${url_1##*:}
openssl s_server -accept "127.0.0.1:$port" -cert "$work/false.crt" -key "$work/false.key" -www -quiet \
    >/dev/null 2>&1 &
between=$!
await 2 /api/nodes \
    '[c for c in o["contacts"] if c["name"] == "mediator/qatar/node" and "problem" in c] != []'
row "a certificate that the node's key has not signed is not spoken to" $? "$(at 2 /api/nodes)"
kill $between 2>/dev/null
wait $between 2>/dev/null
done_testing
