#!/bin/sh
# Large parts, brought piece by piece over a line that breaks off every connection midway.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
build=${SULH_BUILD:-build}
dir=$work/node
key=party/pakistan/1

line=
trap 'kill $server $line 2>/dev/null; rm -rf "$work"' EXIT

# shellcheck disable=SC2046 # libraries
${CC:-gcc} -std=c17 -D_GNU_SOURCE -O1 -Isrc -o "$work/photos" tests/api/photos.c \
    "$build/libsulh.a" $(sed -n 's/^LIBS := //p' Makefile) 2>"$work/said"
row "the phone is built" $? "$(cat "$work/said")"
expect "init" 0 "^demo.invalid/" "$sulh" init "$dir" --agreement $agreement --demo
serve "$dir"
sign_in() { token=$("$sulh" sign-in "$url" --dir "$dir" --as $key --token); }
sign_in
mkdir "$work/out"
"$work/photos" "$dir" $key "$work/out" 4 1 3000001 >"$work/parts"
row "records with photographs are signed" $? "$(cat "$work/parts")"

hash_of() { # N: of its photograph
    awk -v n="$1" '$1 == n { print $3 }' "$work/parts"
}
stored() { # N
    echo "$work/out/$1.0.stored"
}
size=$(awk '$1 == 0 { print $4 }' "$work/parts")
ask() { # PATH [CURL-OPTION...]: the status; the answer in $work/answer, its head in $work/head
    ask_path=$1
    shift
    curl -sS --max-time 60 -o "$work/answer" -D "$work/head" -w '%{http_code}' "$@" "$url$ask_path"
}
mine() { # PATH [CURL-OPTION...]
    ask "$@" -H "Authorization: Bearer $token"
}
put() { # N OFFSET COUNT [SIZE]: these bytes of its photograph
    tail -c +$(($2 + 1)) "$(stored "$1")" | head -c "$3" >"$work/piece"
    mine "/upload/$(hash_of "$1")?offset=$2&size=${4:-$size}" --data-binary "@$work/piece" \
        -H 'Content-Type: application/octet-stream'
}
told() { # EXPRESSION over the answer
    json "$1" "$work/answer"
}
submit() { # FILE
    ask /submit --data-binary "@$1" -H 'Content-Type: application/vnd.sulh.submission'
}
there() { # HASH
    [ "$(ask "/api/parts/$1")" = 200 ]
}
missing() { # COUNT
    [ "$(ask /api/status) $(told 'o["owed"]["parts"]')" = "200 $1" ]
}
owed() {
    "$sulh" audit "$dir" --json | json '"%d %d" % (o["ok"], o["owed"])'
}

# --- who may, and what is refused ---

zero=$(hash_of 0)
is "a stranger does not learn what is here" "$(ask "/upload/$zero")" 401
is "nor brings anything" "$(ask "/upload/$zero?offset=0&size=$size" --data-binary x \
    -H 'Content-Type: application/octet-stream')" 401
is "nothing has come yet" "$(mine "/upload/$zero") $(told 'o["here"], o["offset"]')" '200 (0, 0)'
is "as a head says, too" "$(mine "/upload/$zero" --head) $(grep -i '^upload-offset' "$work/head" |
    tr -d '\r')" '200 Upload-Offset: 0'
is "a piece without a place" "$(mine "/upload/$zero" --data-binary x \
    -H 'Content-Type: application/octet-stream')" 400
is "of another type" "$(mine "/upload/$zero?offset=0&size=$size" --data-binary x)" 415
is "of a part that is small" "$(put 0 0 10 10)" 400
is "more than there is" "$(put 0 0 2000000 1500000)" 400
is "larger than a part may be" "$(put 0 0 10 67108865)" 400
is "not where it goes on" "$(put 0 5 10) $(told 'o["here"], o["offset"]')" '409 (0, 0)'
is "no hash" "$(mine /upload/xyz)" 400
is "of all that nothing is kept" "$(ls "$dir/upload")" ""

# --- over a bad line ---

python3 tests/api/line.py proxy "${url##*:}" 100000 500000 >"$work/port" &
line=$!
eventually test -s "$work/port"
bad=http://127.0.0.1:$(cat "$work/port")
python3 tests/api/line.py upload "$bad" "$token" "$zero" "$(stored 0)" 150000 >"$work/brought"
row "it comes all the same" $? "$(cat "$work/brought")"
[ "$(cut -d' ' -f1 "$work/brought")" -ge 5 ]
row "though the line broke off many times" $? "$(cat "$work/brought")"
is "it is a part" "$(cut -d' ' -f3- "$work/brought" | json 'o["here"], o["offset"]')" "(1, $size)"
cmp -s "$(stored 0)" "$dir/parts/large/$zero"
row "byte for byte" $? "$(ls -l "$dir/parts/large")"
is "and what came in pieces is gone" "$(ls "$dir/upload")" ""
is "once more is nothing" "$(put 0 0 10) $(told 'o["here"], o["offset"]')" "200 (1, $size)"
unnamed() { "$sulh" audit "$dir" --json | json '"%d %d" % (o["ok"], o["unnamed"])'; }
is "an audit says that it waits for its record" "$(unnamed)" '1 1'
is "nobody gets what no record names" "$(mine "/api/parts/$zero")" 404

