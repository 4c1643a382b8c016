#!/bin/sh
# The pages in a browser: the demonstration's directory is filled and served, and Chromium
# looks at it in both languages, by day and night, on a phone and a desk. TAP, for prove.
# Screenshots are left in BUILD/pages. Needs node, chromium and `npm ci` in this folder.

set -eu
cd "$(dirname "$0")/../.."
build=${SULH_BUILD:-build}
sulh=$build/sulh

skip() {
    echo "1..0 # SKIP $1"
    exit 0
}
command -v node >/dev/null || skip "node is not installed"
command -v chromium >/dev/null || skip "chromium is not installed"
[ -d tests/web/node_modules/playwright-core ] || skip "run npm ci in tests/web"

work=$(mktemp -d)
servers=
finish() {
    for server in $servers; do
        kill "$server" 2>/dev/null || true
        wait "$server" || true
    done
    rm -rf "$work"
}
trap finish EXIT

# A demonstration in $work/NAME; FILL DIR puts something in.
make() { # NAME AGREEMENT FILL
    exec >"$work/$1.said" 2>&1
    "$sulh" init "$work/$1" --agreement "$2" --demo
    "$3" "$work/$1"
}
made() { # NAME PID
    wait "$2" || { cat "$work/$1.said" >&2; exit 1; }
}

# It is served: its address is in $work/NAME.address.
serve() { # NAME
    "$sulh" serve "$work/$1" --listen 127.0.0.1:0 >"$work/$1.address" 2>>"$work/$1.said" &
    servers="$servers $!"
    for _ in $(seq 600); do
        [ -s "$work/$1.address" ] && return
        sleep 0.1
    done
    cat "$work/$1.said" >&2
    exit 1
}

chronology() { # DIR
    "$sulh" import "$1" chronology data/chronology
}

# An incident that was taken up as a case: told to all, answered by one side, refused to another.
a_case() { # DIR
    "$sulh" record "$1" incident.open - --as observer/mission/1 >"$work/opened" <<END
{"title": "Exercise: shots at night / مشق: رات کو فائرنگ"}
END
    while IFS='|' read -r by kind fields; do
        sed 's/.*"id":"\([0-9a-f]*\)".*/{"case":"\1"/' "$work/opened" >"$work/fields.json"
        printf '%s}' "$fields" >>"$work/fields.json"
        "$sulh" record "$1" "$kind" "$work/fields.json" --as "$by" || true # one is void
    done <<END
observer/mission/1|case.triage|,"outcome":"open","modalities":1,"act":"K-15","grade":"G2","accused":["party/pakistan","party/afghanistan"],"in_area":"yes","in_time":"unknown","reason":"Two opposed reports."
party/pakistan/1|case.reply|,"answer":"denies"
observer/mission/1|case.notify|,"notice":"To both sides, in the same words."
party/pakistan/1|case.reply|,"answer":"denies","statement":"ہماری جانب سے فائرنگ نہیں ہوئی۔"
observer/mission/1|case.mark|,"side":"access_blocked"
END
    sed 's/.*"id":"\([0-9a-f]*\)".*/{"incident":"\1","what":"Flashes over the ridge"}/' "$work/opened" |
        "$sulh" record "$1" incident.flash - --as party/afghanistan/1
    printf '{"type":"patrol","sector":"SEC-3","from":{"at_ms":1762412400000,"basis":"watch","offset_min":300,"uncertainty_ms":0},"until":{"at_ms":1762416000000,"basis":"watch","offset_min":300,"uncertainty_ms":0}}' |
        "$sulh" record "$1" notice.give - --as party/pakistan/1
    a_picture "$1"
    a_hotline "$1"
    a_dialogue "$1"
}

