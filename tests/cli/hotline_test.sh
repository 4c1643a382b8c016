#!/bin/sh
# The officers' consoles of the hotline: three of them at one log, by lines and by single commands,
# beside a server and without one.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
LC_ALL=C.UTF-8
export LC_ALL
dir=$work/node kabul=party/afghanistan/1 islamabad=party/pakistan/1 doha=mediator/qatar/1

"$sulh" init "$dir" --agreement $agreement --demo >"$work/said" 2>&1
row "a node" $? "$(cat "$work/said")"

console() { # KEYNAME LANGUAGE, lines on standard input: $work/out, $work/err, $status
    "$sulh" hotline "$dir" --as "$1" --language "$2" >"$work/out" 2>"$work/err"
    status=$?
}
act() { # KEYNAME WORD...
    act_key=$1
    shift
    "$sulh" hotline "$dir" --as "$act_key" -- "$@" >"$work/out" 2>"$work/err"
}
shows() { # NAME PATTERN
    grep -qE -- "$2" "$work/out"
    row "$1" $? "$(cat "$work/out" "$work/err")"
}
hides() { # NAME TEXT
    ! grep -qF -- "$2" "$work/out"
    row "$1" $? "$(cat "$work/out")"
}
state() { # EXPRESSION over the answer
    "$sulh" hotline "$dir" --json | json "$1"
}

# --- who may not, and what is not said so ---

expect "words without a key" 2 'who says so\? --as' "$sulh" hotline "$dir" watch
expect "a key that is not here" 1 'no key "party/atlantis/1" here' "$sulh" hotline "$dir" --as party/atlantis/1 watch
while IFS='|' read -r name status pattern words; do
    # shellcheck disable=SC2086
    expect "$name" "$status" "$pattern" "$sulh" hotline "$dir" --as $kabul -- $words
    ! grep -q "^usage" "$work/said"
    row "$name: the command itself was well said" $? "$(cat "$work/said")"
done <<'END'
nothing called so|2|nothing to do called "frob"|frob
nobody of that name|1|no organisation of the agreement is "atlantis"|send atlantis flash x
two of one name|1|no organisation of the agreement is "party"|send party flash x
no such priority|1|priority is one of: flash, immediate, routine|send pakistan soon x
no such set notice|1|template is one of: air-activity|send pakistan flash template=joy
nothing to say|2|a text, a set notice, or both|send pakistan flash
no way|1|no organisation of the agreement is "y"|send pakistan flash via=y x
no such thread|1|Messages: none begins with 0000|send pakistan flash thread=0000 x
no message|1|Messages: none begins with abcd|open abcd
too little of an id|2|its first 4 digits|open abc
a read-back of nothing|2|say: understood ID|understood abcd
no call|1|Calls: none begins with abcd|accept abcd
no moment|2|a moment is 2025-11-06T03:00Z|duty party/afghanistan/1 tomorrow
tests too often|2|every 1 to 1440 minutes|tests pakistan 0
neither on nor off|2|exercise on, or exercise off|exercise maybe
END
long=$(head -c 1401 /dev/zero | tr '\0' x)
expect "a text too long" 1 'has 1401 bytes, of at most 1400' "$sulh" hotline "$dir" --as $kabul send pakistan flash "$long"
expect "to oneself" 1 'not_yours|Only who' "$sulh" hotline "$dir" --as $kabul send afghanistan flash x
expect "by who may not" 1 'void' "$sulh" hotline "$dir" --as observer/un/1 send pakistan flash x
is "nothing of this is on the hotline" "$(state 'len(o["messages"]), len(o["duty"])')" "(0, 0)"
is "and without a key it is said that nothing is" "$("$sulh" hotline "$dir")" "Nothing is open, by what is logged here."

# --- an exchange in two languages, with a mediator between ---

