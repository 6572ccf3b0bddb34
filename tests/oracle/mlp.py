#!/usr/bin/python3
"""gemba's networks beside scikit-learn's, on real data.

Runs "$GEMBA run RECIPE --json" on files of the shared folder ($GEMBA_SHARED,
or ../shared beside the source) and MLPClassifier or MLPRegressor behind a
StandardScaler, with the same layers, on the same rows.  Prints TAP; skips with
a line when scikit-learn, the program or the data are not there.

No two networks are the same, and nobody begins with the same weights: of three
seeds there the score on the test rows has a mean and a spread.  gemba's is no
worse than three spreads below the mean and half a standard error of a score of
so many rows.  With the same batches and epochs, nothing held out and no
penalty, and as it is by default.
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
    from sklearn.model_selection import train_test_split
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.preprocessing import StandardScaler
except ImportError as missing:
    skip(f"no {missing.name}")

# Where they stop is not what is compared: a warning about it is no news.
import warnings
warnings.filterwarnings("ignore", module="sklearn")

FILES = {
    "breast_cancer_wdbc.csv": ("diagnosis", ["id"]),
    "crop_recommendation.csv": ("label", []),
    "ccpp.csv": ("PE", []),
}
JOBS = [
    ("batch=200 epochs=200 held=0 l2=0", {}),
    ("batch=200 epochs=200 held=0 l2=0 activation=tanh layers=20",
     {"activation": "tanh", "hidden_layer_sizes": (20,)}),
    ("", {"batch_size": 32, "early_stopping": True}),
]
SEEDS = 3


def run_gemba(table, words):
    with tempfile.TemporaryDirectory() as folder:
        table.to_csv(Path(folder) / "table.csv", index=False)
        recipe = Path(folder) / "mlp.gemba"
        recipe.write_text("\n".join([
            "open table.csv", "target y", "features all",
            "split test=0.2 seed=42", f"train mlp {words}", ""]))
        run = subprocess.run([GEMBA, "run", str(recipe), "--json"],
                             capture_output=True, text=True)
    if run.returncode not in (0, 1) or not run.stdout:
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
        x = table.drop(columns="y").to_numpy(float)
        y = table["y"].to_numpy()
        train, test = train_test_split(np.arange(len(y)), test_size=0.2,
                                       random_state=42)
        x = StandardScaler().fit(x[train]).transform(x)
        if number:
            y = (y - y[train].mean()) / y[train].std()
        kind = MLPRegressor if number else MLPClassifier
        for words, options in JOBS:
            options = {"hidden_layer_sizes": (16, 16), **options}
            title = f"{name}, mlp {words}".strip()
            run, why = run_gemba(table, words)
            if not run:
                ok(False, title, why)
                continue
            scores = [kind(random_state=seed, **options)
                      .fit(x[train], y[train]).score(x[test], y[test])
                      for seed in range(SEEDS)]
            ours = run["test"]["r2" if number else "accuracy"]
            mean, spread = np.mean(scores), np.std(scores)
            noise = 3 * spread + 0.5 * np.sqrt(
                max(mean * (1 - mean), 0.001) / len(test))
            ok(ours >= mean - noise, f"{title}: as good as scikit-learn's",
               f"{ours:.4f}, there {mean:.4f} +- {spread:.4f}")
    print(f"1..{count}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
