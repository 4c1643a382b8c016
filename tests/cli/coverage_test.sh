#!/bin/sh
# How much was watched, and two ledgers beside each other, as the commands print them: sulh coverage
# and sulh ledgers.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
dir=$work/log

cat >"$work/week.txt" <<EOT
scenario: A week in two sectors
under: ${agreement#*/}

liaison = party/afghanistan as liaison
other = party/pakistan as liaison
analyst = observer/mission as analyst
team = observer/mission as team-leader

at 2025-11-06 08:00 UTC
team: coverage.watch
    sector: SEC-3
    from: 02:00
    until: 06:00
team: coverage.outage
    sector: SEC-3
    from: 05:00
    until: 06:00
    cause: weather
team: incident.observe as flashes
    verb: saw
    means: saw
    at: 04:00
    sector: SEC-3
team: access.restriction
    sector: SEC-4
    type: denial
    at: 07:00
liaison: incident.report as ours
    sector: SEC-4
    start: 03:00
other: incident.report as theirs
    sector: SEC-4
    start: 03:10
other: incident.report as alone
    sector: SEC-4
    start: 05:00
analyst: ledger.match
    left: ours
    right: theirs
    result: different_author
EOT
"$sulh" scenario --keep "$dir" "$work/week.txt" >"$work/said" 2>&1
row "a week" $? "$(cat "$work/said")"

"$sulh" coverage "$dir" --from 2025-11-05 --to 2025-11-06 >"$work/page" 2>&1
row "coverage" $? "$(cat "$work/page")"
# The lines of one sector.
of() { # SECTOR
    sed -n "/^$1 /,/^SEC/p" "$work/page" | sed -n '2,3p'
}
is "a sector that was watched" "$(of SEC-3)" "  2025-11-05  not watched
  2025-11-06  watched 3 hours, 12 %; blind 1 hour; seen 1"
is "one that nobody was let into" "$(of SEC-4)" "  2025-11-05  not watched
  2025-11-06  not watched; access denied 1; restrictions 1; reported 3"
is "one that nobody spoke of" "$(of SEC-5)" "  2025-11-05  not watched
  2025-11-06  not watched"
"$sulh" coverage "$dir" --from 2025-11-06 --to 2025-11-06 --offset +05:00 >"$work/page"
is "days of five hours east" "$(of SEC-3 | head -n 1)" \
    "  2025-11-06  watched 3 hours, 12 %; blind 1 hour; seen 1"
"$sulh" coverage "$dir" --from 2025-11-05 --to 2025-11-06 --offset -20:00 >"$work/page" 2>&1
is "an offset that there is not" $? 2
is "for programs" "$("$sulh" coverage "$dir" --from 2025-11-06 --to 2025-11-06 --json |
    json '[(d["watched_s"], "seen" in d) for d in o["days"] if d["sector"] in ("SEC-3", "SEC-4")]')" \
    "[(10800, True), (0, False)]"
is "and the offsets of both sides" "$("$sulh" coverage "$dir" --json | json 'o["offsets_min"]')" \
    "[0, 270, 300]"
expect "a day that there is not" 2 'give a date as 2025-11-06' "$sulh" coverage "$dir" --from 2025-11-31
expect "backwards" 1 'whole days' "$sulh" coverage "$dir" --from 2025-11-06 --to 2025-11-04
expect "no log" 2 'usage: sulh coverage DIR' "$sulh" coverage

"$sulh" ledgers "$dir" party/afghanistan party/pakistan >"$work/page" 2>&1
row "ledgers" $? "$(cat "$work/page")"
is "how many" "$(sed -n 1,3p "$work/page")" "party/afghanistan has 1, party/pakistan has 2.
in both        1: one author 0, two authors 1, author left open 0; observed by another 0
in one alone   party/afghanistan 0, party/pakistan 1"
expect "of another sector" 0 '^party/afghanistan has 0, party/pakistan has 0\.$' \
    "$sulh" ledgers "$dir" party/afghanistan party/pakistan --sector SEC-5
expect "of one twice" 1 'two organisations' "$sulh" ledgers "$dir" party/pakistan party/pakistan
expect "of one" 2 'usage: sulh ledgers DIR ORGANISATION ORGANISATION' \
    "$sulh" ledgers "$dir" party/pakistan
"$sulh" replay "$dir" >/dev/null 2>&1
"$sulh" ledgers "$dir" party/afghanistan party/pakistan | diff - "$work/page" >"$work/why"
row "replay gives the same" $? "$(cat "$work/why")"
done_testing
