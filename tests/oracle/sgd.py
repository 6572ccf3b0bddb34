#!/usr/bin/python3
"""gemba's stochastic gradient descent beside the optimum, by scikit-learn.

Runs "$GEMBA run RECIPE --json" on files of the shared folder ($GEMBA_SHARED,
or ../shared beside the source), with a rate that falls, and finds the least of
the same objective with a solver that is exact.  Prints TAP; skips with a line
when scikit-learn, the program or the data are not there.

  two classes   LogisticRegression, newton-cholesky; with l1 saga
  many          LogisticRegression, newton-cg
  a number      Ridge, Lasso with alpha = l1 / n

Weights per standard deviation are within 1e-4 of the largest of them, those
that are 0 there are exactly 0, and so the other way round.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from beside import GEMBA, SHARED, skip

try:
    import numpy as np
    import pandas as pd
    from sklearn.linear_model import Lasso, LogisticRegression, Ridge
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import StandardScaler
except ImportError as missing:
    skip(f"no {missing.name}")

# Where they stop is not what is compared: a warning about it is no news.
import warnings
warnings.filterwarnings("ignore", module="sklearn|scipy")

FILES = {
    "breast_cancer_wdbc.csv": ("diagnosis", ["id"]),
    "crop_recommendation.csv": ("label", []),
    "ccpp.csv": ("PE", []),
}
COSINE = "schedule=cosine"
EXACT = {"tol": 1e-12, "max_iter": 100000}
JOBS = [
    ("breast_cancer_wdbc.csv", f"{COSINE} rate=0.01 batch=91 epochs=4000"
     " l2=10",
     lambda n: LogisticRegression(C=0.1, solver="newton-cholesky", **EXACT)),
    ("breast_cancer_wdbc.csv", f"{COSINE} rate=0.05 epochs=6000 batch=91"
     " l1=20",
     lambda n: LogisticRegression(C=0.05, penalty="l1", solver="saga",
                                  tol=1e-11, max_iter=100000)),
    ("crop_recommendation.csv", f"{COSINE} rate=0.05 batch=176 epochs=3000"
     " l2=20",
     lambda n: LogisticRegression(C=0.05, solver="newton-cg", **EXACT)),
    ("ccpp.csv", f"{COSINE} rate=0.002 epochs=100",
     lambda n: Ridge(alpha=1e-12)),
    ("ccpp.csv", f"{COSINE} rate=0.002 epochs=200 l2=500 nesterov=yes",
     lambda n: Ridge(alpha=500)),
    ("ccpp.csv", f"{COSINE} rate=0.002 epochs=100 l1=20000",
     lambda n: Lasso(alpha=20000 / n, tol=1e-12, max_iter=100000)),
]


def run_gemba(table, words):
    with tempfile.TemporaryDirectory() as folder:
        table.to_csv(Path(folder) / "table.csv", index=False)
        recipe = Path(folder) / "sgd.gemba"
        recipe.write_text("\n".join([
            "open table.csv", "target y", "features all",
            "clean standardize", "split test=0.2 seed=42",
            f"train sgd {words}", ""]))
        run = subprocess.run([GEMBA, "run", str(recipe), "--json"],
                             capture_output=True, text=True)
    if run.returncode not in (0, 1) or not run.stdout:
        return None, f"status {run.returncode}: {run.stderr.strip()}"
    return json.loads(run.stdout)["runs"][-1], None


def weights_of(run, names, classes):
    """Class after class, the features in the order of names."""
    by = {(w["class"], w["feature"]): w["standardized"]
          for w in run["weights"]}
    keys = {k for k, _ in by}
    order = [c for c in classes if c in keys] or list(keys)
    return np.array([[by[c, name] for name in names] for c in order])


def main():
    if not all((SHARED / name).exists() for name in FILES):
        skip(f"no data in {SHARED}")
    count = failed = 0

    def ok(passed, name, why=""):
        nonlocal count, failed
        count += 1
        failed += not passed
        print(f"{'ok' if passed else 'not ok'} {count} - {name}")
        if why:
            print(f"# {why}")

    for name, words, solver in JOBS:
        target, without = FILES[name]
        table = pd.read_csv(SHARED / name).drop(columns=without)
        table = table.rename(columns={target: "y"})
        features = [c for c in table.columns if c != "y"]
        x, y = table[features].to_numpy(float), table["y"].to_numpy()
        train, _ = train_test_split(np.arange(len(y)), test_size=0.2,
                                    random_state=42)
        x = StandardScaler().fit(x[train]).transform(x[train])
        exact = solver(len(train)).fit(x, y[train])
        title = f"{name}, sgd {words}"
        run, why = run_gemba(table, words)
        if not run:
            ok(False, title, why)
            continue
        ours = weights_of(run, features, sorted(set(y)))
        theirs = np.atleast_2d(exact.coef_)
        off = np.abs(ours - theirs).max() / np.abs(theirs).max()
        ok(ours.shape == theirs.shape and off <= 1e-4,
           f"{title}: weights within 1e-4",
           f"{off:.2g}, {np.sum(theirs == 0)} of them 0")
        ok(np.array_equal(ours == 0, theirs == 0), f"{title}: zeros",
           "" if "l1=" not in words else f"{np.sum(ours == 0)}")
    print(f"1..{count}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
