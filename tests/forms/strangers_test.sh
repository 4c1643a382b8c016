#!/bin/sh
# Clients of OpenRosa that are not Collect, byte for byte as each writes its posts (strangers.py):
# what is sound is taken, with its files; what cannot be known is refused, and says why.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
dir=$work/node
"$sulh" init "$dir" --agreement "$agreement" --demo >/dev/null
"$sulh" device add "$dir" seven --for observer/seven --url http://here --json >"$work/device"
token=$(json 'o["token"]' "$work/device")
serve "$dir" || row "serve" 1 "$(cat "$work/server")"
seven=$url/openrosa/key/$token

# --- addresses ---

status() { # CURL-ARGUMENT...
    curl -s --max-time 10 -o "$work/body" -w '%{http_code}' "$@"
}
is "a slash at the end of the list's address" "$(status "$seven/formList/")" 200
is "an address that ended in a slash" "$(status "$seven//formList?formID=flash&deviceID=x")" 200
is "the same without a token" "$(status "$url/openrosa//formList")" 200
is "HEAD with a slash" "$(status -I "$seven/submission/")" 204
is "by HTTP/1.0" "$(status --http1.0 -I "$seven/submission")" 204
is "no place becomes one by slashes" "$(status "$seven/form/List")" 404
is "a token alone is none" "$(status "$seven/")" 404

# --- posts ---

version=$(curl -s "$seven/forms/flash" | sed -n 's/.*<data id="flash" version="\([0-9a-f]*\)".*/\1/p')
cat >"$work/answer.xml" <<XML
<?xml version="1.0" encoding="UTF-8"?>
<data xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms" id="flash" version="$version"><happens><what>گولہ باری</what><ongoing>yes</ongoing><casualties_min/><casualties_max/><needs/></happens><where><place_name>تورخم</place_name><position>34.1234 71.0912 0 0</position></where><when><at>2026-11-20T14:20:00.000+05</at><exact>quarter</exact></when><more><photos><photo type="file">MEDIA</photo></photos></more><orx:meta><orx:instanceID>INSTANCE</orx:instanceID></orx:meta></data>
XML
post() { # NAME...
    timeout 60 python3 tests/forms/strangers.py "$seven" "$work/answer.xml" "$@" >"$work/posts" 2>&1
}
taken='enketo briefcase tella commcare old dotnet dart script requests path field'
# shellcheck disable=SC2086
post $taken
for name in $taken; do
    is "$name is taken whole" "$(sed -n "s/^$name \([0-9]*\).*/\1/p" "$work/posts")" 201
done
# shellcheck disable=SC2086
post $taken
is "all again are known" "$(grep -c ' 201 ' "$work/posts")" 11

refused() { # NAME STATUS TEXT
    post "$1"
    expect "$1: $3" 0 "^$1 $2 .*$3" cat "$work/posts"
}
refused packed 415 'packed as .*gzip.* is not taken here: send it as it is'
refused lacking 202 '1 files'
refused latin 400 'not in UTF-8'
refused urlencoded 400 'not multipart/form-data'

# --- and they are records ---

flashes() {
    "$sulh" status "$dir" --json | json 'o["records"].get("incident.flash", 0)'
}
for _ in $(seq 100); do
    [ "$(flashes)" -ge 11 ] && break
    sleep 0.1
done
is "each is a record, once" "$(flashes)" 11
end_server TERM
expect "nothing is wrong" 0 '^nothing is wrong' "$sulh" audit "$dir"
done_testing
