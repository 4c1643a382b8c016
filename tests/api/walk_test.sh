#!/bin/sh
# Nobody finds what they may not see: texts of every tier, brought in by every way there is, are
# looked for in everything that a node shows, says and keeps, as everybody (walk.py).

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
dir=$work/node
phone=93701234567
marks=$work/marks
walk() {
    timeout 600 python3 tests/api/walk.py "$@"
}

"$sulh" init "$dir" --agreement "$agreement" --demo >/dev/null
row "a demonstration, with a gateway" $?
"$sulh" device add "$dir" eight --for observer/eight --url http://here --json >"$work/device"
"$sulh" sender add "$dir" village-7 +$phone --language en --offset 270
sms_token=$("$sulh" sender token "$dir")
first=$(status_of "$dir" 'o["size"]')

# --- texts of every tier, by every way in ---

mark_count=0
mark() { # TIER: a new text in $mark
    mark_count=$((mark_count + 1))
    mark=qz$1$(echo "$mark_count" | tr 0-9 a-j)qz # letters alone: a message would ask about a number
    echo "$1 $mark" >>"$marks"
}
said_as() { # KEYNAME KIND TIER JSON [OPTION...]
    said_key=$1 said_kind=$2 said_tier=$3
    printf '%s' "$4" >"$work/fields.json"
    shift 4
    "$sulh" record "$dir" "$said_kind" "$work/fields.json" --as "$said_key" --tier "$said_tier" "$@" \
        >"$work/answer" 2>"$work/complaint"
    row "$said_kind by $said_key, $said_tier" $? "$(cat "$work/complaint" "$work/answer")"
    id=$(json 'o["id"]' "$work/answer")
}
mark public
said_as observer/mission/1 incident.open public "{\"title\":\"$mark\"}"
incident=$id
for tier in public mechanism mission sealed; do
    mark $tier && summary=$mark
    mark $tier && place=$mark
    mark $tier && echo "a letter: $mark" >"$work/letter.txt"
    letters=${letters+$letters|}$mark
    said_as party/pakistan/1 incident.report $tier \
        "{\"type\":\"shelling\",\"means\":\"saw\",\"incident\":\"$incident\",\"summary\":\"$summary\",\"place_name\":\"$place\"}" \
        --media text/plain="$work/letter.txt"
    eval "of_$tier=$id"
done
# One record with texts of three tiers, each where its kind has it.
mark public && summary=$mark
mark sealed && teller=$mark
mark sealed && identities=$mark
mark mission && device=$mark
echo "mission 345678901" >>"$marks"
echo "mission 712345678" >>"$marks"
said_as observer/mission/1 incident.report public \
    "{\"type\":\"shelling\",\"incident\":\"$incident\",\"summary\":\"$summary\",\"teller\":\"$teller\",\"identities\":\"$identities\",\"device\":\"$device\",\"observer_lat_e7\":345678901,\"observer_lon_e7\":712345678}"
mark mission
# shellcheck disable=SC2154
said_as observer/mission/1 grade.source public \
    "{\"record\":\"$of_public\",\"reliability\":\"C\",\"why\":\"$mark\"}"
mark mission
said_as observer/mission/1 grade.item public "{\"record\":\"$of_public\",\"credibility\":3,\"why\":\"$mark\"}"

# What somebody who lives there told, in public parts: exactly where it was is for participants alone.
echo "participants 3123456" >>"$marks"
echo "participants 6987654" >>"$marks"
echo "participants 31.2345678" >>"$marks"
mark participants && summary=$mark
mark participants && place=$mark
mark participants && echo "$mark" >"$work/letter.txt"
letters="$letters|$mark"
mark public && district=$mark
said_as observer/mission/gateway incident.report public \
    "{\"on_behalf\":\"villager/1\",\"type\":\"shelling\",\"incident\":\"$incident\",\"place_name\":\"$place\",\"admin\":\"$district\",\"lat_e7\":312345678,\"lon_e7\":698765432,\"uncertainty_m\":20,\"summary\":\"$summary at 31.2345678 N\"}" \
    --media text/plain="$work/letter.txt"
villager=$id

# What was public, and is ordered to be erased: nobody's from then on, the disk's neither.
mark nobody && summary=$mark
mark nobody && place=$mark
mark nobody && echo "a letter: $mark" >"$work/letter.txt"
said_as party/pakistan/1 incident.report public \
    "{\"type\":\"shelling\",\"incident\":\"$incident\",\"summary\":\"$summary\",\"place_name\":\"$place\"}" \
    --media text/plain="$work/letter.txt"
erased=$("$sulh" show "$dir" record "$id" --json |
    json '"\n".join(p["commitment"] for p in o["record"]["body"]["parts"])')
is "it is there before" "$(grep -rl "$summary" "$dir" | grep -c parts/)" 1
for gone in $erased; do
    for by in qatar turkiye; do
        said_as mediator/$by/1 part.erase public "{\"part\":\"$gone\",\"clause\":\"P-confidentiality\"}"
    done
