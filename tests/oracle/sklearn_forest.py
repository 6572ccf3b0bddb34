#!/usr/bin/python3
"""gemba's forests beside scikit-learn's, on real data.

Runs "$GEMBA run RECIPE --json" on files of the shared folder ($GEMBA_SHARED,
or ../shared beside the source) and RandomForestClassifier or
RandomForestRegressor on the same rows.  Prints TAP; skips with a line when
scikit-learn, the program or the data are not there.

No two forests are the same: of five seeds there the score on the test rows has
a mean and a spread.  gemba's lies within three spreads of the mean, and within
three standard errors of a score of so many rows at the least a tenth of one.
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
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
    from sklearn.model_selection import train_test_split
except ImportError as missing:
    skip(f"no {missing.name}")

FILES = {
    "ai4i2020.csv": ("Machine failure", ["UDI", "Product ID", "Type", "TWF",
                                         "HDF", "PWF", "OSF", "RNF"]),
    "breast_cancer_wdbc.csv": ("diagnosis", ["id"]),
    "ccpp.csv": ("PE", []),
}
JOBS = [("", {}),
        ("trees=60 depth=6 columns=3",
         {"n_estimators": 60, "max_depth": 6, "max_features": 3}),
        ("leaf=5 columns=0.5 sample=0.5",
         {"min_samples_leaf": 5, "max_features": 0.5, "max_samples": 0.5})]


def run_gemba(table, words):
    with tempfile.TemporaryDirectory() as folder:
        table.to_csv(Path(folder) / "table.csv", index=False)
        recipe = Path(folder) / "forest.gemba"
        recipe.write_text("\n".join([
            "open table.csv", "target y", "features all",
            "split test=0.2 seed=42", f"train forest {words}", ""]))
        run = subprocess.run([GEMBA, "run", str(recipe), "--json"],
                             capture_output=True, text=True)
    if run.returncode != 0:
        return None, f"status {run.returncode}: {run.stderr.strip()}"
    return json.loads(run.stdout)["runs"][-1], None


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

    for name, (target, without) in FILES.items():
        table = pd.read_csv(SHARED / name).drop(columns=without)
        table = table.rename(columns={target: "y"})
        number = target == "PE"
        x, y = table.drop(columns="y").to_numpy(), table["y"].to_numpy()
        train, test = train_test_split(np.arange(len(y)), test_size=0.2,
                                       random_state=42)
        kind = RandomForestRegressor if number else RandomForestClassifier
        for words, options in JOBS:
            title = f"{name}, forest {words}".strip()
            found, why = run_gemba(table, words)
            if not found:
                ok(False, title, why)
                continue
            there = [kind(random_state=seed, oob_score=True, n_jobs=2,
                          **options)
                     .fit(x[train], y[train]) for seed in range(5)]
            scores = [m.score(x[test], y[test]) for m in there]
            bags = [m.oob_score_ for m in there]
            measure = "r2" if number else "accuracy"
            for what, ours, theirs in (
                    ("test", found["test"][measure], scores),
                    ("out of the bag",
                     found["forest"]["out_of_bag"][measure], bags)):
                noise = 3 * np.std(theirs) + \
                    0.3 * np.sqrt(max(1 - np.mean(theirs), 0.01) / len(test))
                ok(abs(ours - np.mean(theirs)) <= noise,
                   f"{title}: {what}, scikit-learn's within noise",
                   f"{ours:.4f}, there {np.mean(theirs):.4f} "
                   f"+- {np.std(theirs):.4f}")
            importance = np.mean([m.feature_importances_ for m in there], 0)
            ours = {w["feature"]: w["importance"] for w in found["weights"]}
            off = max(abs(ours[c] - importance[i]) for i, c in
                      enumerate(table.drop(columns="y").columns))
            ok(off < 0.06, f"{title}: importances within 0.06", f"{off:.4f}")
    print(f"1..{count}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
