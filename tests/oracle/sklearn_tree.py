#!/usr/bin/python3
"""gemba's trees beside scikit-learn's, on real data.

Runs "$GEMBA run RECIPE --json" on files of the shared folder ($GEMBA_SHARED,
or ../shared beside the source) and does the same job with scikit-learn's
DecisionTreeClassifier and DecisionTreeRegressor.  Prints TAP; skips with a line
when scikit-learn, the program or the data are not there.

  the files, up to 65,535 rows
      The same tree, node by node: rows and impurity within 1e-6 (scikit-learn
      keeps columns in single precision), column and threshold the same.  Where
      they are not, both splits must take away the same to 1e-6: a tie, which
      scikit-learn breaks by chance and gemba by the order of the columns; below
      it nothing is compared.  Without a tie the test rows are told the same,
      but for one in 200: those that lie on a threshold in single precision.
  100,000 rows drawn by chance
      They are cut into 255 bins, and the tree is another one: its score on the
      test rows lies within three standard errors of scikit-learn's.
  ai4i2020.csv
      Torque times speed, the difference of the temperatures and wear times
      torque as three columns more lift F1 of a tree of depth 5 from about 0.43
      to about 0.89, on a stratified split with random_state=42.
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
    from sklearn import metrics
    from sklearn.model_selection import train_test_split
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
except ImportError as missing:
    skip(f"no {missing.name}")

FAILURES = ["TWF", "HDF", "PWF", "OSF", "RNF"]


def load(name):
    """A table of numbers with the target in the column y, and its task."""
    table = pd.read_csv(SHARED / name)
    if name == "ai4i2020.csv":
        y = table["Machine failure"]
        x = table.drop(columns=["UDI", "Product ID", "Type",
                                "Machine failure"] + FAILURES)
    elif name == "breast_cancer_wdbc.csv":
        y = (table["diagnosis"] == "M").astype(int)
        x = table.drop(columns=["id", "diagnosis"])
    elif name == "steel_plates_faults.csv":
        y = (table["fault"] == "Other").astype(int)
        x = table.iloc[:, :27]
    else:
        y = table["PE"]
        x = table.drop(columns=["PE"])
    x = x.copy()
    x.columns = [f"x{i}" for i in range(x.shape[1])]
    x["y"] = y.to_numpy()
    return x, "number" if name == "ccpp.csv" else "class"


def drawn(task):
    """More rows than have a bin for each value."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(100000, 6)).round(6)
    z = x[:, 0] * x[:, 1] + np.abs(x[:, 2]) - x[:, 3] + rng.normal(size=100000)
    table = pd.DataFrame(x, columns=[f"x{i}" for i in range(6)])
    table["y"] = z if task == "number" else (z > 0).astype(int)
    return table


def run_gemba(table, target, options):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        table.to_csv(path, index=False)
        recipe = Path(folder) / "tree.gemba"
        recipe.write_text("\n".join([
            "open table.csv", f"target '{target}'", "features all",
            "split test=0.2 seed=42", f"train tree {options}", ""]))
        run = subprocess.run([GEMBA, "run", str(recipe), "--json", "--set",
                              "emit rows"], capture_output=True, text=True)
    if run.returncode != 0:
        return None, f"status {run.returncode}: {run.stderr.strip()}"
    return json.loads(run.stdout), None


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def ok(self, passed, name, why=""):
        self.count += 1
        self.failed += not passed
        print(f"{'ok' if passed else 'not ok'} {self.count} - {name}")
        if not passed and why:
            print(f"# {why}")


def near(a, b, tolerance=1e-6):
    return abs(a - b) <= tolerance * max(abs(b), 1e-3)


