#!/bin/sh
# Parts of records, opened by who may read them and by nobody else; also with age alone.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
dir=$work/node
"$sulh" init "$dir" --agreement $agreement --demo >/dev/null
row "a demonstration" $?
is "every author has what he reads with" "$(cd "$dir/keys" && find . -name '*.age' | sort)" \
    "$(cd "$dir/keys" && find . -name 1.key | grep -v /term/ | sed 's/key$/age/' | sort)"

report='{"type":"shelling","means":"saw","summary":"a barrage at first light","place_name":"Spin Boldak"}'
head -c 1500000 /dev/urandom >"$work/film.mp4"
head -c 300 /dev/urandom >"$work/note.txt"
file() { # TIER: a report with two files; its id in $id, and in $TIER
    printf '%s' "$report" >"$work/fields.json"
    "$sulh" record "$dir" incident.report "$work/fields.json" --as party/pakistan/1 --tier "$1" \
        --media video/mp4="$work/film.mp4" --media text/plain="$work/note.txt" >"$work/answer" \
        2>"$work/complaint"
    row "a report, $1" $? "$(cat "$work/complaint")"
    id=$(json 'o["id"]' "$work/answer")
    eval "$1=$id"
}
for tier in public mechanism mission sealed; do
    file $tier
done

opened() { # NAME STATUS ID OPTION...: what it says is in $work/opened
    opened_name=$1 opened_status=$2 opened_id=$3
    shift 3
    "$sulh" open "$dir" "$opened_id" "$@" >"$work/opened" 2>"$work/complaint"
    got=$?
    [ $got -eq "$opened_status" ]
    row "$opened_name" $? "status $got: $(cat "$work/complaint")"
}
states() { # of the parts: fields, a film, a text
    json '" ".join(sorted(p.get("media", "fields") + "=" + p["state"] for p in o["parts"]))' "$work/opened"
}
all_open='fields=open text/plain=open video/mp4=open'
none_open='fields=not for this key text/plain=not for this key video/mp4=not for this key'
fields() {
    json 'sorted((p["tier"], p["fields"]["summary"], p["fields"]["place_name"]) for p in o["parts"] if "fields" in p)' "$work/opened"
}

for who in party/pakistan/1 party/afghanistan/1 mediator/qatar/1 mediator/turkiye/1; do
    opened "the mechanism's, by $who" 0 "$mechanism" --as $who
    is "is open to it" "$(states)" "$all_open"
done
is "with the tier of its fields" "$(fields)" \
    "[('mechanism', 'a barrage at first light', 'Spin Boldak')]"
for who in observer/mission/1 observer/un/1 observer/open-source/1; do
    opened "by $who" 0 "$mechanism" --as $who
    is "is closed to it" "$(states)" "$none_open"
    is "and nothing is said of it" "$(grep -c 'barrage\|Spin' "$work/opened")" 0
done
opened "the mission's, by the mission" 0 "$mission" --as observer/mission/1
is "is open to it" "$(states)" "$all_open"
opened "by who signed it" 0 "$mission" --as party/pakistan/1
is "is closed" "$(states)" "$none_open"
opened "by two keys, one of which reads" 0 "$mission" --as party/pakistan/1 --as observer/mission/1
is "is open" "$(states)" "$all_open"
for who in mediator/qatar/1 mediator/turkiye/1; do
    opened "what is sealed, by $who alone" 0 "$sealed" --as $who
    is "is closed" "$(states)" "$none_open"
done
opened "by both mediators" 0 "$sealed" --as mediator/turkiye/1 --as mediator/qatar/1
is "is open" "$(states)" "$all_open"
is "as sealed" "$(fields)" "[('sealed', 'a barrage at first light', 'Spin Boldak')]"
opened "the public's, by anybody" 0 "$public" --as observer/un/1
is "is open" "$(states)" "$all_open"

# --- files ---