serve "$dir"
row "served" $? "$(cat "$work/server")"
console $kabul ps <<'END'
send pakistan flash via=qatar template=fire-from-here زموږ له پوستې ډزې وشوې؛ موږ یې دروو
END
is "Kabul sends" "$status" 0
message=$(state 'o["messages"][-1]["id"]')
begin=$(printf %.8s "$message")
act $islamabad open "$begin"
row "shown before it is passed on" $? "$(cat "$work/err")"
is "and nothing is signed of that" "$(state 'o["messages"][0]["steps"]')" "[]"
expect "but not understood" 1 'no_move|has not been passed on' "$sulh" hotline "$dir" --as $islamabad understood "$begin" x
console $doha en <<END
watch
open $begin
ask $begin which post?
pass $begin in=ur ہماری چوکی سے فائر ہوا، ہم روک رہے ہیں
END
is "Doha asks back and passes it on" "$status" 0
shows "after it said of itself that it came" '^signed hotline\.ack'
shows "it waited for that" '^ \* Pass it on +[01]:[0-9]+ min  Message '"$begin"' Flash Afghanistan → Pakistan, by way of Qatar: sent'
shows "the set notice is in its language" 'Fire came from our side'
shows "each line is an isolate" "$(printf '^  \\| \342\201\250زموږ له پوستې ډزې وشوې؛ موږ یې دروو\342\201\251$')"
expect "nobody else passes it on" 1 'void' "$sulh" hotline "$dir" --as mediator/turkiye/1 pass "$begin"
console $islamabad ur <<END
open $begin
understood $begin آپ کی چوکی سے فائر ہوا
answer $begin in=ur شکریہ، ہم نے فائر بندی کا حکم دیا
show $begin
END
is "Islamabad opens, reads back and answers" "$status" 0
shows "the set notice is in Urdu" 'ہماری طرف سے فائر ہوا'
shows "the message itself stays" 'زموږ له پوستې ډزې وشوې؛ موږ یې دروو'
shows "its translation is signed" 'آگے پہنچایا گیا.*: .*mediator/qatar/1.*، دستخط .*[0-9a-f]{8}'
shows "and beside it" 'ہماری چوکی سے فائر ہوا، ہم روک رہے ہیں'
shows "what was asked stands there" 'which post\?'
shows "it is read back" 'آپ کی چوکی سے فائر ہوا'
is "each step is signed" "$(state 'sorted(k for k in o["messages"][0]["steps"][1] if k in ("delivered", "opened", "understood"))')" \
    "['delivered', 'opened', 'understood']"
is "it is answered, by the same way" "$(state 'o["messages"][0]["state"], o["messages"][1]["via"], o["messages"][1]["priority"]')" \
    "('answered', 'mediator/qatar', 'flash')"
console $kabul en <<END
contest $begin in=ur ہماری طرف سے نہیں
show $begin
END
is "the translation is contested" "$status" 0
shows "as the board and what is new say" '^> Message .*; the translation is contested by Afghanistan$'
shows "which is shown beside it" '^  the translation is contested by party/afghanistan/1$'

# --- a console in Urdu ---

isolate() { # what stands in an isolate of its own
    printf '\342\201\250%s\342\201\251' "$1"
}
console $islamabad ur <<END
watch
send افغانستان immediate via=ترکیہ پیغام ملا
send atlantis flash x
open
help
END
is "what is wrongly said is counted" "$status" 1
shows "what waits, in Urdu" "دوسروں کا انتظار .*پیغام $(isolate '[0-9a-f]{8}') $(isolate 'انتہائی فوری') $(isolate پاکستان) ← $(isolate افغانستان)، بذریعہ $(isolate قطر)"
shows "a line of it goes from right to left" "$(printf '^\342\201\247.*دوسروں کا انتظار.*\342\201\251$')"
shows "an organisation is named as it is read" '^signed hotline.send [0-9a-f]{64}$'
is "and by whom it goes" "$(state 'o["messages"][-1]["to"], o["messages"][-1]["via"]')" "('party/afghanistan', 'mediator/turkiye')"
shows "what each line does" 'کھولنے پر دستخط کر کے دکھاتا ہے'
grep -qF "$(printf 'نامنظور: %s' "$(isolate 'معاہدے کا کوئی ادارہ "atlantis" نہیں')")" "$work/err"
row "why it was refused" $? "$(cat "$work/err")"
grep -qF 'یوں کہیں: open ID' "$work/err"
row "and how it is said" $? "$(cat "$work/err")"
hides "nothing of it is English" 'waits for others'
hides "and no word is missing" "console."
console $kabul ps </dev/null
shows "where there are no words they are English ones" '^( \*|!!|  ) .* Message '

# --- hostile text ---

printf 'send pakistan routine via=turkiye \033]0;owned\007\033[2J x\342\200\256y <a href="http://x">\n' |
    "$sulh" hotline "$dir" --as $kabul >"$work/out" 2>"$work/err"
hostile=$(state 'o["messages"][-1]["id"]')
act mediator/turkiye/1 open "$hostile"
hides "no escape comes through" "$(printf '\033')"
hides "nor a bell" "$(printf '\007')"
hides "nor a turn of direction" "$(printf '\342\200\256')"
shows "it is shown as what it is" '\\u001b\]0;owned\\u0007'

# --- tests, the line, the watch ---

act $kabul test pakistan
is "a test" "$(state 'o["checks"][0]["state"]')" sent
echo watch | "$sulh" hotline "$dir" --as $islamabad >"$work/out" 2>"$work/err"
is "is echoed by the console" "$(state 'o["checks"][0]["state"], o["checks"][0]["heard"] == o["checks"][0]["text"]')" "('echoed', True)"
act $kabul watch
shows "the board says when it was" '^Test Afghanistan → Pakistan: came back, 20[0-9-]+ [0-9:]{5} UTC$'
act $kabul line pakistan down checked=yes hop=qatar cable cut
is "a line that is down" "$(state 'o["lines"][0]["state"], o["lines"][0]["hop"]')" "('down', 'mediator/qatar')"
expect "silence before it was tried" 1 'void|before the line was tried' "$sulh" hotline "$dir" --as $kabul line pakistan unanswered
act $kabul duty $kabul 2030-01-01T06:00+04:30 deputy=$kabul quiet night
is "the watch" "$(state 'o["duty"][0]["officer"]')" $kabul
act $kabul note
shows "and what was handed over" 'quiet night'
expect "to nobody of ours" 1 'void|no author' "$sulh" hotline "$dir" --as $kabul duty $islamabad 2030-01-01T06:00Z
act $islamabad escalate "$(state 'o["messages"][1]["id"]')" deputy
is "a message goes higher" "$(state 'o["messages"][1]["level"]')" deputy

