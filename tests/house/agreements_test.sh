#!/bin/sh
# Every agreement that is shipped is whole, to the second reader (agreements/check.py) and to the program;
# one that is not is refused, with the section, the item and the member that does not fit.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
sulh=${SULH_BUILD:-build}/sulh
doha=agreements/doha-istanbul-2025

begun() { # FOLDER
    rm -rf "$work/begun"
    "$sulh" init "$work/begun" --demo --agreement "$1"
}

for folder in agreements/*/; do
    folder=${folder%/}
    expect "$folder has no fault" 0 ' 0 faults$' python3 agreements/check.py "$folder"
    grep -q 'nobody may sign' "$work/said"
    row "$folder gives every kind a clause" "$((1 - $?))" "$(cat "$work/said")"
    expect "$folder begins" 0 "^demo\.invalid/${folder##*/} [0-9a-f]{64}$" begun "$folder"
done

# A folder with the first line that holds FROM changed to TO: in ITEM of SECTION.
changed() { # SECTION ITEM FROM TO
    rm -rf "$work/changed"
    cp -R $doha "$work/changed"
    python3 - "$work/changed/agreement.toml" "$@" <<'PYTHON'
import re
import sys

path, section, item, before, after = sys.argv[1:]
text = open(path, encoding="utf-8").read()
at = text.index(f'[[{section}]]\nid = "{item}"\n')
end = text.index("\n\n", at)
block = text[at:end]
if before not in block:
    sys.exit(f"{section}/{item} has no {before}")
block = block.replace(before, after.replace("\\n", "\n"), 1)
open(path, "w", encoding="utf-8").write(text[:at] + block + text[end:])
PYTHON
}

# What the second reader says, and what the program says; "–": it lets it pass.
while IFS='|' read -r name section item before after reader program; do
    changed "$section" "$item" "$before" "$after"
    row "$name: the folder was changed" $?
    expect "$name: the second reader" 1 "$reader" python3 agreements/check.py "$work/changed"
    if [ "$program" = – ]; then
        expect "$name: the program" 0 '^demo' begun "$work/changed"
    else
        expect "$name: the program" 1 "$program" begun "$work/changed"
    fi
done <<'ROWS'
a move of no kind|move|case.reply|case.reply|case.replies|move/case.replies: the program has no kind|"case.replies" is no kind
a move of no word|move|case.reply/asks_time|asks_time|asks_money|move/case.reply/asks_money: the program has no move|"case.reply/asks_money" is no kind
a move on no clause|move|case.reply|"P-reply"|"P-replies"|move/case.reply: clause is no id|"case.reply": "clause": names no clause
a clock that is not there|move|case.notify|"draft"|"drafts"|move/case.notify: starts is no list|"case.notify": "starts": number 2 is no clock
a clock that nothing ends|move|case.reply|ends = ["reply"]|ends = []|clock/reply: is started, and no move ends it|no move ends the clock "reply"
a clock that nothing starts|move|case.circulate|starts = ["comments", "ruling"]|starts = ["ruling"]|clock/comments: is awaited, and no move starts it|–
a clock of no length|clock|reply|duration_ms = 259200000|duration_ms = 0|clock/reply: duration_ms is no integer|"reply": "duration_ms": must be
a clock of everybody|clock|reply|each = "accused"|each = "everybody"|clock/reply: each is no id of group|"reply": "each": names no group
a clock extended by nothing|clock|reply|extensions = 1|extensions = 0|go together|go together
a group of who is not there|group|mediator|"mediator/qatar"|"mediator/oman"|group/mediator: organisations is no list|"mediator": "organisations": number 1 is no organisation
a step of no group|step|mediators|group = "mediator"|group = "guarantor"|step/mediators: needs is no list of needs|"mediators": "needs": number 1 names no group
a step of more than there are|step|mediators|count = 2|count = 3|step/mediators: needs is no list of needs|must be 1 to 2
a step of nobody|step|mediators|count = 2|count = 0|step/mediators: needs is no list of needs|must be 1 to 2
a step for a role that is not there|step|mediators|roles = ["mediator"]|roles = ["judge"]|step/mediators: roles is no list|"mediators": "roles": number 1 is no role
two steps at once|step|mediators|order = 3|order = 2|step: two have one order|"consensus" has the same
a step for war|step|mediators|"review"|"war"|step/mediators: for is no list|"for": number 3 is no word
a grade that is not there|step|settlement|"G4"|"G5"|step/settlement: not_for_grades is no list|"not_for_grades": number 2 is no grade
a role that may all|role|analyst|"triage"|"rule", "triage"|"rule" stands in may and in may_not|"rule" stands in "may" and in "may_not"
a role that may what there is not|role|analyst|"triage"|"judge"|role/analyst: may is no list|number 4 is no capability
a role of nobody|role|analyst|groups = ["mission"]|groups = []|role/analyst: groups is no list|"groups": must be a list of one
a role for others|role|chief|groups = ["mission"]|groups = ["party"]|organisation/observer/mission: its role chief is for others|chief is no role for observer/mission
a rung on no standard|rung|rung-04|standard = "L3"|standard = "L9"|rung/rung-04: standard is no id|"rung-04": "standard": names no standard
a mode that asks what nobody asks|mode|M5|"tolerated"|"tolerant"|mode/M5: questions "tolerant" is no question|–
a standard that half needs a reply|standard|L3|reply = 1|reply = 2|standard/L3: reply is no integer|"reply": must be 0 to 1
two standards of one height|standard|L3|order = 3|order = 2|standard: two have one order|"L2" has the same
an origin half neutral|origin|mission|neutral = 1|neutral = 2|origin/mission: neutral is no integer|"neutral": must be 0 to 1
an author of no organisation|author|afg-forces|"party/afghanistan"|"party/persia"|author/afg-forces: organisation is no id|"afg-forces": "organisation": names no organisation
a tier of who is not there|tier|mechanism|"party/pakistan"|"party/persia"|tier/mechanism: of is no list|"mechanism": "of": number 4 is no organisation
a tier half whole|tier|mechanism|whole = 1|whole = 2|tier/mechanism: whole is no integer|"whole": must be 0 to 1
a role that reads what is not there|role|analyst|reads = ["mission"]|reads = ["secret"]|role/analyst: reads is no list|"analyst": "reads": number 1 is no tier
a role that reads what is for others|role|analyst|reads = ["mission"]|reads = ["mechanism"]|role/analyst: reads mechanism, which is for none|–
a tier that nobody of it reads|tier|mission|"observer/mission"|"observer/mission", "observer/un"|tier/mission: no role of observer/un reads it|–
a tier sealed for one|tier|sealed|"mediator/qatar", ||tier/sealed: too few organisations|–
a label in one language|level|calm|label.ur|label.fr|level/calm: label lacks ur|–
ROWS

sed 's/^id = "finding.draft"$/id = "incident.report2"/' $doha/agreement.toml >"$work/changed/agreement.toml"
expect "a kind that nobody may sign is told" 1 'nobody may sign finding.draft: no move' \
    python3 agreements/check.py "$work/changed"
done_testing
