#!/bin/sh
# The crossings and what is announced, as scenario S7 leaves them: over HTTP, as plain text, as a
# feed, and as the commands print them.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
sulh=${SULH_BUILD:-build}/sulh
dir=$work/log

"$sulh" scenario --keep "$dir" scenarios/doha-istanbul-2025/s07-crossing-partly-closed.txt \
    >"$work/said" 2>&1
row "the scenario" $? "$(cat "$work/said")"
"$sulh" serve "$dir" --listen 127.0.0.1:0 >"$work/address" 2>"$work/log.txt" &
server=$!
trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT
eventually test -s "$work/address"
url=$(cat "$work/address")

body() { # PATH
    python3 - "$url$1" <<'PY'
import sys, urllib.error, urllib.request
try:
    answer = urllib.request.urlopen(sys.argv[1], timeout=60)
except urllib.error.HTTPError as refused:
    answer = refused
sys.stdout.buffer.write(answer.read())
PY
}
# Evaluates a Python expression over the answer to PATH, as `a`; it must be true.
holds() { # NAME PATH EXPRESSION
    body "$2" | python3 -c "
import json, sys
a = json.load(sys.stdin)
def lane(direction, traffic):
    return next(l for c in a['crossings'] for l in c['lanes']
                if c['id'] == 'X01' and (l['direction'], l['class']) == (direction, traffic))
def said(lane, org):
    return next(d for d in lane['declared'] if d['organisation'] == org)
sys.exit(not ($3))" 2>"$work/why"
    row "$1" $? "$2: $3: $(cat "$work/why")"
}
afg=party/afghanistan pak=party/pakistan
# 1 October 2025 to 3 November, days of five hours east
past='/api/crossings?crossing=X01&from=1759258800000&to=1762196400000&offset_min=300'

holds "every crossing" /api/crossings 'len(a["crossings"]) == 8'
holds "every lane of each" /api/crossings 'all(len(c["lanes"]) == 34 for c in a["crossings"])'
holds "open for deportees while trade is shut" "$past" \
    "said(lane('into-afghanistan', 'deportee'), '$pak')['status'] == 'open'"
holds "who said nothing has no word" "$past" \
    "said(lane('into-afghanistan', 'cargo'), '$afg') == {'no_word': 1, 'organisation': '$afg'}"
holds "declared by one, denied by the other: a mismatch" "$past" \
    "lane('into-pakistan', 'cargo')['mismatch'] == 1"
holds "and both stand" "$past" \
    "[said(lane('into-pakistan', 'cargo'), o)['status'] for o in ('$afg', '$pak')] == ['open', 'closed']"
holds "with what was seen" "$past" \
    "[s['status'] for s in lane('into-pakistan', 'cargo')['seen']] == ['closed']"
holds "one word alone is no mismatch" "$past" "lane('into-afghanistan', 'cargo')['mismatch'] == 0"
holds "days that a side declared it shut" "$past" \
    "said(lane('into-pakistan', 'cargo'), '$pak')['days'] == {'closed': 23, 'no_word': 11, 'open': 0, 'partly': 0}"
holds "and the other, of the same lane" "$past" \
    "said(lane('into-pakistan', 'cargo'), '$afg')['days']['closed'] == 0"
holds "the words of it" "$past" \
    "'four' not in said(lane('into-pakistan', 'cargo'), '$afg')['public'] and 'Nothing was closed' in said(lane('into-pakistan', 'cargo'), '$afg')['public']['conditions']"
holds "returns, with who counted" "$past" \
    "[(r['persons'], r['unaccompanied'], r['organisation']) for r in a['crossings'][0]['returns']] == [(1240, 7, '$afg')]"
holds "published figures have their source" "$past" \
    "len(a['crossings'][0]['published']) > 5 and all(p['url'].startswith('https://') for p in a['crossings'][0]['published'])"
holds "times the days, each for itself" "$past" \
    "[(c['organisation'], c['days'], c['least']) for p in a['crossings'][0]['published'] if p['measure'] == 'trade_per_day' for c in p['closed']] == [('$pak', 23, '19550')]"
