#!/bin/sh
# The program, serving a demonstration with the shipped agreement and data, asked over HTTP.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
sulh=${SULH_BUILD:-build}/sulh
dir=$work/node

expect "init" 0 "^demo.invalid/" "$sulh" init "$dir" --agreement agreements/doha-istanbul-2025 --demo
expect "import" 0 "23 incidents" "$sulh" import "$dir" chronology data/chronology

"$sulh" serve "$dir" --listen 127.0.0.1:0 >"$work/address" 2>"$work/log" &
server=$!
trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT
eventually test -s "$work/address" # the address is printed when it listens
url=$(cat "$work/address")

get() { # PATH [METHOD [HEADER VALUE]]: the answer, its head first
    python3 - "$url" "$@" <<'PY'
import http.client, sys
url, path, method, *header = sys.argv[1:] + ["GET"][len(sys.argv) > 3:]
connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
connection.request(method, path, headers=dict([header]) if header else {})
answer = connection.getresponse()
print("HTTP/1.1", answer.status)
print(answer.headers, end="")
sys.stdout.flush()
sys.stdout.buffer.write(answer.read())
PY
}
body() { # PATH
    get "$1" | sed '1,/^$/d'
}
# Evaluates a Python expression over the answer to PATH, as `a`; it must be true.
holds() { # NAME PATH EXPRESSION
    body "$2" | python3 -c "
import json, sys
a = json.load(sys.stdin)
sys.exit(not ($3))" 2>"$work/said"
    row "$1" $? "$2: $3: $(cat "$work/said")"
}

expect "status" 0 '"demo":1' get /api/status
expect "its type" 0 'Content-Type: application/json' get /api/status
expect "guarded" 0 "Content-Security-Policy: default-src 'self'" get /api/status
expect "an error is JSON" 0 '"error":"there is no /api/none' get /api/none
expect "with its status" 0 '^HTTP/1.1 404' get /api/none
expect "a wrong parameter" 0 'HTTP/1.1 400' get '/api/incidents?limit=zero'
expect "HEAD" 0 '^HTTP/1.1 200' get /api/status HEAD
expect "PUT" 0 '^HTTP/1.1 405' get /api/status PUT
expect "another's path" 0 '^HTTP/1.1 404' get /tile/../../keys
holds "all incidents" '/api/incidents?limit=500' 'len(a["incidents"]) == 23 and "next" not in a'
holds "a page" '/api/incidents?limit=10' 'len(a["incidents"]) == 10 and a["next"]'
holds "in order of time" '/api/incidents?limit=500' \
    '[i["first_ms"] for i in a["incidents"]] == sorted(i["first_ms"] for i in a["incidents"])'
holds "two sides contest something" '/api/incidents?limit=500' \
    'any(len(c["sides"]) > 1 for i in a["incidents"] for c in i["contested"])'
holds "the same count everywhere" /api/status \
    'a["incidents"] == 23 and a["records"]["claim"] == 96 and a["records_void"] == 0'
holds "the agreement" /api/agreement 'len(a["terms"]["organisation"]) >= 5 and a["agreement"]["name"]'
holds "entry 0" /api/entries/0 'a["kind"] == "agreement.adopt" and a["verdict"]["verdict"] == "holds"'

incident=$(body "/api/incidents?side=PAK&limit=1" | sed 's/.*"id":"\([0-9a-f]*\)","index":[0-9]*,"reports".*/\1/')
holds "one incident" "/api/incidents/$incident" \
    'a["incident"]["id"] and a["reports"][0]["part_here"] == 1 and a["claims"][0]["public"]["statement"]'
holds "recorded between two ticks" "/api/incidents/$incident" \
    'a["reports"][0]["recorded"]["after_ms"] < a["reports"][0]["recorded"]["by_ms"]'

# A tag is answered with 304, until something is published.
tag=$(get /api/incidents | sed -n 's/^ETag: //p')
expect "not modified" 0 '^HTTP/1.1 304' get /api/incidents GET If-None-Match "$tag"
cat >"$work/open.json" <<'JSON'
{"title":"Between the test and the server"}
JSON
expect "record through the server" 0 'holds' "$sulh" record "$dir" incident.open "$work/open.json" \
    --as observer/open-source/1
holds "which is then there" '/api/status' 'a["incidents"] == 24'
expect "modified" 0 '^HTTP/1.1 200' get /api/incidents GET If-None-Match "$tag"

# The log that is served is the log.
for file in $(cd "$dir/log" && find . -type f); do
    body "/${file#./}" >"$work/served"
    expect "$file is served as it is" 0 '' cmp "$work/served" "$dir/log/$file"
done
expect "a receipt" 0 'c2sp.org/tlog-proof@v1' get /api/entries/20/receipt
body /api/entries/20/receipt >"$work/receipt"
expect "that holds" 0 '^entry 20 of' "$sulh" check-receipt "$work/receipt" --vkey "$(cat "$dir/log.vkey")"

# Every path of the OpenAPI document is there, and every parameter is known.
body /api/openapi.json >"$work/openapi.json"
python3 - "$work/openapi.json" >"$work/paths" <<'PY'
import json, sys
document = json.load(open(sys.argv[1]))
assert document["openapi"].startswith("3.0")
for path, methods in document["paths"].items():
    for method, operation in methods.items():
        assert operation["summary"] and operation["responses"]["200"]
        for p in operation["parameters"]:
            assert p["in"] in ("path", "query") and p["schema"]["type"] and p["description"]
            assert (p["in"] == "path") == ("{" + p["name"] + "}" in path)
            if p["in"] == "query":
                print(method, path, p["name"])
        if not operation["parameters"]:
            print(method, path)
PY
row "the OpenAPI document is in order" $? "$(head -c 300 "$work/openapi.json")"
while read -r method path parameter; do
    [ "$method" = get ] && [ "$path" != /pin ] || continue # for that see tls_test.sh
    path=$(echo "$path" | sed "s/{id}/$incident/; s/{index}/1/; s/{file}/agreement.toml/; s/{form}/flash/")
    expect "$path ${parameter:+with $parameter}" 0 "^HTTP/1.1 (200|400)" \
        get "$path${parameter:+?$parameter=%20}"
    ! grep -q "no parameter" "$work/said"
    row "which it knows" $?
done <"$work/paths"

kill $server
wait $server
row "it ends when it is told to" $? "$(cat "$work/log")"
expect "and leaves no socket" 1 '' test -e "$dir/socket"
expect "and a log that holds" 0 '' sh -c "'$sulh' audit '$dir' >/dev/null"
done_testing
