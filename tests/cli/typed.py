"""Runs COMMAND at a terminal of its own and types LINEs at its prompts, one at each.

    typed.py LINE... -- COMMAND...

Prints what the terminal showed, and ends with the command's status. "^C" as a LINE is the
key that interrupts.
"""

import os
import pty
import sys

split = sys.argv.index("--")
lines, command = sys.argv[1:split], sys.argv[split + 1 :]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
shown = b""
while True:
    try:
        got = os.read(terminal, 4096)
    except OSError:  # the other end is closed
        break
    shown += got
    if shown.endswith(b": ") and lines:
        line = lines.pop(0)
        os.write(terminal, b"\x03" if line == "^C" else line.encode() + b"\n")
sys.stdout.buffer.write(shown.replace(b"\r\n", b"\n"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) % 256)
