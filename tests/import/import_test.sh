#!/bin/sh
# sulh import with the real program: what comes into the log, that it comes once, what a changed
# cell does, and that damaged input leaves the directory as it was. What was logged is read by
# entries.py, which shares no code with the program.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
sulh=${SULH_BUILD:-build}/sulh
agreement=agreements/doha-istanbul-2025
ged=data/ucdp/ged221_pakistan_1989_2019.csv.gz
tagged=data/ucdp/ged221_pakistan_2017_hxl_as_published.csv
dir=$work/node
folder=$work/chronology

holds() { # NAME EXPRESSION: over the records of $dir
    said_here=$(python3 tests/import/entries.py "$dir" "$2" 2>&1)
    row "$1" $? "$2: $said_here"
}
fresh() { # DIRECTORY
    "$sulh" init "$1" --agreement $agreement --demo >/dev/null || echo "Bail out! no init"
}
size() {
    "$sulh" status "$dir" --json | sed 's/.*"size":\([0-9]*\).*/\1/'
}
# Imports, and the size must grow by GROWS: by as many records and, if there was one, a tick.
imported() { # NAME GROWS SUMMARY COMMAND-LINE BEHIND DIR...
    imported_name=$1 grows=$2 summary=$3
    shift 3
    before=$(size)
    expect "$imported_name" 0 "$summary" "$sulh" import "$dir" "$@"
    [ $(($(size) - before)) -eq "$grows" ]
    row "$imported_name: entries" $? "$before entries before, $(size) after, not $grows more"
}
refused() { # NAME TEXT COMMAND-LINE BEHIND DIR...
    refused_name=$1 text=$2
    shift 2
    before=$(size)
    expect "$refused_name" 1 "$text" "$sulh" import "$dir" "$@"
    [ "$(size)" -eq "$before" ]
    row "$refused_name: nothing imported" $? "$before entries before, $(size) after"
}
copy() { # with lines that end in LF, for sed
    rm -rf "$folder"
    mkdir "$folder"
    for file in events claims sources; do
        tr -d '\r' <data/chronology/$file.csv >"$folder/$file.csv"
    done
}
change() { # FILE ID COLUMN TEXT
    python3 tests/import/change.py "$folder/$1.csv" "$2" "$3" "$4"
}

# --- the chronology ---

fresh "$dir"
imported "the chronology" 143 \
    '^\{"claims":96,"incidents":23,"left":0,"new":142,"reports":23,"same":0,"superseded":0\}$' \
    chronology data/chronology
imported "and again" 0 '"new":0,"reports":23,"same":142,"superseded":0' chronology data/chronology
expect "all of it is in order" 0 'nothing is wrong' "$sulh" audit "$dir"
holds "signed by whoever compiled it" \
    '{x["by"] for x in r if x["kind"] in ("incident.open", "incident.report", "claim")} == {"observer/open-source/1"}'
holds "by day made, then id" '(lambda c: c == sorted(c))([(x["body"]["made"]["at_ms"], x["body"]["external_id"]) for x in r if x["kind"] == "claim"])'
holds "no claim stands before its incident" 'all(next(o["index"] for o in r if o["id"] == x["body"]["incident"]) < x["index"] for x in r if x["kind"] == "claim")'
holds "recorded now, not then" \
    'all(x["body"]["made"]["at_ms"] < 1767225600000 for x in r if x["kind"] == "claim")'
killed='sorted((x["body"]["min"], x["body"].get("max", "more"), x["body"]["subject"]) for x in r if x["kind"] == "claim" and x["body"]["incident"] == live("incident.open")["chronology/e04"]["id"] and x["body"]["matter"] == "killed" and x["body"]["side"] == '
holds "11 October, as Pakistan tells it" \
    "${killed}'PAK') == [(23, 23, 'PAK_military'), (200, 'more', 'AFG_forces_and_militants')]"
holds "11 October, as Afghanistan tells it" \
    "${killed}'AFG') == [(9, 9, 'AFG_forces'), (58, 58, 'PAK_military')]"
holds "the UN's totals are revisions" \
    'all(live("claim")["chronology/" + new]["body"]["supersedes"] == live("claim")["chronology/" + old]["id"] for new, old in (("e14-c01", "e11-c03"), ("e14-c02", "e11-c04"), ("e02-c02", "e02-c01"), ("e08-c04", "e08-c03")))'
