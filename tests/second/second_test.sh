#!/bin/sh
# Two programs, the one in src/ and the one beside this file, which was written from doc/format.md and
# doc/rules.md alone, read the same logs and must come to the same digest and verdicts.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
sulh=${SULH_BUILD:-build}/sulh
here=tests/second
dir=$work/demo

if ! command -v node >/dev/null; then
    echo "1..0 # SKIP there is no node"
    exit
fi

# What a program of this folder found: a line for each thing tried, 0 or 1 and its name.
rows() { # COMMAND...
    "$@" >"$work/rows" 2>"$work/why"
    row "$2 ends well" $? "$(cat "$work/why")"
    while read -r status name; do
        row "$name" "$status" "$(cat "$work/why")"
    done <"$work/rows"
}

second() {
    node $here/second.mjs "$@"
}

vkey() { # NAME: of the key made by hand
    node --input-type=module -e "import { key } from '$PWD/$here/story.mjs'; console.log(key('$1').vkey)"
}

# Records KIND from JSON, signed by KEY, and checks the verdict; the record's id is $id.
rec() { # WANT KIND KEY JSON
    printf '%s\n' "$4" | "$sulh" record "$dir" "$2" - --as "$3" >"$work/said" 2>"$work/why"
    id=$(sed -n 's/.*"id":"\([0-9a-f]*\)".*/\1/p' "$work/said")
    case $1 in
    holds) grep -q '"verdict":"holds"' "$work/said" ;;
    *) grep -q "\"reason\":\"$1\"" "$work/said" ;;
    esac
    row "record $2 by $3: $1" $? "$(cat "$work/said" "$work/why")"
}

same_log() { # NAME: digest, root, size and every verdict of $dir
    want=$("$sulh" status "$dir" --json | sed 's/.*"digest":"\([^"]*\)".*"root":"\([^"]*\)","size":\([0-9]*\).*/\1 \2 \3/')
    got=$(second "$dir" | sed 's/.*"entries":\([0-9]*\),"root":"\([^"]*\)","digest":"\([^"]*\)".*/\3 \2 \1/')
    [ -n "$got" ] && [ "$got" = "$want" ]
    row "$1: digest, root and size" $? "second: $got; sulh: $want"
    second "$dir" --verdicts >"$work/second"
    n=0
    while [ $n -lt "${want##* }" ]; do
        "$sulh" show "$dir" entry $n --json
        n=$((n + 1))
    done | node $here/shown.mjs >"$work/sulh"
    diff "$work/second" "$work/sulh" >"$work/why"
    row "$1: the verdict of each of its entries" $? "$(head "$work/why")"
}

rows node $here/vectors.mjs

# The demonstration, with records of many kinds, good and void.
desk=observer/open-source/1
un=observer/un/1
root=mediator/qatar/root
"$sulh" init "$dir" --agreement agreements/doha-istanbul-2025 --demo >/dev/null &&
    "$sulh" import "$dir" chronology data/chronology >/dev/null 2>&1
row "the demonstration is made" $?
same_log "the demonstration"
cp -r "$dir" "$work/first" # while its tiles are narrow