done

# A word on the hotline; and what is said of a part, on its way.
mark mechanism
said_as party/pakistan/1 hotline.send mechanism \
    "{\"to\":\"party/afghanistan\",\"priority\":\"flash\",\"text\":\"$mark\"}"
serve "$dir" || row "serve" 1 "$(cat "$work/server")"
cp "$work/server" "$work/server.first"

await_erased() {
    for gone in $erased; do
        for _ in $(seq 100); do
            [ "$(get "/api/custody/$gone" | json 'o["steps"][-1]["kind"]')" = part.erased ] && break
            sleep 0.1
        done
        [ "$(get "/api/custody/$gone" | json 'o["steps"][-1]["kind"]')" = part.erased ] || return 1
    done
}
await_erased
row "what was ordered to be erased is destroyed" $?

# A form from a phone, with a photograph.
form=$url/openrosa/key/$(json 'o["token"]' "$work/device")
echo "nobody $(json 'o["token"]' "$work/device")" >>"$marks"
echo "nobody $(json 'o["password"]' "$work/device")" >>"$marks"
echo "nobody $sms_token" >>"$marks"
version=$(curl -s "$form/forms/community" | grep -oE '<data id="community" version="[0-9a-f]*"')
form_answer() { # SUMMARY PLACE TELLER PHOTO INSTANCE
    printf '%s><happened><summary>%s</summary></happened><where><place_name>%s</place_name>' \
        "$version" "$1" "$2"
    printf '<position>34.5555555 70.7777777 0 5</position></where><more><teller>%s</teller></more>' "$3"
    printf '<evidence><photos><photo>%s</photo></photos></evidence>' "$4"
    printf '<meta><instanceID>%s</instanceID></meta></data>' "$5"
}
echo "mission 345555555" >>"$marks"
echo "mission 707777777" >>"$marks"
mark mission && summary=$mark
mark mission && place=$mark
mark sealed && teller=$mark
mark mission && echo "$mark" >"$work/photo.jpg"
form_answer "$summary" "$place" "$teller" photo.jpg uuid:1 >"$work/1.xml"
expect "a form" 0 '^201' timeout 600 python3 tests/forms/collect.py "$form" send "$work/1.xml" "$work/photo.jpg"
# One that is refused, and kept: it is the device's, and no record.
mark nobody && refused=$mark
form_answer "$refused" "$refused" x photo.jpg uuid:2 | sed 's/34.5555555/north/' >"$work/2.xml"
expect "a form that is refused" 1 '^400' timeout 600 python3 tests/forms/collect.py "$form" send "$work/2.xml" "$work/photo.jpg"

# A message of a telephone, another that is dropped, and one of a stranger.
sms() { # FROM TEXT ID
    curl -sS --max-time 60 -o "$work/reply" "$url/intake/sms" --data-urlencode "from=+$1" \
        --data-urlencode "text=$2" --data-urlencode "id=$3" -H "X-Gateway-Token: $sms_token"
}
echo "nobody $phone" >>"$marks"
mark mission && village=$mark
sms $phone "FLASH NOW VILLAGE $village SHELLING ONGOING DEAD 0 INJURED 2" 1
is "a message is understood" "$(json 'o["state"]' "$work/reply")" understood
sms $phone "$(grep -oE 'YES [0-9]{4}' "$work/reply")" 2
is "and confirmed" "$(json 'o["state"]' "$work/reply")" confirmed
mark nobody && dropped=$mark
sms $phone "FLASH NOW VILLAGE $dropped SHELLING ONGOING DEAD 0 INJURED 2" 3
sms $phone NO 4
mark nobody && stranger=$mark
sms 93790000000 "FLASH NOW VILLAGE $stranger SHELLING ONGOING DEAD 0 INJURED 2" 5
is "a stranger is told so" "$(json 'o["state"]' "$work/reply")" stranger

recorded() { # KIND COUNT
    [ "$(get /api/status | json "o['records'].get('$1', 0)")" -ge "$2" ]
}
eventually recorded incident.report 8 && eventually recorded incident.flash 1
row "form and message are records" $? "$("$sulh" inbox "$dir")"

# --- as everybody ---

walk http "$dir" "$url" "$marks" "$first" "$agreement" "$sulh" >"$work/found" 2>"$work/how"
row "over HTTP everybody finds what is theirs, and nothing else" $? "$(cat "$work/found" "$work/how")"
walk open "$dir" "$marks" "$first" "$agreement" "$sulh" >"$work/found" 2>"$work/how"
row "likewise by sulh open" $? "$(cat "$work/found" "$work/how")"

# --- where it was, for strangers ---

