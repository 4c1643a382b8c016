#!/bin/sh
# Mails: sulh intake out of a maildir, by the command and by a server, and the answers beside it.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
dir=$work/log
box=$work/site/box
out=$work/site/out

"$sulh" init "$dir" --demo --agreement "$agreement" >"$work/said" 2>&1
row "a node" $? "$(cat "$work/said")"
mkdir -p "$box/new" "$box/cur" "$box/tmp"
expect "an address as a sender" 0 '' "$sulh" sender add "$dir" clerk-1 Clerk@Site.example --language en --offset 300
expect "a telephone" 0 '' "$sulh" sender add "$dir" village-7 +93701234567 --language en --offset 270
expect "no address" 2 'no address of mail' "$sulh" sender add "$dir" clerk-2 clerk@
expect "the address is somebody's" 1 'registered, as clerk-1' "$sulh" sender add "$dir" clerk-2 clerk@site.example
expect "two ways at once" 2 'takes mails in' "$sulh" intake "$dir" "$box" --list
expect "nothing to do" 2 'takes mails in' "$sulh" intake "$dir"
expect "no address to answer from" 1 '\[forms\] mail' "$sulh" intake "$dir" "$box" --once
sed -i -e '/^gateway = /d' -e 's|^\[forms\].*|[forms]\nmail = "flash@site.example"\nphones = "sms.example"|' \
    "$dir/sulh.toml"
expect "no maildir" 1 'is no maildir' "$sulh" intake "$dir" "$work" --once
expect "an empty one" 0 '' "$sulh" intake "$dir" "$box" --once

count=0
mail() { # FROM ID TEXT [FIELD]
    count=$((count + 1))
    printf 'From: Somebody <%s>\nMessage-ID: <%s@x>\nDate: Sat, 22 Nov 2025 10:30:00 +0000\n%s\n%s\n' \
        "$1" "$2" "${4:+$4
}" "$3" >"$box/new/$(date +%s).$count.site"
}
take() {
    "$sulh" intake "$dir" "$box" --once >"$work/said" 2>"$work/complaint"
}
state() { # of the messages, listed
    "$sulh" intake "$dir" --list --json >"$work/list"
    sed 's/.*"state":"\([a-z]*\)".*/\1/' "$work/list" | sort | xargs
}
body() { # of the one answer in out/
    sed '1,/^\r$/d' "$out"/*.eml | base64 -di
}
now=$(TZ=UTC-5 date +%H:%M)

mail clerk@site.example 1 "$now HRS TORKHAM SHELLING DEAD 0 INJURED 2"
mail stranger@else.example 2 "14:20 TORKHAM FIRING"
mail +93701234567@else.example 3 "14:20 TORKHAM FIRING"
mail clerk@site.example 4 x 'Content-Type: text/plain; charset=koi8-r'
take
row "taken" $? "$(cat "$work/complaint")"
is "none is left in new/" "$(ls "$box/new" | wc -l)" 0
is "all are in cur/" "$(ls "$box/cur" | grep -c ':2,S$')" 4
is "a number of another's domain is a stranger, too" "$(state)" 'refused stranger stranger understood'
grep -q 'charset \\"koi8-r\\"' "$work/list"
row "the charset is named" $? "$(cat "$work/list")"
is "strangers get no answer" "$(ls "$out" | wc -l)" 1
grep -q '^To: <clerk@site.example>' "$out"/*.eml && grep -q '^In-Reply-To: <1@x>' "$out"/*.eml &&
    grep -q '^Auto-Submitted: auto-replied' "$out"/*.eml
row "who is registered does, by a mail" $? "$(cat "$out"/*)"
number=$(body | sed -n 's/.*YES \([0-9]*\).*/\1/p' | head -1)
[ ${#number} = 4 ]
row "with the number to confirm by" $? "$(body)"

# The same again is the same; the confirmation quotes what it answers.
rm "$out"/*
mail clerk@site.example 1 "$now HRS TORKHAM SHELLING DEAD 0 INJURED 2"
take
is "the same again has the same answer" "$(ls "$out" | wc -l) $(state)" '1 refused stranger stranger understood'
mail clerk@site.example 5 "YES $number

On Saturday, flash@site.example wrote:
> YES $number"
take
grep -q 'confirmed and not signed: sulh.toml has no \[forms\] gateway' "$work/complaint"
row "without a gateway it is said that nothing is signed" $? "$(cat "$work/complaint")"
is "and listed" "$(state)" 'confirmed refused stranger stranger'
take
[ ! -s "$work/complaint" ]
row "it is said once" $? "$(cat "$work/complaint")"

sed -i "s|^\[forms\]|[forms]\ngateway = \"observer/mission/gateway\"\nmaildir = \"$box\"|" "$dir/sulh.toml"
sed -i 's/"again_ms":[0-9]*/"again_ms":0/' "$dir"/intake/confirmed/*

# --- the server ---
rm -f "$out"/*
mail +93701234567@sms.example 6 "$(TZ=UTC-4:30 date +%H:%M) HRS KHOST FIRING DEAD 0 INJURED 0" 'Auto-Submitted: no'
mail clerk@site.example 7 "KHOST" 'Auto-Submitted: auto-replied'
serve "$dir"
row "served" $? "$(cat "$work/server")"
taken() {
    get '/api/status' >"$work/status.json"
    [ "$(json 'o["records"].get("incident.flash", 0)' "$work/status.json" 2>/dev/null)" = 1 ] &&
        [ "$(ls "$box/new" | wc -l)" = 0 ]
}
eventually taken
is "what was confirmed is a record" "$(json 'o["records"].get("incident.flash", 0)' "$work/status.json")" 1
"$sulh" inbox "$dir" --json >"$work/refused"
is "what was refused before there was a gateway is recorded" \
    "$(json 'o["via"], o["device"], o["word"], len(o["record"])' "$work/refused")" "('mail', 'unknown', 'malformed', 64)"
grep -q koi8-r "$dir/quarantine/$(json 'o["body"]' "$work/refused")"
row "and kept as it came" $?
is "what had come in is taken" "$(ls "$box/new" | wc -l)" 0
is "a telephone is answered, a program is not" "$(grep -h '^To:' "$out"/*.eml | tr -d '\r')" \
    'To: <+93701234567@sms.example>'
expect "the maildir is the server's" 1 'another process serves' "$sulh" intake "$dir" "$box" --once
key=$(basename "$(ls "$dir/intake/done/"*)")
id=$(json 'o["record"]' "$dir/intake/done/$key")
get "/api/records/$id" >"$work/record"
is "in whose name" "$(json 'json.loads(o["note"].split("\n")[2])["body"]["on_behalf"]' "$work/record")" clerk-1
end_server TERM
is "ended" "$ended" 0
! grep -rqa 'clerk@site' "$dir/log" "$dir/parts" "$dir/stage" "$dir/store.db"
row "the address is in no record" $?
is "what waits is listed" "$(state)" 'asked refused stranger stranger understood'
expect "audited" 0 'nothing is wrong' "$sulh" audit "$dir"
done_testing
