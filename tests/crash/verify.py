#!/usr/bin/env python3
"""Holds what was answered, and every checkpoint that was seen, against the log.

  verify.py DIR ANSWERED... -- CHECKPOINT...

ANSWERED has lines "ID INDEX". It reads the log's tiles by itself, and shares no line with
the program.
"""

import base64
import hashlib
import os
import sys


def sha(data):
    return hashlib.sha256(data).digest()


def checkpoint(path):
    with open(path, encoding="utf-8") as f:
        _, size, root = f.read().split("\n")[:3]
    return int(size), base64.b64decode(root)


def bundle_path(directory, index, width):
    digits = f"{index:03d}"
    while len(digits) % 3:
        digits = "0" + digits
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    path = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
    return f"{directory}/log/tile/entries/{path}" + (f".p/{width}" if width < 256 else "")


def entries(directory, size):
    for index in range((size + 255) // 256):
        width = min(256, size - 256 * index)
        with open(bundle_path(directory, index, width), "rb") as f:
            data = f.read()
        at = 0
        for _ in range(width):
            length = int.from_bytes(data[at : at + 2], "big")
            yield data[at + 2 : at + 2 + length]
            at += 2 + length


class Tree:
    """The roots of all sizes that are asked for, in rising order."""

    def __init__(self):
        self.peaks = []  # (level, hash)
        self.size = 0

    def push(self, entry):
        level, node = 0, sha(b"\0" + entry)
        while self.peaks and self.peaks[-1][0] == level:
            node = sha(b"\1" + self.peaks.pop()[1] + node)
            level += 1
        self.peaks.append((level, node))
        self.size += 1

    def root(self):
        node = self.peaks[-1][1]
        for _, left in reversed(self.peaks[:-1]):
            node = sha(b"\1" + left + node)
        return node


def main():
    split = sys.argv.index("--")
    directory, answered, seen = sys.argv[1], sys.argv[2:split], sys.argv[split + 1 :]
    size, root = checkpoint(f"{directory}/log/checkpoint")
    wanted = {}
    for path in seen:
        if os.path.getsize(path):
            wanted.setdefault(checkpoint(path)[0], set()).add(checkpoint(path)[1])
    wanted.setdefault(size, set()).add(root)

    tree, ids = Tree(), []
    for entry in entries(directory, size):
        tree.push(entry)
        ids.append(hashlib.sha256(entry[: entry.rindex(b"\n\n") + 1]).hexdigest())
        if tree.size in wanted and wanted[tree.size] != {tree.root()}:
            sys.exit(f"another root was published at size {tree.size}")
    if max(wanted) > size:
        sys.exit(f"size {max(wanted)} was published, the log has {size}")

    count = 0
    for path in answered:
        with open(path, encoding="ascii") as f:
            for line in f:
                if not line.endswith("\n"):
                    continue  # the client was stopped while it wrote
                record, index = line.split()
                if int(index) >= size or ids[int(index)] != record:
                    sys.exit(f"record {record} was answered with {index} and is not there")
                count += 1
    if count == 0:
        sys.exit("nothing was answered")
    print(f"{count} answered records are there, {len(wanted)} checkpoints are of this log, "
          f"{size} entries")


main()
