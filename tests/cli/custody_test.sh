#!/bin/sh
# One part followed from whoever brought it to the ruling on it, and to its erasure: sulh custody,
# and the same over HTTP.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
dir=$work/node nothing=0000000000000000000000000000000000000000000000000000000000000000

# --- to the ruling: a mine taken, assessed, cited by a finding that was ruled on ---

case_dir=$work/case
"$sulh" scenario scenarios/doha-istanbul-2025/s13-ruling-disputed.txt --keep "$case_dir" >"$work/said" 2>&1
row "a case that was ruled on" $? "$(cat "$work/said")"
"$sulh" custody "$case_dir" $nothing >"$work/said" 2>&1
row "a part of nobody's" $(($? != 1)) "$(cat "$work/said")"

# The part of the first record that something was taken of.
"$sulh" audit "$case_dir" --json >"$work/audit"
for n in $(seq 0 "$(json 'o["entries"] - 1' "$work/audit")"); do
    "$sulh" show "$case_dir" entry "$n" --json >"$work/entry" 2>/dev/null || continue
    if [ "$(json 'o.get("kind")' "$work/entry")" = custody.take ]; then
        taken=$(json 'o["record"]["body"]["record"]' "$work/entry")
        break
    fi
done
"$sulh" show "$case_dir" record "$taken" --json >"$work/entry"
part=$(json 'o["record"]["body"]["parts"][0]["commitment"]' "$work/entry")
"$sulh" custody "$case_dir" "$part" --json >"$work/chain"
row "its part is followed" $?
is "from the record that brought it" "$(json 'o["record"] == o["steps"][0]["id"]' "$work/chain")" True
is "by hand, assessment and finding to the ruling" "$(json '" ".join(sorted({s["kind"] for s in o["steps"]} & {"custody.take", "custody.hand", "evidence.assess", "finding.draft", "finding.issue", "ruling.propose", "ruling.answer"}))' "$work/chain")" \
    "custody.hand custody.take evidence.assess finding.draft finding.issue ruling.answer ruling.propose"
is "in the order of the log, each once" \
    "$(json '[s["index"] for s in o["steps"]] == sorted({s["index"] for s in o["steps"]})' "$work/chain")" True
is "what is void is no step of it" \
    "$(json '[s["kind"] for s in o["steps"] if s["kind"] == "custody.receive"]' "$work/chain")" "[]"

# --- to its erasure ---

"$sulh" init "$dir" --agreement $agreement --demo >/dev/null 2>"$work/complaint"
row "a demonstration" $? "$(cat "$work/complaint")"
echo 'not a picture' >"$work/picture.jpg"
record "$dir" observer/mission/1 incident.open '{"title":"A crater"}'
row "an incident" $? "$(cat "$work/complaint")"
incident=$id
printf '{"incident":"%s","means":"saw","summary":"a crater","place_name":"behind the school"}' "$incident" \
    >"$work/fields.json"
"$sulh" record "$dir" incident.report "$work/fields.json" --as party/pakistan/1 --tier public \
    --media image/jpeg="$work/picture.jpg" >"$work/answer"
report=$(json 'o["id"]' "$work/answer")
part=$("$sulh" show "$dir" record "$report" --json |
    json '[p["commitment"] for p in o["record"]["body"]["parts"] if "media" in p][0]')
while IFS='|' read -r by kind fields; do
    record "$dir" "$by" "$kind" "$fields"
    row "$kind, by $by" $? "$(cat "$work/complaint")"
done <<END
observer/mission/1|custody.take|{"record":"$report","item":"CARD-1","class":"image","form":"original","taken":{"at_ms":1760519400000,"offset_min":300,"uncertainty_ms":60000,"basis":"watch"}}
observer/mission/1|grade.item|{"record":"$report","credibility":2}
mediator/qatar/1|part.erase|{"part":"$part","clause":"P-confidentiality"}
mediator/turkiye/1|part.erase|{"part":"$part","clause":"P-confidentiality"}
END
"$sulh" custody "$dir" "$part" >"$work/page"
row "its page" $? "$(cat "$work/page")"
while read -r pattern; do
    grep -qE "$pattern" "$work/page"
    row "the page: $pattern" $? "$(cat "$work/page")"
done <<'EOT'
^part +ordered$
^erasure +ordered$
^  party/pakistan +owed$
incident.report, by party/pakistan/1$
custody.take, by observer/mission/1
grade.item, by observer/mission/1$
part.erase, by mediator/turkiye/1; clause P-confidentiality$
EOT
is "how it was graded is not on it" "$(grep -c credibility "$work/page")" 0
expect "no commitment" 2 'usage: sulh custody DIR COMMITMENT' "$sulh" custody "$dir"
expect "a word for one" 1 '64 lower-case hex digits' "$sulh" custody "$dir" one