# --- and its record ---

is "the record comes without it" "$(submit "$work/out/0.alone") $(told 'len(o["answers"][0]["promise"]) > 0')" \
    '200 True'
eventually there "$zero"
is "then it is there for all" "$(ask "/api/parts/$zero") $(cmp "$work/answer" "$(stored 0)")" '200 '
is "a piece of it" "$(ask "/api/parts/$zero" -H 'Range: bytes=1000-1999') $(
    grep -i '^content-range' "$work/head" | tr -d '\r') $(
    tail -c +1001 "$(stored 0)" | head -c 1000 | cmp - "$work/answer")" \
    "206 Content-Range: bytes 1000-1999/$size "
is "past its end" "$(ask "/api/parts/$zero" -H "Range: bytes=$size-")" 416
is "nothing is owed" "$(owed)" '1 0'
is "nor waits any part" "$(unnamed)" '1 0'

# --- the record first; a crash midway ---

one=$(hash_of 1)
is "a record whose photograph is to come" "$(submit "$work/out/1.alone")" 200
eventually missing 1
is "owes it" "$(owed)" '1 1'
is "and says so" "$(ask /api/status) $(told 'o["owed"]["parts"], o["owed"]["entry"] == o["size"] - 1')" \
    '200 (1, True)'
is "nobody has it" "$(ask "/api/parts/$one")" 404
python3 tests/api/line.py upload "$bad" "$token" "$one" "$(stored 1)" 150000 1500000 >"$work/brought"
offset=$(mine "/upload/$one" >/dev/null; told 'o["offset"]')
[ "$offset" -ge 1500000 ] && [ "$offset" -lt "$size" ]
row "half of it has come" $? "$offset"
listen=${url#http://}
end_server KILL
serve "$dir"
sign_in
is "it is owed still" "$(ask /api/status) $(told 'o["owed"]["parts"]')" '200 1'
is "what was answered outlives a crash" "$(mine "/upload/$one") $(told 'o["offset"]')" "200 $offset"
python3 tests/api/line.py upload "$bad" "$token" "$one" "$(stored 1)" 150000 >"$work/brought"
is "it is gone on with" "$(ask "/api/parts/$one") $(cmp "$work/answer" "$(stored 1)")" '200 '
is "nothing is owed any more" "$(owed)" '1 0'
is "which is told, too" "$(ask /api/status) $(told 'o["owed"]')" "200 {'parts': 0}"

# --- what is not what it should be; what nobody goes on with ---

two=$(hash_of 2)
put 2 0 1000000 >/dev/null
head -c $((size - 1000000)) "$(stored 3)" >"$work/piece"
is "bytes of another hash" "$(mine "/upload/$two?offset=1000000&size=$size" \
    --data-binary "@$work/piece" -H 'Content-Type: application/octet-stream') $(
    told 'o["here"], o["offset"]')" '409 (0, 0)'
is "are gone" "$(ls "$dir/upload")" ""
put 2 0 1000000 >/dev/null
put 3 0 1000000 >/dev/null
touch -d '8 days ago' "$dir/upload/$two.part"
end_server TERM
serve "$dir"
sign_in
is "what is old goes at a start" "$(ls "$dir/upload")" "$(hash_of 3).part"
is "a whole submission all the same" "$(submit "$work/out/2.whole")" 200
eventually there "$two"
is "has its photograph" "$(ask "/api/parts/$two") $(cmp "$work/answer" "$(stored 2)")" '200 '
expect "nothing is wrong" 0 'nothing is wrong' "$sulh" audit "$dir"

# --- memory ---

peak() { # in MB
    python3 tests/nodes/rss.py of $server | cut -d' ' -f2
}
mkdir "$work/many"
"$work/photos" "$dir" party/afghanistan/1 "$work/many" 40 1 5000000 >"$work/many.parts"
before=$(peak)
pids=
for n in $(seq 0 39); do
    curl -sS --max-time 60 -o "$work/many/$n.answer" --data-binary "@$work/many/$n.whole" \
        -H 'Content-Type: application/vnd.sulh.submission' "$url/submit" &
    pids="$pids $!"
done
# shellcheck disable=SC2086 # a list
wait $pids
is "forty at once are all taken" "$(cat "$work"/many/*.answer | grep -o '"promise"' | wc -l)" 40
[ $(($(peak) - before)) -lt 100 ]
row "without their 200 MB in memory" $? "from $before to $(peak) MB"
expect "and nothing is wrong" 0 'nothing is wrong' "$sulh" audit "$dir"

done_testing
