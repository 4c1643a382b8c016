#!/bin/sh
# sulh scenario: what comes out, what does not, and what is no scenario; how it says so.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh

cat >"$work/good.txt" <<'END'
scenario: Two sides, one incident
rahim = party/afghanistan as liaison
khan = party/pakistan as liaison
lena = observer/mission as chief
stranger = observer/un as observer, not admitted
at 2025-11-06 17:10 +04:30
lena: incident.open as boldak
    title: چمن او سپین بولدک
rahim: incident.report as first
    incident: boldak
    act: K-15
    start: 16:45 ±20 min by watch
    lat_e7: 31.0055
    summary: Fire in the afternoon;
        nobody answered it.
khan and rahim: incident.report
    summary: The same words by two.
khan: incident.link
    incident: boldak
    record: first
    basis: same_event
refused capability
khan: incident.report, forged
    summary: Never said.
stranger: incident.report
    summary: Nobody knows me.
turned away: unknown key
khan is offline
thief = copy of khan's key
thief: incident.report as theft
    summary: By another's key.
khan: incident.report as late_one
    summary: Six days without a network.
after 6 days
silence of 2 days
khan is online
refused fork
END
sed -i '/^khan is online/,$d' "$work/good.txt"
sed -i 's/^    summary: Six days.*/&\nrefused fork/' "$work/good.txt"
cat >>"$work/good.txt" <<'END'
khan is online
doha = mediator/qatar as root
ankara = mediator/turkiye as root
the roots amend the agreement from in 2 days
    clock reply: duration_ms = 48 hours
doha proposes to amend the agreement as alone
    clause P-reply: text.en = "Who is accused: may answer."
ankara: agreement.concur
    agreement: alone
expect incident of boldak: state = open, by is lena
expect no incident of first
expect report of first: act = K-15, start = 2025-11-06 16:45, no end, start.uncertainty_ms = 20 min
expect count of report: 4
expect count of link where state = linked: 1
expect amendment of alone: state = proposed
expect key of khan: state = active
expect sulh status says "incident.report" and "void"
expect sulh show incident boldak says "nobody answered it."
expect sulh status does not say "WRONG"
lahore = copy of the log
first is altered in lahore
expect audit of lahore: first is wrong
kabul = copy of the log
the log is restored from kabul
lena: incident.link
    incident: boldak
    record: theft
    basis: related
expect audit: nothing is wrong
successor = observer/mission as chief, not admitted
lena: member.rotate
    key: successor
lena: incident.report
    summary: From a key whose place is taken.
refused revoked_key
successor: incident.report
    summary: From the key that took it.
END
expect "all of it comes out" 0 '^ok 1 - Two sides, one incident \([0-9]+ records, 12 expectations\)' \
    "$sulh" scenario "$work/good.txt" --agreement $agreement
expect "without an agreement" 2 'under which agreement\?' "$sulh" scenario "$work/good.txt"
expect "with one that is not there" 1 '/nowhere: there is none' \
    "$sulh" scenario "$work/good.txt" --agreement /nowhere
expect "told step by step" 0 '^# +22: incident.link: it is refused capability' \
    "$sulh" scenario "$work/good.txt" --agreement $agreement --steps

# Each of these lines, put in the place of what holds, is told by its line and by what there is.
wrong() { # NAME LINE SAYS
    grep -vxF "$2" "$work/good.txt" >"$work/wrong.txt"
    printf '%s\n' "$2" >>"$work/wrong.txt"
    expect "$1" 1 "wrong.txt:$(wc -l <"$work/wrong.txt" | tr -d ' '): .*$3" \
        "$sulh" scenario "$work/wrong.txt" --agreement $agreement
}
wrong "another state" 'expect incident of boldak: state = withdrawn' 'incident of boldak: state is "open"'
wrong "a row that is not there" 'expect incident of first: state = open' 'there is none'
wrong "one that is" 'expect no incident of boldak' 'there is one'
wrong "another number" 'expect count of report: 7' 'there are 5, and should be 7'
wrong "no deadline" 'expect overdue: reply in case boldak' 'overdue reply: 0; there is none'
wrong "what it does not say" 'expect sulh status says "gone"' 'status does not say "gone"; it says: '
wrong "what it says" 'expect sulh status does not say "void"' 'status says "void"'
wrong "an audit that finds nothing" 'expect audit of kabul: first is wrong' 'nothing is wrong'
wrong "an audit that finds something" 'expect audit of lahore: nothing is wrong' 'entry [0-9]+'
wrong "a copy that there is not" 'expect audit of moon: nothing is wrong' 'there is no copy "moon"'
wrong "an organisation that there is not" 'someone = party/atlantis as liaison' 'no organisation "party/atlantis"'
wrong "a role that there is not" 'someone = party/pakistan as king' 'member.admit by party/pakistan/root: it is refused term'
wrong "a member of nothing" 'the log is restored from lena' '"lena" is no copy of the log'