class Walk:
    """Both trees from the root down, side by side."""

    def __init__(self, names, tree):
        self.names, self.tree = names, tree
        self.same = self.ties = 0
        self.wrong = []

    def gain_of(self, at):
        t = self.tree
        left, right = t.children_left[at], t.children_right[at]
        n = t.n_node_samples
        return (n[at] * t.impurity[at] - n[left] * t.impurity[left] -
                n[right] * t.impurity[right]) / n[0]

    def go(self, node, at, path="root"):
        t = self.tree
        if node["rows"] != t.n_node_samples[at] or \
                abs(node["impurity"] - t.impurity[at]) > \
                1e-6 * t.impurity[at] + 1e-9 * t.impurity[0]:
            self.wrong.append(f"{path}: {node['rows']} rows, "
                              f"{t.n_node_samples[at]} there")
            return
        leaf = t.children_left[at] < 0
        if leaf != ("feature" not in node):
            self.wrong.append(f"{path}: a leaf in one of them only")
            return
        self.same += 1
        if leaf:
            return
        if node["feature"] == self.names[t.feature[at]] and \
                near(node["threshold"], t.threshold[at]) and \
                node["left"]["rows"] == t.n_node_samples[t.children_left[at]]:
            self.go(node["left"], t.children_left[at], path + " left")
            self.go(node["right"], t.children_right[at], path + " right")
        elif near(node["gain"], self.gain_of(at)):
            self.ties += 1
        else:
            self.wrong.append(f"{path}: {node['feature']} at "
                              f"{node['threshold']} takes {node['gain']}, not "
                              f"{self.gain_of(at)}")


def sklearn_tree(task, **options):
    kind = DecisionTreeRegressor if task == "number" else \
        DecisionTreeClassifier
    return kind(random_state=0, **options)


def split_of(table):
    return train_test_split(np.arange(len(table)), test_size=0.2,
                            random_state=42)


def told_by_gemba(found, task):
    if task == "number":
        return np.array(found["predictions"], float)
    return np.array(found["probabilities"], float)


def compare_trees(tap, name, table, task, words, options):
    title = f"{name}, tree {words}"
    found, why = run_gemba(table, "y", words)
    tap.ok(found is not None, f"{title}: it runs", why)
    if not found:
        return
    train, test = split_of(table)
    x = table.drop(columns="y")
    model = sklearn_tree(task, **options).fit(x.iloc[train].to_numpy(),
                                              table["y"].iloc[train])
    walk = Walk(list(x.columns), model.tree_)
    walk.go(found["runs"][-1]["tree"], 0)
    # What is below a tie decides whether what is above it is worth its leaves.
    if walk.ties and "ccp_alpha" in options:
        print(f"# {title}: {walk.ties} ties, not compared")
        return
    tap.ok(not walk.wrong, f"{title}: the same splits",
           "; ".join(walk.wrong[:3]))
    print(f"# {walk.same} of {model.tree_.node_count} nodes compared, "
          f"{walk.ties} ties")
    tap.ok(walk.same >= 0.2 * model.tree_.node_count,
           f"{title}: enough of it is compared")
    tap.ok(found["test_rows"] == test.tolist(), f"{title}: test rows")
    if walk.ties:
        return
    told = told_by_gemba(found, task)
    there = model.predict(x.iloc[test].to_numpy()) if task == "number" else \
        model.predict_proba(x.iloc[test].to_numpy())[:, 1]
    off = np.abs(told - there) > 1e-9 * np.abs(there).max()
    tap.ok(off.mean() <= 0.005, f"{title}: the test rows are told the same",
           f"{off.sum()} of {len(off)} are not")


def compare_scores(tap, name, table, task, words, options):
    title = f"{name}, tree {words}"
    found, why = run_gemba(table, "y", words)
    tap.ok(found is not None, f"{title}: it runs", why)
    if not found:
        return
    train, test = split_of(table)
    x = table.drop(columns="y").to_numpy()
    y = table["y"].to_numpy()
    model = sklearn_tree(task, **options).fit(x[train], y[train])
    there = model.score(x[test], y[test])
    score = found["runs"][-1]["test"]["r2" if task == "number" else
                                      "accuracy"]
    error = 0.005 if task == "number" else \
        np.sqrt(max(there * (1 - there), 0.01) / len(test))
    tap.ok(abs(score - there) < 3 * error,
           f"{title}: the score is scikit-learn's within noise",
           f"{score:.4f}, not {there:.4f}")
    print(f"# {score:.4f}, scikit-learn {there:.4f}")


