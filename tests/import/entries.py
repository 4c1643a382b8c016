"""Reads the records of DIR/log as doc/format.md describes it, without the program.

As a module, `records` gives them in their order: {index, id, kind, by, body}. As a program,
entries.py DIR EXPRESSION evaluates a Python expression over them, as `r`, with `live(kind)`
for the last record of each external id; it exits with 1 unless it is true.
"""

import hashlib
import json
import os
import re
import sys


def bundles(directory):
    found = {}
    top = os.path.join(directory, "log", "tile", "entries")
    for path, _, names in os.walk(top):
        for name in names:
            full = os.path.join(path, name)
            groups = re.findall(r"\d{3}", os.path.relpath(full, top).split(".p")[0])
            width = int(name) if ".p" + os.sep in full else 256
            index = int("".join(groups))
            if width > found.get(index, (0, ""))[0]:
                found[index] = (width, full)
    return [found[i][1] for i in sorted(found)]


def entries(directory):
    for path in bundles(directory):
        with open(path, "rb") as f:
            data = f.read()
        while data:
            size = int.from_bytes(data[:2], "big")
            yield data[2 : 2 + size]
            data = data[2 + size :]


def records(directory):
    out = []
    for index, note in enumerate(entries(directory)):
        text = note[: note.rindex(b"\n\n") + 1]
        name, kind, body = text.decode().splitlines()
        record = json.loads(body)
        out.append(
            {
                "index": index,
                "id": hashlib.sha256(text).hexdigest(),
                "kind": kind.split()[0],
                "by": record["by"],
                "body": record["body"],
            }
        )
    return out


def live_of(r):
    def live(kind):
        return {x["body"]["external_id"]: x for x in r if x["kind"] == kind}

    return live


if __name__ == "__main__":
    r = records(sys.argv[1])
    value = eval(sys.argv[2], {"r": r, "live": live_of(r), "json": json})
    if value is not True:
        print(value)
    sys.exit(value is not True)