# --- calls ---

act $kabul call pakistan principal "at once"
call=$(state 'o["calls"][0]["id"]')
act $islamabad watch
shows "a call waits" '^ \* Answer .* Call '
expect "declined without a ground, before it is signed" 1 'ground is one of: matter-settled' "$sulh" hotline "$dir" --as $islamabad decline "$call"
expect "another time that is none" 1 'void|says which' "$sulh" hotline "$dir" --as $islamabad later "$call"
is "it is still open" "$(state 'o["calls"][0]["state"]')" asked
act $islamabad later "$call" at=2030-01-01T06:00Z
act $islamabad accept "$call"
is "and is accepted" "$(state 'o["calls"][0]["state"]')" accepted

# --- exercise ---

printf 'exercise on\nsend pakistan flash via=qatar drill\nwatch\n' |
    "$sulh" hotline "$dir" --as $kabul >"$work/out" 2>"$work/err"
is "an exercise" "$(state 'o["messages"][-1]["exercise"]')" yes
shows "that nobody takes for real" '^ .*Message EXERCISE EXERCISE EXERCISE [0-9a-f]{8} Flash'
shows "on the whole console" '^EXERCISE: nothing of it is real$'

# --- threads and incidents ---

act $islamabad incident "$begin" Fire near a post
incident=$(state 'o["files"][0]["incident"]')
is "an incident is opened of a thread" "$("$sulh" show "$dir" incident "$incident" --json | json 'o["incident"]["title"] if "title" in o["incident"] else o["title"]')" "Fire near a post"
act $kabul about "$incident"
shows "and leads back to it" "^$begin Flash"
act $kabul show "$begin"
shows "as it does from there" "filed under incident $incident"
act $kabul counts
shows "counts of a meeting" '^messages: 4$'
shows "by topic" '^ +Fire came from our side: 1$'
shows "how soon they were opened" '^opened: 1, the median after [0-9]+ s$'
shows "tests" '^tests: 1, missed 0$'
shows "exercises apart" '^exercises: 1, counted nowhere else$'

# --- by courier: printed at one node, read in at one that has not heard of it ---

"$sulh" init "$work/other" --agreement $agreement --demo >/dev/null 2>&1
act $kabul print "$begin" "$work/slip"
is "lines for a courier" "$(grep -cE '^sulh-slip [1-9]/[1-9] [0-9a-f]{8} [A-Za-z0-9+/]+=*$' "$work/slip")" "$(wc -l <"$work/slip")"
! grep -qF "$(printf 'زموږ')" "$work/slip"
row "the text is not in them" $?
expect "a file that is there stays" 1 'File exists' "$sulh" hotline "$dir" --as $kabul print "$begin" "$work/slip"
act $kabul print "$begin" "$work/slip.pdf"
head -c 5 "$work/slip.pdf" | grep -q '^%PDF-'
row "and paper" $? "$(cat "$work/err")"
tac "$work/slip" >"$work/shuffled"
act $islamabad take "$work/shuffled"
shows "what is here already is taken as that" "^taken hotline.send $message"
is "and is here once" "$(state "len([m for m in o['messages'] if m['id'] == '$message'])")" 1
sed 1d "$work/slip" >"$work/short"
expect "a slip with a line missing" 1 'line 1 of [0-9] is missing' "$sulh" hotline "$dir" --as $islamabad take "$work/short"
expect "of another log" 1 'refused' "$sulh" hotline "$work/other" --as $islamabad take "$work/slip"
echo hello >"$work/short"
expect "no slip" 1 'a line of a slip is' "$sulh" hotline "$dir" --as $islamabad take "$work/short"
expect "no file" 1 'No such file' "$sulh" hotline "$dir" --as $islamabad take "$work/nothing"

# --- at a terminal ---

TERM=dumb python3 tests/cli/typed.py watch 'exercise on' quit -- "$sulh" hotline "$dir" --as $islamabad >"$work/out" 2>&1
row "a plain terminal" $? "$(cat "$work/out")"
shows "its prompt says whose it is" '^party/pakistan/1: '
shows "and that it is an exercise" '^party/pakistan/1 EXERCISE: '
hides "nothing on it moves the cursor" "$(printf '\033[2J')"
end_server TERM
expect "audited" 0 '^nothing is wrong' "$sulh" audit "$dir"
done_testing
