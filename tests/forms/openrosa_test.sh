#!/bin/sh
# Phones by OpenRosa: set up, given forms, sending answers; by a client that keeps ODK Collect's
# rules (collect.py), and by curl.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
dir=$work/node
base=http://127.0.0.1
gateway=observer/mission/door
"$sulh" init "$dir" --agreement "$agreement" --demo >/dev/null
# A second gateway, by hand: the one of the demonstration is taken out.
vkey=$("$sulh" key new "$dir" observer/mission/door)
record "$dir" mediator/qatar/root member.admit \
    "{\"key\":\"$vkey\",\"job\":\"author\",\"org\":\"observer/mission\",\"role\":\"gateway\"}"
row "a gateway is admitted" $? "$(cat "$work/answer" "$work/complaint")"
sed -i '/^\[forms\]/d; /^gateway = /d' "$dir/sulh.toml"

device() { # NAME [OPTION...]: its address in $url_of_NAME, its password in $word_of_NAME
    device_name=$1
    shift
    "$sulh" device add "$dir" "$device_name" --for "observer/$device_name" --url http://here --json \
        "$@" >"$work/device" 2>"$work/complaint" || return 1
    eval "token_of_$device_name=$(json 'o["token"]' "$work/device")"
    eval "word_of_$device_name=$(json 'o["password"]' "$work/device")"
}
collect() {
    timeout 600 python3 tests/forms/collect.py "$@"
}

# --- devices ---

expect "a device without a gateway is told so" 0 'no \[forms\] gateway' \
    "$sulh" device add "$dir" early --for observer/early --url http://here
printf '\n[forms]\ngateway = "%s"\n' $gateway >>"$dir/sulh.toml"
expect "a device needs an address" 2 'say where phones reach this node' \
    "$sulh" device add "$dir" nowhere --for observer/nowhere
expect "and a name of its own" 1 'there is a device early' \
    "$sulh" device add "$dir" early --for observer/other --url http://here
expect "and whom it is for" 2 '\-\-for says' "$sulh" device add "$dir" nobody --url http://here
expect "who has the form of a key's name" 2 'must be a key' \
    "$sulh" device add "$dir" nobody --for 'A B' --url http://here
expect "and a language that phones have" 2 'is en, ur' \
    "$sulh" device add "$dir" nobody --for a --url http://here --language fa
expect "and a plain name" 2 'cannot name a device' \
    "$sulh" device add "$dir" ../x --for a --url http://here
expect "none of these is there" 0 '^early for' "$sulh" device list "$dir"
is "the folder is its owner's" "$(stat -c %a "$dir/devices")" 700

"$sulh" device add "$dir" seven --for observer/seven --language ps --url https://forms.example:8117 \
    --title 'نظارت' --png "$work/seven.png" >"$work/seven"
unpacked() { # what zbarimg reads, unpacked
    zbarimg -q --raw "$1" 2>/dev/null | python3 -c '
import base64, json, sys, zlib
print(json.dumps(json.loads(zlib.decompress(base64.b64decode(sys.stdin.read().strip(), validate=True)))))'
}
unpacked "$work/seven.png" >"$work/settings"
server_url=$(grep -oE 'https://forms.example:8117/openrosa/key/[0-9a-f]{64}' "$work/seven")
is "the code is read back: the address" "$(json 'o["general"]["server_url"]' "$work/settings")" \
    "$server_url"
is "and the language" "$(json 'o["general"]["app_language"]' "$work/settings")" ps
is "and what the project is called" "$(json 'o["project"]["name"]' "$work/settings")" 'نظارت'
is "what a holder could break is locked" \
    "$(json 'o["admin"]["change_server"], o["general"]["delete_send"]' "$work/settings")" \
    "(False, True)"
# What the terminal shows, drawn as a picture.
python3 - "$work/seven" "$work/terminal.pbm" <<'PY'
import sys
rows = [l.rstrip("\n") for l in open(sys.argv[1], encoding="utf-8") if set(l) & set("█▀▄")]
white = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}
lines = [[white[c][half] for c in row] for row in rows for half in (0, 1)]
scale = 4
out = [" ".join(str(1 - v) for v in line for _ in range(scale)) for line in lines for _ in range(scale)]
open(sys.argv[2], "w").write(f"P1\n{len(lines[0]) * scale} {len(out)}\n" + "\n".join(out) + "\n")
PY
is "the terminal shows the same code" "$(unpacked "$work/terminal.pbm")" "$(cat "$work/settings")"

