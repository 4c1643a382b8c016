#!/bin/sh
# A node whose entries are for its participants, open to other machines: over TLS alone, with a
# certificate that its key has pinned; who signs in by key reads.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
dir=$work/node
key=party/pakistan/1
liar=

mkdir "$work/closed"
cp "$agreement"/* "$work/closed"
sed -i 's/^entries = "public"/entries = "participants"/' "$work/closed/agreement.toml"
"$sulh" init "$dir" --agreement "$work/closed" --demo >"$work/said"
name=$(status_of "$dir" 'o["agreement"]')

# Serves DIR on all addresses of the machine; $url is then on this machine, for the tests go to
# no other address.
serve_out() { # DIR
    listen=0.0.0.0:0
    serve "$1"
    listen=
    listening=$url
    url=$(echo "$url" | sed 's|//0.0.0.0|//127.0.0.1|')
}
finish() {
    kill "$server" $liar 2>/dev/null
    rm -rf "$work"
}
trap finish EXIT

ask() { # PATH [CURL OPTION...]: the status; the answer is left in $work/answer, its head in $work/head
    ask_path=$1
    shift
    curl -sk --max-time 60 -o "$work/answer" -D "$work/head" -w '%{http_code}' "$@" "$url$ask_path"
}

# --- the certificate ---

serve_out "$dir"
row "it serves" $? "$(cat "$work/server")"
is "over TLS" "$(echo "$listening" | sed 's/:[0-9]*$//')" https://0.0.0.0
is "from a file of its own" "$(stat -c %a "$dir/tls" "$dir/tls/server.pem" | tr '\n' ' ')" "700 600 "
is "nothing in the open" "$(curl -s --max-time 5 "http://${url#https://}/checkpoint" | wc -c)" 0
is "TLS 1.2" "$(ask /checkpoint --tls-max 1.2)" 200
is "nothing older" "$(ask /checkpoint --tls-max 1.1)" 000
shown=$(openssl x509 -in "$dir/tls/server.pem" -outform DER | sha256sum | cut -d' ' -f1)
expect "it says which certificate" 0 "SHA-256 is $shown" cat "$work/server"
expect "pin" 0 "^certificate SHA-256 $shown" "$sulh" pin "$url" --dir "$dir"
is "pin, for programs" \
    "$("$sulh" pin "$url/" --dir "$dir" --json | json 'o["certificate"] + " " + o["node"]')" \
    "$shown observer/open-source/node"
vkey=$("$sulh" key show "$dir" observer/open-source/node)
expect "by the whole key, without a directory" 0 "$shown" \
    "$sulh" pin "$url" --node "$vkey" --agreement "$name"
expect "by the key of another" 1 'not signed by party/pakistan/1' \
    "$sulh" pin "$url" --node "$("$sulh" key show "$dir" $key)" --agreement "$name"
expect "another agreement's" 1 'of a node of demo.invalid' \
    "$sulh" pin "$url" --node "$vkey" --agreement other
expect "no node's key" 1 'is no node.s key' "$sulh" pin "$url" --dir "$dir" --node $key
expect "a key that nobody has" 1 'knows no key x/y' "$sulh" pin "$url" --dir "$dir" --node x/y
expect "no key" 2 'of which agreement' "$sulh" pin "$url"
expect "no node" 2 'which node' "$sulh" pin "$url" --agreement "$name"
expect "no TLS" 1 'only https' "$sulh" pin "http://${url#https://}" --dir "$dir"

# --- who may read ---

is "a stranger sees that it is there" "$(ask /api/status)" 200
is "and nothing of what is in it" "$(json '"records" in o' "$work/answer")" False
is "no entry" "$(ask /api/entries/0)" 401
expect "and is told what to do" 0 'sign in; sulh sign-in prints' cat "$work/answer"
is "no bundle of entries" "$(ask /tile/entries/000.p/1)" 401
is "but the tiles to check with" "$(ask "/tile/0/000.p/$(status_of "$dir" 'o["size"]')")" 200

expect "sign-in needs a key" 2 'who signs in' "$sulh" sign-in "$url" --dir "$dir"
expect "and to know whose node it is" 2 'say --dir' "$sulh" sign-in "$url" --as $key
expect "a node that is another" 1 'not signed by' \
    "$sulh" sign-in "$url" --key-file "$dir/keys/$key.key" --agreement "$name" \
    --node "$("$sulh" key show "$dir" $key)"
expect "a key of another job" 1 '403 .*job promise' \
    "$sulh" sign-in "$url" --dir "$dir" --as observer/open-source/promise
token=$("$sulh" sign-in "$url" --dir "$dir" --as $key --token)
is "a token" "${#token}" 64
is "with which one reads" "$(ask /api/entries/0 -H "Authorization: Bearer $token")" 200
is "what nobody on the way keeps" "$(grep -ci '^cache-control: private' "$work/head")" 1
is "and sees whose it is" \
    "$(ask /api/status -H "Authorization: Bearer $token") $(json 'o["signed_in"]["name"]' "$work/answer")" \
    "200 $key"
is "not in the address" "$(ask "/api/entries/0?token=$token")" 400
is "a person without a directory" "$("$sulh" sign-in "$url" --token --key-file "$dir/keys/$key.key" \
    --agreement "$name" --node "$vkey" | wc -c)" 65

address=$("$sulh" sign-in "$url" --dir "$dir" --as $key 2>"$work/advice")
is "an address for the browser" "${address%=*}" "$url/#sign-in"
expect "and what to compare" 0 "$shown" cat "$work/advice"
code=${address##*=}
is "its code is no token" "$(ask /api/entries/0 -H "Authorization: Bearer $code")" 401
redeem() {
    ask /sign-in/code -H 'Content-Type: application/json' -d "{\"code\":\"$code\"}" -c "$work/cookies"
}
is "is changed for a cookie" "$(redeem)" 200
expect "that scripts do not see, nor other pages use" 0 \
    '^set-cookie: sulh-[0-9a-f]{16}=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict; Secure' \
    sed 's/^Set-Cookie/set-cookie/' "$work/head"
is "with which a page reads" "$(ask /api/incidents -b "$work/cookies")" 200
cp "$work/cookies" "$work/kept"
is "once" "$(redeem)" 403
is "signing out" "$(ask /sign-out -X POST -b "$work/kept")" 200
is "ends it" "$(ask /api/incidents -b "$work/kept")" 401

# --- the same, beside the server ---

is "its owner reads through the socket" \
    "$(curl -s --unix-socket "$dir/socket" -o "$work/answer" -w '%{http_code}' http://x/api/entries/0)" 200
expect "the owner's own commands go on" 0 'holds' "$sulh" record "$dir" incident.open --as $key \
    "$(printf '{"title":"beside TLS"}' >"$work/open.json"; echo "$work/open.json")"

id=$(curl -sk "$url/api/status" | json 'o["agreement_id"]')
expect "a stranger does not audit what is not public" 1 'not given to us' "$sulh" audit "$url" --agreement "$id"
audit_as() { # KEY [OPTION...]
    as=$1
    shift
    "$sulh" audit "$url" --agreement "$id" --as "$as" "$@"
}
expect "who signs in does" 0 '^nothing is wrong$' audit_as $key --dir "$dir"
expect "and a person without a directory" 0 '^nothing is wrong$' \
    audit_as "$dir/keys/$key.key" --node "$vkey" --name "$name"
expect "not by the word of a node that is another" 1 'not signed by' audit_as "$dir/keys/$key.key" \
    --name "$name" --node "$("$sulh" key show "$dir" $key)"
expect "nor by a key that nobody admitted" 1 'sign in as x/y: .*403 no key x/y is admitted' \
    audit_as "$("$sulh" key new "$work/stranger.key" x/y --plain >/dev/null; echo "$work/stranger.key")" \
    --dir "$dir"
expect "nor of another job" 1 'sign in as .*403 .*job promise' \
    audit_as observer/open-source/promise --dir "$dir"
expect "nor without knowing which agreement" 2 'of which agreement.*--name NAME' \
    audit_as "$dir/keys/$key.key" --node "$vkey"
expect "nor whose key it is" 2 'no .key file' audit_as $key --node "$vkey" --name "$name"
expect "a directory needs no key" 2 'for signing in: with a URL' \
    "$sulh" audit "$dir" --as "$dir/keys/$key.key"

# --- a key that is revoked ---

printf '{"name":"%s","reason":"lost"}' $key >"$work/revoke.json"
expect "a key is revoked" 0 holds "$sulh" record "$dir" member.revoke "$work/revoke.json" --as $key
is "its sessions end" "$(ask /api/entries/0 -H "Authorization: Bearer $token")" 401
expect "and it says why" 0 "the key $key was revoked" cat "$work/answer"
expect "it signs in no more" 1 '403 .*was revoked' "$sulh" sign-in "$url" --dir "$dir" --as $key
expect "nor audits" 1 '403 .*was revoked' audit_as $key --dir "$dir"

# --- somebody stands between ---

ask /pin >"$work/said"
cp "$work/answer" "$work/pin"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=other -days 30 \
    -keyout "$work/other.key" -out "$work/other.crt" 2>/dev/null
cat "$work/other.crt" "$work/other.key" >"$work/other.pem"
cat >"$work/liar.py" <<'PY'
import http.server, ssl, sys
class Liar(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with open(sys.argv[2], "rb") as file:
            body = file.read()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Liar)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1])
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
PY
python3 "$work/liar.py" "$work/other.pem" "$work/pin" >"$work/port" &
liar=$!
eventually test -s "$work/port"
between=https://127.0.0.1:$(cat "$work/port")
expect "the pin of the right node, and another certificate" 1 'somebody stands between' \
    "$sulh" pin "$between" --dir "$dir"
expect "nobody signs in there" 1 'somebody stands between' \
    "$sulh" sign-in "$between" --dir "$dir" --as party/afghanistan/1
expect "nor audits there" 1 'somebody stands between' "$sulh" audit "$between" --agreement "$id" \
    --dir "$dir" --as party/afghanistan/1

# --- another certificate ---

end_server TERM
serve_out "$dir"
expect "the certificate outlives the server" 0 "$shown" "$sulh" pin "$url" --dir "$dir"
is "the sessions do not" "$(ask /api/entries/0 -H "Authorization: Bearer $token")" 401
end_server TERM
install -m 600 "$work/other.pem" "$dir/tls/server.pem"
serve_out "$dir"
other=$(openssl x509 -in "$work/other.crt" -outform DER | sha256sum | cut -d' ' -f1)
expect "one that was put there is shown and pinned" 0 "^certificate SHA-256 $other" \
    "$sulh" pin "$url" --dir "$dir"
end_server TERM
chmod 640 "$dir/tls/server.pem"
expect "one that others can read is not" 1 'open to others' \
    "$sulh" serve "$dir" --listen 0.0.0.0:0
chmod 600 "$dir/tls/server.pem"
echo noise >"$dir/tls/server.pem"
expect "nor what is none" 1 'there is no certificate' "$sulh" serve "$dir" --listen '[::]:0'

# --- on this machine ---

rm "$dir/tls/server.pem"
serve "$dir"
is "in the open on this machine" "${url%:*}" http://127.0.0.1
[ ! -e "$dir/tls/server.pem" ]
row "for which no certificate is made" $?
is "which pins nothing" "$(ask /pin)" 404
is "and where entries are not for its other users" "$(ask /api/entries/0)" 401
token=$("$sulh" sign-in "$url" --dir "$dir" --as party/afghanistan/1 --token)
is "unless they sign in" "$(ask /api/entries/0 -H "Authorization: Bearer $token")" 200
end_server TERM
serve "$dir" --tls
is "or over TLS, if it is asked for" "${url%:*}" https://127.0.0.1
expect "pinned" 0 '^certificate' "$sulh" pin "$url" --dir "$dir"
end_server TERM

"$sulh" init "$work/public" --agreement "$agreement" --demo >/dev/null
serve_out "$work/public"
is "public entries go out" "$(ask /api/entries/0)" 200
is "over TLS, too" "${url%:*}" https://127.0.0.1
id=$(curl -sk "$url/api/status" | json 'o["agreement_id"]')
expect "and are audited from afar" 0 '^nothing is wrong' "$sulh" audit "$url" --agreement "$id"
end_server TERM
expect "the log is as it should be" 0 '^nothing is wrong' "$sulh" audit "$dir"
done_testing
