#!/bin/sh
# Three officers at three nodes, in two languages and with a mediator between, while nobody keeps the
# log: each reads what the other wrote from what is not logged, and afterwards all of it is.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
readers=1
. tests/nodes/nodes.sh
trap 'stop_all; rm -rf "$work"' EXIT
LC_ALL=C.UTF-8
export LC_ALL

make_mission doha-istanbul-2025 || { row "the mission begins" 1 "$(cat "$work/complaint")"; done_testing; exit; }
for n in 2 3 4; do
    org=$(org_of "$n")
    mkdir -p "$work/$n/keys/$org"
    cp "$(key_file "$org" desk)" "$work/$n/keys/$org/1.key"
    cp "$(age_file "$org")" "$work/$n/keys/$org/1.age"
done
expect "before the log was read, that is said" 1 'this node has not read the log yet' \
    timeout $patience "$sulh" hotline "$work/3" --as "$(org_of 3)/1" watch
for n in $nodes; do start "$n"; done
await 3 /api/status 'o["now_ms"] > 0' && level 2 3 4
row "all follow" $? "$(at 3 /api/status)"
stop 1 KILL

officer() { # N LANGUAGE WORD...: one line at the console of a node; $work/out
    officer_n=$1 officer_language=$2
    shift 2
    timeout 60 "$sulh" hotline "$work/$officer_n" --as "$(org_of "$officer_n")/1" --language "$officer_language" "$@" \
        >"$work/out" 2>"$work/err"
}
said() { # NAME STATUS
    row "$1" "$2" "$(cat "$work/out" "$work/err")"
}
shows() { # NAME PATTERN
    grep -qE -- "$2" "$work/out"
    row "$1" $? "$(cat "$work/out" "$work/err")"
}
hears() { # N EXPRESSION: over what that node's console is told, of the message M
    hears_n=$1
    await "$hears_n" /api/hotline "any($2 for m in o['messages'] if m['id'].startswith('$message'))"
}

officer 3 ps send pakistan flash via=turkiye template=fire-from-here زموږ له پوستې ډزې وشوې
said "Kabul sends while nobody keeps the log" $?
shows "and is told so" '^signed hotline.send [0-9a-f]{64}: not yet logged$'
message=$(sed -n 's/^signed hotline.send \([0-9a-f]*\).*/\1/p' "$work/out")
hears 4 True
row "it is at the mediator's" $?
officer 4 en open "$message"
said "Ankara opens it" $?
shows "reads what is not logged" 'زموږ له پوستې ډزې وشوې'
shows "and sees that it is not" 'not yet logged'
officer 4 en pass "$message" in=ur ہماری چوکی سے فائر ہوا
said "Ankara passes it on" $?
hears 2 "m['state'] == 'passed'"
row "that is heard in Islamabad" $?
officer 2 ur open "$message"
said "Islamabad opens it" $?
shows "the set notice in Urdu" 'ہماری طرف سے فائر ہوا'
shows "the message as it was written" 'زموږ له پوستې ډزې وشوې'
shows "and its translation" 'ہماری چوکی سے فائر ہوا'
officer 2 ur understood "$message" آپ کی چوکی سے فائر ہوا
said "Islamabad reads it back" $?
officer 2 ur answer "$message" ہم نے فائر بندی کا حکم دیا
said "and answers" $?
hears 3 "m['state'] == 'answered'"
row "Kabul hears that it is answered" $?
officer 3 ps show "$message"
shows "and how it was read back" 'آپ کی چوکی سے فائر ہوا'
officer 2 ur pass "$message"
row "what is against the rules is said before the log says it" $((! $?)) "$(cat "$work/out" "$work/err")"
grep -q 'جو یہاں ہے اس کے مطابق کالعدم' "$work/err"
row "with the reason" $? "$(cat "$work/out" "$work/err")"
officer 3 ps watch
shows "the line to the keeper is down" '^Node mediator/qatar/node: nobody is there'

start 1
await 3 /api/hotline 'len(o["waiting"]) == 0 and all(m["logged"] for m in o["messages"])'
row "afterwards all of it is in the log" $? "$(at 3 /api/hotline)"
is "each message once" "$(at 3 /api/hotline | json 'len(o["messages"])')" 2
is "and nothing of it was void" "$(at 3 /api/hotline | json '[m["state"] for m in o["messages"]]')" "['answered', 'sent']"
done_testing
