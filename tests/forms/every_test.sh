#!/bin/sh
# Every form of every agreement, filled in by a client wholly and as little as may be: each becomes
# a record that holds, signed by the gateway that a demonstration has from the start.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh

# What was signed of a kind, and how it was judged: "2 hold".
judged() { # KIND
    "$sulh" show "$dir" --kind "$1" --json 2>/dev/null
}
while IFS='|' read -r name chief; do
    dir=$work/$name
    "$sulh" init "$dir" --agreement "agreements/$name" --demo >/dev/null
    "$sulh" device add "$dir" phone --for people/a --url http://here --json >"$work/device" \
        2>"$work/complaint"
    row "$name: a phone of a demonstration needs no more" $? "$(cat "$work/complaint")"
    is "$name: nothing is said against it" "$(cat "$work/complaint")" ""
    serve "$dir"
    phone=$url/openrosa/key/$(json 'o["token"]' "$work/device")
    python3 tests/forms/collect.py "$phone" list | cut -f1 >"$work/forms"
    for form in $(cat "$work/forms"); do
        curl -s "$phone/forms/$form" >"$work/$form.xml"
        for how in all least; do
            python3 tests/forms/fill.py "$work/$form.xml" "uuid:$form-$how" $how "request=$(printf '%064d' 1)" >"$work/answer.xml"
            expect "$name: $form, $how" 0 '^201 ' \
                python3 tests/forms/collect.py "$phone" send "$work/answer.xml"
        done
    done
    sleep 3
    "$sulh" inbox "$dir"
    "$sulh" status "$dir" --json
    end_server TERM
    "$sulh" audit "$dir"
done <<'ROWS'
doha-istanbul-2025|observer/mission/1
ctsamvm-illustration|headquarters/1
ROWS
done_testing
