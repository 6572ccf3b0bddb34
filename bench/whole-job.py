#!/usr/bin/env python3
"""Times the whole job, from a file to a report, beside scikit-learn.

    whole-job.py [--gemba PROGRAM] [--rows N,N...] [--rounds N] [--keep FOLDER]

Every program is started afresh for each round, one after the other, so that
what the machine does besides hits all of them.  Wall time is from start to
exit, memory is the peak that the kernel tells (wait4).  Without scikit-learn
gemba is timed alone.  --keep leaves the files of data in FOLDER for next time.

GEMBA_SHARED may name a folder whose bench/gen_plants.py and
bench/seed_pipeline.py are used in place of plants.py and sklearn_job.py.
"""
import argparse
import importlib.metadata
import importlib.util
import os
import re
import statistics
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True          # nothing is left in the source
from clock import timed                 # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
SHARED = os.environ.get("GEMBA_SHARED")

RECIPE = """\
open {file}
target efficient
features all
clean drop-missing
clean drop-duplicates
clean standardize fit=all
split test=0.2 seed=42
train logistic solver={solver} l2=1
"""

# What stands beside what: each pair is a line of ratios.
PAIRS = [
    (("gemba", "newton"), ("scikit-learn", "lbfgs")),
    (("gemba", "newton"), ("scikit-learn", "liblinear")),
    (("gemba", "liblinear"), ("scikit-learn", "liblinear")),
]


def ours_or_shared(ours, shared):
    return os.path.join(SHARED, "bench", shared) if SHARED \
        else os.path.join(HERE, ours)


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--gemba", default=os.environ.get("GEMBA", "./gemba"))
    parser.add_argument("--rows", default="100,10000,1000000")
    parser.add_argument("--rounds", type=int, default=0,
                        help="0: 15, 9 or 5, by the size")
    parser.add_argument("--keep", default="")
    return parser.parse_args()


def peers():
    """Programs to time: (name, solver) to words of a command line."""
    known = all(importlib.util.find_spec(name)
                for name in ("sklearn", "pandas"))
    if not known:
        print("scikit-learn or pandas is not there for this python3: "
              "gemba is timed alone.\n")
    names = [("gemba", "newton"), ("gemba", "liblinear")]
    if known:
        names += [("scikit-learn", "lbfgs"), ("scikit-learn", "liblinear")]
    return names


def versions(names):
    if len(names) == 2:
        return
    told = ", ".join(f"{name} {importlib.metadata.version(name)}"
                     for name in ("scikit-learn", "pandas", "numpy"))
    print(f"{told}, Python {sys.version.split()[0]}; {os.cpu_count()} cores; "
          "the files are in the page cache.\n")


def data_file(folder, rows):
    path = os.path.join(folder, f"plants-{rows}.csv")
    if not os.path.exists(path):
        subprocess.run([sys.executable,
                        ours_or_shared("plants.py", "gen_plants.py"),
                        str(rows), path], check=True)
    return path


def command(who, gemba, file, folder):
    name, solver = who
    if name == "scikit-learn":
        script = ours_or_shared("sklearn_job.py", "seed_pipeline.py")
        return [sys.executable, script, file, solver]
    recipe = os.path.join(folder, f"{solver}.gemba")
    with open(recipe, "w") as out:
        out.write(RECIPE.format(file=file, solver=solver))
    return [gemba, "run", recipe]


def found(said):
    """Rows that were used and the accuracy, from either program's report."""
    rows = re.search(r"^ *(?:used|rows) +(\d+)", said, re.M)
    accuracy = re.search(r"\bacc(?:uracy)? +(\d\.\d{4})", said)
    return rows.group(1), accuracy.group(1)


def time_all(names, gemba, file, folder, rounds):
    """For each program its runs; a first round that does not count warms."""
    runs = {who: [] for who in names}
    words = {who: command(who, gemba, file, folder) for who in names}
    for i in range(rounds + 1):
        for who in names:
            run = timed(words[who])
            if i > 0:
                runs[who].append(run)
    return runs


def print_times(rows, runs):
    for (name, solver), all_runs in runs.items():
        seconds = sorted(run[0] for run in all_runs)
        memory = max(run[1] for run in all_runs)
        used, accuracy = found(all_runs[0][2])
        print(f"| {rows:,} | {name} | {solver} "
              f"| {statistics.median(seconds):.4g} "
              f"| {seconds[0]:.4g} to {seconds[-1]:.4g} "
              f"| {memory:.0f} | {used} | {accuracy} |", flush=True)


def ratio(runs, ours, theirs):
    """The median of the ratios round by round, and their spread."""
    each = sorted(b[0] / a[0] for a, b in zip(runs[ours], runs[theirs]))
    memory = (max(run[1] for run in runs[theirs]) /
              max(run[1] for run in runs[ours]))
    return (f"{statistics.median(each):.1f} | {each[0]:.1f} to "
            f"{each[-1]:.1f} | {memory:.1f}")


def print_ratios(everything):
    print("\n| rows | gemba | beside scikit-learn | times as fast | spread "
          "| times as small |")
    print("|--:|---|---|--:|---|--:|")
    for rows, runs in everything.items():
        for ours, theirs in PAIRS:
            if theirs in runs:
                print(f"| {rows:,} | {ours[1]} | {theirs[1]} "
                      f"| {ratio(runs, ours, theirs)} |")


def rounds_for(rows):
    return 15 if rows <= 1000 else 9 if rows <= 100000 else 5


def bench(folder, args):
    names = peers()
    versions(names)
    everything = {}
    print("| rows | program | solver | median s | spread s | peak MB | rows "
          "used | accuracy |")
    print("|--:|---|---|--:|---|--:|--:|--:|", flush=True)
    for rows in (int(n) for n in args.rows.split(",")):
        file = data_file(args.keep or folder, rows)
        rounds = args.rounds or rounds_for(rows)
        everything[rows] = time_all(names, os.path.abspath(args.gemba), file,
                                    folder, rounds)
        print_times(rows, everything[rows])
    if len(names) > 2:
        print_ratios(everything)
    least = timed(["true"])[1]
    print(f"\nNo peak below {least:.0f} MB can be seen: that is this script's "
          "own, from which each program is started.")


def main():
    args = arguments()
    if not os.access(args.gemba, os.X_OK):
        sys.exit(f"there is no program {args.gemba}: --gemba PROGRAM")
    with tempfile.TemporaryDirectory() as folder:
        bench(folder, args)


main()