holds "the permit that ran out" /api/crossings \
    '[(t["state"], t["ran_out"], t["until_granted"]["at_ms"] < t["until"]["at_ms"]) for t in a["transit"]] == [("expired", 0, True)]'
holds "its clock was met" /api/crossings '[d["state"] for t in a["transit"] for d in t["deadlines"]] == ["met"]'
holds "before it was asked" "/api/crossings?as_of=1" 'a["transit"] == []'
expect "a crossing that there is not" 0 'no crossing.*it has X01, X02' body '/api/crossings?crossing=X99'
expect "days backwards" 0 'later one' body '/api/crossings?from=10&to=5'

holds "nothing current is announced in December" /api/notices 'a["notices"] == []'
holds "of all times" '/api/notices?from=0' 'len(a["notices"]) == 2'
holds "what nobody had announced, and which act that is" '/api/notices?from=0' \
    '[(u["kind"], u["code"], u["types"]) for u in a["unnotified"]] == [("incident.report", "A-11", ["drone", "flight"])]'
holds "nothing of it in another year" '/api/notices?to=1700000000000' 'a["unnotified"] == []'
holds "who answered what" '/api/notices?from=0' \
    '[x["answer"] for n in a["notices"] for x in n["answers"]] == ["acknowledged", "objected"]'
holds "the match" '/api/notices?from=0' \
    '[m["result"] for n in a["notices"] for m in n["matches"]] == ["as_notified"]'

# Plain text, in every language of the agreement, and no more of a crossing than a kilobyte.
for language in en ur ps prs ar tr; do
    body "/crossings.txt?language=$language" >"$work/text"
    python3 - "$work/text" <<'PY' 2>"$work/why"
import sys
text = open(sys.argv[1], "rb").read()
text.decode("utf-8")
pieces = text.split(b"\n\n")[1:]
assert len(pieces) == 8, len(pieces)
assert pieces[0].startswith(b"X01 ") and b"! " in pieces[0], pieces[0]
longest = max(map(len, pieces))
assert 0 < longest < 1024, longest
assert b"word." not in text and b"feed." not in text
PY
    row "plain text in $language" $? "$(cat "$work/why")"
done
expect "what is declared" 0 'Pakistan declares: Into Afghanistan: open [(]2025-11-01[)]: Deported persons' \
    body '/crossings.txt?language=en&crossing=X01'
expect "who says nothing" 0 'Pakistan: no word' body '/crossings.txt?language=en&crossing=X02'
expect "a language that there is not" 0 'no words in' body '/crossings.txt?language=xx'

body '/crossings.atom?language=tr' >"$work/atom"
python3 - "$work/atom" <<'PY' 2>"$work/why"
import sys, xml.etree.ElementTree as tree
feed = tree.parse(sys.argv[1]).getroot()
name = "{http://www.w3.org/2005/Atom}"
entries = feed.findall(name + "entry")
assert feed.tag == name + "feed" and len(entries) == 5, len(entries)
for one in [feed, *entries]:
    assert one.find(name + "id").text.startswith("urn:sulh:") and one.find(name + "title").text
times = [one.find(name + "updated").text for one in entries]
assert times == sorted(times, reverse=True), times
assert len({one.find(name + "id").text for one in entries}) == 5
PY
row "the feed" $? "$(cat "$work/why")"
if command -v xmllint >/dev/null; then
    expect "is XML" 0 '' xmllint --noout "$work/atom"
fi

kill $server
wait $server 2>/dev/null
expect "as a command" 0 'THEY DO NOT SAY THE SAME' "$sulh" crossings "$dir" --crossing X01
expect "for programs" 0 '"mismatch":1' "$sulh" crossings "$dir" --json
expect "a crossing that there is not, as a command" 1 'no crossing "X99"' "$sulh" crossings "$dir" --crossing X99
expect "what is announced" 0 'Nothing is announced' "$sulh" notices "$dir"
expect "what was" 0 'no answer|objected' "$sulh" notices "$dir" --all
expect "and what was announced by nobody" 0 'NO NOTICE COVERS IT; A-11' "$sulh" notices "$dir" --all
expect "no log" 2 'usage: sulh notices DIR' "$sulh" notices
done_testing
