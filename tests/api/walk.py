#!/usr/bin/env python3
"""Goes to every place where a node shows something, as everybody, and looks for texts that were put
into records to be found.

    walk.py http DIR URL MARKS FIRST AGREEMENT SULH   every route of /api/openapi.json, with every
                                                      id that an answer names, as everybody
    walk.py open DIR MARKS FIRST AGREEMENT SULH       sulh open, of every record, as everybody
    walk.py files MARKS [TIER...] -- FILE...          files and folders, which may hold these tiers

MARKS has a line `TIER TEXT` of each text; the tier `nobody` is for what must stand nowhere, and
`participants` for what is in public parts and yet not for strangers. Each
text is looked for as it is, in hexadecimal, in base64 and as UTF-16. Who may read which tier is
computed here, of the agreement's file and of what the log says of keys. Prints a line for each text
that stands where it may not (`leak`), or does not stand anywhere where it should (`lack`), and ends
with 1 when there is one.
"""

import base64
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tomllib
import urllib.parse

ID = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


# --- what is looked for ---


def spellings(text):
    raw = text.encode()
    yield raw.lower()
    yield raw.hex().encode()
    yield text.encode("utf-16-le").lower()
    for skip in range(3):
        coded = base64.b64encode(bytes(skip) + raw).rstrip(b"=")
        start = (0, 2, 3)[skip]
        whole = (len(raw) + skip) * 8 // 6  # what the bytes behind it can change is left out
        yield coded[start:whole].lower()


class Marks:
    def __init__(self, path):
        self.tier = {}
        self.spelt = []
        self.known = {}  # most answers are the same for all
        for line in open(path, encoding="utf-8"):
            tier, text = line.split()
            self.tier[text] = tier
            self.spelt += [(form, text) for form in spellings(text)]

    def of(self, tier):
        return {text for text, its in self.tier.items() if its == tier}

    def within(self, body):
        key = hash(body)
        if key not in self.known:
            low = body.lower()
            self.known[key] = {text for form, text in self.spelt if form in low}
        return self.known[key]


class Sight:
    """What one may see, and has seen."""

    def __init__(self, name, may, marks):
        self.name, self.may, self.marks, self.seen, self.leaks = name, may, marks, set(), []

    def look(self, where, body):
        for text in sorted(self.marks.within(body)):
            self.seen.add(text)
            if self.marks.tier[text] not in self.may:
                self.leaks.append(f"leak: {self.name} finds {text} in {where}")

    def report(self):
        lacks = [
            f"lack: {self.name} finds {text} nowhere"
            for tier in self.may
            for text in sorted(self.marks.of(tier) - self.seen)
        ]
        for line in self.leaks + lacks:
            print(line)
        return not (self.leaks or lacks)


# --- who may read what ---


def tiers_of(agreement, org, role):
    """The tiers that this key opens alone: what is sealed takes two."""
    reads = next((r.get("reads", []) for r in agreement["role"] if r["id"] == role), [])
    return {t["id"] for t in agreement["tier"] if t["id"] in reads and org in t.get("of", [])} - {"sealed"}


def keys_of(folder, sulh, agreement, size):
    """Each author's key that this node has an identity of, with the tiers that it reads."""
    keys = {}
    for index in range(size):
        shown = subprocess.run([sulh, "show", folder, "entry", str(index), "--json"], capture_output=True)
        if shown.returncode or not (shown.stdout.startswith(b"{")):
            continue
        note = json.loads(shown.stdout).get("note")
        body = note and json.loads(note.split("\n")[2])["body"]
        if body and "role" in body and "key" in body:
            name = body["key"].split("+")[0]
            if os.path.exists(f"{folder}/keys/{name}.age"):
                keys[name] = {"public", "participants"} | tiers_of(agreement, body["org"], body["role"])
    return keys


# --- over HTTP ---