# A session that collapsed, a text in brackets, one carried, an action.
a_dialogue() { # DIR
    said() { # KEYNAME KIND FIELDS: its id
        printf '%s\n' "$3" | "$sulh" record "$dir" "$2" - --as "$1" | sed 's/.*"id":"\([0-9a-f]*\)".*/\1/'
    }
    dir=$1
    at='"basis":"watch","offset_min":180,"uncertainty_ms":0'
    session=$(said mediator/turkiye/1 session.call "{\"body\":\"principals\",\"sitting\":\"proximity\",\"title\":\"Istanbul / استنبول\",\"from\":{\"at_ms\":1762412400000,$at}}")
    said party/pakistan/1 session.attend "{\"session\":\"$session\",\"status\":\"present\"}"
    said party/afghanistan/1 session.attend "{\"session\":\"$session\",\"status\":\"present\"}"
    said party/afghanistan/1 agenda.add "{\"session\":\"$session\",\"crossing\":\"X01\",\"topic\":\"Trade\"}"
    said mediator/turkiye/1 session.open "{\"session\":\"$session\"}"
    given=$(said party/pakistan/1 exchange.give "{\"to\":\"party/afghanistan\",\"via\":\"mediator/turkiye\",\"session\":\"$session\",\"language\":\"ur\",\"text\":\"تحریری ضمانت درکار ہے۔\"}")
    said mediator/turkiye/1 exchange.pass "{\"exchange\":\"$given\",\"act\":\"passed\",\"language\":\"ps\",\"text\":\"لیکلی ضمانت غوښتل کېږي.\"}"
    text=$(said mediator/qatar/1 text.open '{"body":"principals","languages":["ur","ps"],"title":"On hostile acts"}')
    first=$(said party/afghanistan/1 text.propose "{\"text\":\"$text\",\"article\":\"1\",\"as\":\"wording\",\"texts\":[{\"language\":\"ps\",\"text\":\"دواړه لوري به دښمنانه کړنې ودروي.\"}]}")
    said party/pakistan/1 text.answer "{\"wording\":\"$first\",\"answer\":\"accepted\"}"
    said party/pakistan/1 text.propose "{\"text\":\"$text\",\"article\":\"2\",\"as\":\"wording\",\"texts\":[{\"language\":\"ur\",\"text\":\"کوئی فریق اپنی سرزمین استعمال نہیں ہونے دے گا۔\"}]}"
    said party/afghanistan/1 text.propose "{\"text\":\"$text\",\"article\":\"2\",\"as\":\"deletion\"}"
    said mediator/qatar/1 text.propose "{\"text\":\"$text\",\"article\":\"2\",\"as\":\"bridge\",\"texts\":[{\"language\":\"ur\",\"text\":\"ہر فریق حتی الامکان روکے گا۔\"}]}"
    text=$(said mediator/qatar/1 text.open '{"body":"technical","languages":["ur","ps"],"title":"Of maps"}')
    first=$(said party/afghanistan/1 text.propose "{\"text\":\"$text\",\"article\":\"1\",\"as\":\"wording\"}")
    said party/pakistan/1 text.answer "{\"wording\":\"$first\",\"answer\":\"accepted\"}"
    for n in 1 2; do # the second puts the first right
        version="{\"language\":\"ur\",\"sha256\":\"$first\"},{\"language\":\"ps\",\"sha256\":\"$text\"}"
        whole=$(said mediator/qatar/1 text.final "{\"text\":\"$text\",\"versions\":[$version]}")
        said party/pakistan/1 text.concur "{\"final\":\"$whole\",\"language\":\"ur\",\"sha256\":\"$first\"}"
        said party/afghanistan/1 text.contest "{\"final\":\"$whole\",\"language\":\"ps\",\"reading\":\"A line is missing.\"}"
    done
    said mediator/turkiye/1 action.assign "{\"session\":\"$session\",\"owner\":\"party/pakistan\",\"due\":{\"at_ms\":1762512400000,$at},\"what\":\"A list of crossings\"}"
    said mediator/turkiye/1 session.close "{\"session\":\"$session\",\"how\":\"collapsed\",\"reason\":\"No agreement was reached.\"}"
    said party/pakistan/1 outcome.file "{\"session\":\"$session\",\"type\":\"statement\",\"published\":\"We are ready to meet again.\"}"
}

# Three messages: one to read, one an exercise, one that tries to be more than text.
a_hotline() { # DIR
    says() { # KEYNAME WORD...
        by=$1
        shift
        "$sulh" hotline "$dir" --as "$by" "$@"
    }
    dir=$1
    says party/afghanistan/1 send pakistan flash via=qatar template=fire-from-here in=ps زموږ له پوستې ډزې وشوې |
        sed 's/^signed hotline.send \([0-9a-f]*\).*/\1/' >"$work/sent"
    says mediator/qatar/1 pass "$(cat "$work/sent")" in=ur ہماری چوکی سے فائر ہوا
    says party/pakistan/1 duty party/pakistan/1 2030-01-01T06:00+05:00 one message open
    says party/pakistan/1 line afghanistan down checked=yes hop=qatar cable cut
    says party/pakistan/1 test afghanistan
    says party/afghanistan/1 --exercise send pakistan immediate drill
    says party/afghanistan/1 send pakistan routine template=correction \
        '<b onmouseover=alert(1)>bold</b> http://example.invalid/'
    says party/afghanistan/1 call pakistan principal at once
}

# Sent as another type than it is, taken some kilometres off and hours before what it is of.
a_picture() { # DIR
    node tests/web/picture.mjs "$work/picture.png"
    sed 's/.*"id":"\([0-9a-f]*\)".*/{"incident":"\1",/' "$work/opened" >"$work/fields.json"
    cat >>"$work/fields.json" <<END
"means":"saw","summary":"A crater beside the road.","lat_e7":309416333,"lon_e7":664500000,"uncertainty_m":100,
"start":{"at_ms":1760519400000,"offset_min":300,"uncertainty_ms":600000,"basis":"watch"}}
END
    "$sulh" record "$1" incident.report "$work/fields.json" --as party/pakistan/1 --tier public \
        --media image/jpeg="$work/picture.png"
}

mkdir "$work/terms"
cp agreements/doha-istanbul-2025/* "$work/terms"
sed -i 's/^entries = "public"/entries = "participants"/' "$work/terms/agreement.toml"
make demo agreements/doha-istanbul-2025 chronology &
demo=$!
make closed "$work/terms" chronology &
closed=$!
make case agreements/doha-istanbul-2025 a_case &
made case $!
made demo $demo
made closed $closed
for name in demo closed case; do serve $name; done
mkdir -p "$build/pages"
node tests/web/pages.mjs "$(cat "$work/demo.address")" "$build/pages" "$sulh" "$work/demo" \
    "$(cat "$work/closed.address")" "$work/closed" "$(cat "$work/case.address")" "$work/case"