# --- carried out by the node, which says so for its organisation ---

# A place, too, that views were made of.
told=$("$sulh" show "$dir" record "$report" --json |
    json '[p["commitment"] for p in o["record"]["body"]["parts"] if "media" not in p][0]')
is "the store tells of the place" "$(grep -l 'behind the school' "$dir"/store.db*)" "$dir/store.db"
for by in qatar turkiye; do
    record "$dir" mediator/$by/1 part.erase "{\"part\":\"$told\",\"clause\":\"P-confidentiality\"}"
    row "part.erase of the place, by $by" $? "$(cat "$work/complaint")"
done
stored=$("$sulh" show "$dir" record "$report" --json |
    json '[p["stored"] for p in o["record"]["body"]["parts"] if "media" in p][0]')
is "the bytes are there before" "$(grep -c 'not a picture' "$dir"/parts/pack/*)" 1
serve "$dir"
get "/api/custody/$part" >"$work/answer"
is "over HTTP, the same" "$(json 'o["erasure"]["state"]' "$work/answer")" ordered
erased() { # COMMITMENT: the answer in $work/answer
    get "/api/custody/$1" >"$work/answer"
    [ "$(json 'o["steps"][-1]["kind"]' "$work/answer")" = part.erased ]
}
eventually erased "$part"
is "the node says that it has destroyed it" \
    "$(json '[r["row"]["state"] for r in o["erased"] if r["row"]["state"] != "owed"]' "$work/answer")" \
    "['destroyed']"
is "of its bytes nothing is left below the directory" "$(grep -rl 'not a picture' "$dir")" ""
for path in "parts/$stored" "media/$part"; do
    is "$path is gone" "$(curl -sS -o "$work/said" -w '%{http_code}' "$url/api/$path")" 410
    is "$path: by which order, and who has said so" "$(json '(
        o["error"] == "erased by order " + o["orders"][-1], len(o["orders"]),
        [c["found"] for c in o["confirmed"]], len(o["owed"]) > 2)' "$work/said")" \
        "(True, 2, ['destroyed'], True)"
done
eventually erased "$told"
is "so it does of the place" "$(json 'o["steps"][-1]["kind"]' "$work/answer")" part.erased
is "which nothing below the directory tells any more, the store neither" \
    "$(grep -rl 'behind the school' "$dir")" ""
# Pieces of a large part go to the same door; this one is refused by its hash alone.
is "an upload of it is refused" "$(printf x | curl -sS -o "$work/said" -w '%{http_code}' \
    --unix-socket "$dir/socket" -H 'Content-Type: application/octet-stream' --data-binary @- \
    "http://node/upload/$stored?offset=0&size=2000000")" 410
is "and says why" "$(json '"ordered to be erased" in o["error"]' "$work/said")" True
is "the record shows it as erased, not as owed" "$(get "/api/records/$report" |
    json '[(p["state"], p["here"]) for p in o["parts"] if "media" in p]')" "[('erased', 0)]"
is "its words too, where the case has it" "$(get "/api/incidents/$incident" | json '[
    (p["state"], r["part_here"]) for r in o["reports"] for p in r["parts"] if "media" not in p]')" \
    "[('erased', 0)]"
is "one that is nobody's" "$(curl -sS -o "$work/said" -w '%{http_code}' "$url/api/custody/$nothing")" 404
end_server TERM
"$sulh" audit "$dir" --json >"$work/audit"
row "audit: nothing is wrong" $? "$(cat "$work/audit")"
is "and it is counted apart" "$(json 'o["erased"], o["owed"], o["void"]' "$work/audit")" "(2, 0, 0)"
serve "$dir"
get "/api/custody/$part" >"$work/answer"
is "after a restart, it is not said again" \
    "$(json 'len([s for s in o["steps"] if s["kind"] == "part.erased"])' "$work/answer")" 1
end_server TERM
: >"$dir/parts/erased/$nothing"
"$sulh" audit "$dir" >"$work/said"
row "a name of what no record names hinders nobody" $? "$(cat "$work/said")"
is "what was erased is not owed" "$(status_of "$dir" 'o["owed"]')" "{'parts': 0}"
mkdir -p "$case_dir/parts/erased"
for lost in $("$sulh" show "$case_dir" record "$taken" --json |
    json '" ".join(p["stored"] for p in o["record"]["body"]["parts"])'); do
    : >"$case_dir/parts/erased/$lost"
done
rm -r "$case_dir"/parts/pack
is "what is lost is owed, the first by whom" \
    "$(status_of "$case_dir" 'o["owed"]["parts"] > 5, o["owed"]["entry"] > 0, "/" in o["owed"]["org"]')" \
    "(True, True, True)"
expect "nobody may claim an erasure that was not ordered" 1 'nobody has ordered' "$sulh" audit "$case_dir"
done_testing
