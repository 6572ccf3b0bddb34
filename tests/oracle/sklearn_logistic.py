#!/usr/bin/python3
"""gemba's logistic regression beside scikit-learn's, on real data.

Runs "$GEMBA run RECIPE --json --set 'emit rows'" on files of the shared
folder ($GEMBA_SHARED, or ../shared beside the source), does the same job with
scikit-learn, and compares test rows, predictions, metrics and weights.  Prints
TAP; skips with a line when scikit-learn, the program or the data are not there.

  solver=liblinear, LogisticRegression(solver="liblinear")
      1e-3: both stop at tolerance 1e-4, where scikit-learn itself is 3e-4
      from the optimum, and scikit-learn's copy of the library takes other
      steps there than the library of today
  solver=liblinear tolerance=1e-10, the same with tol=1e-10
      1e-6
  solver=newton, solver="newton-cholesky" with tol=1e-12
      1e-6: this is the optimum that lbfgs is on its way to
  solver=newton, solver="lbfgs" with tol=1e-12
      2e-4: whatever tol says, it stops when the loss changes by 2e-9

Relative means relative to the largest weight.
"""
import json
import subprocess
import sys
import tempfile

from beside import GEMBA, SHARED, saw, skip

try:
    import numpy as np
    import pandas as pd
    from sklearn import metrics
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import StandardScaler
except ImportError as missing:
    skip(f"no {missing.name}")

# Where they stop is not what is compared: a warning about it is no news.
import warnings
warnings.filterwarnings("ignore", module="sklearn")

DATA = {
    "breast_cancer_wdbc.csv": {
        "target": "diagnosis",
        "leave": ["id"],
    },
    "ai4i2020.csv": {
        "target": "Machine failure",
        "leave": ["UDI", "Product ID", "TWF", "HDF", "PWF", "OSF", "RNF"],
    },
}

EXACT = {"tol": 1e-12, "max_iter": 10000}

SOLVERS = [
    # options of gemba, of scikit-learn, tolerance
    ("solver=liblinear", {"solver": "liblinear"}, 1e-3),
    ("solver=liblinear tolerance=1e-10",
     {"solver": "liblinear", "tol": 1e-10, "max_iter": 10000}, 1e-6),
    ("solver=newton", {"solver": "newton-cholesky", **EXACT}, 1e-6),
    ("solver=newton", {"solver": "lbfgs", **EXACT}, 2e-4),
    ("solver=newton l2=100",
     {"solver": "newton-cholesky", "C": 0.01, **EXACT}, 1e-6),
]


def quoted(name):
    return '"' + name + '"'


def job_of_gemba(path, about, features, options):
    """The object that gemba run --json prints, or None and why not."""
    recipe = "\n".join([
        f"open {quoted(str(path))}",
        f"target {quoted(about['target'])}",
        "features " + " ".join(quoted(name) for name in features),
        "clean standardize",
        "split test=0.2 seed=42",
        f"train logistic {options}",
        ""])
    with tempfile.NamedTemporaryFile("w", suffix=".gemba") as file:
        file.write(recipe)
        file.flush()
        run = subprocess.run([GEMBA, "run", file.name, "--json", "--set",
                              "emit rows"], capture_output=True, text=True)
    if run.returncode != 0:
        return None, f"status {run.returncode}: {run.stderr.strip()}"
    return json.loads(run.stdout), None


def numbers_of(table, features, train):
    """Standardised numbers, and categories as levels but the most frequent."""
    names, columns = [], []
    for name in features:
        column = table[name]
        if column.dtype == object:
            levels = sorted(column.unique())
            count = column.iloc[train].value_counts()
            most = max(levels, key=lambda level: count.get(level, 0))
            for level in levels:
                if level != most and count.get(level, 0) > 0:
                    names.append(f"{name}={level}")
                    columns.append((column == level).to_numpy(float))
        else:
            x = column.to_numpy(float)
            scaler = StandardScaler().fit(x[train, None])
            names.append(name)
            columns.append(scaler.transform(x[:, None])[:, 0])
    return names, np.column_stack(columns)


def report_of(y, told, p):
    """What "test" of the JSON holds, by scikit-learn."""
    found = {
        "accuracy": metrics.accuracy_score(y, told),
        "balanced_accuracy": metrics.balanced_accuracy_score(y, told),
        "mcc": metrics.matthews_corrcoef(y, told),
        "auc": metrics.roc_auc_score(y, p),
        "average_precision": metrics.average_precision_score(y, p),
        "log_loss": metrics.log_loss(y, p),
        "brier": metrics.brier_score_loss(y, p),
    }
    table = metrics.classification_report(y, told, output_dict=True,
                                          zero_division=0)
    for average in "macro", "weighted":
        for name in "precision", "recall", "f1":
            key = "f1-score" if name == "f1" else name
            found[f"{average}.{name}"] = table[f"{average} avg"][key]
    for k in 0, 1:
        for name in "precision", "recall", "f1", "support":
            key = "f1-score" if name == "f1" else name
            found[f"classes.{k}.{name}"] = table[str(k)][key]
    return found


