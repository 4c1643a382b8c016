#!/bin/sh
# Who builds the same source gets the same bytes: built once more, in another directory.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
unset MAKEFLAGS
here=$(realpath "${SULH_BUILD:-build}")
there=$work/another/and/deeper

mkdir -p "$there"
cp -R Makefile src tools lang data "$there"
expect "it builds in another directory" 0 . make -C "$there" -j"$(nproc)" BUILD=build all
for file in sulh libsulh.a; do
    cmp "$here/$file" "$there/build/$file" >"$work/said" 2>&1
    row "$file is the same" $? "$(cat "$work/said")"
    ! grep -qF "$work" "$there/build/$file"
    row "$file names no directory of the machine" $?
done
done_testing
