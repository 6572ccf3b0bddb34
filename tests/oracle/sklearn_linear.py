#!/usr/bin/python3
"""gemba's linear regression beside scikit-learn's, on real data.

Runs "$GEMBA run RECIPE --json --set 'emit rows'" on the combined cycle power
plant of the shared folder ($GEMBA_SHARED, or ../shared beside the source) and
compares test rows, predictions, measures and weights with those of
LinearRegression, Ridge, Lasso and DummyRegressor.  Prints TAP; skips with a
line when scikit-learn, the program or the data are not there.

Relative means relative to the largest of the numbers compared; of weights,
relative to each.
"""
import json
import subprocess
import sys
import tempfile

from beside import GEMBA, SHARED, saw, skip

FILE, TARGET = "ccpp.csv", "PE"


try:
    import numpy as np
    import pandas as pd
    from scipy import stats
    from sklearn import metrics
    from sklearn.dummy import DummyRegressor
    from sklearn.linear_model import Lasso, LinearRegression, Ridge
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import StandardScaler
except ImportError as missing:
    skip(f"no {missing.name}")

JOBS = [
    # title, lines of the recipe, model, is it standardised, tolerance
    ("linear", ["train linear"], LinearRegression(), False, 1e-9),
    ("linear, standardized", ["clean standardize", "train linear"],
     LinearRegression(), True, 1e-9),
    ("linear l2=100, standardized",
     ["clean standardize", "train linear l2=100"],
     Ridge(alpha=100, solver="cholesky"), True, 1e-9),
    ("ridge l2=100", ["train ridge l2=100"],
     Ridge(alpha=100, solver="cholesky"), False, 1e-9),
    ("lasso l1=7654, standardized",
     ["clean standardize", "train lasso l1=7654"],
     Lasso(alpha=1, tol=1e-15, max_iter=100000), True, 1e-9),
    ("baseline", ["train baseline"], DummyRegressor(), False, 1e-12),
    ("no method named", ["train"], LinearRegression(), False, 1e-9),
]


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def ok(self, passed, name, why=""):
        self.count += 1
        self.failed += not passed
        print(f"{'ok' if passed else 'not ok'} {self.count} - {name}")
        if not passed and why:
            print(f"# {why}")

    def near(self, found, expected, tolerance, name, each=False):
        found = np.asarray(found, float)
        expected = np.asarray(expected, float)
        scale = np.abs(expected) if each else np.abs(expected).max()
        off = (np.abs(found - expected) / np.maximum(scale, 1e-300)).max()
        saw(name, off, tolerance)
        self.ok(bool(off <= tolerance), f"{name} within {tolerance:g}",
                f"off by {off:.3g}")


def job_of_gemba(lines):
    recipe = "\n".join([f'open "{SHARED / FILE}"', f"target {TARGET}",
                        "features all", "split test=0.2 seed=42"] + lines)
    with tempfile.NamedTemporaryFile("w", suffix=".gemba") as file:
        file.write(recipe + "\n")
        file.flush()
        run = subprocess.run([GEMBA, "run", file.name, "--json", "--set",
                              "emit rows"], capture_output=True, text=True)
    if run.returncode != 0:
        return None, f"status {run.returncode}: {run.stderr.strip()}"
    return json.loads(run.stdout), None


def measures_of(y, told):
    return {
        "r2": metrics.r2_score(y, told),
        "rmse": metrics.mean_squared_error(y, told, squared=False),
        "mae": metrics.mean_absolute_error(y, told),
        "mse": metrics.mean_squared_error(y, told),
        "median_error": metrics.median_absolute_error(y, told),
    }


def errors_of(x, y, told):
    """Standard errors and p of the weights, by the textbook."""
    n, p = x.shape
    left = ((y - told) ** 2).sum() / (n - p - 1)
    a = np.column_stack([np.ones(n), x - x.mean(axis=0)])
    error = np.sqrt(left * np.diag(np.linalg.inv(a.T @ a)))[1:]
    return error


def compare(tap, title, whole, model, scaled, tolerance):
    table = pd.read_csv(SHARED / FILE)
    names = [name for name in table.columns if name != TARGET]
    x, y = table[names].to_numpy(float), table[TARGET].to_numpy(float)
    train, test = train_test_split(np.arange(len(table)), test_size=0.2,
                                   random_state=42)
    scaler = StandardScaler().fit(x[train])
    seen = scaler.transform(x) if scaled else x
    model.fit(seen[train], y[train])
    told = model.predict(seen[test])
    run = whole["runs"][-1]

    tap.ok(whole["task"] == run["task"] == "regression", f"{title}: task")
    tap.ok(whole["test_rows"] == test.tolist(), f"{title}: test rows")
    tap.near(whole["predictions"], told, tolerance, f"{title}: predictions")
    for part, rows in ("test", test), ("train", train):
        expected = measures_of(y[rows], model.predict(seen[rows]))
        tap.ok(sorted(set(run[part]) - {"intervals"}) == sorted(expected),
               f"{title}: names of the measures in {part}")
        for name, value in expected.items():
            # What is 0 but for rounding is 0 in units of the whole.
            tap.ok(abs(run[part][name] - value) <=
                   tolerance * max(abs(value), 1),
                   f"{title}: {name} in {part} within {tolerance:g}",
                   f"{run[part][name]!r}, not {value!r}")
    mean = measures_of(y[test], np.full(len(test), y[train].mean()))
    for name in "r2", "rmse":
        tap.near(run["baseline"][name], mean[name], 1e-12,
                 f"{title}: {name} of the baseline")
    if not hasattr(model, "coef_"):
        return
    weights = {w["feature"]: w for w in run["weights"]}
    found = [weights[n]["standardized" if scaled else "raw"] for n in names]
    tap.near(found, model.coef_, tolerance, f"{title}: weights", each=True)
    tap.near(run["intercept"], [model.intercept_], tolerance,
             f"{title}: intercept")
    if not isinstance(model, LinearRegression):
        tap.ok(weights[names[0]]["std_error"] is None and
               "penalty" in run["note"], f"{title}: no standard errors")
        return
    error = errors_of(x[train], y[train], model.predict(seen[train]))
    tap.near([weights[n]["std_error"] for n in names], error, 1e-9,
             f"{title}: standard errors", each=True)
    t = np.array([weights[n]["raw"] for n in names]) / error
    tap.near([weights[n]["p"] for n in names],
             2 * stats.t.sf(np.abs(t), len(train) - len(names) - 1), 1e-6,
             f"{title}: p", each=True)


def main():
    if not (SHARED / FILE).exists():
        skip(f"no data in {SHARED}")
    tap = Tap()
    for title, lines, model, scaled, tolerance in JOBS:
        whole, why = job_of_gemba(lines)
        tap.ok(whole is not None, f"{title}: it runs", why)
        if whole:
            compare(tap, title, whole, model, scaled, tolerance)
    print(f"1..{tap.count}")
    sys.exit(tap.failed > 0)


if __name__ == "__main__":
    main()
