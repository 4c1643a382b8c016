#!/bin/sh
# How many rows a second each feed brings in, from the file to the verdict, and what memory it takes,
# printed; and memory is judged: the caches of the store take 256 MB once they are full, at about
# 100,000 rows, and nothing else may grow with the input.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
sulh=${SULH_BUILD:-build}/sulh
rows=${ROWS:-100000}

fresh() { # DIRECTORY: with a key that may sense
    rm -rf "$1"
    "$sulh" init "$1" --agreement agreements/doha-istanbul-2025 --demo >/dev/null || echo "Bail out!"
    printf '{"key":"%s","job":"author","org":"observer/mission","role":"sensor"}' \
        "$("$sulh" key new "$1" observer/mission/sensor)" >"$work/admit.json"
    "$sulh" record "$1" member.admit "$work/admit.json" --as mediator/qatar/root >/dev/null
}
hotspots() { # HOW-MANY
    awk -v n="$1" 'BEGIN {
        print "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight"
        for (i = 0; i < n; i++)
            printf "%.5f,%.5f,326.04,0.5,0.49,2025-06-%02d,%02d%02d,N,n,2.0NRT,297.1,2.3,N\n",
                30 + i % 5000 / 1000, 65 + int(i / 5000) / 100, 21 + i % 7, i % 24, i % 60 }'
}
features() { # HOW-MANY
    awk -v n="$1" 'BEGIN {
        printf "{\"type\":\"FeatureCollection\",\"features\":["
        for (i = 0; i < n; i++)
            printf "%s{\"type\":\"Feature\",\"properties\":{\"id\":\"%d\",\"date_start\":\"2018-%02d-%02d\",\"adm_2\":\"Kajaki district\",\"deaths_a\":%d},\"geometry\":{\"type\":\"Point\",\"coordinates\":[%.4f,%.4f]}}\n",
                i ? "," : "", i, 1 + i % 12, 1 + i % 28, i % 9, 62 + i % 1000 / 100, 31 + i % 700 / 100
        print "]}" }'
}
aircraft() { # HOW-MANY positions of a hundred aircraft that go to and fro
    awk -v n="$1" 'BEGIN {
        for (t = 0; t < n / 100; t++) {
            printf "{\"now\":%d,\"aircraft\":[", 1760000000 + t
            for (a = 0; a < 100; a++)
                printf "%s{\"hex\":\"4b%04x\",\"lat\":47.4,\"lon\":%.5f,\"seen_pos\":0.1,\"nac_p\":9}",
                    a ? "," : "", a, 8.55 + 0.04 * (t % 500 < 250 ? t % 250 : 250 - t % 250) / 250
            print "]}"
        } }'
}
statements() { # HOW-MANY
    awk -v n="$1" 'BEGIN {
        for (i = 0; i < n; i++)
            printf "{\"id\":%d,\"text\":\"<p>donâ€™t worry, no injuries have been reported yet</p>\",\"speaker\":\"A spokesman\",\"date\":\"2025-10-09\",\"lang\":\"en\"}\n", i }'
}
measured() { # NAME ROWS FEED FILE MORE...
    measured_name=$1 count=$2
    shift 2
    start=$(date +%s%N)
    memory=$(python3 tests/nodes/rss.py run "$sulh" import "$work/node" "$@")
    status=$?
    spent=$((($(date +%s%N) - start) / 1000000))
    row "$measured_name" $status
    echo "# $measured_name: $count rows in $spent ms: $((count * 1000 / (spent + 1))) a second, $memory MB"
}

key="--as observer/mission/sensor"
hotspots "$rows" >"$work/rows.csv"
fresh "$work/node"
# shellcheck disable=SC2086 # two words
measured "hotspots" "$rows" firms "$work/rows.csv" $key
[ "$memory" -lt 384 ]
row "the store's caches and little more, however many rows" $? "$memory MB"
# shellcheck disable=SC2086 # two words
measured "hotspots, all there already" "$rows" firms "$work/rows.csv" $key

features $((rows / 10)) >"$work/events.json"
fresh "$work/node"
measured "events of GeoJSON" $((rows / 10)) geojson "$work/events.json" \
    --by data/ucdp/ged191_afghanistan_sample.toml
aircraft "$rows" >"$work/aircraft.json"
# shellcheck disable=SC2086 # two words
measured "positions of aircraft" "$rows" adsb "$work/aircraft.json" --by data/adsb/line.toml $key
statements $((rows / 10)) >"$work/news.jsonl"
measured "news" $((rows / 10)) news "$work/news.jsonl" --by data/news/statements.toml
done_testing
