"""Pages through a node's API, and says how much memory processes take.

    rss.py of PID            VmRSS and VmHWM of a process, in MB
    rss.py run COMMAND...    runs it, silent, and prints its largest resident size in MB
    rss.py page URL          every page of incidents, every 1000th entry and its receipt; how many
"""

import json
import resource
import subprocess
import sys
import urllib.request


def of(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        fields = dict(line.split(":", 1) for line in status if line.startswith("Vm"))
    print(*(int(fields[name].split()[0]) // 1024 for name in ("VmRSS", "VmHWM")))


def run(*command):
    ended = subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
    sys.exit(ended)


def get(url, path):
    with urllib.request.urlopen(url + path, timeout=60) as answer:
        got = answer.read()
        return json.loads(got) if answer.headers["Content-Type"] == "application/json" else got


def page(url):
    asked, after = 0, ""
    while True:
        got = get(url, "/api/incidents?limit=100" + (f"&after={after}" if after else ""))
        asked, after = asked + 1, got.get("next", "")
        for incident in got["incidents"][:1]:
            get(url, "/api/incidents/" + incident["id"])
        if not after:
            break
    size = get(url, "/api/status")["size"]
    get(url, f"/api/incidents?as_of={size - 3}")  # every item there was is looked at
    for index in range(0, size, 1000):
        get(url, f"/api/entries/{index}")
        get(url, f"/api/entries/{index}/receipt")
        asked += 2
    print(asked + 1)


{"of": of, "run": run, "page": page}[sys.argv[1]](*sys.argv[2:])