holds "and nothing else is" \
    'len([x for x in r if "supersedes" in x["body"]]) == 4'
holds "the act, where one word means one act" \
    '{x["body"]["type"]: x["body"].get("act") for x in r if x["kind"] == "incident.report"}.items() >= {"airstrike": "A-01", "raid": None, "ambush": None, "talks": None}.items()'

# --- one cell changed ---

copy
changed='"new":0,"reports":23,"same":141,"superseded":1'
while read -r name file id column text; do
    change "$file" "$id" "$column" "$text"
    imported "changed: $name" 2 "$changed" chronology "$folder"
done <<'END'
a-figure claims e04-c03 value_max 24
a-hedge claims e04-c03 qualifier about
a-statement claims e07-c06 paraphrase at-least-17-killed
a-blank-figure claims e03-c02 value_min 3
a-figure-made-blank claims e03-c02 value_min
a-summary events e10 summary Shelling-went-on
a-position events e10 lat 30.9177
a-type events e10 event_type airstrike
END
imported "the last of them again" 0 '"new":0,"reports":23,"same":142,"superseded":0' \
    chronology "$folder"
holds "each version is there" \
    '[(x["body"].get("min"), x["body"].get("max")) for x in r if x["body"].get("external_id") == "chronology/e04-c03"] == [(23, 23), (23, 24), (23, 24)]'
holds "and names the one before" \
    '(lambda v: [x["body"].get("supersedes") for x in v] == [None] + [x["id"] for x in v[:-1]])([x for x in r if x["kind"] == "incident.report" and x["body"]["external_id"] == "chronology/e10"])'
change sources s17 publisher "Another publisher"
imported "a source of a report and of a claim" 3 '"same":140,"superseded":2' chronology "$folder"
imported "as it was at first" 5 '"new":0,"reports":23,"same":138,"superseded":4' \
    chronology data/chronology
copy
change events e20 date_start 2025-10-28
imported "an incident keeps its title" 2 '"left":1,"new":0,"reports":23,"same":140,"superseded":1' \
    chronology "$folder"
expect "and that is told" 0 'events.csv: line 21: incident.open chronology/e20 stands for another' \
    "$sulh" import "$dir" chronology "$folder"
copy
change events e20 date_start 2025-10-29
change claims e11-c03 value_min 17
imported "what is superseded is left" 2 '"left":1,.*"same":140,"superseded":1' chronology "$folder"
change claims e11-c03 value_min 18
change claims e11-c02 supersedes e11-c01
imported "a new word on what it supersedes" 0 '"left":1,.*"superseded":0' chronology "$folder"
copy
python3 - "$folder/claims.csv" <<'END'
import sys
open(sys.argv[1], "a", encoding="utf-8").write(
    "e23-c03,e23,ISPR,PAK,outcome,talks,,,,2025-11-09,a new claim,e23-c01,s49\n")
END
imported "a row more" 2 '"new":1,"reports":23,"same":142,"superseded":0' chronology "$folder"
copy
imported "a row less is no word taken back" 0 '"same":142' chronology "$folder"

# --- what its author withdrew ---

