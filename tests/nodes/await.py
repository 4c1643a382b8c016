"""Waits until an expression over what nodes answer is true: `o` is what the first of them answers,
`each` what all do, in JSON; and quiet(x) for how many seconds x has been the same.

    await.py SECONDS EXPRESSION ADDRESS...    http://HOST:PORT/PATH, or SOCKET|/PATH
"""

import json
import re
import socket
import sys
import time

PAUSE_S = 0.2
ANSWER_S = 30  # then it is asked again


def ask(address, left):
    there, path = re.fullmatch(r"http://([^/]+)(/.*)|(.*)\|(/.*)", address).group(1, 2)
    host = there or "node"
    if there:
        name, port = there.split(":")
        line, where = socket.socket(), (name, int(port))
    else:
        line, (where, path) = socket.socket(socket.AF_UNIX), address.split("|")
    with line:
        line.settimeout(min(max(left, 1), ANSWER_S))
        line.connect(where)
        line.sendall(f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
        with line.makefile("rb") as answer:
            return json.loads(answer.read().partition(b"\r\n\r\n")[2])


class Quiet:
    value, since = None, 0

    def __call__(self, value):
        if value != self.value:
            self.value, self.since = value, time.monotonic()
        return time.monotonic() - self.since


def holds(expression, addresses, left, quiet):
    each = [ask(address, left) for address in addresses]
    return eval(expression, {"o": each[0], "each": each, "quiet": quiet}) is True


def main(seconds, expression, *addresses):
    program = compile(expression, "expression", "eval")
    quiet = Quiet()
    until = time.monotonic() + float(seconds)
    while True:
        why = "it is not so"
        try:
            if holds(program, addresses, until - time.monotonic(), quiet):
                return 0
        except (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError) as fault:
            why = repr(fault)  # what is asked for is not there yet
        if time.monotonic() > until:
            print(f"# {expression}: {why}, after {seconds} seconds", file=sys.stderr)
            return 1
        time.sleep(PAUSE_S)


sys.exit(main(*sys.argv[1:]))
