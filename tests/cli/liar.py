"""A server that stands before another and lies about its log, for tests.

liar.py URL LIE: prints its own address, and answers GET with what URL answers, but for one lie.
With the lie "signs-out" all is told as it is, but of a session that begins here the node hears the
end, once: whoever reads is strange to it in the middle.
"""

import http.server
import sys
import urllib.error
import urllib.request

url, lie = sys.argv[1:]
asked = {}


def fetch(path, body=None, headers=()):
    asking = urllib.request.Request(url + path, data=body, headers=dict(headers))
    try:
        with urllib.request.urlopen(asking, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()


def another_entry(body):
    """One author's word is another's; no entry is longer or shorter."""
    return body.replace(b"observer/open-source/1", b"observer/open-source/2", 1)


def is_bundle(path):
    return path.startswith("/tile/entries/")


def change(path, nth, body):
    if lie == "entry" and is_bundle(path):
        return another_entry(body)
    if lie == "entry-again" and path == "/tile/entries/000" and nth > 1:
        return another_entry(body)
    if lie == "tile" and path.startswith("/tile/0/"):
        return bytes([body[0] ^ 1]) + body[1:]
    if lie == "short" and is_bundle(path):
        return body[:-1]
    if lie == "keys" and path == "/checkpoint":
        text, lines = body.split(b"\n\n", 1)
        name, signature = lines.split(b"\n")[0].rsplit(b" ", 1)
        return text + b"\n\n" + name + b" " + signature.swapcase() + b"\n"
    if lie == "smaller" and path == "/checkpoint":
        lines = body.split(b"\n")
        lines[1] = b"%d" % (int(lines[1]) - 1)
        return b"\n".join(lines)
    if lie == "no-checkpoint" and path == "/checkpoint":
        return b"<html>not today</html>\n"
    return body


class Liar(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        nth = asked.get(self.path, 0)
        asked[self.path] = nth + 1
        if lie == "signs-out" and is_bundle(self.path) and not asked.get("signed out"):
            asked["signed out"] = True
            fetch("/sign-out", b"", self.whose())
        status, body = fetch(self.path, headers=self.whose())
        if lie == "endless" and is_bundle(self.path):
            return self.endless()
        if lie == "refuses" and is_bundle(self.path):
            status, body = 403, b"{}"
        if lie == "missing" and is_bundle(self.path):
            status, body = 404, b"{}"
        if status == 200:
            body = change(self.path, nth, body)
        self.answer(status, body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        asked[self.path] = asked.get(self.path, 0) + 1
        print(self.path, asked[self.path], file=sys.stderr, flush=True)
        self.answer(*fetch(self.path, body, {"Content-Type": self.headers["Content-Type"]}))

    def whose(self):
        return {name: value for name, value in self.headers.items() if name == "Authorization"}

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def endless(self):
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            for _ in range(1 << 12):
                self.wfile.write(bytes(1 << 16))
        except OSError:
            pass

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Liar)
server.daemon_threads = True
print("http://127.0.0.1:%d" % server.server_address[1], flush=True)
server.serve_forever()
