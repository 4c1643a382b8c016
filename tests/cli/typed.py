"""Runs COMMAND at a terminal of its own and types LINEs at its prompts, one at each.

    typed.py LINE... -- COMMAND...

Prints what the terminal showed, and ends with the command's status. "^C" as a LINE is the
key that interrupts; "SIGTERM" or another name sends that signal instead, and whether the terminal
still shows what is typed is printed at the end.
"""

import os
import pty
import signal
import sys
import termios

split = sys.argv.index("--")
lines, command = sys.argv[1:split], sys.argv[split + 1 :]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
shown, signaled = b"", False
while True:
    try:
        got = os.read(terminal, 4096)
    except OSError:  # the other end is closed
        break
    shown += got
    while shown.endswith(b": ") and lines:
        line = lines.pop(0)
        if line.startswith("SIG"):
            signaled = True
            os.kill(child, getattr(signal, line))
            continue  # if it is still there, it waits at the same prompt
        os.write(terminal, b"\x03" if line == "^C" else line.encode() + b"\n")
        break
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) % 256
sys.stdout.buffer.write(shown.replace(b"\r\n", b"\n"))
if signaled:
    echo = termios.tcgetattr(terminal)[3] & termios.ECHO
    print("what is typed is", "shown" if echo else "hidden")
sys.exit(status)
