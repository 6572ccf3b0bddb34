#!/usr/bin/python3
"""gemba's naive Bayes, neighbours and class weights of trees, and scikit-learn's.

Runs "$GEMBA run RECIPE --json" on files of the shared folder ($GEMBA_SHARED,
or ../shared beside the source) and on generated tables, and GaussianNB,
CategoricalNB, KNeighborsClassifier, KNeighborsRegressor and
DecisionTreeClassifier on the same rows.  What is told of each test row is
compared.  Prints TAP; skips with a line when scikit-learn, the program or the
data are not there.
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
    from sklearn.naive_bayes import CategoricalNB, GaussianNB
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
    from sklearn.preprocessing import StandardScaler
    from sklearn.tree import DecisionTreeClassifier
except ImportError as missing:
    skip(f"no {missing.name}")

FILES = {
    "ai4i2020.csv": ("Machine failure", ["UDI", "Product ID", "Type", "TWF",
                                         "HDF", "PWF", "OSF", "RNF"]),
    "breast_cancer_wdbc.csv": ("diagnosis", ["id"]),
    "crop_recommendation.csv": ("label", []),
    "ccpp.csv": ("PE", []),
}
count = failed = 0


def ok(passed, name, why=""):
    global count, failed
    count += 1
    failed += not passed
    print(f"{'ok' if passed else 'not ok'} {count} - {name}")
    if why:
        print(f"# {why}")


def run_gemba(table, train, *rules):
    with tempfile.TemporaryDirectory() as folder:
        table.to_csv(Path(folder) / "table.csv", index=False)
        recipe = Path(folder) / "near.gemba"
        recipe.write_text("\n".join([
            "open table.csv", "target y", "features all", *rules,
            "split test=0.2 seed=42", "emit rows", f"train {train}", ""]))
        run = subprocess.run([GEMBA, "run", str(recipe), "--json"],
                             capture_output=True, text=True)
    if run.returncode != 0:
        return None, f"status {run.returncode}: {run.stderr.strip()}"
    return json.loads(run.stdout), None


def told(found):
    """What the model tells of the test rows: a class or a number each."""
    run = found["runs"][-1]
    return np.array(run.get("predictions", found.get("predictions")))


def rows_of(n):
    return train_test_split(np.arange(n), test_size=0.2, random_state=42)


def compare(title, table, words, model, x, rules=(), scale=False,
            tolerance=1e-9):
    y = table["y"].to_numpy()
    train, test = rows_of(len(y))
    found, why = run_gemba(table, words, *rules)
    if not found:
        ok(False, title, why)
        return
    if scale:
        scaler = StandardScaler().fit(x[train])
        x = scaler.transform(x)
    model.fit(x[train], y[train])
    ours, theirs = told(found), model.predict(x[test])
    measures = found["runs"][-1]["test"]
    if y.dtype.kind == "f":
        off = np.max(np.abs(ours.astype(float) - theirs) / np.abs(theirs))
        ok(off < tolerance, f"{title}: numbers told", f"{off:.2g}")
        return
    same = np.mean(ours.astype(str) == theirs.astype(str))
    # A vote that is a draw may go either way.
    ok(same > 0.999, f"{title}: classes told", f"{same:.5f} the same")
    share = np.clip(model.predict_proba(x[test]), np.finfo(float).eps, 1)
    place = np.searchsorted(model.classes_, y[test])
    loss = -np.mean(np.log(share[np.arange(len(test)), place]))
    ok(abs(measures["log_loss"] - loss) < 1e-6 * (1 + loss),
       f"{title}: log loss", f"{measures['log_loss']:.6f}, there {loss:.6f}")


class Mixed:
    """GaussianNB of the first columns and CategoricalNB of the others."""

    def __init__(self, numbers):
        self.numbers = numbers

    def fit(self, x, y):
        self.gauss = GaussianNB().fit(x[:, :self.numbers], y)
        self.levels = CategoricalNB(alpha=1).fit(x[:, self.numbers:], y)
        self.classes_ = self.gauss.classes_
        return self

    def predict_proba(self, x):
        z = (self.gauss._joint_log_likelihood(x[:, :self.numbers]) +
             self.levels._joint_log_likelihood(
                 x[:, self.numbers:].astype(int)) -
             np.log(self.gauss.class_prior_))
        z = np.exp(z - z.max(axis=1, keepdims=True))
        return z / z.sum(axis=1, keepdims=True)

    def predict(self, x):
        return self.classes_[self.predict_proba(x).argmax(axis=1)]


def mixed_table(rng, classes):
    n = 3000
    y = rng.integers(0, classes, n)
    a = rng.normal(y * 0.7, 1 + y % 2)
    b = rng.normal(1000, 50, n) + 20 * y
    line = (rng.random(n) * 3 + 0.4 * y).astype(int)
    shift = rng.integers(0, 2, n)
    table = pd.DataFrame({"a": a, "b": b,
                          "line": [f"L{v}" for v in line],
                          "shift": [f"s{v}" for v in shift],
                          "y": [f"c{k}" for k in y]})
    return table, np.column_stack([a, b, line, shift])


def leaf_tables():
    """Trees and forests of classes that weigh more or less."""
    table, x = data("ai4i2020.csv")
    y = table["y"].to_numpy()
    train, test = rows_of(len(y))
    for words, options in (
            ("class_weight=balanced depth=4",
             {"class_weight": "balanced", "max_depth": 4}),
            ("class_weight=0:1,1:10 leaf=5 depth=6 criterion=entropy",
             {"class_weight": {0: 1, 1: 10}, "min_samples_leaf": 5,
              "max_depth": 6, "criterion": "entropy"}),
            ("class_weight=balanced depth=8 prune=0.002",
             {"class_weight": "balanced", "max_depth": 8,
              "ccp_alpha": 0.002})):
        found, why = run_gemba(table, f"tree {words}")
        if not found:
            ok(False, words, why)
            continue
        model = DecisionTreeClassifier(random_state=0, **options)
        model.fit(x[train], y[train])
        ours = {w["feature"]: w["importance"]
                for w in found["runs"][-1]["weights"]}
        off = max(abs(ours[c] - model.feature_importances_[i]) for i, c in
                  enumerate(table.drop(columns="y").columns))
        same = np.mean(told(found).astype(int) == model.predict(x[test]))
        ok(off < 0.002, f"tree {words}: importances", f"{off:.2g} off")
        ok(same > 0.998, f"tree {words}: classes told", f"{same:.4f} the same")
    recall = []
    for weight in ("none", "balanced"):
        found, why = run_gemba(table, f"forest trees=60 depth=6 "
                               f"class_weight={weight}")
        recall.append(found["runs"][-1]["test"]["classes"][1]["recall"])
    ok(recall[1] > recall[0] + 0.2, "a balanced forest finds the rare class",
       str(recall))


def data(name):
    target, without = FILES[name]
    table = pd.read_csv(SHARED / name).drop(columns=without)
    table = table.rename(columns={target: "y"})
    return table, table.drop(columns="y").to_numpy(float)


def main():
    if not all((SHARED / name).exists() for name in FILES):
        skip(f"no data in {SHARED}")
    rng = np.random.default_rng(5)
    for name in FILES:
        table, x = data(name)
        if name != "ccpp.csv":
            compare(f"{name}, bayes", table, "bayes floor=1e-12",
                    GaussianNB(var_smoothing=0), x)
            kind = KNeighborsClassifier
        else:
            kind = KNeighborsRegressor
        for words, options in (
                ("k=5", {}), ("k=1", {"n_neighbors": 1}),
                ("k=12 weights=distance", {"n_neighbors": 12,
                                           "weights": "distance"})):
            compare(f"{name}, neighbours {words}", table,
                    f"neighbours {words}", kind(**options), x,
                    ["clean standardize"], scale=True)
    for classes in (2, 5):
        table, x = mixed_table(rng, classes)
        compare(f"{classes} classes, numbers and categories", table,
                "bayes floor=1e-9", Mixed(2), x)
    table, x = data("ai4i2020.csv")
    compare("bayes class_weight=balanced", table,
            "bayes class_weight=balanced",
            GaussianNB(priors=[0.5, 0.5], var_smoothing=1e-12), x)
    leaf_tables()
    print(f"1..{count}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