where() { # BOX: what is known of the villager's place in incidents of this box, to a stranger
    get "/api/incidents?box=$1" >"$work/list"
    json "[(r['blur_m'], r['lat_e7'], r['lon_e7'], r['uncertainty_m'] >= 5000) for i in o['incidents'] for r in i['reports'] if r['id'] == '$villager']" "$work/list"
}
is "within a square of ten kilometres" "$(where 311000000,697000000,313500000,700500000 | cut -c1-8)" "[(5000, "
cell=$(where 311000000,697000000,313500000,700500000)
south=$(json '[r["lat_e7"] for i in o["incidents"] for r in i["reports"] if "blur_m" in r][0]' "$work/list")
west=$(json '[r["lon_e7"] for i in o["incidents"] for r in i["reports"] if "blur_m" in r][0]' "$work/list")
is "the same each time" "$(where $((south - 1)),$((west - 1)),$((south + 1)),$((west + 1)))" "$cell"
is "and no box around the house finds it" "$(where 312345600,698765400,312345700,698765500)" "[]"
stored=$("$sulh" show "$dir" record "$villager" --json |
    json '[p["stored"] for p in o["record"]["body"]["parts"] if "media" not in p][0]')
is "its part is not for strangers" \
    "$(curl -sS -o "$work/said" -w '%{http_code}' "$url/api/parts/$stored")" 401
part=$("$sulh" show "$dir" record "$villager" --json |
    json '[p["commitment"] for p in o["record"]["body"]["parts"] if "media" in p][0]')
is "nor what came with it" "$(curl -sS -o "$work/said" -w '%{http_code}' "$url/api/media/$part")" 401

# --- what is printed and carried ---

mkdir "$work/printed"
for n in $(seq 0 "$(status_of "$dir" 'o["size"] - 1')"); do
    "$sulh" show "$dir" entry "$n" >"$work/printed/entry-$n" 2>&1
    "$sulh" show "$dir" entry "$n" --json >"$work/printed/entry-$n.json" 2>&1
    "$sulh" show "$dir" record "$(json 'o.get("id", "")' "$work/printed/entry-$n.json")" \
        >"$work/printed/record-$n" 2>&1
done
"$sulh" show "$dir" incident "$incident" >"$work/printed/incident" 2>&1
for command in status outbox inbox audit hotline crossings notices; do
    "$sulh" $command "$dir" >"$work/printed/$command" 2>&1
    "$sulh" $command "$dir" --json >"$work/printed/$command.json" 2>&1
done
"$sulh" custody "$dir" "$part" >"$work/printed/custody" 2>&1
"$sulh" custody "$dir" "$part" --json >"$work/printed/custody.json" 2>&1
"$sulh" bundle export "$dir" "$work/bundle" >"$work/printed/bundle" 2>&1
curl -s "$url/api/records/none" "$url/api/incidents?box=$summary" -d "$summary" "$url/submit" \
    >"$work/printed/errors" 2>&1
grep -Ev "$letters" "$marks" >"$work/marks.printed" # what is no text is not printed
walk files "$work/marks.printed" public -- "$work/printed" >"$work/found"
row "what commands print" $? "$(cat "$work/found")"
walk files "$marks" public participants -- "$work/bundle" >"$work/found"
row "a bundle" $? "$(cat "$work/found")"

# --- what stays on the disk ---

end_server TERM
walk files "$marks" -- "$work/server" "$work/server.first" >"$work/found"
row "a server's own words are of nobody's text" $? "$(cat "$work/found")"
others=$(find "$dir" -mindepth 1 -maxdepth 1 ! -name keys ! -name intake ! -name quarantine ! -name sulh.toml)
# shellcheck disable=SC2086
walk files "$marks" public participants -- $others >"$work/found"
row "the node's folder" $? "$(cat "$work/found")"
grep -v "$phone\|$dropped\|$stranger" "$marks" >"$work/marks.intake"
walk files "$work/marks.intake" -- "$dir/intake" >"$work/found"
row "of what was confirmed no word is left in intake/" $? "$(cat "$work/found")"
grep -rq "$dropped" "$dir/intake" && grep -rq "$stranger" "$dir/intake"
row "what no record was made of is" $?
grep -rq "$refused" "$dir/quarantine"
row "and what was refused is in quarantine/" $?

# --- and a leak is found ---

first=$(status_of "$dir" 'o["size"]')
mark mission
said_as party/afghanistan/1 incident.report public "{\"summary\":\"$mark\",\"incident\":\"$incident\"}"
serve "$dir" || row "serve again" 1 "$(cat "$work/server")"
tail -n 1 "$marks" >"$work/marks.leak"
walk http "$dir" "$url" "$work/marks.leak" "$first" "$agreement" "$sulh" >"$work/found" 2>"$work/how"
[ $? -eq 1 ] && grep -q "leak: nobody finds $mark in /api/records/$id" "$work/found"
row "a text in a part that is too open is found, and where" $? "$(cat "$work/found" "$work/how")"
is "by each who may not read it" "$(sed -n 's/^leak: \(.*\) finds .*/\1/p' "$work/found" | sort -u | wc -l)" 9
end_server TERM
done_testing
