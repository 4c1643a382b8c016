"""How long a record takes from being signed at one node to where all can see it.

latency.py COUNT KEY-FILE SULH DIR URL...: signs COUNT incidents at DIR, one after the other, and
watches every URL. A line for each that came: the milliseconds until the command was answered, and
until all showed it, each on a checkpoint that a quorum had cosigned.
"""

import json
import subprocess
import sys
import threading
import time
import urllib.request

count, key, sulh, directory = int(sys.argv[1]), *sys.argv[2:5]
urls = sys.argv[5:]
EACH_S = 0.4  # apart, so that they do not share all their checkpoints
PATIENCE_S = 40
lines = [None] * count


def get(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return json.load(answer)


def shows(url, name):
    """A node cosigned by the quorum as it is, that has the record."""
    try:
        nodes = get(url + "/api/nodes")
        if nodes.get("cosigned", 0) < nodes["quorum"]:
            return False
        return "incident" in get(url + "/api/incidents/" + name)
    except (OSError, ValueError):
        return False


def watch(i, name, begun, answered):
    left = list(urls)
    while left and time.monotonic() - begun < PATIENCE_S:
        left = [url for url in left if not shows(url, name)]
        time.sleep(0.02)
    if not left:
        lines[i] = (answered - begun, time.monotonic() - begun)


watchers = []
for i in range(count):
    fields = json.dumps({"title": "Number %d" % i}).encode()
    begun = time.monotonic()
    said = subprocess.run([sulh, "record", directory, "incident.open", "-", "--key-file", key],
                          input=fields, capture_output=True, check=False)
    answered = time.monotonic()
    if said.returncode == 0:
        name = json.loads(said.stdout)["id"]
        watchers.append(threading.Thread(target=watch, args=(i, name, begun, answered)))
        watchers[-1].start()
    time.sleep(max(0, begun + EACH_S - time.monotonic()))
for watcher in watchers:
    watcher.join()
for line in filter(None, lines):
    print("%d %d" % (line[0] * 1000, line[1] * 1000))
