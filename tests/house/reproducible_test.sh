#!/bin/sh
# Who builds the same source gets the same bytes: two builds, in two directories.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
unset MAKEFLAGS

for copy in one two/and/deeper; do
    mkdir -p "$work/$copy"
    cp -R Makefile src tools lang data "$work/$copy"
    expect "it builds in $copy" 0 . make -C "$work/$copy" -j"$(nproc)" BUILD=build all
done
for file in sulh libsulh.a; do
    [ -e "$work/one/build/$file" ] || [ ! -e src/cli/main.c ] || row "$file is there" 1
    [ -e "$work/one/build/$file" ] || continue
    cmp "$work/one/build/$file" "$work/two/and/deeper/build/$file" >"$work/said" 2>&1
    row "$file is the same" $? "$(cat "$work/said")"
    ! grep -qF "$work" "$work/one/build/$file"
    row "$file names no directory of the machine" $?
done
done_testing