name_of() { # MEDIA MEMBER
    json "[p['$2'] for p in o['parts'] if p.get('media') == '$1'][0]" "$work/opened"
}
opened "files" 0 "$mechanism" --as party/afghanistan/1 --out "$work/out"
film=$(name_of video/mp4 commitment) text=$(name_of text/plain commitment)
is "are named by their commitments" "$(ls "$work/out")" "$(printf '%s\n' "$film" "$text" | sort)"
cmp "$work/out/$film" "$work/film.mp4" && cmp "$work/out/$text" "$work/note.txt"
row "and as they were" $?
is "and said where they are" "$(name_of video/mp4 file)" "$work/out/$film"
is "nobody else reads them" "$(stat -c %a "$work/out")" 700
opened "of who cannot read them" 0 "$mechanism" --as observer/un/1 --out "$work/none"
is "there are none" "$(ls "$work/none")" ""

# --- with age, and without this program ---

stored=$("$sulh" show "$dir" record "$mechanism" --json |
    json '[p["stored"] for p in o["parts"] if p.get("media") == "video/mp4"][0]')
age -d -i "$dir/keys/party/pakistan/1.age" "$dir/parts/large/$stored" | tail -c +33 | cmp - "$work/film.mp4"
row "age opens what is stored: a salt, and the file" $?
cp "$dir/keys/mediator/qatar/1.age" "$work/carried.age"
opened "with an identity that was brought along" 0 "$mechanism" --identity "$work/carried.age"
is "is open" "$(states)" "$all_open"

(umask 077 && echo "a barrage at first light" >"$work/passphrase")
export SULH_PASSPHRASE_FILE="$work/passphrase"
"$sulh" key encrypt "$work/carried.age"
row "an identity is put under a passphrase" $?
opened "with it" 0 "$mechanism" --identity "$work/carried.age"
is "is open as well" "$(states)" "$all_open"
unset SULH_PASSPHRASE_FILE
expect "with nobody to ask for it" 1 'there is no terminal' setsid -w \
    "$sulh" open "$dir" "$mechanism" --identity "$work/carried.age"

# --- what is not there ---

mv "$dir/parts/large/$stored" "$work/film.sealed"
opened "a part that is not here" 1 "$mechanism" --as party/pakistan/1
is "is missing, and the others open" "$(states)" \
    'fields=open text/plain=open video/mp4=missing'
grep -q '1 part is missing or damaged' "$work/complaint"
row "which is said" $?
head -c 1000 "$work/film.sealed" >"$dir/parts/large/$stored"
opened "a part that was cut" 1 "$mechanism" --as party/pakistan/1
is "is damaged" "$(states)" 'fields=open text/plain=open video/mp4=damaged'
mv "$work/film.sealed" "$dir/parts/large/$stored"
opened "brought back" 0 "$mechanism" --as party/pakistan/1

# --- what is refused ---

expect "nobody reads" 2 'who reads\?' "$sulh" open "$dir" "$mechanism"
expect "a key that has nothing to read with" 1 \
    'party/pakistan/root has no identity here to read with: sulh key reader makes one' \
    "$sulh" open "$dir" "$mechanism" --as party/pakistan/root
expect "no key's name" 2 'cannot name a key' "$sulh" open "$dir" "$mechanism" --as ../1
echo nothing >"$work/bad.age"
expect "an identity that is none" 1 'bad.age: age identity: does not begin' \
    "$sulh" open "$dir" "$mechanism" --identity "$work/bad.age"
expect "no record" 1 'there is no record 0123' "$sulh" open "$dir" 0123 --as party/pakistan/1
expect "a folder that cannot be made" 1 'make /nowhere/out' "$sulh" open "$dir" "$mechanism" \
    --as party/pakistan/1 --out /nowhere/out
chmod 640 "$dir/keys/party/pakistan/1.age"
expect "an identity open to others" 1 '1.age is open to others' "$sulh" open "$dir" "$mechanism" \
    --as party/pakistan/1

done_testing
