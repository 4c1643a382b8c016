#!/bin/sh
# The documents say what is there: links lead somewhere, the examples of STYLE.md stand
# in the source, ARCHITECTURE.md has every layer, and the tests that threats are held by exist.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh

# Links within the project, relative to the document.
links() {
    for page in *.md doc/*.md doc/decisions/*.md; do
        grep -noE '\]\([^)#: ]+' "$page" | sed "s|^|$page:|" | while IFS=: read -r file line link; do
            target=$(dirname "$file")/${link#](}
            [ -e "$target" ] || echo "$file:$line: $target is not there"
        done
    done
}

# A block of C after "From `FILE`:" is taken from FILE; a line "…" stands for what is
# left out.
examples() {
    python3 - <<'PYTHON'
import re

text = open("STYLE.md", encoding="utf-8").read()
found = re.findall(r"From\s`([^`]+)`:\n\n```c\n(.*?)```", text, re.S)
if len(found) != text.count("```c\n") or not found:
    print("STYLE.md: an example does not say where it is from")
for path, block in found:
    source = open(path, encoding="utf-8").read()
    for piece in re.split(r"^…\n", block, flags=re.M):
        if piece.strip("\n") not in source:
            print(f"STYLE.md: no longer in {path}:\n{piece}")
PYTHON
}

layers() {
    for layer in $(sed -n 's/^LAYERS := //p' Makefile); do
        grep -qE "^\|.*\`$layer\`.*\|" ARCHITECTURE.md || echo "ARCHITECTURE.md: no layer $layer"
    done
}

# What the documents cite by path.
paths() {
    grep -ohE '`(src|doc|tests|tools)/[A-Za-z0-9_./-]+`' ./*.md doc/decisions/*.md | tr -d '`' |
        grep -v NAME | sort -u | while read -r path; do
        [ -e "$path" ] || echo "$path is not there"
    done
}

# Every test that doc/threats.md names is there: `PATH`: NAME.
threats() {
    python3 - <<'PYTHON'
import re

text = open("doc/threats.md", encoding="utf-8").read()
named = re.findall(r"`((?:src|tests)/[^`]+)`: ([^;|\n)]+?)(?= *[;|)\n])", text)
if len(named) < 50:
    print("doc/threats.md: names hardly a test")
for path, name in named:
    if name not in open(path, encoding="utf-8").read():
        print(f"doc/threats.md: {path} has no {name}")
PYTHON
}

expect "links lead somewhere" 0 '' links
expect "what is cited is there" 0 '' paths
expect "the examples are from the source" 0 '' examples
expect "every layer is described" 0 '' layers
expect "the tests of each threat are there" 0 '' threats
done_testing
