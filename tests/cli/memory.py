"""How often bytes stand in the memory of a process that can be written to.

    memory.py PID HEX...

Prints the numbers in the order of HEX. Ends with 77 where this user may not look.
"""

import sys

CHUNK = 1 << 24

def regions(pid):
    with open(f"/proc/{pid}/maps", encoding="ascii", errors="replace") as maps:
        for line in maps:
            span, mode = line.split()[:2]
            start, end = (int(part, 16) for part in span.split("-"))
            if mode.startswith("rw") and end - start < 1 << 32:  # more is a sanitizer's shadow
                yield start, end


def count(pid, wanted):
    found = [0] * len(wanted)
    longest = max(map(len, wanted))
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for start, end in regions(pid):
            kept = b""
            for at in range(start, end, CHUNK):
                try:
                    memory.seek(at)
                    got = memory.read(min(CHUNK, end - at))
                except OSError:  # not there, though mapped
                    got, kept = b"", b""
                window = kept + got
                for i, bytes_ in enumerate(wanted):
                    found[i] += window.count(bytes_) - kept.count(bytes_)
                kept = window[-(longest - 1) :]
    return found


try:
    print(*count(int(sys.argv[1]), [bytes.fromhex(word) for word in sys.argv[2:]]))
except PermissionError:
    sys.exit(77)