class OwnerSocket(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("node")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(120)
        self.sock.connect(self.path)


class Walk:
    def __init__(self, connection, token, sight, first):
        self.connection, self.sight, self.first = connection, sight, first
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.ids, self.count = set(), 0

    def get(self, path):
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        self.count += 1
        self.sight.look(path, str(answer.getheaders()).encode() + body)
        return answer.status, body

    def read(self, path):
        status, body = self.get(path)
        if status != 200:
            sys.exit(f"{self.sight.name}: {path} is {status}: {body[:200]!r}")
        return json.loads(body)

    def texts(self, name, status):
        """What a parameter of a path can be that is no id."""
        size = status["checkpoint"]["size"]
        return {
            "index": range(self.first, size),
            "number": [1],
            "bundle": [f"000.p/{size}"],
            "tile": [f"0/000.p/{size}"],
            "form": [f["id"] for f in self.read("/api/forms")["forms"]],
            "file": ["agreement.toml"],
            "key": ["observer/mission/1"],
            "path": ["formList", "formList?verbose=true", "forms/community", "manifest/community", "submission"],
        }[name]

    def queries(self, path, status):
        """The same route, asked otherwise."""
        if path == "/api/readers":
            return [f"?tier={tier}" for tier in ("mechanism", "mission", "sealed")]
        if path == "/api/ledgers":
            return ["?left=party/pakistan&right=party/afghanistan", "?left=observer/mission&right=party/pakistan"]
        if path == "/api/incidents":
            return ["?limit=500", "?limit=500&as_of=%d" % (status["size"] - 2), "?box=0,0,900000000,1800000000"]
        return [""]

    def go(self):
        status = self.read("/api/status")
        paths = [p for p, m in self.read("/api/openapi.json")["paths"].items() if "get" in m]
        by_id = []
        pages = ["/", "/forms", "/form?id=community", "/due", "/crossings", "/notices"]
        for path in [*pages, *paths]:
            name = re.search(r"\{(\w+)\}", path)
            if name and name[1] == "id":
                by_id.append(path)
            elif name:
                for value in self.texts(name[1], status):
                    self.learn(path.replace(name[0], str(value)))
            else:
                for query in self.queries(path, status):
                    self.learn(path + query)
        for page in ("incident/", "record/", "case/", "part?id="):  # of one: a page asks for what it shows
            self.get(f"/{page}{min(self.ids)}")
        asked = set()
        while self.ids - asked:
            for one in sorted(self.ids - asked):
                asked.add(one)
                for path in by_id:
                    self.learn(path.replace("{id}", one), ids=path.startswith(("/api/incidents", "/api/records", "/api/cases")))

    def learn(self, path, ids=None):
        _, body = self.get(path)
        if ids or ids is None and path.startswith(("/api/entries", "/api/incidents", "/api/cases", "/api/due", "/api/outbox")):
            self.ids |= {found.decode() for found in ID.findall(body)}


def walk_http(folder, url, marks, first, agreement, sulh):
    place = urllib.parse.urlsplit(url)
    size = Walk(http.client.HTTPConnection(place.netloc), None, Sight("", set(), marks), 0).read("/api/status")["size"]
    viewers = [("nobody", None, {"public"}), ("the node's owner", None, {"public", "participants"})]
    for name, may in sorted(keys_of(folder, sulh, agreement, size).items()):
        token = subprocess.run(
            [sulh, "sign-in", url, "--dir", folder, "--as", name, "--token"], capture_output=True, text=True, check=True
        ).stdout.strip()
        viewers.append((name, token, may))
    good = len(viewers) > 4
    for name, token, may in viewers:
        sight = Sight(name, may, marks)
        to = OwnerSocket(f"{folder}/socket") if name.startswith("the") else http.client.HTTPConnection(place.netloc)
        walk = Walk(to, token, sight, first)
        walk.go()
        print(f"# {name} ({', '.join(sorted(may))}): {walk.count} answers, {len(sight.seen)} texts", file=sys.stderr)
        good = sight.report() and good and walk.count > 100
    return good


# --- by the commands, and on the disk ---


def walk_open(folder, marks, first, agreement, sulh):
    size = json.loads(subprocess.run([sulh, "status", folder, "--json"], capture_output=True, check=True).stdout)["size"]
    ids = []
    for index in range(first, size):
        shown = subprocess.run([sulh, "show", folder, "entry", str(index), "--json"], capture_output=True)
        ids.append(json.loads(shown.stdout)["id"])
    good = True
    keys = keys_of(folder, sulh, agreement, size)
    for name, may in sorted(keys.items()):
        sight = Sight(f"sulh open --as {name}", may, marks)
        for one in ids:
            said = subprocess.run([sulh, "open", folder, one, "--as", name], capture_output=True)
            sight.look(one, said.stdout + said.stderr)
        # Media are looked for over HTTP: here they are files.
        print(f"# {name}: {len(sight.seen)} texts", file=sys.stderr)
        for line in sight.leaks:
            print(line)
        good = good and not sight.leaks and bool(sight.seen)
    return good and len(keys) > 4


def files_below(paths):
    for path in paths:
        if not os.path.isdir(path):
            yield path
        for folder, _, names in os.walk(path):
            yield from (os.path.join(folder, name) for name in names)


def walk_files(marks, may, paths):
    sight = Sight("the disk", set(may), marks)
    for path in files_below(paths):
        if os.path.isfile(path):
            sight.look(path, path.encode() + b"\n" + open(path, "rb").read())
    return sight.report()


def main(what, *rest):
    if what == "files":
        middle = rest.index("--")
        return walk_files(Marks(rest[0]), rest[1:middle], rest[middle + 1 :])
    *places, marks, first, agreement, sulh = rest
    with open(f"{agreement}/agreement.toml", "rb") as file:
        terms = tomllib.load(file)
    walk = {"http": walk_http, "open": walk_open}[what]
    return walk(*places, Marks(marks), int(first), terms, sulh)


sys.exit(0 if main(*sys.argv[1:]) else 1)