# --- parts, and who reads them ---

cat >"$work/parts.txt" <<'END'
scenario: Told to the mission
chief = observer/mission as chief
monitor = observer/mission as monitor
doha = mediator/qatar as mediator
ankara = mediator/turkiye as mediator
stranger = observer/un as observer, not admitted
at 2025-11-06 17:10 +04:30
monitor: incident.report as told, tier mission
    summary: Two houses were hit.
    attached for sealed: Told by Daud.
story = the mission part of told
who = the attachment of told
paper = document of doha
    What stands here.
expect chief and monitor can read story: "Two houses"
expect doha and stranger cannot read story because "it is not for this key"
expect doha and ankara together can read who: "Daud"
expect doha and ankara cannot read who
expect part of who: record is told, tier = sealed
chief: custody.release as out
    record: told
    tier: mechanism
    hands on: story
expect doha and ankara can read out: "Two houses"
END
expect "what is read, by whom" 0 '^ok 1 - Told to the mission \([0-9]+ records, 6 expectations\)' \
    "$sulh" scenario "$work/parts.txt" --agreement $agreement
unread() { # NAME LINE SAYS
    { cat "$work/parts.txt"; printf '%s\n' "$2"; } >"$work/wrong.txt"
    expect "$1" 1 "$3" "$sulh" scenario "$work/wrong.txt" --agreement $agreement
}
unread "who should not" 'expect doha can read story' 'doha cannot read story: it is not for this key'
unread "who does" 'expect chief cannot read story' 'chief can read story'
unread "who reads half of it" 'expect chief can read told' 'chief can read a part of told: it is not for'
unread "and not none of it" 'expect chief cannot read told' 'chief can read a part of told'
unread "other words" 'expect chief can read story: "Three"' 'reads "Three", which is not so'
unread "another reason" 'expect doha cannot read story because "it is missing"' 'which is not so'
unread "one of two who open together" 'expect doha and chief together can read who' 'together cannot read who'
unread "what was handed on to nobody" 'expect doha can read paper' 'read where it is handed on'
unread "a part that there is not" 'x = the mechanism part of told' 'told: it has no such part'
unread "another's document" "$(printf 'chief: custody.release\n    record: told\n    tier: mechanism\n    hands on: paper')" \
    'it cannot be signed: chief does not have paper'
unread "what the signer cannot read" "$(printf 'doha: custody.release\n    record: told\n    tier: mechanism\n    hands on: story')" \
    'it cannot be signed: age file: is not sealed to this key'

# A record that should hold, and one that should not.
sed '/^refused capability/d' "$work/good.txt" >"$work/wrong.txt"
expect "refused, and should hold" 1 'wrong.txt:18: incident.link should hold: it is refused capability, clause' \
    "$sulh" scenario "$work/wrong.txt" --agreement $agreement
sed 's/^refused capability/refused scope/' "$work/good.txt" >"$work/wrong.txt"
expect "refused for another reason" 1 'wrong.txt:22: incident.link should be refused scope: it is refused capability' \
    "$sulh" scenario "$work/wrong.txt" --agreement $agreement
sed 's/^khan: incident.report, forged/khan: incident.report/' "$work/good.txt" >"$work/wrong.txt"
expect "more than there should be" 1 'there are 5, and should be 4' \
    "$sulh" scenario "$work/wrong.txt" --agreement $agreement
sed 's/^    lat_e7: 31.*/    lat_e7: 99.5/' "$work/good.txt" >"$work/wrong.txt"
expect "what no form lets pass" 1 'it cannot be signed: .*"lat_e7" must be' \
    "$sulh" scenario "$work/wrong.txt" --agreement $agreement

# --- what is no scenario ---

printf 'scenario: A\nat noon\n' >"$work/none.txt"
expect "a text that is no scenario" 2 'none.txt:2: "noon" is no moment' \
    "$sulh" scenario "$work/none.txt" --agreement $agreement
expect "beside one that is" 2 '^ok 2 - Two sides' \
    "$sulh" scenario "$work/none.txt" "$work/good.txt" --agreement $agreement
expect "a file that is not there" 1 'open /nowhere' "$sulh" scenario /nowhere --agreement $agreement
expect "no file at all" 2 'too few arguments' "$sulh" scenario

# --- the log, kept ---

expect "kept" 0 '^ok 1' "$sulh" scenario "$work/good.txt" --agreement $agreement --keep "$work/kept"
expect "it can be audited" 0 'nothing is wrong' "$sulh" audit "$work/kept"
expect "and looked at" 0 'incident.report' "$sulh" status "$work/kept"
expect "a directory that is not empty" 1 'is not empty' \
    "$sulh" scenario "$work/good.txt" --agreement $agreement --keep "$work/kept"
expect "two files and one directory" 2 '--keep is for one file' \
    "$sulh" scenario "$work/good.txt" "$work/good.txt" --keep "$work/other"
done_testing
