"""Writes other text into one cell: change.py FILE.csv ID COLUMN TEXT. The first column names rows."""

import csv
import sys

path, row_id, column, text = sys.argv[1:]
with open(path, encoding="utf-8", newline="") as f:
    rows = list(csv.reader(f))
(row,) = [row for row in rows[1:] if row[0] == row_id]
row[rows[0].index(column)] = text
with open(path, "w", encoding="utf-8", newline="") as f:
    csv.writer(f, lineterminator="\n").writerows(rows)
