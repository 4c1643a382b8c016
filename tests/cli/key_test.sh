#!/bin/sh
# Key files under a passphrase: typed at a terminal, or in a file for a service.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
dir=$work/node
name=party/pakistan/root
typed() { # LINE... -- COMMAND...
    python3 tests/cli/typed.py "$@"
}
passphrase() { # TEXT: for commands that have no terminal
    rm -f "$work/passphrase"
    (umask 077 && printf '%s\n' "$1" >"$work/passphrase")
    export SULH_PASSPHRASE_FILE="$work/passphrase"
}
first='six words of a poem, say'
second='and six of another one'
unset SULH_PASSPHRASE_FILE

# --- at the terminal ---

file=$work/root.key
expect "a key of a person's is encrypted, asked twice" 0 '^party/pakistan/root\+' \
    typed "$first" "$first" -- "$sulh" key new "$file" $name
vkey=$(grep '+' "$work/said")
is "asking so" "$(grep -c 'passphrase of party/pakistan/root: $' "$work/said"),$(grep -c \
    'The same again, of party/pakistan/root: $' "$work/said")" 1,1
is "it shows nothing of what is typed" "$(grep -c poem "$work/said")" 0
is "nobody else reads the file" "$(stat -c %a "$file")" 600
is "its head says what it is" "$(head -n 2 "$file")" "sulh/key/v1
$vkey"
is "and what a try costs" "$(sed -n 3p "$file" | cut -d ' ' -f 1-3)" "argon2id 3 262144"
is "nothing of the key is open in it" "$(grep -c PRIVATE "$file")" 0
expect "its vkey" 0 "^$(echo "$vkey" | sed 's/[+]/\\+/g')\$" typed "$first" -- "$sulh" key show "$file"
expect "a wrong passphrase" 1 'root.key: not the passphrase of party/pakistan/root, or the file was' \
    typed "$second" -- "$sulh" key show "$file"
is "is all that is said" "$(grep -c '+' "$work/said")" 0
expect "none" 1 'no passphrase was given' typed "" -- "$sulh" key show "$file"
for signal in TERM:241 HUP:255 INT:254 QUIT:253; do
    expect "a signal that ends it, $signal, leaves the terminal as it was" "${signal#*:}" \
        'what is typed is shown$' typed "SIG${signal%:*}" -- "$sulh" key show "$file"
done
# shellcheck disable=SC2016 # the inner shell's
expect "one that is ignored is ignored at the prompt as well" 0 '^party/pakistan/root\+' \
    typed SIGHUP "$first" -- sh -c 'trap "" HUP; exec "$0" "$@"' "$sulh" key show "$file"
expect "the key that interrupts" 1 'no passphrase was given' typed ^C -- "$sulh" key show "$file"
expect "typed differently" 1 'not the same passphrase again' \
    typed "$first" "$second" -- "$sulh" key new "$work/other.key" $name
expect "too short" 1 'a passphrase of 5 bytes would be guessed: take 12 or more' \
    typed short short -- "$sulh" key new "$work/other.key" $name
[ ! -e "$work/other.key" ]
row "and no file is made" $?
expect "a file that is there" 1 'there is a key party/pakistan/root already' \
    typed "$first" "$first" -- "$sulh" key new "$file" $name
expect "a folder that is not" 1 'make /nowhere/root.key: No such file' \
    typed "$first" "$first" -- "$sulh" key new /nowhere/root.key $name
expect "another passphrase" 0 '^The same again' \
    typed "$first" "$second" "$second" -- "$sulh" key encrypt "$file"
expect "opens it from then on" 0 '^party/pakistan/root\+' typed "$second" -- "$sulh" key show "$file"
expect "and the first one does not" 1 'not the passphrase' typed "$first" -- "$sulh" key show "$file"
expect "the terminal is left as it was" 0 '^party/pakistan/root' typed "$second" -- sh -c \
    'a=$(stty -g); "$1" key show "$2"; [ "$a" = "$(stty -g)" ]' sh "$sulh" "$file"
expect "also by who gives up" 0 'no passphrase was given' typed ^C -- sh -c \
    'a=$(stty -g); "$1" key show "$2"; [ "$a" = "$(stty -g)" ]' sh "$sulh" "$file"

# --- from a file ---

passphrase "$second"
expect "a service reads it from a file" 0 '^party/pakistan/root\+' setsid -w "$sulh" key show "$file"
chmod 640 "$work/passphrase"
expect "that others must not read" 1 'SULH_PASSPHRASE_FILE: .*passphrase is open to others' \
    "$sulh" key show "$file"
passphrase "$first"
expect "a wrong one" 1 'not the passphrase' "$sulh" key show "$file"
expect "a file that is not there" 1 'SULH_PASSPHRASE_FILE: open /nowhere: No such' \
    env SULH_PASSPHRASE_FILE=/nowhere "$sulh" key show "$file"
