#!/bin/sh
# Every form of every agreement, filled in by a client wholly and as little as may be: each becomes
# a record that holds, signed by the gateway that a demonstration has from the start.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh

collect() {
    timeout 600 python3 tests/forms/collect.py "$@"
}
# Whether nothing waits that is complete.
signed() {
    "$sulh" inbox "$dir" --json >"$work/inbox" && ! grep -q '"complete":1' "$work/inbox"
}
# Whether these are what a visit can be for.
requested() { # ID
    [ "$(requests)" = "$1" ]
}

while IFS='|' read -r name asker host; do
    dir=$work/$name
    "$sulh" init "$dir" --agreement "agreements/$name" --demo >/dev/null
    expect "$name: a phone of a demonstration needs no more" 0 '"token"' \
        "$sulh" device add "$dir" phone --for people/a --url http://here --json
    token=$(json 'o["token"]' "$work/said")
    serve "$dir"
    phone=$url/openrosa/key/$token
    collect "$phone" list | cut -f1 >"$work/forms"
    is "$name: all forms are offered" "$(wc -l <"$work/forms")" 9
    curl -s "$phone/forms/patrol" >"$work/patrol.xml"
    python3 tests/forms/fill.py "$work/patrol.xml" uuid:any least >"$work/patrol"
    sector=$(sed -n 's/.*<sector>\([^<]*\)<.*/\1/p' "$work/patrol")
    # What a visit can be for is chosen from what was asked for, by this organisation, and not yet visited.
    requests() {
        curl -s "$phone/forms/visit" | grep -o '<name>[0-9a-f]\{64\}</name>' | sed 's/<[^>]*>//g' | xargs
    }
    hash_of_visit() {
        curl -s "$phone/formList?formID=visit" | sed -n 's/.*<version>\(.*\)<\/version>.*<hash>\(.*\)<\/hash>.*/\1 \2/p'
    }
    was=$(hash_of_visit)
    is "$name: without a request there is nothing to choose" "$(requests)" ''
    for how in all least; do
        record "$dir" "$asker" access.request \
            "{\"host\":\"$host\",\"sector\":\"$sector\",\"purpose\":\"verify\"}"
        row "$name: access is asked for" $? "$(cat "$work/complaint")"
        eventually requested "$id"
        is "$name: a visit can be for it" "$(requests)" "$id"
        is "$name: in every language it has a name" \
            "$(curl -s "$phone/forms/visit" | grep -o '<text id="access.request-0"><value>[^<]* · [^<]* · '"$(echo "$id" | cut -c1-8)" | wc -l)" \
            "$(curl -s "$phone/forms/visit" | grep -o '<translation ' | wc -l)"
        [ "$(hash_of_visit)" != "$was" ] && [ ${#was} -gt 40 ]
        row "$name: the form has another version and hash" $? "$was"
        was=$(hash_of_visit)
        while read -r form; do
            curl -s "$phone/forms/$form" >"$work/$form.xml"
            python3 tests/forms/fill.py "$work/$form.xml" "uuid:$form-$how" $how "request=$id" verb=saw \
                >"$work/answer.xml"
            expect "$name: $form, $how" 0 '^201 ' collect "$phone" send "$work/answer.xml"
        done <"$work/forms"
    done
    eventually signed
    row "$name: nothing waits" $? "$("$sulh" inbox "$dir")"
    eventually requested ''
    is "$name: what was visited is not offered any more" "$(requests)" ''
    end_server TERM
    expect "$name: all of it holds" 0 ' hold, 0 marked, 0 void' "$sulh" audit "$dir"
    is "$name: a record each" "$("$sulh" status "$dir" --json | json \
        'sum(n for k, n in o["records"].items() if k.split(".")[0] in ("incident", "coverage") or k in ("access.visit", "access.restriction"))')" 18
done <<'ROWS'
doha-istanbul-2025|observer/mission/1|party/pakistan
ctsamvm-illustration|headquarters/1|tgonu
ROWS
done_testing
