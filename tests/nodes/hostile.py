"""A peer that lies, as FILE says at the moment, in front of an honest one.

hostile.py PORT HONEST-URL FILE: what it answers to everything is named by the word in FILE:
honest, silent, garbage, endless, redirect, error, foreign, tiles, slow.
"""

import http.server
import socketserver
import sys
import time
import urllib.error
import urllib.request

port, honest, mode_file = int(sys.argv[1]), sys.argv[2], sys.argv[3]
FOREIGN = "log.example.org/else\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
FOREIGN += "\u2014 log.example.org/else aGVsbG8sIHdvcmxkLCB0aGlzIGlzIG5vIHNpZ25hdHVyZSBhdCBhbGw=\n"


def ask(request):
    body = request.body
    kind = {"Content-Type": request.headers.get("Content-Type", "")} if body else {}
    made = urllib.request.Request(honest + request.path, data=body, headers=kind)
    try:
        with urllib.request.urlopen(made, timeout=8) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


class Peer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def honest(self):
        self.answer(*ask(self))

    def silent(self):
        time.sleep(12)
        self.close_connection = True

    def garbage(self):
        self.answer(200, bytes(range(256)) * 4)

    def endless(self):
        self.send_response(200)
        self.end_headers()
        self.close_connection = True
        while True:
            self.wfile.write(b"x" * 65536)

    def redirect(self):
        self.answer(302, b"", [("Location", honest + self.path)])

    def error(self):
        self.answer(500, b"no\n")

    def foreign(self):
        self.answer(200, FOREIGN.encode())

    def tiles(self):
        status, body = ask(self)
        if self.path.startswith("/tile/"):
            body = bytes(b ^ 1 for b in body)
        self.answer(status, body)

    def slow(self):
        status, body = ask(self)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        step = max(1, len(body) // 10)
        for i in range(0, len(body), step):
            time.sleep(0.05)
            self.wfile.write(body[i : i + step])

    def any(self):
        length = int(self.headers.get("Content-Length", 0))
        self.body = self.rfile.read(length) if length else None
        try:
            with open(mode_file) as file:
                getattr(self, file.read().strip())()
        except (OSError, urllib.error.URLError):
            self.close_connection = True

    do_GET = do_POST = any

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    allow_reuse_address = True


Server(("127.0.0.1", port), Peer).serve_forever()
