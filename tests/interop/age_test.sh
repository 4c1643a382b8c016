#!/bin/sh
# What we seal Debian's age opens, and the other way round; what one of them refuses, so does the
# other.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
lib=${SULH_BUILD:-build}/libsulh.a
ours=$work/ours

make_peer() {
    cc -std=c17 -D_GNU_SOURCE -O1 -Wall -Wextra -Werror -Isrc -o "$ours" \
        tests/interop/age_peer.c "$lib" $(sed -n 's/^LIBS := //p' Makefile)
}
expect "our side builds" 0 "" make_peer

for n in 1 2 3; do
    age-keygen -o "$work/$n.age" 2>/dev/null
    age-keygen -y "$work/$n.age" >"$work/$n.pub"
done
one=$(cat "$work/1.pub") two=$(cat "$work/2.pub") three=$(cat "$work/3.pub")

seal() { # WHO RECIPIENT...: standard input
    sealer=$1
    shift
    case $sealer in
    ours) "$ours" seal "$@" ;;
    theirs) age -e $(printf -- '-r %s ' "$@") ;;
    esac
}
unseal() { # WHO IDENTITY...
    opener=$1
    shift
    case $opener in
    ours) "$ours" open "$@" ;;
    theirs) age -d $(printf -- '-i %s ' "$@") ;;
    esac
}

# --- both ways ---

round() { # NAME FROM TO PLAIN IDENTITY RECIPIENT...
    round_name=$1 from=$2 to=$3 plain=$4 identity=$5
    shift 5
    seal "$from" "$@" <"$plain" >"$work/sealed" 2>"$work/said" &&
        unseal "$to" "$identity" <"$work/sealed" >"$work/opened" 2>>"$work/said" &&
        cmp "$plain" "$work/opened" >>"$work/said" 2>&1
    row "$from to $to: $round_name" $? "$(cat "$work/said")"
}
for bytes in 0 1 15 16 17 65535 65536 65537 131071 131072 131073 20000000; do
    head -c "$bytes" /dev/urandom >"$work/plain"
    round "$bytes bytes" ours theirs "$work/plain" "$work/1.age" "$one"
    round "$bytes bytes" theirs ours "$work/plain" "$work/1.age" "$one"
done
head -c 70000 /dev/urandom >"$work/plain"
for n in 1 2 3; do
    round "of three recipients, $n" ours theirs "$work/plain" "$work/$n.age" "$one" "$two" "$three"
    round "of three recipients, $n" theirs ours "$work/plain" "$work/$n.age" "$one" "$two" "$three"
done
mv "$work/sealed" "$work/inner"
round "one in another" ours theirs "$work/inner" "$work/1.age" "$one"
"$ours" seal $(for n in $(seq 63); do echo "$two"; done) "$one" <"$work/plain" >"$work/sealed"
age -d -i "$work/1.age" "$work/sealed" | cmp - "$work/plain"
row "ours to theirs: the last of 64" $?

# --- what is to be refused ---

head -c 140000 /dev/urandom >"$work/plain" # three chunks
seal ours "$one" <"$work/plain" >"$work/ours.sealed"
seal theirs "$one" <"$work/plain" >"$work/theirs.sealed"
refuse() { # NAME FILE IDENTITY: by both
    for to in ours theirs; do
        unseal "$to" "$3" <"$2" >"$work/opened" 2>"$work/said"
        [ $? -eq 1 ] && [ -s "$work/said" ]
        row "$to refuses $1" $? "$(cat "$work/said")"
        cmp -n "$(stat -c %s "$work/opened")" "$work/opened" "$work/plain" >/dev/null ||
            row "$to gives out what was not sealed: $1" 1
    done
}
flip() { # FILE OFFSET: to $work/bad
    cp "$1" "$work/bad"
    byte=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
    printf %b "\\0$(printf %o $((byte ^ 1)))" | dd of="$work/bad" bs=1 seek="$2" conv=notrunc 2>/dev/null
}
for from in ours theirs; do
    sealed=$work/$from.sealed
    size=$(stat -c %s "$sealed")
    body=$((size - 140000 - 3 * 16)) # where the first chunk begins
    refuse "$from for somebody else" "$sealed" "$work/2.age"
    for cut in 0 1 22 100 $((body - 16)) $((body - 1)) $body $((body + 1)) $((body + 65551)) \
        $((body + 65552)) $((body + 65553)) $((body + 131104)) $((body + 131104 + 16)) $((size - 1)); do
        head -c "$cut" "$sealed" >"$work/bad"
        refuse "$from cut at $((cut - body)) from its body" "$work/bad" "$work/1.age"
    done
    for at in 0 20 25 33 60 80 110 $((body - 60)) $((body - 40)) $((body - 10)) $body \
        $((body + 65552)) $((body + 70000)) $((size - 1)); do
        flip "$sealed" "$at"
        refuse "$from with a bit changed at $((at - body)) from its body" "$work/bad" "$work/1.age"
    done
    cp "$sealed" "$work/bad" && printf . >>"$work/bad"
    refuse "$from with a byte behind it" "$work/bad" "$work/1.age"
    cat "$sealed" "$sealed" >"$work/bad"
    refuse "$from twice" "$work/bad" "$work/1.age"
    head -c $((body + 65552)) "$sealed" >"$work/bad" && tail -c +$((body + 131105)) "$sealed" >>"$work/bad"
    refuse "$from without its second chunk" "$work/bad" "$work/1.age"
done
age -e -a -r "$one" <"$work/plain" >"$work/armoured"
expect "ours refuses an armoured one" 1 'not of version 1' sh -c '"$1" open "$2" <"$3"' sh "$ours" "$work/1.age" \
    "$work/armoured"
expect "and seals to no identity" 1 'age recipient: does not begin' "$ours" seal \
    "$(tail -n 1 "$work/1.age")"

done_testing
