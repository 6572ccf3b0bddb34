#!/usr/bin/python3
"""gemba's linear regression beside the certified values of NIST (StRD, Linear
Least Squares).

The program always keeps a row for testing: one is put where the split will
take it, so that it trains on the rows of the set and on no other.  Powers of x
are rounded once, from exact fractions.  Digits are
-log10(|found - certified| / |certified|) of the worst coefficient; where the
certified value is 0, of what is left.  NoInt2 has two values, which are classes
to gemba run, and is in test-linear.c.
"""
import csv
import json
import math
import subprocess
import sys
import tempfile
from fractions import Fraction

from beside import GEMBA, SHARED, skip

NIST = SHARED / "nist"


try:
    import numpy as np
except ImportError as missing:
    skip(f"no {missing.name}")

# Digits of coefficients, of standard errors, of the residual deviation and of
# R squared.  What Filip's powers lose when they become doubles costs half.
SETS = {
    "Norris": (12, 12, 12, 14),
    "Pontius": (11, 11, 12, 14),
    "Longley": (11, 11, 12, 13),
    "Filip": (7, 7, 7, 10),
    "Wampler1": (8, None, None, 14),
    "Wampler2": (11, None, None, 14),
    "Wampler3": (8, 11, 12, 14),
    "Wampler4": (8, 11, 12, 13),
    "Wampler5": (6, 11, 12, 10),
    "NoInt1": (14, 14, 13, 14),
}


def columns_of(about):
    """The rows of the set: y, and x or its powers, as text."""
    with open(NIST / about["csv"]) as file:
        rows = list(csv.reader(file))[1:]
    powers = max(len(about["parameters"]) - 1, 1)
    if len(rows[0]) - 1 == powers:
        return [f"x{k}" for k in range(1, powers + 1)], rows
    table = []
    for y, x in rows:
        exact = Fraction(x.strip())
        table.append([y] + [repr(float(exact ** k))
                            for k in range(1, powers + 1)])
    return [f"x{k}" for k in range(1, powers + 1)], table


def trained(names, rows, line):
    """The run of gemba run --json on these rows, or None and why not."""
    n = len(rows) + 1
    at = int(np.random.RandomState(42).permutation(n)[0])
    rows = rows[:at] + [rows[0]] + rows[at:]
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/set.csv", "w") as out:
            out.write(",".join(["y"] + names) + "\n")
            out.writelines(",".join(row) + "\n" for row in rows)
        with open(folder + "/set.gemba", "w") as out:
            out.write("open set.csv\ntype y number\ntarget y\n"
                      f"features all\nsplit test={0.5 / n!r} seed=42\n"
                      f"{line}\n")
        done = subprocess.run([GEMBA, "run", folder + "/set.gemba", "--json",
                               "--set", "emit rows"],
                              capture_output=True, text=True)
    if done.returncode != 0:
        return None, f"status {done.returncode}: {done.stderr.strip()}"
    whole = json.loads(done.stdout)
    if whole["test_rows"] != [at]:
        return None, f"it tests {whole['test_rows']}, not [{at}]"
    return whole["runs"][-1], None


def digits(found, certified):
    off = abs(Fraction(found) - Fraction(certified))
    if off == 0:
        return 16.0
    return -math.log10(off / abs(Fraction(certified)) if Fraction(certified)
                       else off)


def compare(name, about, tell):
    names, rows = columns_of(about)
    free = not name.startswith("NoInt")
    run, why = trained(names, rows, "train linear" if free
                       else "train linear intercept=no")
    tell(run is not None, f"{name}: it runs", why)
    if run is None:
        return
    b, error, sigma, r2 = SETS[name]
    parameters = list(about["parameters"].values())
    weights = {w["feature"]: w for w in run["weights"]}
    found = [run["intercept_raw"]] * free + [weights[n]["raw"] for n in names]

    def enough(what, wanted, pairs):
        worst = min(digits(a, b) for a, b in pairs)
        tell(wanted is None or worst >= wanted,
             f"{name}: {what}: {worst:.1f} digits", f"wanted are {wanted}")

    enough("coefficients", b,
           [(x, p["estimate"]) for x, p in zip(found, parameters)])
    errors = [run["intercept_std_error"]] * free + [weights[n]["std_error"]
                                                    for n in names]
    enough("standard errors", error,
           [(x, p["std_error"]) for x, p in zip(errors, parameters)])
    enough("residual deviation", sigma,
           [(run["fit"]["residual_sd"], about["residual_sd"])])
    enough("R squared", r2, [(run["fit"]["r2"], about["r_squared"])])


def main():
    if not (NIST / "certified.json").exists():
        skip(f"no data in {NIST}")
    with open(NIST / "certified.json") as file:
        certified = json.load(file)["linear"]
    count = failed = 0

    def tell(passed, name, why=""):
        nonlocal count, failed
        count += 1
        failed += not passed
        print(f"{'ok' if passed else 'not ok'} {count} - {name}")
        if not passed:
            print(f"# {why}")

    for name in SETS:
        compare(name, certified[name], tell)
    print(f"1..{count}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
