#!/usr/bin/env python3
"""Times boosted trees beside XGBoost itself, in the same run.

    boost.py [--gemba PROGRAM] [--rows N,N...] [--boosts N] [--rounds N]

Both are started afresh for each round, one after the other, and train --boosts
rounds of boosting on the same rows (80 % of a file of 20 columns) by the same
library (libxgboost.so.0) with its defaults.  The time is what each takes from
rows in memory to a model, as it tells itself: gemba's "fit", which has the
losses after each round in it; there the making of a matrix from an array of
32-bit numbers, by ctypes, and the rounds alone.  Threads that wait sleep
(OMP_WAIT_POLICY), in both.  Memory is the peak of the whole program: there
Python with the array is in it.  Wants numpy and pandas.
"""
import argparse
import json
import os
import statistics
import sys
import tempfile

from clock import timed

COLUMNS = 20
RECIPE = """\
open {file}
target y
features all
split test=0.2 seed=42
train boost rounds={boosts}
"""

XGBOOST = """\
import ctypes, json, sys, time
import numpy as np, pandas as pd
file, boosts = sys.argv[1:3]
table = pd.read_csv(file)
test = np.random.default_rng(42).permutation(len(table))[:len(table) // 5]
train = np.setdiff1d(np.arange(len(table)), test)
x = table.drop(columns="y").to_numpy(dtype=np.float32)[train]
y = (table["y"] == "yes").to_numpy(dtype=np.float32)[train]
del table
xgb = ctypes.CDLL("libxgboost.so.0")
floats = ctypes.POINTER(ctypes.c_float)
start = time.perf_counter()
matrix, booster = ctypes.c_void_p(), ctypes.c_void_p()
n = ctypes.c_uint64(len(y))
assert not xgb.XGDMatrixCreateFromMat(
    x.ctypes.data_as(floats), n, ctypes.c_uint64(x.shape[1]),
    ctypes.c_float(np.nan), ctypes.byref(matrix))
xgb.XGDMatrixSetFloatInfo(matrix, b"label", y.ctypes.data_as(floats), n)
xgb.XGBoosterCreate(ctypes.byref(matrix), ctypes.c_uint64(1),
                    ctypes.byref(booster))
for name, value in ((b"tree_method", b"hist"), (b"verbosity", b"0"),
                    (b"objective", b"binary:logistic")):
    xgb.XGBoosterSetParam(booster, name, value)
for i in range(int(boosts)):
    assert not xgb.XGBoosterUpdateOneIter(booster, i, matrix)
print(json.dumps({"fit": time.perf_counter() - start}))
"""


def write_file(path, rows):
    import numpy as np
    import pandas as pd
    rng = np.random.default_rng(1)
    x = rng.normal(size=(rows, COLUMNS)).round(3)
    z = x[:, 0] * x[:, 1] + np.abs(x[:, 2]) - x[:, 3] + rng.normal(size=rows)
    table = pd.DataFrame(x, columns=[f"x{j}" for j in range(COLUMNS)])
    table["y"] = np.where(z > 0.5, "yes", "no")
    table.to_csv(path, index=False, float_format="%.3f")


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--gemba", default=os.environ.get("GEMBA", "./gemba"))
    parser.add_argument("--rows", default="1000,20000")
    parser.add_argument("--boosts", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def main():
    args = arguments()
    os.environ["OMP_WAIT_POLICY"] = "passive"
    print("| rows | program | median s | spread s | peak MB |")
    print("|--:|---|--:|---|--:|")
    for rows in map(int, args.rows.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "table.csv")
            recipe = os.path.join(folder, "boost.gemba")
            write_file(file, rows)
            with open(recipe, "w") as out:
                out.write(RECIPE.format(file=file, boosts=args.boosts))
            programs = {
                "gemba": [args.gemba, "run", recipe, "--json"],
                "XGBoost": [sys.executable, "-c", XGBOOST, file,
                            str(args.boosts)],
            }
            seconds, peak = {}, {}
            for _ in range(args.rounds):
                for name, words in programs.items():
                    _, memory, said = timed(words)
                    told = json.loads(said)
                    if name == "gemba":
                        told = told["runs"][-1]["seconds"]
                    seconds.setdefault(name, []).append(told["fit"])
                    peak[name] = max(memory, peak.get(name, 0))
            for name, taken in seconds.items():
                print(f"| {rows:,} | {name} | {statistics.median(taken):.3g} "
                      f"| {min(taken):.3g} to {max(taken):.3g} "
                      f"| {peak[name]:.0f} |", flush=True)


if __name__ == "__main__":
    main()
