#!/usr/bin/env python3
"""Times expressions over columns in memory, beside pandas.

    make bench/expression
    bench/expression.py [--program PROGRAM] [--rows N] [--rounds N]

Both calculate from the same numbers, on one core, and gemba on all cores too;
the best of the rounds counts, in millions of rows per second.  The sums of the
results are compared: a fast wrong answer is none.
"""
import argparse
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR"):
    os.environ[name + "_NUM_THREADS"] = "1"

import numpy as np      # noqa: E402
import pandas as pd     # noqa: E402

JOBS = [
    ("a*b", lambda t: t.a * t.b),
    ("a*b + a/b - 1", lambda t: t.a * t.b + t.a / t.b - 1),
    ("if(a>b, a, b)", lambda t: t.a.where(t.a > t.b, t.b)),
    ("a > 1.5 and b < 2", lambda t: (t.a > 1.5) & (t.b < 2)),
    ("m = 'M3'", lambda t: t.m == "M3"),
    ("log(a)", lambda t: np.log(t.a.where(t.a > 0))),
    ("lag(a)", lambda t: t.a.shift()),
    ("diff(a)", lambda t: t.a.diff()),
    ("mean(a, 5)", lambda t: t.a.rolling(5).mean()),
    ("mean(a, 500)", lambda t: t.a.rolling(500).mean()),
    ("sd(a, 5)", lambda t: t.a.rolling(5).std()),
    ("rolling_max(a, 50)", lambda t: t.a.rolling(50).max()),
    ("median(a, 9)", lambda t: t.a.rolling(9).median()),
    ("cumsum(a)", lambda t: t.a.cumsum()),
    ("lag(a, 1, group=m)", lambda t: t.groupby("m").a.shift()),
    ("mean(a, 5, group=m)",
     lambda t: t.groupby("m").a.rolling(5).mean()),
    ("hour(t)", lambda t: t.t.dt.hour),
    ("weekday(t)", lambda t: t.t.dt.dayofweek + 1),
    ("year(t)", lambda t: t.t.dt.year),
]


def table_of(rows):
    """The columns of expression.c."""
    i = np.arange(rows)
    machine = pd.Categorical.from_codes(i * 7919 % 10007 % 8,
                                        [f"M{k}" for k in range(1, 9)])
    return pd.DataFrame({
        "a": 1.5 + np.sin((i % 100003).astype(float)),
        "b": 1.5 + np.cos((i % 99991).astype(float)),
        "m": machine,
        "t": pd.to_datetime(1_700_000_000 + i, unit="s"),
    })


def gemba(program, rows, rounds, threads):
    run = subprocess.run([program, str(rows), str(rounds),
                          *(job[0] for job in JOBS)], text=True,
                         stdout=subprocess.PIPE, check=True,
                         env=dict(os.environ, OMP_NUM_THREADS=str(threads)))
    lines = [line.split(maxsplit=2) for line in run.stdout.splitlines()]
    return [(float(line[0]), float(line[1])) for line in lines]


def pandas(table, rounds):
    for _, work in JOBS:
        best = float("inf")
        for _ in range(rounds):
            start = time.perf_counter()
            result = work(table)
            best = min(best, time.perf_counter() - start)
        yield best, float(result.sum())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default=os.path.join(HERE, "expression"))
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    one = gemba(args.program, args.rows, args.rounds, 1)
    all_ = gemba(args.program, args.rows, args.rounds, cores)
    other = list(pandas(table_of(args.rows), args.rounds))
    print(f"{args.rows:,} rows, pandas {pd.__version__}, "
          f"numpy {np.__version__}; millions of rows per second\n")
    print(f"| expression | gemba, 1 core | gemba, {cores} cores "
          "| pandas, 1 core | times as fast |")
    print("|---|--:|--:|--:|--:|")
    wrong = 0
    for job, mine, mine_all, theirs in zip(JOBS, one, all_, other):
        rate = [args.rows / t[0] / 1e6 for t in (mine, mine_all, theirs)]
        print(f"| `{job[0]}` | {rate[0]:,.0f} | {rate[1]:,.0f} "
              f"| {rate[2]:,.0f} | {rate[0] / rate[2]:.1f} |")
        if abs(mine[1] - theirs[1]) > 1e-6 * (1 + abs(theirs[1])):
            print(f"{job[0]}: {mine[1]} is not {theirs[1]}", file=sys.stderr)
            wrong += 1
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
