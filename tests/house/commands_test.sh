#!/bin/sh
# What ./check, ./demo and the tools say when they are called wrongly or cannot go on.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh

expect "check takes no argument" 2 '^usage: ./check' ./check fast
expect "demo takes no other argument" 2 '^usage: ./demo' ./demo --serve
expect "demo takes one argument" 2 '^usage: ./demo' ./demo --no-serve --no-serve
expect "setup wants a level" 2 '^usage: tools/setup' tools/setup
expect "setup knows two levels" 2 '^usage: tools/setup' tools/setup all
expect "setup finds nothing to do" 0 '' tools/setup check

# On a machine without the libraries, as somebody who may not install them.
mkdir "$work/bin"
printf '#!/bin/sh\necho 1000\n' >"$work/bin/id"
printf '#!/bin/sh\nexit 1\n' >"$work/bin/dpkg-query"
chmod +x "$work"/bin/*
bare() { # COMMAND...
    PATH=$work/bin:$PATH "$@"
}
needed='^  apt-get update && apt-get install --no-install-recommends .*libsodium-dev'
expect "setup says what is missing" 1 "$needed" bare tools/setup build
expect "which for check is more" 1 "$needed.* libcmocka-dev" bare tools/setup check
expect "demo stops there" 1 "$needed" bare ./demo --no-serve
expect "check stops there" 1 "$needed" bare env SULH_BUILD="$work/build" ./check
expect "and counts it" 1 '^0 passed, 1 failed$' bare env SULH_BUILD="$work/build" ./check

mkdir "$work/full"
echo x >"$work/full/file"
expect "demo spares a directory that is not its own" 1 'holds no log' \
    env SULH_DEMO_DIR="$work/full" ./demo --no-serve
[ "$(ls "$work/full")" = file ]
row "and leaves it as it was" $?

# tools/run-tests counts what the lines of a program do not say.
program() { # NAME LINE...
    printf '#!/bin/sh\n' >"$work/$1"
    file=$work/$1
    shift
    printf '%s\n' "$@" >>"$file"
    chmod +x "$file"
}
program good 'echo 1..2' 'echo ok 1' 'echo ok 2'
program bad 'echo 1..2' 'echo ok 1' 'echo not ok 2' 'exit 1'
program dies 'echo 1..2' 'echo ok 1' 'echo ok 2' 'kill -9 $$'
program short 'echo 1..3' 'echo ok 1'
program mute ':'
program other 'echo 1..1' 'case $0 in */other) echo ok 1;; esac'
expect "two hold" 0 '^2 passed, 0 failed$' tools/run-tests "$work/good"
expect "one does not" 1 '^1 passed, 1 failed$' tools/run-tests "$work/bad"
expect "one dies after its last line" 1 '^2 passed, 1 failed$' tools/run-tests "$work/dies"
expect "one breaks off its plan" 1 '^1 passed, 1 failed$' tools/run-tests "$work/short"
cp "$work/good" "$work/still"
chmod -x "$work/still"
expect "one is not executable, and that is said" 1 'still: it is not executable' \
    tools/run-tests "$work/good" "$work/still"
said '^2 passed, 1 failed$'
row "and counted" $? "$(cat "$work/said")"
expect "one says nothing" 1 '^0 passed, 1 failed$' tools/run-tests "$work/mute"
expect "all of them are added up" 1 '^6 passed, 4 failed$' tools/run-tests \
    "$work/good" "$work/bad" "$work/dies" "$work/short" "$work/mute"
expect "none is a failure" 1 '^0 passed, 1 failed$' tools/run-tests "$work/no_*"
expect "one run by another" 0 '^1 passed, 0 failed$' tools/run-tests --by sh "$work/other"
done_testing
