#!/bin/sh
# Messages of telephones: POST /intake/sms as gateways speak it, sulh sender, sulh flash.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
dir=$work/log
phone=+93701234567

"$sulh" init "$dir" --demo --agreement "$agreement" >"$work/said" 2>&1
row "a node" $? "$(cat "$work/said")"
is "with a gateway's key" "$(sed -n 's/^gateway = "\([^"]*\)".*/\1/p' "$dir/sulh.toml")" observer/mission/gateway

# --- senders ---
expect "a sender" 0 '' "$sulh" sender add "$dir" village-7 '0093 70 123 4567' --language ps --offset 270
expect "is listed" 0 '^village-7 \+93701234567, ps, \+270 minutes, since 20' "$sulh" sender list "$dir"
expect "the number is somebody's" 1 'registered, as village-7' "$sulh" sender add "$dir" village-8 "$phone"
expect "the name is somebody's" 1 'village-7 is registered' "$sulh" sender add "$dir" village-7 +93700000000
expect "no number" 2 'no telephone number' "$sulh" sender add "$dir" village-8 mobilink
expect "no pseudonym" 2 'form of a key' "$sulh" sender add "$dir" 'A B' +93700000000
expect "no language" 2 'language is' "$sulh" sender add "$dir" village-8 +93700000000 --language xx
expect "no clock" 2 'minutes east' "$sulh" sender add "$dir" village-8 +93700000000 --offset morning
expect "nothing to do" 2 'add, remove, list or token' "$sulh" sender call "$dir"
[ "$(stat -c %a "$dir/intake")" = 700 ]
row "the folder is its owner's alone" $?
token=$("$sulh" sender token "$dir")
[ ${#token} = 64 ] && ! grep -q "$token" "$dir/sulh.toml"
row "the settings do not hold the token" $? "$token"

# --- by HTTP ---
serve "$dir"
row "served" $? "$(cat "$work/server")"
sms() { # TEXT ID: the answer in $work/reply
    curl -sS --max-time 60 -o "$work/reply" -w '%{http_code}' "$url/intake/sms" \
        --data-urlencode "from=$phone" --data-urlencode "text=$1" --data-urlencode "id=$2" \
        --data-urlencode "received=${4-}" -H "X-Gateway-Token: ${3-$token}" >"$work/status"
}
answer() {
    json 'o["state"]' "$work/reply"
}
said() { # WORDS: what was answered has them
    grep -q "$1" "$work/reply"
}
now=$(TZ=UTC-4:30 date +%H:%M)
flash="بېړنی $now HRS تورخم ډزې مړه ۰ ټپیان ۲"

sms "$flash" 1 wrong
is "another token" "$(cat "$work/status")" 401
sms "$flash" 1 ''
is "no token" "$(cat "$work/status")" 401
[ ! -e "$dir/intake/message" ]
row "nothing of it is kept" $?
sms "تورخم ډزې" 1
is "asked for the time" "$(answer)" asked
said 'کله؟'
row "in the sender's language" $? "$(cat "$work/reply")"
sms "$flash" 2
is "understood" "$(answer)" understood
number=$(json 'o["answer"].split()[-1]' "$work/reply")
is "in two messages at the most" "$(json 'o["messages"] <= 2' "$work/reply")" True
sms "هو 00000" 3
is "another number" "$(answer)" wrong
sms "هو $number" 4
is "confirmed" "$(answer)" confirmed
cp "$work/reply" "$work/first"
sms "هو $number" 4
cmp -s "$work/reply" "$work/first"
row "the same message has the same answer" $?
sms "other" 4
is "another one under its id" "$(cat "$work/status")" 409
sms "$(printf '\377')" 5
is "no UTF-8" "$(cat "$work/status")" 400

flashed() {
    get '/api/status' >"$work/status.json"
    [ "$(json 'o["records"].get("incident.flash", 0)' "$work/status.json" 2>/dev/null)" = 1 ]
}
eventually flashed
is "it is a record, once" "$(json 'o["records"]["incident.flash"]' "$work/status.json")" 1
key=$(basename "$(ls "$dir/intake/done/"*)")
id=$(json 'o["record"]' "$dir/intake/done/$key")
get "/api/records/$id" >"$work/record"
body='json.loads(o["note"].split("\n")[2])["body"]'
is "of the crossing" "$(json "$body[\"crossing\"]" "$work/record")" X01
is "in no more than was confirmed" \
    "$(json "$body[\"casualties_min\"], $body[\"casualties_max\"]" "$work/record")" '(2, 2)'
is "in whose name" "$(json "$body[\"on_behalf\"]" "$work/record")" village-7
is "for the mission alone" \
    "$(json 'sorted({(p["tier"], p["state"]) for p in o["parts"]})' "$work/record")" \
    "[('mission', 'closed')]"
"$sulh" open "$dir" "$id" --as observer/mission/1 >"$work/opened"
is "in the words" "$(json '[p["fields"]["what"] for p in o["parts"] if "fields" in p]' "$work/opened")" "['ډزې']"
is "every word is there" "$(json '[p["media"] for p in o["parts"] if "media" in p]' "$work/opened")" "['text/plain']"
! grep -rqa 'مړه' "$dir/intake"
row "and no longer where it was taken in" $?
! grep -rqa 701234567 "$dir/log" "$dir/parts" "$dir/stage" "$dir/store.db"
row "the number is in no record" $?

# As other gateways speak.
json_sms() { # JSON
    curl -sS --max-time 60 -o "$work/reply" -w '%{http_code}' "$url/intake/sms" \
        -H 'Content-Type: application/json' -H "X-Gateway-Token: $token" -d "$1" >"$work/status"
}
json_sms '{"payload":{"phoneNumber":"+93701234567","message":"TORKHAM"},"id":"j1"}'
is "JSON with a payload" "$(answer)" asked
json_sms '{"sender":"+923009999999","content":"14:20 TORKHAM FIRING","message_id":7}'
is "a stranger" "$(answer)" stranger
json_sms '{"from":"+93701234567","text":"TORKHAM","id":"j2","received":1763807400.25,"read":true,"sim":null}'
is "true, null and a fraction" "$(answer)" asked
grep -rq '"received_ms":1763807400250' "$dir/intake/message"
row "the fraction is milliseconds" $?
json_sms '{"from":"+93701234567","text":true,"id":"j3"}'
is "a text that is true is none" "$(cat "$work/status")$(grep -rl '"id":"j3"' "$dir/intake/message" | xargs grep -c '"text":""')" 2001
json_sms '{"from":"+93701234567","text":"a","text":"b","id":"j4"}'
is "a text twice" "$(cat "$work/status")" 400
json_sms '{"text":"x"}'
is "from nobody" "$(cat "$work/status")" 400
json_sms '{'
is "no JSON" "$(cat "$work/status")" 400
# Gateways that can show a token in the address alone, and pass the answer on by themselves.
post() { # QUERY CURL-ARGUMENT...
    post_query=$1
    shift
    curl -sS --max-time 10 -o "$work/reply" -w '%{http_code} %{content_type}' \
        "$url/intake/sms?token=$token$post_query" "$@" >"$work/status"
}
post '' -d MessageSid=SM1 --data-urlencode From=+93701234567 -d 'Body=TORKHAM & FIRING'
is "Twilio is answered in its own form" "$(cat "$work/status")" '200 text/xml; charset=utf-8'
is "with the question" "$(grep -c '<Response><Message>.*</Message></Response>' "$work/reply")" 1
post '&from=%2B93701234567&id=k1' -H 'Content-Type: text/plain; charset=UTF-8' -d 'TORKHAM'
is "Kannel in plain text" "$(cat "$work/status") $(grep -c '^{\|^<' "$work/reply")" '200 text/plain; charset=utf-8 0'
post '' -d 'from=93701234567&message=TORKHAM&message_id=s1&sent_to=1'
is "a number without its plus is known" "$(answer)" asked
is "SMSSync hears that it came, and what to send" \
    "$(json 'o["payload"]["success"], o["payload"]["messages"][0]["to"]' "$work/reply")" "('true', '93701234567')"
post 'x' -d 'from=93701234567&message=TORKHAM'
is "another token in the address" "$(cat "$work/status")" '401 application/json'
post '' -H 'Content-Type: text/xml' -d '<sms/>'
is "a form that nobody reads" "$(cat "$work/status")" '400 application/json'
end_server TERM
is "ended" "$ended" 0

# --- by voice ---
flash() { # LINE...
    printf '%s\n' "$@" | "$sulh" flash "$dir" --as observer/mission/1 --offset 300 >"$work/out" 2>"$work/err"
}
now=$(TZ=UTC-5 date +%H:%M)
flash "$now HRS TORKHAM SHELLING 3KM E"
row "nobody confirmed" $((! $?)) "$(cat "$work/err")"
grep -q 'nothing was confirmed' "$work/err"
row "and that is said" $? "$(cat "$work/err")"
number=$(sed -n 's/.*YES \([0-9]*\).*/\1/p' "$work/err")
flash "$now HRS TORKHAM SHELLING 3KM E" "YES $number"
row "confirmed by its number" $? "$(cat "$work/err")"
is "takes effect" "$(json 'o["verdict"]' "$work/out")" holds
flash "KURRAM SHELLING" "$now HRS" 1 "YES 99999"
row "asked, answered, and not confirmed" $((! $?))
grep -q '1) SEC-3' "$work/err"
row "which of two is asked" $? "$(cat "$work/err")"
expect "audited" 0 '' "$sulh" audit "$dir"
done_testing
