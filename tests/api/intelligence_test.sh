#!/bin/sh
# What was asked in confidence and said in public, as scenario X43 leaves it.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
sulh=${SULH_BUILD:-build}/sulh
dir=$work/log

holds() { # NAME EXPRESSION: over the answer, as `a`; it must be true
    python3 -c "
import json, sys
a = json.load(sys.stdin)
sys.exit(not ($2))" <"$work/answer" 2>"$work/why"
    row "$1" $? "$(cat "$work/why")"
}

"$sulh" scenario --keep "$dir" scenarios/doha-istanbul-2025/x43-asked-in-confidence.txt >"$work/said" 2>&1
row "the scenario" $? "$(cat "$work/said")"
"$sulh" intelligence "$dir" --json >"$work/answer"
holds "in the order of the log" '[i["state"] for i in a["asked"]] == ["acted", "aged_out"]'
holds "what is known has its age" 'a["asked"][0]["age_ms"] == a["now_ms"] - a["asked"][0]["as_of"]["at_ms"]'
holds "what nobody answered has none" '"age_ms" not in a["asked"][1]'
holds "its time is over" 'a["asked"][1]["over"] == 1'
holds "its clocks" '[d["state"] for d in a["asked"][1]["deadlines"]] == ["late"]'
holds "what was said, in its words" '[(s["state"], "hopeful" in s["public"]["quote"]) for s in a["statements"]] == [("withdrawn", True)]'
row "and nothing of what is sealed" "$(grep -q shepherd "$work/answer" && echo 1 || echo 0)" "$(cat "$work/answer")"
holds "nothing is left out" 'a["older"] == {"asked": 0, "statements": 0}'
expect "as a command" 0 'ITS TIME IS OVER' "$sulh" intelligence "$dir"

# The last of each, and those before.
serve "$dir"
get '/api/intelligence?limit=1' >"$work/answer"
holds "the last alone" '[i["state"] for i in a["asked"]] == ["aged_out"]'
holds "and that one is before it" 'a["older"] == {"asked": 1, "statements": 0}'
before=$(json 'o["asked"][0]["index"]' "$work/answer")
get "/api/intelligence?before=$before" >"$work/answer"
holds "the one before" '[i["state"] for i in a["asked"]] == ["acted"]'
holds "was the first" 'a["older"] == {"asked": 0, "statements": 0} and not a["statements"]'
get '/api/intelligence?limit=501' >"$work/answer"
holds "not so many" '"limit" in a["error"]'
end_server TERM
expect "no log" 2 'usage: sulh intelligence DIR' "$sulh" intelligence
done_testing