device eight
device nine
# shellcheck disable=SC2154
serve "$dir" || row "serve" 1 "$(cat "$work/server")"
eight=$url/openrosa/key/$token_of_eight

# --- the list and the forms ---

collect "$eight" list >"$work/list"
row "the list keeps Collect's rules" $? "$(cat "$work/list")"
version=$(awk -F'\t' '$1 == "flash" { print $2 }' "$work/list")
expect "every form is what its hash says" 0 '^flash' collect "$eight" fetch
expect "by Digest, too" 0 '^flash' collect --user "eight:$word_of_eight" "$url/openrosa" fetch
expect "an address is whole" 0 "	$eight/forms/flash" cat "$work/list"
is "one form alone" "$(get "/openrosa/key/$token_of_eight/formList?formID=flash" |
    grep -o '<formID>' | wc -l)" 1
expect "verbose says more" 0 '<descriptionText>' get "/openrosa/formList?verbose=true"
"$sulh" device add "$dir" pashto --for observer/pashto --language ps --url http://here --json \
    >"$work/device" # while the server runs
pashto=$url/openrosa/key/$(json 'o["token"]' "$work/device")
collect "$pashto" list >"$work/pashto"
[ "$(cut -f2 "$work/pashto")" = "$(cut -f2 "$work/list")" ] && ! cmp -s "$work/pashto" "$work/list"
row "a device has its own language, and the same versions" $? "$(cat "$work/pashto")"
status() { # CURL-ARGUMENT...
    curl -s --max-time 60 -o "$work/body" -D "$work/head" -w '%{http_code}' "$@"
}
is "a form that there is not" "$(status "$eight/forms/none")" 404
is "a manifest" "$(status "$eight/manifest/flash")" 200
is "a place that there is not" "$(status "$eight/else")" 404
is "which is said in the clients' form" "$(grep -c '<OpenRosaResponse xmlns="http://openrosa.org/http/response"><message>' "$work/body")" 1

# --- who may send ---

is "HEAD" "$(status -I "$eight/submission")" 204
is "how much at once" "$(tr -d '\r' <"$work/head" | sed -n 's/^X-OpenRosa-Accept-Content-Length: //p')" 10000000
is "without anything" "$(status -I "$url/openrosa/submission")" 401
is "it is asked for Digest alone over http" "$(grep -ci '^www-authenticate: digest' "$work/head") $(grep -ci '^www-authenticate: basic' "$work/head")" "1 0"
is "by Digest" "$(status -I --digest -u "eight:$word_of_eight" "$url/openrosa/submission?deviceID=a%20b")" 204
is "with a wrong password" "$(status -I --digest -u eight:wrong "$url/openrosa/submission")" 401
is "by a name that there is not" "$(status -I --digest -u other:wrong "$url/openrosa/submission")" 401
is "with another's password" "$(status -I --digest -u "nine:$word_of_eight" "$url/openrosa/submission")" 401
is "by Basic over http" "$(status -I -u "eight:$word_of_eight" "$url/openrosa/submission")" 401
is "with a token that there is not" "$(status -I "$url/openrosa/key/$(printf '%064d' 7)/submission")" 403
stale='Digest username="eight", realm="Sulh forms", nonce="0", uri="/openrosa/submission", response="0"'
is "a header that is no Digest" "$(status -I -H "Authorization: $stale" "$url/openrosa/submission")" 401
"$sulh" device remove "$dir" nine
is "one that was removed, by token" "$(status -I "$url/openrosa/key/$token_of_nine/submission")" 403
is "by password" "$(status -I --digest -u "nine:$word_of_nine" "$url/openrosa/submission")" 401

# --- sending ---