unset SULH_PASSPHRASE_FILE
expect "nobody to ask" 1 'there is no terminal to ask at: name a file that holds it in SULH_PASS' \
    setsid -w "$sulh" key show "$file"

# --- what was changed ---

passphrase "$second"
for line in 1 2 3 4; do
    awk -v n=$line 'NR == n { c = substr($0, 20, 1); $0 = substr($0, 1, 19) (c == "A" ? "B" : "A") \
        substr($0, 21) } { print }' "$file" >"$work/changed.key"
    "$sulh" key show "$work/changed.key" >/dev/null 2>&1
    [ $? -eq 1 ] || echo "line $line"
done >"$work/passed"
is "changed in any line it does not open" "$(cat "$work/passed")" ""
sed 's/^argon2id 3 262144/argon2id 3 4194304/' "$file" >"$work/changed.key"
expect "nor take memory that is not there to be taken" 1 'its memory is not a number of KiB from 8 to' \
    sh -c 'ulimit -v 200000; exec "$@"' sh "$sulh" key show "$work/changed.key"
expect "a machine that is too small says so" 1 'takes 256 MiB of memory: there is less' \
    sh -c 'ulimit -v 200000; exec "$@"' sh "$sulh" key show "$file"

# --- in and out of DIR ---

expect "decrypt" 0 '' "$sulh" key decrypt "$file"
is "gives one line in Go's form" "$(wc -l <"$file"),$(cut -d + -f 1-3 "$file")" "1,PRIVATE+KEY+$name"
is "of the same key" "$("$sulh" key show "$file")" "$vkey"
expect "a file without a passphrase" 0 '^w\+' "$sulh" key new "$work/w.key" w --plain --witness
is "is open" "$(cut -d + -f 1-3 "$work/w.key")" PRIVATE+KEY+w
expect "public: a line for each" 0 '^w\+[0-9a-f]{8}\+B' "$sulh" key public "$file" "$work/w.key"
is "in their order" "$(cut -d + -f 1 "$work/said" | tr '\n' ' ')" "$name w "
expect "public of none" 1 'open /nowhere: No such file' "$sulh" key public "$file" /nowhere
expect "neither both" 2 'either --encrypt or --plain' \
    "$sulh" key new "$work/x.key" x --plain --encrypt
expect "encrypted in DIR" 0 '^party/pakistan/1\+' "$sulh" key new "$dir" party/pakistan/1 --encrypt
is "where it is listed" "$("$sulh" key list "$dir")" party/pakistan/1
expect "and opened" 0 '^party/pakistan/1\+' "$sulh" key show "$dir" party/pakistan/1
expect "in DIR, decrypt" 0 '' "$sulh" key decrypt "$dir" party/pakistan/1
is "is open" "$(cut -d + -f 1-3 "$dir/keys/party/pakistan/1.key")" PRIVATE+KEY+party/pakistan/1
expect "in DIR, encrypt" 0 '' "$sulh" key encrypt "$dir" party/pakistan/1
is "is not" "$(head -n 1 "$dir/keys/party/pakistan/1.key")" sulh/key/v1
expect "of no key" 1 'no key "party/atlantis/1" here' "$sulh" key encrypt "$dir" party/atlantis/1
expect "of no file" 1 'open /nowhere: No such file' "$sulh" key decrypt /nowhere
is "nothing else is left lying there" "$(find "$dir" "$work"/*.key -type f | wc -l)" 4

# --- what a key reads with ---

age1='^age1[0-9a-z]{58}$'
expect "made where there is none" 0 "$age1" "$sulh" key reader "$dir" party/pakistan/1
is "and said to be open" "$(grep -c '1.age is not under a passphrase: sulh key encrypt' "$work/said")" 1
recipient=$(grep '^age1' "$work/said")
is "and the same from then on" "$("$sulh" key reader "$dir" party/pakistan/1 2>/dev/null)" "$recipient"
identity=$dir/keys/party/pakistan/1.age
is "nobody else reads the file" "$(stat -c %a "$identity")" 600
is "age knows it" "$(age-keygen -y "$identity")" "$recipient"
is "it is listed as no key" "$("$sulh" key list "$dir")" party/pakistan/1
echo "a barrage at first light" | age -r "$recipient" >"$work/sealed"
is "and opens what age seals to it" "$(age -d -i "$identity" "$work/sealed")" "a barrage at first light"
expect "in a file" 0 "$age1" "$sulh" key reader "$work/desk.age"
is "as age knows it" "$(age-keygen -y "$work/desk.age")" "$(grep '^age1' "$work/said")"
age-keygen -o "$work/theirs.age" 2>/dev/null
is "one that age-keygen made" "$("$sulh" key reader "$work/theirs.age" 2>/dev/null)" \
    "$(age-keygen -y "$work/theirs.age")"