at='{"at_ms":1760000000000,"basis":"press","offset_min":270,"uncertainty_ms":0}'
rec holds incident.open $desk "{\"external_id\":\"t\",\"title\":\"Chaman, صلح\",\"start\":$at}"
one=$id
rec external_id incident.open $desk '{"external_id":"t","title":"again"}'
rec capability incident.open $un '{"title":"by an observer"}'
rec holds incident.report $un "{\"incident\":\"$one\",\"external_id\":\"r\",\"act\":\"K-01\",\"start\":$at,\"summary\":\"x\"}"
report=$id
rec external_id incident.report $un '{"external_id":"r"}'
rec term incident.report $un '{"act":"K-99"}'
rec not_yours incident.report $desk "{\"supersedes\":\"$report\"}"
rec holds incident.report $un "{\"external_id\":\"r\",\"supersedes\":\"$report\",\"lat_e7\":309167000,\"lon_e7\":664500000,\"uncertainty_m\":500}"
later=$id
rec no_move incident.report $un "{\"supersedes\":\"$report\"}"
say='"claimant":"UN","side":"UN","matter":"killed","subject":"all","channel":"filed"'
rec holds claim $un "{$say,\"min\":5,\"max\":9,\"incident\":\"$one\",\"statement\":\"five or more\"}"
claim=$id
rec reference claim $un "{$say,\"supersedes\":\"$report\"}"
rec wrong_job claim $root "{$say}"
rec holds incident.link $desk "{\"incident\":\"$one\",\"record\":\"$later\",\"basis\":\"same_event\",\"reason\":\"x\"}"
rec no_move incident.link $desk "{\"incident\":\"$one\",\"record\":\"$later\",\"basis\":\"related\"}"
rec holds incident.unlink $desk "{\"incident\":\"$one\",\"record\":\"$claim\"}"
rec no_move incident.unlink $desk "{\"incident\":\"$one\",\"record\":\"$claim\"}"
rec capability incident.link $un "{\"incident\":\"$one\",\"record\":\"$claim\",\"basis\":\"related\"}"
rec reference incident.link $desk "{\"incident\":\"$later\",\"record\":\"$one\",\"basis\":\"related\"}"
rec not_yours record.withdraw $desk "{\"record\":\"$claim\",\"reason\":\"error\"}"
rec holds record.withdraw $un "{\"record\":\"$claim\",\"reason\":\"retracted\",\"explanation\":\"x\"}"
rec no_move record.withdraw $un "{\"record\":\"$claim\",\"reason\":\"error\"}"
rec no_move record.withdraw $un "{\"record\":\"$report\",\"reason\":\"error\"}"

test=$("$sulh" key new "$dir" test/1)
revoker=$("$sulh" key new "$dir" test/1/revoker)
who='"job":"author","org":"observer/un","role":"observer"'
rec term member.admit $root "{\"key\":\"$test\",\"job\":\"author\",\"org\":\"observer/un\",\"role\":\"king\"}"
rec shape member.admit $root "{\"key\":\"$test\",\"job\":\"author\",\"org\":\"observer/un\"}"
rec key_unfit member.admit $root "{\"key\":\"$test\",\"job\":\"external\",\"org\":\"observer/un\"}"
rec not_yours member.admit $root "{\"key\":\"$test\",\"job\":\"witness\",\"org\":\"observer/un\"}"
rec not_yours member.admit $root "{\"key\":\"$test\",\"job\":\"author\",\"org\":\"party/pakistan\",\"role\":\"monitor\"}"
rec not_yours member.revoke $root '{"name":"party/pakistan/1","reason":"misused"}'
rec consent member.rotate $un "{\"key\":\"$test\",\"consent\":\"x\"}"
rec capability member.admit $un "{\"key\":\"$test\",$who}"
rec holds member.admit $root "{\"key\":\"$test\",$who,\"revoker\":\"$revoker\",\"scope\":[\"incident.report\"]}"
rec key_taken member.admit $root "{\"key\":\"$test\",$who}"
rec holds incident.report test/1 '{"type":"shelling"}'
rec scope claim test/1 "{$say}"
rec not_yours member.revoke test/1/revoker "{\"name\":\"$un\",\"reason\":\"misused\"}"
rec not_yours member.revoke $desk "{\"name\":\"$un\",\"reason\":\"misused\"}"
rec holds member.revoke test/1/revoker '{"name":"test/1","reason":"compromised","doubt_from":20}'
rec revoked_key incident.report test/1 '{}'
rec no_move member.revoke $root '{"name":"test/1","reason":"lost"}'
rec tick clock.tick observer/open-source/node '{"at_ms":5}'
rec holds node.attest observer/open-source/node "{\"size\":1,\"digest\":\"$one\"}"
rec piece agreement.part $root '{"file":"agreement.toml","n":1,"content":"x"}'
rec holds member.admit $root "{\"key\":\"$(vkey second/1)\",$who}"

