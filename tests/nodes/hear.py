"""Hears what comes over the hotline at a node, as a console does: asks through DIR/socket for what
there is, and waits there for news. For each message to ORG a line "ID MS", when it was first seen,
until COUNT of them are, or SECONDS have gone by.

    hear.py DIR ORG COUNT SECONDS
"""

import http.client, json, socket, sys, time


class Unix(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.host_path)


def ask(connection, query):
    connection.request("GET", "/api/hotline?" + query)
    return json.loads(connection.getresponse().read())


directory, org, count, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
connection = Unix("localhost", timeout=40)
connection.host_path = directory + "/socket"
known, heard, token, until = set(), 0, "0", time.time() + seconds
while heard < count and time.time() < until:
    answer = ask(connection, f"limit=30&after={token}&wait=2")
    if answer["token"] == token or all(m["id"] not in known for m in answer["messages"]):
        answer = ask(connection, "limit=500")  # there may be more that is new than was asked for
    now, token = time.time() * 1000, answer["token"]
    for message in answer["messages"]:
        if message["to"] == org and message["id"] not in known:
            heard += 1
            print(message["id"], f"{now:.1f}", flush=True)
        known.add(message["id"])
sys.exit(heard < count)
