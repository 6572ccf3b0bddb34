#!/usr/bin/env python3
"""Times decision trees beside scikit-learn's, in the same run.

    tree.py [--gemba PROGRAM] [--rows N,N...] [--depths N,N...] [--rounds N]
            [--alone] [--keep FOLDER]

Every program is started afresh for each round, one after the other.  Time is
what each takes to fit, from rows in memory to a tree, as it tells itself:
gemba's "fit" in the JSON, fit() of DecisionTreeClassifier and
DecisionTreeRegressor.  Memory is the peak of the whole program (wait4); the
score is on the same test rows: accuracy, or r2.  Without scikit-learn gemba is
timed alone, and so it is with --alone.  --keep leaves the files of data in FOLDER for next time.
"""
import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile

COLUMNS = 20

RECIPE = """\
open {file}
target {target}
features all
features -{other}
split test=0.2 seed=42
train tree depth={depth}
"""

SKLEARN = """\
import json, sys, time
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
file, target, other, depth = sys.argv[1:5]
table = pd.read_csv(file).drop(columns=other)
x, y = table.drop(columns=target).to_numpy(), table[target].to_numpy()
a, b, c, d = train_test_split(x, y, test_size=0.2, random_state=42)
kind = DecisionTreeClassifier if target == "good" else DecisionTreeRegressor
start = time.perf_counter()
model = kind(max_depth=int(depth), random_state=0).fit(a, c)
seconds = time.perf_counter() - start
print(json.dumps({"fit": seconds, "score": model.score(b, d)}))
"""


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--gemba", default=os.environ.get("GEMBA", "./gemba"))
    parser.add_argument("--rows", default="1000,20000")
    parser.add_argument("--depths", default="5,10")
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", default="")
    return parser.parse_args()


def write_rows(rows, path):
    """Sensors, a number that depends on some of them, and a yes/no of it."""
    r = random.Random(20)
    with open(path, "w") as out:
        out.write(",".join(f"s{i:02d}" for i in range(COLUMNS)) +
                  ",amount,good\n")
        for _ in range(rows):
            x = [r.gauss(0, 1) for _ in range(COLUMNS)]
            z = sum(x[:8]) + 2 * x[8] * x[9] + abs(x[10]) + r.gauss(0, 1)
            out.write(",".join(f"{v:.5f}" for v in x) +
                      f",{z:.5f},{int(z > 1)}\n")


def run(words):
    """What it prints, and the peak of its memory in MB."""
    process = subprocess.Popen(words, stdout=subprocess.PIPE)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{words[0]} ended with status {process.returncode}")
    return json.loads(text), usage.ru_maxrss / 1024


def run_gemba(program, folder, file, target, other, depth):
    recipe = os.path.join(folder, "tree.gemba")
    with open(recipe, "w") as out:
        out.write(RECIPE.format(file=os.path.abspath(file), target=target,
                                other=other, depth=depth))
    told, peak = run([program, "run", recipe, "--json"])
    last = told["runs"][-1]
    return {"fit": last["seconds"]["fit"], "peak": peak,
            "score": last["test"]["accuracy" if target == "good" else "r2"]}


def run_sklearn(python, file, target, other, depth):
    told, peak = run([python, "-c", SKLEARN, file, target, other, str(depth)])
    return {**told, "peak": peak}


def python_with_sklearn():
    for python in sys.executable, "/usr/bin/python3":
        if subprocess.run([python, "-c", "import sklearn, pandas"],
                          stderr=subprocess.DEVNULL).returncode == 0:
            return python
    return None


def line_of(rows, target, depth, name, found):
    fit = [f["fit"] for f in found]
    return (f"| {rows:,} | {target} | {depth} | {name} | "
            f"{statistics.median(fit):.4g} | {min(fit):.4g} to "
            f"{max(fit):.4g} | {max(f['peak'] for f in found):.0f} | "
            f"{found[-1]['score']:.4f} |")


def main():
    args = arguments()
    python = None if args.alone else python_with_sklearn()
    print("| rows | target | depth | program | fit s | spread s | peak MB "
          "| score |")
    print("|--:|---|--:|---|--:|---|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for rows in (int(n) for n in args.rows.split(",")):
            file = os.path.join(args.keep or folder, f"tree-{rows}.csv")
            if not os.path.exists(file):
                write_rows(rows, file)
            for target, other in (("good", "amount"), ("amount", "good")):
                for depth in args.depths.split(","):
                    ours, theirs = [], []
                    for _ in range(args.rounds):
                        ours.append(run_gemba(args.gemba, folder, file,
                                              target, other, depth))
                        if python:
                            theirs.append(run_sklearn(python, file, target,
                                                      other, depth))
                    print(line_of(rows, target, depth, "gemba", ours))
                    if theirs:
                        print(line_of(rows, target, depth, "scikit-learn",
                                      theirs))
                    sys.stdout.flush()


if __name__ == "__main__":
    main()
