"""Reads an agreement's folder as a careful second reader would, and says what does not fit together:

    python3 agreements/check.py agreements/doha-istanbul-2025

Nothing but Python 3.11. It checks more than the program needs to start: that what is named exists,
that what a page shows has English and Urdu, that sources exist, that a word means one act. Exit
status 0 when all of it holds, 1 when something does not.
"""

import csv
import json
import re
import sys
import tomllib
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data" / "chronology"
RULES = DATA.parent.parent / "doc" / "rules.md"
STATUS = {"agreed", "claimed by one side", "disputed", "proposed"}
CAPABILITIES = set(re.search(r"^A role of the agreement may have these capabilities: (.*)$",
                             RULES.read_text(encoding="utf-8"), re.M)[1].strip(".").replace("`", "").split(", "))
LANGUAGES = ("en", "ur")
TEXTS = ("label", "name", "text", "about", "title", "disclaimer")
INTEGER_LIMIT = 2**53 - 1

# (section, member): the section whose ids it names, one or a list of them.
NAMES = {
    ("agreement", "no_move"): "clause",
    ("organisation", "role"): "role", ("organisation", "side"): "side",
    ("role", "clause"): "clause", ("clause", "carries_out"): "clause",
    ("act", "clause"): "clause", ("act", "also"): "clause", ("act", "group"): "act_group",
    ("act", "grade"): "grade", ("act", "modes"): "mode",
    ("mode", "clause"): "clause", ("grade", "clause"): "clause", ("standard", "clause"): "clause",
    ("rung", "clause"): "clause", ("rung", "standard"): "standard", ("tier", "clause"): "clause",
    ("clock", "clause"): "clause", ("step", "clause"): "clause", ("step", "not_for_grades"): "grade",
    ("sector", "file"): "file", ("crossing", "sector"): "sector",
}


def listed(value):
    return value if isinstance(value, list) else [value]


def walk(value, where):
    yield where, value
    for key, inner in (value.items() if isinstance(value, dict)
                       else enumerate(value) if isinstance(value, list) else ()):
        yield from walk(inner, f"{where}.{key}")


def faults_of_form(terms):
    for where, value in walk(terms, "agreement.toml"):
        if isinstance(value, bool) or not isinstance(value, (dict, list, str, int)):
            yield f"{where}: neither string, integer, array nor table"
        elif isinstance(value, int) and abs(value) > INTEGER_LIMIT:
            yield f"{where}: beyond 2^53 - 1"
    for section, items in terms.items():
        seen = set()
        for item in items if isinstance(items, list) else ():
            if not re.fullmatch(r"[!-~]{1,64}", item.get("id", "")):
                yield f"{section}: an id is missing, or not 1 to 64 printable ASCII characters: {item}"
            elif item["id"] in seen:
                yield f"{section}/{item['id']}: stands twice"
            seen.add(item.get("id"))


def faults_of_reference(terms):
    ids = {s: {i["id"] for i in items} for s, items in terms.items() if isinstance(items, list)}
    for (section, member), target in NAMES.items():
        for item in listed(terms.get(section, [])):
            for name in listed(item.get(member, [])):
                if name not in ids.get(target, ()):
                    yield f"{section}/{item.get('id', '')}: {member} \"{name}\" is no {target}"
    for role in terms.get("role", ()):
        never = set(role.get("may_not", []))
        for word in (set(role["may"]) | never) - CAPABILITIES:
            yield f"role/{role['id']}: \"{word}\" is no capability"
        for word in set(role["may"]) & never:
            yield f"role/{role['id']}: \"{word}\" stands in may and in may_not"
    owner = {}
    for act in terms.get("act", ()):
        for word in act.get("words", ()):
            if word in owner:
                yield f"act/{act['id']}: \"{word}\" is a word of {owner[word]} already"
            owner[word] = act["id"]
    organisations = terms.get("organisation", [{}])
    if organisations[0].get("root") != 1:
        yield "organisation: the first signs entry 0 and must be a root"


def faults_of_text(terms):
    with open(DATA / "sources.csv", encoding="utf-8", newline="") as file:
        sources = {row["source_id"] for row in csv.DictReader(file)}
    for section, items in terms.items():
        for item in listed(items):
            at = f"{section}/{item.get('id', '')}"
            for member in TEXTS:
                texts = item.get(member)
                for language in LANGUAGES if isinstance(texts, dict) else ():
                    if not texts.get(language):
                        yield f"{at}: {member} lacks {language}"
            if "status" in item and item["status"] not in STATUS:
                yield f"{at}: \"{item['status']}\" is no status"
            for where, value in walk(item, at):
                if where.endswith(".sources"):
                    yield from (f"{where}: no source {s}" for s in value if s not in sources)
    for clause in terms.get("clause", ()):
        if clause.get("status") != "proposed" and not clause.get("sources"):
            yield f"clause/{clause['id']}: not proposed, and no source"
    for period in terms.get("period", ()):
        if period.get("end_ms", INTEGER_LIMIT) <= period["start_ms"]:
            yield f"period/{period['id']}: ends before it begins"


def faults_of_places(terms, folder):
    features = {}
    for file in terms.get("file", ()):
        path = folder / file["id"]
        if not path.is_file():
            yield f"file/{file['id']}: is not in the folder"
            continue
        found = json.loads(path.read_text(encoding="utf-8"))["features"]
        features[file["id"]] = {f["properties"]["id"]: f["properties"] for f in found}
    for sector in terms.get("sector", ()):
        feature = features.get(sector["file"], {}).get(sector["id"])
        if feature is None:
            yield f"sector/{sector['id']}: no feature of {sector['file']}"
        elif feature["name"] != sector["name"]:
            yield f"sector/{sector['id']}: {sector['file']} names it otherwise"
    for crossing in terms.get("crossing", ()):
        for n, position in enumerate(crossing["position"]):
            if set(position) != {"lat_e7", "lon_e7", "uncertainty_m", "kind", "source"}:
                yield f"crossing/{crossing['id']}: position {n + 1} lacks a member, or has one too many"


def main(folder):
    terms = tomllib.loads((folder / "agreement.toml").read_text(encoding="utf-8"))
    faults = [*faults_of_form(terms), *faults_of_reference(terms), *faults_of_text(terms),
              *faults_of_places(terms, folder)]
    for fault in faults:
        print(fault)
    count = sum(len(items) for items in terms.values() if isinstance(items, list))
    print(f"{folder}: {count} items, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
