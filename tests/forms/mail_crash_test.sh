#!/bin/sh
# A mail that confirms, and the process that takes it in killed at every one of its syncs: after the
# next one there is one record of it, and one answer, whether it was killed before the mail was kept,
# before it was signed, before it was handed in or behind that.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh

${CC:-gcc} -std=c17 -D_GNU_SOURCE -shared -fPIC -O1 -o "$work/kill_at.so" tests/forms/kill_at.c 2>"$work/complaint"
row "what kills is built" $? "$(cat "$work/complaint")"
"$sulh" init "$work/log" --demo --agreement "$agreement" >/dev/null
sed -i 's|^\[forms\].*|[forms]\nmail = "flash@site.example"|' "$work/log/sulh.toml"
"$sulh" sender add "$work/log" clerk-1 clerk@site.example --language en --offset 300
mkdir -p "$work/site/box/new" "$work/site/box/cur" "$work/site/box/tmp"

mail() { # ID TEXT
    printf 'From: <clerk@site.example>\nMessage-ID: <%s@x>\n\n%s\n' "$1" "$2" \
        >"$work/site/box/new/$(date +%s).$1.site"
}
mail 1 "$(TZ=UTC-5 date +%H:%M) HRS TORKHAM SHELLING DEAD 0 INJURED 2"
"$sulh" intake "$work/log" "$work/site/box" --once >"$work/said" 2>&1
number=$(sed '1,/^\r$/d' "$work/site/out/"*.eml | base64 -di | sed -n 's/.*YES \([0-9]*\).*/\1/p' | head -1)
is "a mail is understood, and has a number" "${#number}" 4
mail 2 "YES $number"
rm "$work/site/out/"*

flashes() {
    "$sulh" status "$work/tried/log" --json | json 'o["records"].get("incident.flash", 0), o.get("void", 0)'
}
at=0
wrong=
kept=0
signed=0
logged=0
while at=$((at + 1)); do
    rm -rf "$work/tried"
    mkdir "$work/tried"
    cp -a "$work/log" "$work/site" "$work/tried"
    ASAN_OPTIONS=verify_asan_link_order=0 KILL_AT=$at LD_PRELOAD="$work/kill_at.so" \
        "$sulh" intake "$work/tried/log" "$work/tried/site/box" --once >"$work/said" 2>&1 && break
    if grep -qs '"record"' "$work/tried/log/intake/confirmed/"*; then
        signed=$((signed + 1))
        [ "$(flashes)" = '(0, 0)' ] || logged=$((logged + 1))
    elif [ -n "$(ls "$work/tried/log/intake/confirmed" 2>/dev/null)" ]; then
        kept=$((kept + 1))
    fi
    "$sulh" intake "$work/tried/log" "$work/tried/site/box" --once >"$work/said" 2>&1 ||
        wrong="$wrong $at: $(cat "$work/said")"
    now="$(flashes) $(ls "$work/tried/log/intake/done" | wc -l) $(ls "$work/tried/log/intake/confirmed" | wc -l) $(ls "$work/tried/site/out" | wc -l)"
    [ "$now" = '(1, 0) 1 0 1' ] || wrong="$wrong $at: $now"
    [ $at -lt 500 ] || break
done
echo "# killed at each of $((at - 1)) syncs: $kept times kept and not signed, $signed signed, $logged of them logged"
is "one record, and one answer, wherever it was killed" "$wrong" ""
[ "$kept" -gt 0 ] && [ "$signed" -gt "$logged" ] && [ "$logged" -gt 0 ]
row "between keeping and signing, signing and handing in, and behind that" $?
expect "nothing is wrong with the last" 0 'nothing is wrong' "$sulh" audit "$work/tried/log"
done_testing
