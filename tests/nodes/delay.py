"""Of two files of lines "ID MS", sent and heard: how many were heard, and after how long."""

import sys

sent, heard = ({l.split()[0]: float(l.split()[1]) for l in open(f)} for f in sys.argv[1:3])
delays = sorted(heard[i] - sent[i] for i in sent if i in heard)
at = lambda share: round(delays[min(len(delays) - 1, int(len(delays) * share))])
print(len(sent), len(delays), at(0.5) if delays else -1, at(0.99) if delays else -1)