# And those that the program itself would not sign: over the socket of a node that serves.
"$sulh" serve "$dir" --listen 127.0.0.1:0 >"$work/served" 2>&1 &
served=$!
eventually grep -q http "$work/served"
rows node $here/submit.mjs "$dir"
kill $served
wait $served
same_log "the demonstration and more"

# What the scenarios leave behind: the work of cases.
for story in scenarios/*/*.txt tests/second/corners/*.txt; do
    name=$(basename "$story" .txt)
    "$sulh" scenario "$story" --agreement "agreements/$(sed -n 's/^under: *//p' "$story")" \
        --keep "$work/kept" >"$work/why" 2>&1
    row "$name: what is to come out does" $? "$(grep -v '^ok' "$work/why")"
    want=$("$sulh" status "$work/kept" --json | sed 's/.*"digest":"\([^"]*\)".*/"digest":"\1"/')
    expect "$name: the digest" 0 "$want" second "$work/kept"
    rm -rf "$work/kept"
done

# Logs that no door would have let in.
rows node $here/tell.mjs "$work/stories"
for story in "$work"/stories/*; do
    got=$("$sulh" replay "$story" 2>&1 | sed -n 's/.*digest //p')
    [ "$got" = "$(cat "$story/digest")" ]
    row "${story##*/}: the digest" $? "$got"
done

expect "the program says where its rules end" 1 "rules number 2, in force from entry 10 on" \
    "$sulh" replay "$work/stories/lacking-rules"
expect "and its auditor names the entry" 1 "entry 10: rules number 2, in force from entry 10 on" \
    "$sulh" audit "$work/stories/lacking-rules"
expect "so does the second program" 1 "entry 10: rules 2, which this program lacks" \
    second "$work/stories/lacking-rules"

# Logs that were handed over are checked by the key of the last term.
expect "a log in its third term" 0 '"digest":"'"$(cat "$work/stories/hand-over/digest")" \
    second "$work/stories/hand-over"
expect "a log of one hand-over" 0 '"entries":5' second "$work/stories/hand-over-early-1"
cp "$work/stories/hand-over-early-0/log.vkey" "$work/stories/hand-over-early-1/"
expect "the key of the term before" 1 "of another origin" second "$work/stories/hand-over-early-1"

# Where an operator lied.
lie() { # NAME TEXT COMMAND: that the second program names it, after COMMAND in a copy of the log
    rm -rf "$work/lie"
    cp -r "$work/first" "$work/lie"
    (cd "$work/lie/log" && eval "$3")
    expect "$1" 1 "$2" second "$work/lie"
}

change() { # FILE OFFSET: one bit of a byte
    byte=$(od -An -tu1 -j"$2" -N1 "$1")
    printf "\\$(printf %o $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

size=$(sed -n 2p "$work/first/log/checkpoint")
bundle=tile/entries/000.p/$size
tile=tile/0/000.p/$size
stranger=$(vkey second/1)
lie "entry 0 is changed" 'entry 0: ' 'change $bundle 99'
lie "a length is changed" 'entry 0: ' 'change $bundle 1'
lie "the last byte is gone" "entry $((size - 1)): " 'truncate -s -1 $bundle'
lie "a hash is changed" 'entry 3: ' 'change $tile 100'
lie "the size is changed" 'its signature' 'sed -i "2s/.*/1/" checkpoint'
lie "a tile is gone" 'is missing' 'rm $tile'
lie "an old tile is another" 'is no prefix' 'head -c 64 $tile >tile/0/000.p/2; change tile/0/000.p/2 5'
lie "a file more" 'does not belong there' 'echo >tile/more'
lie "a line more" 'the line of zz' 'echo "— zz AAAAAAE=" >>checkpoint'
lie "another log key" 'of another origin' 'echo "$stranger" >../log.vkey'
lie "no key" 'no vkey' 'echo >../log.vkey'

done_testing
