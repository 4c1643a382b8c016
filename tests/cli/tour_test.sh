#!/bin/sh
# The commands of doc/tour.md, in their order, as somebody would type them in a clone.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh

# A clone to type them in: everything that is here, and a directory of data of its own.
for entry in *; do
    case $entry in
    build | demo-data) ;;
    *) ln -s "$PWD/$entry" "$work/$entry" ;;
    esac
done
ln -s "${sulh%/sulh}" "$work/build"
export SULH_BUILD="${sulh%/sulh}" SULH_DEMO_DIR="$work/demo-data"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

# The fenced blocks in one shell; each that went through leaves its line's number.
awk '
    /^```sh$/ { inside = 1; line = NR; next }
    /^```$/ && inside { inside = 0; print "echo " line " >&3"; next }
    inside { print }
' doc/tour.md | sed "s/127\.0\.0\.1:8117/127.0.0.1:$port/g" >"$work/blocks"
(
    cd "$work" || exit 1
    sh -e -c 'trap "kill \$server 2>/dev/null" EXIT; . ./blocks; trap - EXIT' \
        3>"$work/through" >"$work/said" 2>&1 </dev/null
)
for line in $(grep -n '^```sh$' doc/tour.md | cut -d : -f 1); do
    grep -qx "$line" "$work/through"
    row "doc/tour.md:$line" $? "$(tail -n 5 "$work/said")"
done

# What the text promises.
promised() { # NAME TEXT [TIMES]
    is "$1" "$(grep -cE -- "$2" "$work/said")" "${3-1}"
}
promised "the incident shows both claims" '"claims":\[\{.*"side":"PAK".*"side":"AFG"'
promised "as contested" '"contested":\[\{"matter":"injured"'
promised "one is superseded afterwards" '^ *state: superseded$'
promised "one is withdrawn" '^ *state: withdrawn$'
promised "another's word is not taken back" 'void by rules 1 record.withdraw'
promised "who may read it reads what is sealed" '"summary":"Exercise: who stood where."' 1
promised "and who may not does not" '"state":"not for this key"'
promised "a message waits" '^message  *party/afghanistan '
promised "and its text is read by the other side" 'Exercise: the gate opens at eight'
promised "a crossing is called open and closed" 'THEY DO NOT SAY THE SAME' 2
promised "the receipt holds" '^entry [0-9]+ of demo.invalid'
promised "the audit holds" '^nothing is wrong$' 2
promised "a changed byte is found" '^WRONG'
promised "what fails is what must" '^as it must$' 2
[ -n "$(grep "^digest" "$work/said")" ]
row "a digest was printed" $?
is "replay comes to the audit's digest" \
    "$(sed -n 's/^[0-9]* entries, digest //p' "$work/said")" \
    "$(sed -n 's/^digest  *//p' "$work/said" | tail -n 1)"
done_testing
