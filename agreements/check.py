"""Reads an agreement's folder as a careful second reader would, and says what does not fit together:

    python3 agreements/check.py agreements/doha-istanbul-2025

Nothing but Python 3.11. It checks more than the program needs to start: that what is named exists,
that what a page shows has every language that the agreement calls complete, that sources exist, that a word
means one act, that kinds of records that moves name are known and which of them nobody may use. Exit status 0
when all of it holds, 1 when something does not.
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
TEXTS = ("label", "name", "text", "about", "title", "disclaimer", "evidence")
INTEGER_LIMIT = 2**53 - 1

# (section, member): the section whose ids it names, one or a list of them. What rules read stands in
# doc/rules.md, under Terms; this is what only people and pages read.
NAMES = {
    ("agreement", "no_move"): "clause",
    ("organisation", "role"): "role", ("organisation", "side"): "side",
    ("role", "clause"): "clause", ("clause", "carries_out"): "clause",
    ("act", "also"): "clause", ("act", "group"): "act_group", ("author", "clause"): "clause",
    ("author", "organisation"): "organisation", ("origin", "clause"): "clause",
    ("question", "clause"): "clause", ("mode", "questions"): "question", ("mode", "clause"): "clause",
    ("grade", "clause"): "clause", ("standard", "clause"): "clause", ("rung", "clause"): "clause",
    ("factor", "clause"): "clause", ("ground", "clause"): "clause", ("level", "clause"): "clause",
    ("tier", "clause"): "clause", ("clock", "clause"): "clause", ("step", "clause"): "clause",
    ("obligation", "stage"): "stage", ("stage", "clause"): "clause", ("refusal_ground", "clause"): "clause",
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


def rows(heading):
    """The table under a heading of doc/rules.md, cell by cell."""
    part = RULES.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in part.split("\n") if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def bare(cell):
    return cell.strip("`")


def is_member(ids, terms, what, value):
    """Whether a value is what doc/rules.md says of a member of an item."""
    section = re.match(r"(?:list of ids|id) of `(\w+)`", what)
    if what.startswith("integer, "):
        low, high = map(int, re.search(r"(\d+) to (\d+)", what).groups())
        return isinstance(value, int) and low <= value <= high
    if what.endswith("or `accused`") and value == "accused":
        return True
    if what == "an id":
        return isinstance(value, str) and bool(re.fullmatch("[!-~]{1,64}", value))
    if what.startswith("id of "):
        return value in ids.get(section[1], ())
    if not isinstance(value, list) or (what.endswith("one at least") and not value):
        return False
    if what.startswith("list of needs"):
        groups = {g["id"]: g["organisations"] for g in terms.get("group", ())}
        return all(n.get("group") in groups and 1 <= n.get("count", 0) <= len(groups[n["group"]]) for n in value)
    allowed = (ids.get(section[1], set()) if section else CAPABILITIES if "capabilities" in what
               else set(re.findall(r"`(\w+)`", what)) or None)
    return len(set(value)) == len(value) and (allowed is None or set(value) <= allowed)


def faults_of_members(terms):
    ids = {s: {i["id"] for i in items} for s, items in terms.items() if isinstance(items, list)}
    for section, member, what, required, _ in rows("Terms"):
        for item in terms.get(bare(section), ()):
            at = f"{bare(section)}/{item['id']}: {bare(member)}"
            if bare(member) not in item:
                if required == "yes":
                    yield f"{at} is missing"
            elif not is_member(ids, terms, what, item[bare(member)]):
                yield f"{at} is no {what.replace('`', '')}"


def faults_of_course(terms):
    """What moves, clocks and steps must be together."""
    moves = terms.get("move", ())
    kinds = set(re.findall(r"^### (\S+) \d+$", RULES.read_text(encoding="utf-8"), re.M))
    on = {bare(row[1]) for row in rows("Moves")}
    for move in moves:
        kind, _, word = move["id"].partition("/")
        if kind not in kinds:
            yield f"move/{move['id']}: the program has no kind \"{kind}\""
        elif word and not {f"{kind} {word}", word} & on:
            yield f"move/{move['id']}: the program has no move \"{kind} {word}\""
    ended = {clock for move in moves for clock in move.get("ends", ())}
    started = {clock for move in moves for clock in move.get("starts", ())}
    rungs = {rung["clock"] for rung in terms.get("rung", ()) if "clock" in rung}
    for clock in sorted((started | rungs) - ended):
        yield f"clock/{clock}: is started, and no move ends it"
    for clock in sorted(ended - started - rungs):
        if not any(clock == later["id"] for later in terms.get("clock", ()) if "from" in later):
            yield f"clock/{clock}: is ended, and nothing starts it"
    for clock in sorted({c for move in moves for c in move.get("awaits", ())} - started):
        yield f"clock/{clock}: is awaited, and no move starts it"
    for clock in terms.get("clock", ()):
        if (clock.get("extensions", 0) > 0) != ("extension_ms" in clock):
            yield f"clock/{clock['id']}: extensions and extension_ms go together"
    for section in ("standard", "step", "rung", "grade", "level", "tier"):
        orders = [item.get("order") for item in terms.get(section, ())]
        if len(set(orders)) < len(orders):
            yield f"{section}: two have one order"
    for group in terms.get("group", ()):
        if group["id"] == "accused":
            yield "group/accused: those are of a case, and no group"
    who = {o: g["id"] for g in terms.get("group", ()) for o in g["organisations"]}
    for role in terms.get("role", ()):
        groups = [g["organisations"] for g in terms.get("group", ()) if g["id"] in role.get("groups", ())]
        if role.get("groups") and not set().union(*groups):
            yield f"role/{role['id']}: no organisation may have it"
    for organisation in terms.get("organisation", ()):
        role = next((r for r in terms.get("role", ()) if r["id"] == organisation.get("role")), {})
        groups = [g["organisations"] for g in terms.get("group", ()) if g["id"] in role.get("groups", ())]
        if groups and not any(organisation["id"] in group for group in groups):
            yield f"organisation/{organisation['id']}: its role {role['id']} is for others, not {who.get(organisation['id'])}"


def faults_of_readers(terms):
    """Who reads a tier: whether anybody can, and whether it can be sealed at all."""
    groups = {g["id"]: g["organisations"] for g in terms.get("group", ())}
    for tier in terms.get("tier", ()):
        of, reading = tier.get("of", []), [r for r in terms.get("role", ()) if tier["id"] in r.get("reads", ())]
        if tier["id"] not in ("public", "mechanism", "mission", "sealed"):
            yield f"tier/{tier['id']}: parts have no such tier"
        if tier["id"] == "public":
            if of or reading:
                yield "tier/public: everybody reads it, and nobody is its recipient"
            continue
        for organisation in of:
            if not any(organisation in groups[g] for role in reading for g in role.get("groups", groups)):
                yield f"tier/{tier['id']}: no role of {organisation} reads it"
        for role in reading:
            if not any(o in groups[g] for o in of for g in role.get("groups", groups)):
                yield f"role/{role['id']}: reads {tier['id']}, which is for none of its organisations"
        if len(of) < (2 if tier["id"] == "sealed" else 1):
            yield f"tier/{tier['id']}: too few organisations to read it"


def kinds_without(terms):
    """Kinds that need a move and have none: nobody may use them under this agreement."""
    page = RULES.read_text(encoding="utf-8")
    needing = re.findall(r"^### (\S+) \d+\n(?:(?!^### ).*\n)*?Work of a case", page, re.M)
    return sorted(set(needing) - {move["id"].partition("/")[0] for move in terms.get("move", ())})


def faults_of_reference(terms):
    ids = {s: {i["id"] for i in items} for s, items in terms.items() if isinstance(items, list)}
    for (section, member), target in NAMES.items():
        for item in listed(terms.get(section, [])):
            for name in listed(item.get(member, [])):
                if name not in ids.get(target, ()):
                    yield f"{section}/{item.get('id', '')}: {member} \"{name}\" is no {target}"
    for role in terms.get("role", ()):
        for word in set(role["may"]) & set(role.get("may_not", ())):
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
    sources = {source["id"] for source in terms.get("source", ())}
    if not sources:
        with open(DATA / "sources.csv", encoding="utf-8", newline="") as file:
            sources = {row["source_id"] for row in csv.DictReader(file)}
    languages = [language["id"] for language in terms.get("language", ()) if language.get("complete")]
    if "en" not in languages:
        yield "language/en: must be complete; a page falls back to it"
    for section, items in terms.items():
        for item in listed(items):
            at = f"{section}/{item.get('id', '')}"
            for member in TEXTS:
                texts = item.get(member)
                for language in languages if isinstance(texts, dict) else ():
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
    faults = [*faults_of_form(terms)]
    if not faults: # what follows takes ids for granted
        faults = [*faults_of_members(terms), *faults_of_reference(terms), *faults_of_course(terms), *faults_of_readers(terms),
                  *faults_of_text(terms), *faults_of_places(terms, folder)]
    for fault in faults:
        print(fault)
    count = sum(len(items) for items in terms.values() if isinstance(items, list))
    missing = kinds_without(terms)
    if missing:
        print(f"{folder}: nobody may sign {', '.join(missing)}: no move names them")
    print(f"{folder}: {count} items, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