# An answer to the form "flash", as Collect writes it.
answer() { # FILE INSTANCE WHAT [BEFORE [PHOTO...]]
    answer_file=$1 answer_instance=$2 answer_what=$3 answer_before=${4:-}
    shift 3
    [ $# -gt 0 ] && shift
    {
        printf '<?xml version="1.0" ?><data id="flash" version="%s" xmlns:orx="http://openrosa.org/xforms">' "$version"
        printf '<happens><what>%s</what><ongoing>yes</ongoing><casualties_min /><casualties_max /><needs>medevac monitors</needs></happens>' "$answer_what"
        printf '<where><place_name>تورخم</place_name><sector /><crossing /><position>34.12345678 71.0912 450.2 4.9</position><error>m20</error></where>'
        printf '<when><at>2026-11-20T14:20:00.000+05:00</at><exact>quarter</exact></when><more><act /><audio />'
        for photo in "$@"; do
            printf '<photos><photo>%s</photo></photos>' "$(basename "$photo")"
        done
        printf '</more><orx:meta><orx:instanceID>%s</orx:instanceID>' "$answer_instance"
        [ -z "$answer_before" ] || printf '<orx:deprecatedID>%s</orx:deprecatedID>' "$answer_before"
        printf '</orx:meta></data>'
    } >"$answer_file"
}
# Whether nothing that is complete waits to be signed.
is_signed() {
    "$sulh" inbox "$dir" --json >"$work/inbox" && ! grep '"complete":1' "$work/inbox" | grep -q '"held":""'
}
flashes() {
    "$sulh" status "$dir" --json | json 'o["records"].get("incident.flash", 0)'
}
before=$(flashes)
are_signed() { # COUNT
    is_signed && [ $(($(flashes) - before)) -ge "$1" ]
}
signs() { # NAME COUNT: so many records in all, and no more of what is complete
    eventually are_signed "$2"
    is "$1" "$(($(flashes) - before))" "$2"
}
answer "$work/1.xml" uuid:1 'ډزې روانې دي'
expect "a form" 0 '^201 .*\(1 posts\)' collect "$eight" send "$work/1.xml"
signs "is a record" 1
expect "the same again, the answer was lost" 0 '^201' collect "$eight" send "$work/1.xml"
sed 's/yes/no/' "$work/1.xml" >"$work/1-other.xml"
expect "the same instance with other bytes" 1 '^409 .*says something else' \
    collect "$eight" send "$work/1-other.xml"
expect "without a word more" 0 '^201' collect "$eight" send "$work/1.xml"
signs "and there is one record of it" 1

photo() { # FILE BYTES
    mkdir -p "$(dirname "$1")"
    head -c "$2" /dev/urandom >"$1"
}
photo "$work/files/عکس ۱.jpg" 300000
photo "$work/files/2 (copy).jpg" 1500000
photo "$work/files/empty.jpg" 0
answer "$work/2.xml" uuid:2 'with photographs' '' "$work"/files/*
expect "files, in a post each, with names in Persian" 0 '^201 .*\(3 posts\)' \
    collect --least 1 "$eight" send "$work/2.xml" "$work"/files/*
answer "$work/3.xml" uuid:3 'cut off' '' "$work"/files/*
expect "a post that broke off in the middle, and again" 0 '^201' \
    collect --least 2 --break 1 "$eight" send "$work/3.xml" "$work"/files/*
answer "$work/4.xml" uuid:4 'in chunks' '' "$work"/files/*
expect "in chunks, by Digest" 0 '^201' \
    collect --chunked --user "eight:$word_of_eight" "$url/openrosa" send "$work/4.xml" "$work"/files/*
signs "each is a record" 4

mkdir "$work/hundred"
for n in $(seq 120); do
    printf 'photo %s' "$n" >"$work/hundred/$n.jpg"
done
answer "$work/5.xml" uuid:5 'many' '' "$work"/hundred/*
expect "120 files" 0 '^201 .*\(2 posts\)' collect "$eight" send "$work/5.xml" "$work"/hundred/*
signs "are a record" 5

answer "$work/6.xml" uuid:6 'the last post never comes' '' "$work"/files/*
collect --least 2 --keep "$eight" send "$work/6.xml" "$work"/files/* >/dev/null
expect "what is incomplete is no record" 0 'uuid:6' "$sulh" inbox "$dir"
answer "$work/7.xml" uuid:7 'a file is missing' '' "$work/files/empty.jpg"
expect "a file that the form names and nobody sent" 0 '^202 Kept; 1 files' \
    collect "$eight" send "$work/7.xml"
expect "is waited for" 0 'lacks empty.jpg' "$sulh" inbox "$dir"

# --- corrections ---

answer "$work/8.xml" uuid:8 'corrected' uuid:1
expect "a correction" 0 '^201' collect "$eight" send "$work/8.xml"
answer "$work/9.xml" uuid:9 'corrected otherwise' uuid:1
expect "another of the same" 1 '^409 .*taken the place' collect "$eight" send "$work/9.xml"
answer "$work/10.xml" uuid:10 'corrected twice' uuid:8
expect "one of the correction" 0 '^201' collect "$eight" send "$work/10.xml"
answer "$work/11.xml" uuid:11 'of nothing' uuid:none
expect "one of what never came" 1 '^404 .*never came' collect "$eight" send "$work/11.xml"
signs "two more records" 7

# Who told it is sealed, and so are the bytes that say it.
community=$(curl -s "$eight/forms/community" | grep -oE '<data id="community" version="[0-9a-f]*"')
{
    printf '%s><happened><summary>x</summary></happened>' "$community"
    printf '<more><teller>Anna</teller></more><meta><instanceID>uuid:12</instanceID></meta></data>'
} >"$work/12.xml"
expect "one with a name in it" 0 '^201 ' collect "$eight" send "$work/12.xml"
eventually is_signed
is "is a record, sealed where it must be" \
    "$("$sulh" status "$dir" --json | json 'o["records"].get("incident.report", 0)')" 1

# --- what is refused ---

refused() { # NAME STATUS TEXT SED-EXPRESSION
    sed "s/uuid:1</uuid:r$tap_count</; $4" "$work/1.xml" >"$work/r.xml"
    expect "$1" 1 "^$2 .*$3" collect "$eight" send "$work/r.xml"
}
refused "a form that there is not" 404 'form' 's/id="flash"/id="none"/'
refused "a version that there never was" 404 'version' 's/version="[0-9a-f]*"/version="0123456789abcdef"/'
refused "one that is a path" 404 'version' 's,version="[0-9a-f]*",version="../../keys/x",'
refused "without an instance" 400 '' 's/<orx:instanceID>[^<]*//; s,</orx:instanceID>,,'
refused "a place that is none" 400 'position' 's/<position>[^<]*/<position>north/'
refused "no XML" 400 '' 's/<data/<dat/'
refused "with a DOCTYPE" 400 '' 's/<data/<!DOCTYPE x><data/'
is "a body that is no form" "$(status -X POST -H 'Content-Type: text/plain' -d x "$eight/submission")" 400
is "nothing" "$(status -X POST -H 'Content-Length: 0' "$eight/submission")" 400
is "too much" "$(head -c 68000000 /dev/zero | status -X POST -H 'Content-Type: multipart/form-data; boundary=x' --data-binary @- "$eight/submission")" 413
"$sulh" inbox "$dir" --json | grep '"state":"refused"' >"$work/refused"
is "each is in quarantine" "$(wc -l <"$work/refused")" 12
hash=$(json 'o["body"]' <"$work/refused" 2>/dev/null || head -1 "$work/refused" | json 'o["body"]')
is "under its hash" "$(sha256sum <"$dir/quarantine/$hash" | cut -d' ' -f1)" "$hash"
is "and nothing of it is a record" "$(($(flashes) - before))" 7

# Of each device and reason the first is recorded at once; the rest waits, and is told by number.
refusals() {
    "$sulh" status "$dir" --json | json 'o["records"].get("intake.refuse", 0)'
}
reasons=$(sed 's/.*"word":"\([a-z_]*\)".*/\1/' "$work/refused" | sort -u | wc -l)
are_recorded() {
    [ "$(refusals)" = "$reasons" ]
}
eventually are_recorded
is "that it was refused is a record, one for each reason" "$(refusals)" "$reasons"
"$sulh" inbox "$dir" --json | grep '"state":"refused"' >"$work/refused"
is "the inbox says which" "$(grep -c '"record":"[0-9a-f]\{64\}"' "$work/refused")" "$reasons"
is "and which has none yet" "$(grep -c '"record":""' "$work/refused")" $((12 - reasons))
expect "in words, too" 0 'not recorded yet' "$sulh" inbox "$dir"
id=$(head -1 "$work/refused" | json 'o["record"]')
get "/api/records/$id" >"$work/record"
is "of whom, on what way, and the hash of what came" \
    "$(json '[json.loads(o["note"].split("\n")[2])["body"][k] for k in ("device", "via", "hash")]' "$work/record")" \
    "['eight', 'form', '$(head -1 "$work/refused" | json 'o["body"]')']"
is "and of the note" "$(json 'json.loads(o["note"].split("\n")[2])["body"]["note"]' "$work/record")" \
    "$(sha256sum <"$dir/quarantine/00000001.note" | cut -d' ' -f1)"

# What is said to the phone is said in its language.
said() { # the message for what is no form, asked for in these languages
    curl -s --max-time 60 -X POST -H 'Content-Type: text/plain' -H "Accept-Language: $1" -d x "$2" |
        sed -n 's/.*<message>\([^<:]*\).*/\1/p'
}
is "in the language that the phone asks for" "$(said 'de, ur-PK;q=0.9, en;q=0.1' "$eight/submission")" \
    'یہ فارم اس حالت میں نہیں لیا جا سکتا'
is "the one that it would rather have" "$(said 'en;q=0.5, tr;q=0.6,ps;q=bad' "$eight/submission")" \
    'bu form bu haliyle alınamaz'
is "Persian is Dari" "$(said fa-AF "$eight/submission")" 'این فورم به این شکل گرفته نمی‌شود'
is "else in the one that the device is set to" "$(said de "$eight/submission")" \
    'this form cannot be taken as it is'
"$sulh" device add "$dir" arabic --for observer/arabic --url http://here --language ar --json >"$work/device"
arabic=$url/openrosa/key/$(json 'o["token"]' "$work/device")
is "which may be Arabic" "$(said '' "$arabic/submission")" 'لا يمكن قبول هذه الاستمارة على حالها'
is "also who has no place here" "$(said ps "$url/openrosa/key/$(printf '%064d' 7)/submission")" \
    'دا وسیله دلته نه ده پېژندل شوې، یا لرې شوې ده'

# --- killed and started anew ---

for n in 1 2 3 4 5 6; do
    answer "$work/k.xml" "uuid:k$n" 'before the end'
    collect "$eight" send "$work/k.xml" >/dev/null
done
end_server KILL
serve "$dir" || row "serve again" 1 "$(cat "$work/server")"
eight=$url/openrosa/key/$token_of_eight
signs "what was acknowledged is signed, once each" 13
is "and no refusal is recorded twice" "$(refusals)" "$reasons"
expect "what was incomplete is still there" 0 'uuid:6' "$sulh" inbox "$dir"
expect "the rest of it comes" 0 '^201' collect --least 2 "$eight" send "$work/6.xml" "$work"/files/*
expect "and the missing file" 0 '^201' collect "$eight" send "$work/7.xml" "$work/files/empty.jpg"
expect "the same instance with other bytes is still refused" 1 '^409' \
    collect "$eight" send "$work/1-other.xml"
signs "two more" 15

# --- what never comes ---

answer "$work/13.xml" uuid:13 'a file never comes' '' "$work/files/empty.jpg" "$work/files/2 (copy).jpg"
expect "one of two files" 0 '^202 Kept; 1 files' \
    collect "$eight" send "$work/13.xml" "$work/files/2 (copy).jpg"
expect "nothing else to do with it" 2 'release, and an instance' "$sulh" inbox "$dir" drop uuid:13
expect "no form of that name" 1 'no form of this instance waits' "$sulh" inbox "$dir" release uuid:130
expect "it is signed without" 0 '' "$sulh" inbox "$dir" release uuid:13
signs "a record" 16
expect "what is signed does not wait" 1 'no form of this instance waits' \
    "$sulh" inbox "$dir" release uuid:13
expect "the form alone, again" 0 '^201' collect "$eight" send "$work/13.xml"
expect "the file that it was signed without is in quarantine" 1 '^409 .*signed without the file' \
    collect "$eight" send "$work/13.xml" "$work/files/empty.jpg"
id=$(json 'o["record"]' "$(grep -l '"instance":"uuid:13"' "$dir"/inbox/done/*)")
list=$(get "/api/records/$id" | json '[p["commitment"] for p in o["parts"] if p.get("media") == "application/vnd.sulh.form+json"][0]')
"$sulh" open "$dir" "$id" --as observer/mission/1 --out "$work/opened" >/dev/null 2>"$work/complaint"
is "its list says what is missing" \
    "$(cat "$work/opened/$list"* | json '[f["name"] for f in o["files"]], o["lacks"]')" \
    "(['2 (copy).jpg'], ['empty.jpg'])"
end_server TERM
expect "nothing is wrong" 0 '^nothing is wrong' "$sulh" audit "$dir"

# --- over TLS ---

serve "$dir" --tls || row "serve --tls" 1 "$(cat "$work/server")"
is "Basic over TLS" "$(status -k -I -u "eight:$word_of_eight" "$url/openrosa/submission")" 204
is "Digest over TLS" "$(status -k -I --digest -u "eight:$word_of_eight" "$url/openrosa/submission")" 204
expect "Collect over TLS" 0 '^flash' collect --user "eight:$word_of_eight" "$url/openrosa" fetch
is "addresses are https" "$(curl -sk "$url/openrosa/formList" | grep -o '<downloadUrl>http:' | wc -l)" 0
end_server TERM
done_testing
