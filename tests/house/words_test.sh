#!/bin/sh
# No code knows an agreement: what one names (acts, roles, organisations, clocks, steps …), what its
# words are and how long its clocks run stands in agreements/ and nowhere in src/.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh

cat >"$work/words.py" <<'PYTHON'
import re
import sys
import tomllib
from pathlib import Path

SECTIONS = ("act", "act_group", "author", "clause", "claimant", "clock", "crossing", "factor", "grade", "ground",
            "group", "level", "mode", "organisation", "origin", "question", "role", "rung", "sector",
            "standard", "step", "variance")

# Words that an agreement and the program share without either meaning the other's, and why.
SHARED = {
    "civilians": "whom UCDP's columns count; a subject of claims",
    "media": "the type of the content of an answer, or of a file",
    "mission": "a tier of readers, of which the program has four",
    "nature": "a matter of claims, in the page that shows them",
    "repeat": "XForms' word for what is asked more than once",
    "observer": "whose position a form asks for, beside that of what happened",
    "online": "what a browser calls having a network",
    "aircraft": "the list of positions in a file of dump1090 and readsb",
    "party": "what a page calls the kind of an organisation, which the agreement gives it",
}

# Of the program's tests and simulations, which make agreements up and may quote a real one.
def is_test(path):
    return (re.search(r"_(test|fuzz|bench)\.c$", path.name) or path.name.startswith("test_")
            or "sim" in path.parts or path.name in {"liars.h", "world.h", "proposal_case.h", "scenario.h",
                                                          "flash_case.h"})


def literals(path):
    """What a source says to the machine: its strings, without the comments."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^#include.*$", "", text, flags=re.M)
    text = re.sub(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", " ", text, flags=re.S)
    found = re.findall(r'"((?:[^"\\\n]|\\.)*)"', text)
    return found if path.suffix in {".c", ".h"} else found + re.findall(r"'([^'\n]*)'", text)


def vocabulary():
    """The program's own words: all that doc/rules.md sets as code, and the states of its moves. A clock may
    be called as what a role may do is called."""
    page = Path("doc/rules.md").read_text(encoding="utf-8")
    words = set()
    for code in re.findall(r"`([^`\n]+)`", page):
        words.update(re.split(r"[ ./\[\]]+", code))
    for move in re.findall(r"^\| `\w+` \| `[^`]+` \| (\S+) \| (\S+) \|$", page, re.M):
        words.update(move)
    return words


def agreements():
    for path in sorted(Path(sys.argv[1]).glob("*/agreement.toml")):
        yield path.parent.name, tomllib.loads(path.read_text(encoding="utf-8"))


def words_of(terms):
    """(section, word): ids, and the words of sources that stand for them."""
    for section in SECTIONS:
        for item in terms.get(section, []):
            yield section, item["id"]
            more = item.get("words", [])
            for word in more if isinstance(more, list) else []:
                yield section, word
            if "word" in item:
                yield section, item["word"]
    for item in terms.get("organisation", []):
        yield "organisation", item["name"]["en"]


def says(literal, word):
    """Whether a literal is this word, or a key or path that has it as a part. A sentence that has it is
    no rule, unless the word is a code that no sentence has by chance."""
    if word not in literal or not re.search(r"(?<![\w-])" + re.escape(word) + r"(?![\w-])", literal):
        return False
    return " " not in literal or not re.fullmatch(r"[a-z]+|[A-Z]", word)


def main():
    sources = {p: literals(p) for p in sorted(Path(sys.argv[2]).rglob("*"))
               if p.suffix in {".c", ".h", ".js", ".html"} and not is_test(p)}
    own = vocabulary()
    count = 0
    for name, terms in agreements():
        for section, word in words_of(terms):
            count += 1
            if word in own or word in SHARED or len(word) == 1:
                continue
            for path, found in sources.items():
                for literal in found:
                    if says(literal, word):
                        print(f'{path}: "{literal[:60]}" has "{word}", a {section} of {name}')
        for clock in terms.get("clock", []):
            for member in ("duration_ms", "urgent_ms", "extension_ms"):
                length = clock.get(member)
                for path in sources if length else ():
                    if path.parts[-2] in {"record", "register", "terms"} and re.search(rf"\b{length}\b", path.read_text(encoding="utf-8")):
                        print(f"{path}: {length} is {member} of the clock {clock['id']} of {name}")
    if count < 400 or len(sources) < 200:
        print(f"only {count} words were looked for in {len(sources)} files")


main()
PYTHON

words() { # AGREEMENTS SOURCES
    python3 "$work/words.py" "$1" "$2"
}

# A source that knows what it must not is found, once for each line here.
mkdir -p "$work/src"
cp -R src/register src/record "$work/src"
cat >"$work/src/register/knows.c" <<'C'
static const char *const a = "K-07";
static const char *const b = "step/consensus";
static const char *const c = "party/pakistan";
static const char *const d = "harbouring, says observer/un";
static const char *const e = "rung-04 of the ladder";
static const char *const f = "infiltration";
static const long g = 259200000;
C

words agreements "$work/src" | grep 'knows\.c' >"$work/knows"
found() { # WORD
    grep -F -e "$1" "$work/knows"
}

expect "no agreement's word is in the source" 0 '' words agreements src
for word in '"K-07"' '"consensus"' '"party/pakistan"' '"observer/un"' '"rung-04"' '"infiltration"' 259200000; do
    expect "$word in a source is found" 0 'knows' found "$word"
done
expect "what another line has is not" 1 '' found '"A-01"'
done_testing