def job_of_sklearn(table, about, features, options):
    classes = sorted(table[about["target"]].unique())
    y = (table[about["target"]] == classes[-1]).to_numpy(int)
    train, test = train_test_split(np.arange(len(table)), test_size=0.2,
                                   random_state=42)
    names, x = numbers_of(table, features, train)
    model = LogisticRegression(**options).fit(x[train], y[train])
    p = model.predict_proba(x[test])[:, 1]
    told = model.predict(x[test])
    return {
        "names": names,
        "classes": [str(c) for c in classes],
        "test_rows": test.tolist(),
        "told": told,
        "p": p,
        "confusion": metrics.confusion_matrix(y[test], told).tolist(),
        "report": report_of(y[test], told, p),
        "train_accuracy": model.score(x[train], y[train]),
        "intercept": model.intercept_[0],
        "weights": model.coef_[0],
    }


def at(value, dotted):
    """at(x, "classes.0.f1") is x["classes"][0]["f1"]."""
    for key in dotted.split("."):
        value = value[int(key) if key.isdigit() else key]
    return value


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def ok(self, passed, name, why=""):
        self.count += 1
        self.failed += not passed
        print(f"{'ok' if passed else 'not ok'} {self.count} - {name}")
        if not passed and why:
            print(f"# {why}")

    def near(self, found, expected, tolerance, name):
        found = np.asarray(found, float)
        expected = np.asarray(expected, float)
        scale = max(np.abs(expected).max(), 1e-300)
        off = np.abs(found - expected).max() / scale
        saw(name, off, tolerance)
        self.ok(bool(off <= tolerance), f"{name} within {tolerance:g}",
                f"off by {off:.3g}")


def compare(tap, title, gemba, sklearn, tolerance):
    run = gemba["runs"][-1]
    told = [gemba["classes"].index(c) for c in gemba["predictions"]]
    by_name = {w["feature"]: w for w in run["weights"]}

    tap.ok(gemba["test_rows"] == sklearn["test_rows"], f"{title}: test rows")
    tap.ok(gemba["classes"] == sklearn["classes"], f"{title}: classes")
    tap.ok(told == sklearn["told"].tolist(), f"{title}: predictions")
    tap.ok(run["test"]["confusion"] == sklearn["confusion"],
           f"{title}: confusion",
           f"{run['test']['confusion']}, not {sklearn['confusion']}")
    tap.near(run["train"]["accuracy"], sklearn["train_accuracy"], 1e-12,
             f"{title}: accuracy on the training rows")
    for name, expected in sklearn["report"].items():
        # Those of probabilities are as near as the weights are.
        rough = name in ("log_loss", "brier", "auc", "average_precision")
        tap.near(at(run["test"], name), expected,
                 tolerance if rough else 1e-12, f"{title}: {name}")
    if sorted(by_name) != sorted(sklearn["names"]):
        tap.ok(False, f"{title}: features", f"{sorted(by_name)}")
        return
    # A level is a column of zeros and ones, which nothing standardises.
    found = [by_name[n]["raw" if "=" in n else "standardized"]
             for n in sklearn["names"]]
    tap.near(found, sklearn["weights"], tolerance, f"{title}: weights")
    tap.near(run["intercept"], [sklearn["intercept"]], tolerance,
             f"{title}: intercept")


def main():
    if not all((SHARED / name).exists() for name in DATA):
        skip(f"no data in {SHARED}")
    tap = Tap()
    for file, about in DATA.items():
        table = pd.read_csv(SHARED / file)
        features = [name for name in table.columns
                    if name != about["target"] and name not in about["leave"]]
        for words, options, tolerance in SOLVERS:
            title = f"{file} {words} and {options['solver']}"
            gemba, why = job_of_gemba(SHARED / file, about, features, words)
            tap.ok(gemba is not None, f"{title}: it runs", why)
            if gemba:
                sklearn = job_of_sklearn(table, about, features, options)
                compare(tap, title, gemba, sklearn, tolerance)
    print(f"1..{tap.count}")
    sys.exit(tap.failed > 0)


if __name__ == "__main__":
    main()
