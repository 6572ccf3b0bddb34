#!/usr/bin/env python3
"""Simulated plant data to time programs with.

    plants.py ROWS FILE

Twenty sensors and a yes/no answer, written 1 and 0.  About one row in a hundred
has an empty cell, about one in two hundred comes twice.  The same ROWS give the
same file.
"""
import math
import random
import sys

SENSORS = 20


def row(r, weight):
    """One row as text: each sensor has a level and a spread of its own."""
    score = r.gauss(0, 1)
    cells = []
    for i, w in enumerate(weight):
        x = r.gauss(0, 1)
        score += w * x
        cells.append(f"{20 + i + x * (i + 1) / 2:.6g}")
    if r.random() < 0.01:
        cells[r.randrange(SENSORS)] = ""
    chance = 1 / (1 + math.exp(-score))
    return ",".join(cells) + (",1\n" if r.random() < chance else ",0\n")


def write(rows, out):
    r = random.Random(20)
    weight = [r.gauss(0, 0.8) for _ in range(SENSORS)]
    names = [f"sensor_{i + 1:02d}" for i in range(SENSORS)]
    out.write(",".join(names) + ",efficient\n")
    for _ in range(rows):
        line = row(r, weight)
        out.write(line)
        if r.random() < 0.005:
            out.write(line)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[2], "w") as file:
        write(int(sys.argv[1]), file)