expect "beside vkeys" 0 "^$(age-keygen -y "$work/theirs.age")\$" \
    "$sulh" key public "$work/w.key" "$work/theirs.age"
is "in their order" "$(cut -c 1-4 "$work/said" | tr '\n' ' ')" "w+$(cut -c 3-4 "$work/said" | head -n 1) age1 "

# --- that under a passphrase too ---

expect "encrypted with its key" 0 '' "$sulh" key encrypt "$dir" party/pakistan/1
is "both are" "$(head -qn 1 "${identity%.age}.key" "$identity" | tr '\n' ' ')" \
    "sulh/key/v1 age-encryption.org/v1 "
is "nobody else reads it" "$(stat -c %a "$identity")" 600
is "it reads for the same recipient, and says no more" \
    "$("$sulh" key reader "$dir" party/pakistan/1 2>&1)" "$recipient"
unset SULH_PASSPHRASE_FILE
expect "asked for at the terminal, by its key's name" 0 '[Pp]assphrase of party/pakistan/1: $' \
    typed "$second" -- "$sulh" key reader "$dir" party/pakistan/1
expect "age opens with it what age sealed" 0 'a barrage at first light$' \
    typed "$second" -- age -d -i "$identity" "$work/sealed"
expect "and under another passphrase does not" 1 'incorrect passphrase' \
    typed "$first" -- age -d -i "$identity" "$work/sealed"
expect "nor do we" 1 '1.age: age file: it is another passphrase' \
    typed "$first" -- "$sulh" key reader "$dir" party/pakistan/1
expect "nobody to ask" 1 'there is no terminal to ask at' setsid -w "$sulh" key reader "$dir" party/pakistan/1
expect "one that age encrypted" 0 'Confirm passphrase' \
    typed "$first" "$first" -- age -p -o "$work/sealed.age" "$work/theirs.age"
chmod 600 "$work/sealed.age"
expect "is opened" 0 "^$(age-keygen -y "$work/theirs.age")\$" \
    typed "$first" -- "$sulh" key reader "$work/sealed.age"
expect "a file's own" 0 '^The same again' typed "$second" "$second" -- "$sulh" key encrypt "$work/desk.age"
expect "opens" 0 "$age1" typed "$second" -- "$sulh" key reader "$work/desk.age"
expect "and is open again" 0 'assphrase of .*desk.age' typed "$second" -- "$sulh" key decrypt "$work/desk.age"
is "as age-keygen has it" "$(age-keygen -y "$work/desk.age")" "$(grep -o 'age1.*' "$work/desk.age")"
expect "key and identity opened again" 0 '[Pp]assphrase of party/pakistan/1' \
    typed "$second" -- "$sulh" key decrypt "$dir" party/pakistan/1
is "asked once" "$(grep -c 'assphrase of' "$work/said")" 1
is "and age has it as it was" "$(age -d -i "$identity" "$work/sealed")" "a barrage at first light"
is "nothing else is left lying there" "$(find "$dir" -name '*.new' | wc -l)" 0
passphrase "$first"
head -c 150 "$work/sealed.age" >"$work/cut.age"
expect "one that is cut" 1 'cut.age: age file: ' "$sulh" key reader "$work/cut.age"
passphrase "$second"

chmod 640 "$identity"
expect "open to others" 1 '1.age is open to others' "$sulh" key reader "$dir" party/pakistan/1
chmod 600 "$identity"
echo more >>"$identity"
expect "with more in it" 1 '1.age: identity file: more than one' "$sulh" key reader "$dir" party/pakistan/1
expect "no name" 2 '"../x" cannot name a key' "$sulh" key reader "$dir" ../x
expect "no name of a file" 2 'named FILE.age' "$sulh" key reader "$work/desk"
[ ! -e "$work/desk" ]
row "is not made" $?
expect "a folder that is not" 1 'make /nowhere/desk.age: No such' "$sulh" key reader /nowhere/desk.age
expect "too many words" 2 'key reader FILE.age, or DIR NAME' "$sulh" key reader a b c

# --- a node whose keys are all encrypted ---

"$sulh" init "$work/demo" --agreement $agreement --demo >/dev/null
for key in demo.invalid/doha-istanbul-2025/term/1 observer/open-source/promise \
    observer/open-source/node party/pakistan/1; do
    "$sulh" key encrypt "$work/demo" "$key" || echo "$key"
done >"$work/left" 2>&1
is "a node's keys" "$(cat "$work/left")" ""
record "$work/demo" party/pakistan/1 incident.open '{"title":"x"}'
row "sign, tick and publish" $? "$(cat "$work/complaint")"
expect "and its audit holds" 0 '^nothing is wrong' "$sulh" audit "$work/demo"
passphrase "$first"
record "$work/demo" party/pakistan/1 incident.open '{"title":"x"}'
is "not under another passphrase" "$record_status:$(grep -c 'not the passphrase' "$work/complaint")" 1:1
done_testing