claim=$(python3 -c "
import sys
sys.path.insert(0, 'tests/import')
from entries import records
print([x['id'] for x in records('$dir') if x['body'].get('external_id') == 'chronology/e20-c01'][0])")
printf '{"record":"%s","reason":"retracted"}' "$claim" >"$work/withdraw.json"
expect "one is withdrawn" 0 '"verdict":"holds"' \
    "$sulh" record "$dir" record.withdraw "$work/withdraw.json" --as observer/open-source/1
imported "it is left so" 0 '"left":1,"new":0,"reports":23,"same":141' chronology "$folder"
expect "and told" 0 'claim chronology/e20-c01 was withdrawn, and is left so' \
    "$sulh" import "$dir" chronology "$folder"
expect "all of it is in order still" 0 'nothing is wrong' "$sulh" audit "$dir"

# --- damage ---

damaged() { # NAME TEXT SED-SCRIPT FILE
    copy
    sed -i "$3" "$folder/$4"
    refused "$1" "nothing imported: $2" chronology "$folder"
}
damaged "a quote left open" 'claims.csv: line 97, column [0-9]+: this quote is not closed' \
    '97s/talks,/"talks,/' claims.csv
damaged "a cell too few" 'events.csv: line 3, column [0-9]+: the row ends after 17 of 18' \
    '3s/,s01;s02;s03$//' events.csv
damaged "a cell too many" 'claims.csv: line 7, column [0-9]+: more than 13 cells' '7s/$/,/' claims.csv
damaged "a figure" 'claims.csv: line 14, column [0-9]+: "value_min" must be a whole number' \
    '14s/,23,23,/,23x,23,/' claims.csv
damaged "a range" 'claims.csv: line 14, column [0-9]+: "value_max" is smaller' \
    '14s/,23,23,/,23,22,/' claims.csv
damaged "a date" 'claims.csv: line 2, column [0-9]+: "date_made" must be a date' \
    '2s/2025-10-08/2025-10-80/' claims.csv
damaged "a latitude" 'events.csv: line 2, column [0-9]+: "lat" must be' '2s/33.7/93.7/' events.csv
damaged "a source" 'events.csv: line 2, column [0-9]+: "source_ids" names source number 1' \
    '2s/s04$/s37/' events.csv
damaged "a column" 'sources.csv: line 1, column 1: "publisher" is missing' '1s/publisher/by/' sources.csv
damaged "an id twice" 'claims.csv: line 98, column 1: "claim_id" stands in line 2 already' \
    '2{h};$G' claims.csv
copy
printf '\377' >>"$folder/claims.csv"
refused "not UTF-8" 'claims.csv: line 98, column 1: not UTF-8' chronology "$folder"
rm "$folder/sources.csv"
refused "a file that is not there" 'sources.csv: No such file' chronology "$folder"
refused "a folder that is not there" 'events.csv: No such file' chronology "$work/none"

# --- keys ---

copy
refused "a key that is not here" 'nobody/1' chronology "$folder" --as nobody/1
"$sulh" key new "$dir" stranger/1 >/dev/null
refused "a key that was never admitted" 'stranger/1 is not admitted' chronology "$folder" \
    --as stranger/1
refused "a role that may not" 'observer/un/1 \(observer\) may not open_incident' chronology \
    "$folder" --as observer/un/1
imported "another key has its own" 143 '"new":142,"reports":23,"same":0' chronology "$folder" \
    --as mediator/qatar/1
expect "no such feed" 2 '^usage: sulh import' "$sulh" import "$dir" gedd "$folder"
expect "no folder" 2 '^usage: sulh import' "$sulh" import "$dir" chronology

# --- chronologies of other conflicts ---

while read -r other summary; do
    dir=$work/$other
    fresh "$dir"
    entries=$(echo "$summary" | sed 's/.*"new":\([0-9]*\).*/\1/')
    imported "$other" $((entries + 1)) "$summary" chronology "tests/import/$other"
    imported "$other again" 0 "\"same\":$entries" chronology "tests/import/$other"
    expect "$other holds" 0 ' 0 marked, 0 void' "$sulh" audit "$dir"
done <<'END'
north-south "claims":5,"incidents":3,"left":0,"new":11,"reports":3
lagoon "claims":3,"incidents":2,"left":0,"new":7,"reports":2
END
holds "in any script" 'live("claim")["chronology/L1/1"]["body"]["matter"] == "被扣"'
holds "a claim without a day comes on its event's" \
    '[x["body"]["external_id"] for x in r if x["kind"] == "claim"] == ["chronology/L1/3", "chronology/L1/1", "chronology/L1/2"]'

# Two sources that number their events alike are two sources.
dir=$work/north-south
copy
sed -i '5,$d;s/^e0/ns-/' "$folder/events.csv"
sed -i '2,$d' "$folder/claims.csv"
refused "another source under the same ids" '3 of 3 events .* are elsewhere and at another time' \
    chronology "$folder"

# --- UCDP GED ---

dir=$work/ged
fresh "$dir"
imported "GED with a row of tags" 678 \
    '^\{"claims":353,"incidents":162,"left":0,"new":677,"reports":162,"same":0,"superseded":0\}$' \
    ged $tagged
sed 2d $tagged | gzip -n >"$work/plain.gz"
imported "the same without it, packed" 0 '"same":677' ged "$work/plain.gz"
sed 2d $tagged >"$work/plain.csv"
python3 tests/import/change.py "$work/plain.csv" 363154 best 4
imported "an estimate changed" 2 '"same":676,"superseded":1' ged "$work/plain.csv"
holds "to this" 'live("claim")["ged/363154/killed"]["body"]["best"] == 4'

torn() { # NAME TEXT COMMAND...: its output is the file
    torn_name=$1 text=$2
    shift 2
    "$@" >"$work/torn"
    refused "$torn_name" "nothing imported: .*$text" ged "$work/torn"
}
torn "cut off in a row" 'torn: line [0-9]+, column [0-9]+: ' head -c 50000 "$work/plain.csv"
torn "packed, and cut off" 'torn: gzip: cut short, at byte 300000 of 300000' head -c 300000 $ged
torn "packed, and a byte changed" 'torn: gzip: ' sh -c "head -c 100000 $ged; printf X; tail -c +100002 $ged"
torn "a latitude" 'torn: line 2, column [0-9]+: "latitude" must be' \
    sed '2s/33.950961,/133.950961,/' "$work/plain.csv"
torn "a figure" 'torn: line 2, column [0-9]+: "best" must be a whole number' \
    sed '2s/,4,1,1,750/,x,1,1,750/' "$work/plain.csv"
torn "a row twice" 'torn: line 3, column 1: "id" stands in line 2 already' sed 2p "$work/plain.csv"
torn "not GED" 'torn: line 1, column 1: "id" is missing' cat data/chronology/claims.csv

# Killed wherever it is, it goes on where it was.
dir=$work/killed
fresh "$dir"
for bytes in 100000 700000 1500000; do
    "$sulh" import "$dir" ged $ged >/dev/null 2>&1 &
    running=$!
    for try in $(seq 6000); do
        [ "$(cat "$dir"/stage/* | wc -c)" -ge $bytes ] && break
        sleep 0.02
    done
    kill -9 $running
    row "killed while it runs, $bytes bytes staged" $?
    wait $running 2>/dev/null
done
"$sulh" import "$dir" ged $ged >"$work/resumed" 2>&1
row "after kill -9" $? "$(cat "$work/resumed")"
python3 - "$work/resumed" <<'END'
import json, sys
(line,) = [x for x in open(sys.argv[1]) if x.startswith("{")]
s = json.loads(line)
sys.exit(not (s["incidents"] == s["reports"] == 6082 and s["claims"] == 12830 and s["same"] > 0
              and s["new"] > 0 and s["new"] + s["same"] == 24994 and s["superseded"] == s["left"] == 0))
END
row "what was kept is not imported again" $? "$(cat "$work/resumed")"
expect "it says what a person should know" 0 \
    '136 events have a low above their high: no range is recorded' cat "$work/resumed"
holds "6,082 events, 42,368 killed" \
    'sum(x["body"]["best"] for x in r if x["kind"] == "claim" and x["body"]["subject"] == "all") == 42368 and len(live("incident.open")) == 6082 and len(r) == len({x["id"] for x in r})'
expect "all of it is in order" 0 ' 0 marked, 0 void' "$sulh" audit "$dir"

# --- hotspots ---

firms=data/firms/viirs_snpp_south_asia_2025-06-21_2025-06-28.csv.gz
dir=$work/firms
fresh "$dir"
refused "a role that may not sense" '\(open-source-desk\) may not sense' firms $firms
printf '{"key":"%s","job":"author","org":"observer/mission","role":"sensor"}' \
    "$("$sulh" key new "$dir" observer/mission/firms)" >"$work/admit.json"
expect "a feed has its own key" 0 '"verdict":"holds"' \
    "$sulh" record "$dir" member.admit "$work/admit.json" --as mediator/qatar/root
imported "a week of hotspots" 3550 \
    '^\{"left":0,"new":3549,"readings":3549,"same":0,"superseded":0\}$' \
    firms $firms --as observer/mission/firms
gzip -dc $firms >"$work/week.csv"
imported "again, unpacked" 0 '"new":0,"readings":3549,"same":3549' \
    firms "$work/week.csv" --as observer/mission/firms
sed -i '2s/,326.04,/,327.1,/; 3s/^6.67639/6.67640/' "$work/week.csv"
imported "a figure changed, a pixel moved" 3 '"new":1,"readings":3549,"same":3547,"superseded":1' \
    firms "$work/week.csv" --as observer/mission/firms
holds "readings by the feed's key, and no incident" \
    'len([x for x in r if x["kind"] == "incident.read" and x["by"] == "observer/mission/firms"]) == 3551 and not [x for x in r if x["kind"].startswith("incident.") and x["kind"] != "incident.read"]'
sed -i '5s/,0731,/,2531,/; 9s/^/9/' "$work/week.csv"
refused "two rows damaged" \
    'nothing imported: 2 rows are damaged; the first: .*week.csv: line 5, column [0-9]+: "acq_time"' \
    firms "$work/week.csv" --as observer/mission/firms
expect "both are told" 1 'week.csv: line 9, column 1: "latitude" must be' \
    "$sulh" import "$dir" firms "$work/week.csv" --as observer/mission/firms
expect "all of it is in order" 0 ' 0 marked, 0 void' "$sulh" audit "$dir"

holds "each reading has the origin and the licence that the agreement gives the feed" \
    '{(x["body"].get("origin"), x["body"].get("licence")) for x in r if x["kind"] == "incident.read"} == {("satellite-heat", "NASA-open-data")}'

# --- a daily table ---

daily=tests/import/daily/table.csv
dir=$work/daily
fresh "$dir"
refused "a role that may not observe" '\(open-source-desk\) may not observe' daily $daily
printf '{"key":"%s","job":"author","org":"observer/mission","role":"monitor"}' \
    "$("$sulh" key new "$dir" observer/mission/table)" >"$work/admit.json"
expect "a table has its own key" 0 '"verdict":"holds"' \
    "$sulh" record "$dir" member.admit "$work/admit.json" --as mediator/qatar/root
imported "a day of observations" 6 \
    '^\{"left":0,"new":5,"observations":5,"same":0,"superseded":0\}$' \
    daily $daily --as observer/mission/table
sed '2s/,4,/,5,/; 3s/,,Burst/,0,Burst/' $daily >"$work/table.csv"
imported "blank is not zero" 3 '"new":0,"observations":5,"same":3,"superseded":2' \
    daily "$work/table.csv" --as observer/mission/table
holds "what was counted, and what was not" \
    '[(x["body"].get("count_min"), x["body"].get("count_max")) for x in r if x["kind"] == "incident.observe"] == [(4, 4), (None, None), (20, None), (0, 0), (10, 10), (5, 5), (0, 0)]'
sed '4s/,Camera,/,guessed,/' $daily >"$work/table.csv"
refused "a way that is none" 'table.csv: line 4, column [0-9]+: "how" is none of' \
    daily "$work/table.csv" --as observer/mission/table
expect "all of that is in order" 0 ' 0 marked, 0 void' "$sulh" audit "$dir"

# --- a mission's counts, as the daily reports of the OSCE printed them ---

counts=tests/import/counts.csv
dir=$work/counts
fresh "$dir"
imported "counts by day and region" 38 '^\{"claims":37,"left":0,"new":37,"same":0,"superseded":0\}$' counts $counts
imported "again" 0 '"new":0,"same":37,"superseded":0' counts $counts
sed 's/,Luhansk,2,,4,/,Luhansk,2,0,4,/' $counts >"$work/counts.csv"
imported "blank was no claim, and zero is one" 2 '"claims":38,"left":0,"new":1,"same":37' counts "$work/counts.csv"
holds "as it is printed" \
    '[x["body"].get("best") for x in r if x["kind"] == "claim" and x["body"]["external_id"].startswith("counts/168/2021/Luhansk/")] == [2, 0]'
sed '3s/ 19:30,/,/' $counts >"$work/counts.csv"
refused "half a day" 'counts.csv: line 3, column [0-9]+: "data_until_local"' counts "$work/counts.csv"
expect "all of these are in order" 0 ' 0 marked, 0 void' "$sulh" audit "$dir"

# --- GeoJSON ---

events=data/ucdp/ged191_afghanistan_sample.geojson
by=data/ucdp/ged191_afghanistan_sample.toml
dir=$work/geojson
fresh "$dir"
imported "events of GeoJSON" 1241 \
    '^\{"claims":620,"incidents":310,"left":0,"new":1240,"reports":310,"same":0,"superseded":0\}$' \
    geojson $events --by $by
imported "once, packed" 0 '"new":0,"reports":310,"same":1240' geojson $events --by $by
sed 's/"deaths_a":30,/"deaths_a":31,/' $events >"$work/events.json"
imported "a figure of it changed" 2 '"same":1239,"superseded":1' geojson "$work/events.json" --by $by
sed 's/\[69.75,36.66667\]/[36.66667,169.75]/' $events >"$work/events.json"
refused "latitude first" 'events.json: line 1, column [0-9]+: must be a latitude' geojson \
    "$work/events.json" --by $by
expect "nobody says how to read it" 2 'geojson needs --by' "$sulh" import "$dir" geojson $events

# --- aircraft ---

track=data/adsb/helicopter_rega_zurich_2019-05-24.json.gz
dir=$work/adsb
fresh "$dir"
refused "a role that may not sense aircraft" 'may not sense' adsb $track --by data/adsb/line.toml
printf '{"key":"%s","job":"author","org":"observer/mission","role":"sensor"}' \
    "$("$sulh" key new "$dir" observer/mission/adsb)" >"$work/admit.json"
expect "a receiver has its own key" 0 '"verdict":"holds"' \
    "$sulh" record "$dir" member.admit "$work/admit.json" --as mediator/qatar/root
imported "a line is crossed" 2 '^\{"left":0,"new":1,"readings":1,"same":0,"superseded":0\}$' \
    adsb $track --by data/adsb/line.toml --as observer/mission/adsb
gzip -dc $track >"$work/track.json"
imported "once, unpacked" 0 '"new":0,"readings":1,"same":1' \
    adsb "$work/track.json" --by data/adsb/line.toml --as observer/mission/adsb
imported "an area is entered" 2 '"new":1,"readings":1,"same":0' \
    adsb $track --by data/adsb/square.toml --as observer/mission/adsb
imported "a snapshot without a position" 0 '"new":0,"readings":0' \
    adsb data/adsb/sample_dump1090_aircraft.json --by data/adsb/line.toml --as observer/mission/adsb
head -c 70000 "$work/track.json" >"$work/torn.json"
refused "a track cut off" 'torn.json: line 1, column 7[0-9]+: ' \
    adsb "$work/torn.json" --by data/adsb/line.toml --as observer/mission/adsb
sed 's/area.geojson/no.geojson/' data/adsb/line.toml >"$work/line.toml"
refused "an area that is not there" 'no.geojson: No such file' \
    adsb $track --by "$work/line.toml" --as observer/mission/adsb
expect "aircraft are in order" 0 ' 0 marked, 0 void' "$sulh" audit "$dir"

# --- news ---

by=data/news/statements.toml
dir=$work/news
fresh "$dir"
imported "statements" 8 '^\{"claims":0,"left":0,"new":7,"reports":7,"same":0,"superseded":0\}$' \
    news data/news/official_statements.jsonl --by $by
imported "and again" 0 '"new":0,"reports":7,"same":7' news data/news/official_statements.jsonl --by $by
imported "damaged ones" 5 '"new":4,"reports":4' news data/news/damaged.jsonl --by data/news/damaged.toml
sed 's/An explosion was heard/Explosions were heard/' data/news/official_statements.jsonl >"$work/news.jsonl"
imported "a word changed" 2 '"same":6,"superseded":1' news "$work/news.jsonl" --by $by
sed '3s/"id"/"no"/; 5s/"text": /"text": [1], "x": /' data/news/official_statements.jsonl >"$work/news.jsonl"
refused "two damaged items" '2 items are damaged; the first: .*news.jsonl: line 3, column 1: has no id' \
    news "$work/news.jsonl" --by $by
expect "news is in order" 0 ' 0 marked, 0 void' "$sulh" audit "$dir"

# --- through a server that holds the directory ---

dir=$work/served
fresh "$dir"
"$sulh" serve "$dir" --listen 127.0.0.1:0 >"$work/address" 2>"$work/log" &
server=$!
trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT
eventually test -s "$work/address"
expect "beside a server" 0 '"new":142,"reports":23,"same":0' \
    "$sulh" import "$dir" chronology data/chronology
expect "and again at once" 0 '"new":0,"reports":23,"same":142' \
    "$sulh" import "$dir" chronology data/chronology
copy
change claims e04-c03 value_max 24
expect "a change" 0 '"same":141,"superseded":1' "$sulh" import "$dir" chronology "$folder"

done_testing