def stratified(table, target):
    """Rows put so that the plain split has the stratified one's test rows."""
    rows = np.arange(len(table))
    train, test = train_test_split(rows, test_size=0.2, random_state=42,
                                   stratify=table[target])
    to_train, to_test = split_of(table)
    place = np.empty(len(table), int)
    place[to_train], place[to_test] = train, test
    return table.iloc[place]


def derived_columns(tap):
    table = pd.read_csv(SHARED / "ai4i2020.csv")
    table = table.drop(columns=["UDI", "Product ID"] + FAILURES)
    table = stratified(table, "Machine failure")
    more = table.copy()
    torque = table["Torque [Nm]"]
    more["power"] = torque * table["Rotational speed [rpm]"]
    more["warmer"] = table["Process temperature [K]"] - \
        table["Air temperature [K]"]
    more["strain"] = torque * table["Tool wear [min]"]
    for title, data, low, high in (
            ("as it is", table, 0.33, 0.55),
            ("with power, warmer and strain", more, 0.85, 0.95)):
        found, why = run_gemba(data, "Machine failure", "depth=5")
        f1 = found and found["runs"][-1]["test"]["classes"][1]["f1"]
        tap.ok(bool(found) and low < f1 < high,
               f"ai4i2020.csv {title}: F1 between {low} and {high}",
               why or f"{f1}")
        train, test = split_of(data)
        x = data.drop(columns="Machine failure").replace(
            {"Type": {"L": 0, "M": 1, "H": 2}}).to_numpy()
        y = data["Machine failure"].to_numpy()
        model = sklearn_tree("class", max_depth=5).fit(x[train], y[train])
        there = metrics.f1_score(y[test], model.predict(x[test]))
        print(f"# F1 {f1:.4f}, scikit-learn {there:.4f}")


JOBS = [
    # options of gemba, of scikit-learn, for which task
    ("depth=4", {"max_depth": 4}, None),
    ("depth=8 leaf=5", {"max_depth": 8, "min_samples_leaf": 5}, None),
    ("depth=12 split=40", {"max_depth": 12, "min_samples_split": 40}, None),
    ("depth=6 leaf=10 criterion=entropy",
     {"max_depth": 6, "min_samples_leaf": 10, "criterion": "entropy"},
     "class"),
    ("depth=10 leaf=5 prune=0.002",
     {"max_depth": 10, "min_samples_leaf": 5, "ccp_alpha": 0.002}, "class"),
    ("depth=10 leaf=5 prune=0.2",
     {"max_depth": 10, "min_samples_leaf": 5, "ccp_alpha": 0.2}, "number"),
]


def main():
    files = ["ai4i2020.csv", "breast_cancer_wdbc.csv",
             "steel_plates_faults.csv", "ccpp.csv"]
    if not all((SHARED / name).exists() for name in files):
        skip(f"no data in {SHARED}")
    tap = Tap()
    for name in files:
        table, task = load(name)
        for words, options, only in JOBS:
            if only in (None, task):
                compare_trees(tap, name, table, task, words, options)
    for task in "class", "number":
        table = drawn(task)
        for words, options in (
                ("depth=6", {"max_depth": 6}),
                ("depth=12 leaf=50",
                 {"max_depth": 12, "min_samples_leaf": 50})):
            compare_scores(tap, f"drawn, a {task}", table, task, words,
                           options)
    derived_columns(tap)
    print(f"1..{tap.count}")
    sys.exit(tap.failed > 0)


if __name__ == "__main__":
    main()
