#!/bin/sh
# What is owed, as scenarios X40 to X42 leave it: over HTTP, and as the command prints it.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
sulh=${SULH_BUILD:-build}/sulh

# The answer as `a`, with what helps to read it; the expression must be true.
holds() { # NAME EXPRESSION
    printf 'import json, sys\na = json.load(sys.stdin)\nof = lambda i: next(o for o in a["obligations"] if o["id"] == i)\nby = lambda i, w: next(o for o in of(i)["owes"] if o["organisation"] == w)\nassert %s, a\n' \
        "$2" >"$work/ask.py"
    python3 "$work/ask.py" <"$work/answer" 2>"$work/why"
    row "$1" $? "$(tail -c 2000 "$work/why")"
}

played() { # SCENARIO
    rm -rf "$work/log"
    "$sulh" scenario --keep "$work/log" scenarios/doha-istanbul-2025/"$1".txt >"$work/said" 2>&1
    row "$1" $? "$(cat "$work/said")"
    "$sulh" obligations "$work/log" --json >"$work/answer"
}

afg="'party/afghanistan'" pak="'party/pakistan'"

played x40-one-promise-hangs-on-another
holds "the road in its order" '[s["id"] for s in a["stages"]] == ["truce", "continued", "verified", "lasting"]'
holds "what one side kept is not kept" 'of("steps-against-groups")["kept"] == 0'
holds "and so no stage is reached" 'not any(s["reached"] for s in a["stages"])'
holds "what waits for another says so" 'of("trade-again")["waits"] == ["steps-against-groups"]'
holds "what waits for nothing" 'of("cease-fire")["waits"] == []'
holds "who says so" 'of("no-support")["status"] == "claimed by one side" and of("no-support")["sources"] == ["s34", "s35"]'
holds "what is on no calendar" "by('cease-fire', $afg)['state'] == 'not_open'"
holds "what was done, in the order of the log" \
    "[r['status'] for r in by('steps-against-groups', $pak)['reports']] == ['refused', 'done']"
holds "a refusal has its ground" "by('steps-against-groups', $pak)['reports'][0]['ground'] == 'not-agreed'"
holds "each judges for itself" \
    "[(j['org'], j['verifiable']) for j in by('steps-against-groups', $afg)['reports'][0]['judgements']] == [('observer/mission', 'yes'), ($pak, 'no')]"
holds "its history" "[s['result'] for s in by('steps-against-groups', $afg)['settlements']] == ['kept', 'not_kept']"
holds "the agreement's own date is past" \
    "[(d['state'], d['overdue'], d['whose']) for d in by('meeting-of-6-november', $pak)['deadlines']] == [('running', 1, $pak)]"
holds "persons are a number" "[(p['persons'], p['state']) for p in a['persons']] == [(4, 'held')]"
row "and nobody's name" "$(grep -q 'Four names' "$work/answer" && echo 1 || echo 0)" "$(cat "$work/answer")"
expect "as a command" 0 'WAITS FOR steps-against-groups' "$sulh" obligations "$work/log"
expect "in what is due" 0 'owed by party/pakistan' "$sulh" due "$work/log" --for party/pakistan

played x41-handed-over-and-counted
holds "fewer came than were handed over" \
    "[(p['persons'], p['counted'], p['holder']) for p in a['persons']] == [(5, 4, $pak)]"

played x42-refused-with-its-reason
holds "a demand is refused" \
    '[(d["state"], d.get("obligation")) for d in a["demands"]] == [("refused", "no-support"), ("fulfilled", None)]'
expect "the agreement's own date, on no calendar" 0 'not on the calendar; by the agreement OVERDUE since 2025-11-06 21:00 UTC' \
    "$sulh" obligations "$work/log"
holds "and owed by nobody" 'all(o["state"] == "not_open" for i in a["obligations"] for o in i["owes"])'
holds "what is vouched for" \
    '[(g["type"], g["state"]) for g in a["guarantees"]] == [("assurance", "superseded"), ("assurance", "live"), ("capacity", "live")]'
serve "$work/log"
get '/api/obligations?limit=1' >"$work/answer"
holds "the last demand and what is vouched for last" \
    '[d["state"] for d in a["demands"]] == ["fulfilled"] and [g["type"] for g in a["guarantees"]] == ["capacity"]'
holds "and how many were before" 'a["older"] == {"demands": 1, "guarantees": 2, "persons": 0, "reports": 0, "settlements": 0}'
end_server TERM
expect "no log" 2 'usage: sulh obligations DIR' "$sulh" obligations
done_testing
