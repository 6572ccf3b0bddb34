#!/usr/bin/python3
"""gemba's l1, elastic net, lasso, ridge and class weights beside scikit-learn.

Runs "$GEMBA run RECIPE --json --set 'emit rows'" on tables of scikit-learn and
generated ones, written as CSV, and compares predictions and weights with those
of LogisticRegression, Lasso, ElasticNet and Ridge, brought to where they move
no further.  Where scikit-learn stops early the objective decides: gemba's may
not be the higher one.  Weights that are 0 there are exactly 0 here.  Prints
TAP; skips with a line when scikit-learn or the program are not there.
"""
import json
import subprocess
import sys
import tempfile
import warnings

from beside import GEMBA, saw, skip

try:
    import numpy as np
    from scipy.special import logsumexp
    from sklearn import datasets, linear_model as lm
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import StandardScaler
except ImportError as missing:
    skip(f"no {missing.name}")

warnings.filterwarnings("ignore", module="sklearn")
SAGA = {"solver": "saga", "tol": 1e-11, "max_iter": 10000}


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
        found, expected = np.asarray(found, float), np.asarray(expected, float)
        off = np.abs(found - expected).max() / np.abs(expected).max()
        saw(name, off, tolerance)
        self.ok(bool(off <= tolerance), f"{name} within {tolerance:g}",
                f"off by {off:.3g}")


def generated(kind, n, p, seed):
    """A table in which a few of many columns count."""
    rng = np.random.RandomState(seed)
    x = rng.standard_normal((n, p)) + rng.standard_normal((n, 1))
    score = x[:, 0] - 2 * x[:, 1] + x[:, 2] * 0.5
    if kind == "number":
        return x, score + rng.standard_normal(n)
    noise = rng.logistic(size=n)
    if kind == "two":
        return x, (score + noise > 0).astype(int)
    return x, np.digitize(score + noise, [-2, 2])


def cancer():
    x, y = datasets.load_breast_cancer(return_X_y=True)
    return x, y


def run_gemba(x, y, number, train, scale, share=0.25):
    """The object of gemba run, its weights (sets by features) and intercepts,
    and predictions; or None and why not."""
    with tempfile.TemporaryDirectory() as folder:
        names = [f"x{j}" for j in range(x.shape[1])]
        with open(folder + "/t.csv", "w") as out:
            out.write(",".join(names + ["y"]) + "\n")
            for row, told in zip(x, y):
                word = repr(float(told)) if number else "c" + str(told)
                out.write(",".join(map(repr, row.tolist())) + f",{word}\n")
        with open(folder + "/t.gemba", "w") as out:
            out.write("open t.csv\ntarget y\nfeatures all\n"
                      + ("clean standardize\n" if scale else "")
                      + f"split test={share!r} seed=42\ntrain {train}\n")
        done = subprocess.run([GEMBA, "run", folder + "/t.gemba", "--json",
                               "--set", "emit rows"],
                              capture_output=True, text=True)
    if done.returncode not in (0, 1):
        return None, f"status {done.returncode}: {done.stderr.strip()}"
    return json.loads(done.stdout), None


def weights_of(run, scale):
    """Of the columns as the method saw them."""
    key = "standardized" if scale else "raw"
    if not run["weights"]:
        return np.zeros((0, 0))
    classes = {w.get("class"): None for w in run["weights"]}
    return np.array([[w[key] for w in run["weights"]
                      if w.get("class") == name] for name in classes])


def penalty(w, l1, l2):
    return l1 * np.abs(w).sum() + l2 / 2 * (w ** 2).sum()


def loss_of_classes(z, y, c):
    if z.shape[1] == 1:
        z = np.hstack([np.zeros_like(z), z])
    each = logsumexp(z, axis=1) - z[np.arange(len(y)), y]
    return (c * each).sum()


def compare(tap, title, table, train, model, l1, l2, scale=True,
            tolerance=1e-6, balanced=False, number=False):
    x, y = table
    whole, why = run_gemba(x, y, number, train, scale)
    tap.ok(whole is not None, f"{title}: it runs", why)
    if whole is None:
        return
    run = whole["runs"][-1]
    tap.ok(run["converged"], f"{title}: converged", run.get("note"))
    rows = np.arange(len(y))
    learn, test = train_test_split(rows, test_size=0.25, random_state=42)
    tap.ok(whole["test_rows"] == test.tolist(), f"{title}: test rows")
    seen = StandardScaler().fit(x[learn]).transform(x) if scale else x
    model.fit(seen[learn], y[learn])
    found, theirs = weights_of(run, scale), np.atleast_2d(model.coef_)
    b = np.ravel(run["intercept"])
    if number:
        def objective(w, at):
            z = seen[learn] @ w[0] + at[0]
            return ((y[learn] - z) ** 2).sum() / 2 + penalty(w, l1, l2)
    else:
        count = np.bincount(y[learn])
        c = (len(learn) / (len(count) * count) if balanced
             else np.ones(len(count)))[y[learn]]

        def objective(w, at):
            return loss_of_classes(seen[learn] @ w.T + at, y[learn], c) \
                + penalty(w, l1, l2)
    ours = objective(found, b)
    other = objective(theirs, np.ravel(model.intercept_))
    tap.ok(ours <= other * (1 + 1e-12), f"{title}: the objective is no higher",
           f"{ours!r} and {other!r}")
    if tolerance is None:
        return
    tap.near(found, theirs, tolerance, f"{title}: weights")
    if l1 > 0:
        tap.ok(((found == 0) == (np.abs(theirs) < 1e-7)).all(),
               f"{title}: {(found == 0).sum()} weights of exactly 0",
               f"{(theirs == 0).sum()} there")
    told = model.predict(seen[test]) if number else \
        model.predict_proba(seen[test])
    if number:
        tap.near(whole["predictions"], told, max(tolerance, 1e-9),
                 f"{title}: predictions")
    else:
        sure = np.abs(np.sort(told)[:, -1] - np.sort(told)[:, -2]) > 1e-4
        best = np.array([f"c{k}" for k in told.argmax(axis=1)])
        tap.ok((np.array(whole["predictions"]) == best)[sure].all(),
               f"{title}: predictions")
    tap.ok(all(w.get("std_error") is None for w in run["weights"]) and
           "no standard errors" in run["note"], f"{title}: no standard errors")


def diabetes(tap):
    """All 442 rows, and one more that the split will test: figures that
    scikit-learn 1.2.1 gives on these rows, columns from 2, 5 and so on."""
    x, y = datasets.load_diabetes(return_X_y=True)
    n = len(y) + 1
    at = int(np.random.RandomState(42).permutation(n)[0])
    x, y = np.insert(x, at, x[0], axis=0), np.insert(y, at, y[0])
    known = [
        ("linear", 0.5177484222203, {0: -10.009866299811,
                                     1: -239.815643672422,
                                     2: 519.84592005446, 3: 324.384645502324,
                                     4: -792.175638552229,
                                     9: 67.626692183705}),
        ("ridge l2=1", 0.451230627744, {2: 306.352680150686}),
        ("lasso l1=44.2", 0.508839439799,
         {0: 0, 1: -155.343110624783, 2: 517.21624120281, 3: 275.087222928152,
          4: -52.552035811884, 5: 0, 7: 0}),
    ]
    for train, r2, weights in known:
        whole, why = run_gemba(x, y, True, train, False, 0.5 / n)
        tap.ok(whole is not None and whole["test_rows"] == [at],
               f"diabetes, {train}: it runs on all rows", why)
        run = whole["runs"][-1]
        found = weights_of(run, False)[0]
        close = 2e-4 if "lasso" in train else 1e-9
        for j, w in weights.items():
            tap.ok(abs(found[j] - w) <= close * abs(w),
                   f"diabetes, {train}: weight {j}", f"{found[j]!r}, not {w}")
        tap.ok(abs(run["train"]["r2"] - r2) <= 1e-6 * r2,
               f"diabetes, {train}: R squared", f"{run['train']['r2']!r}")


def logistic(**more):
    return lm.LogisticRegression(**{**SAGA, **more})


def main():
    tap = Tap()
    two = generated("two", 800, 12, 1)
    three = generated("three", 900, 8, 2)
    number = generated("number", 600, 15, 3)
    n = 450
    exact = {"tol": 1e-14, "max_iter": 1000000}

    compare(tap, "l1, two classes", two, "logistic l1=5 l2=0",
            logistic(penalty="l1", C=0.2), 5, 0)
    compare(tap, "l1, breast cancer", cancer(), "logistic l1=2 l2=0",
            logistic(penalty="l1", C=0.5, max_iter=500), 2, 0, tolerance=None)
    compare(tap, "elastic net, two classes", two, "logistic l1=3 l2=7",
            logistic(penalty="elasticnet", C=0.1, l1_ratio=0.3), 3, 7)
    compare(tap, "l1, three classes", three, "logistic l1=5 l2=0",
            logistic(penalty="l1", C=0.2, multi_class="multinomial"), 5, 0)
    compare(tap, "elastic net, three classes", three, "logistic l1=3 l2=7",
            logistic(penalty="elasticnet", C=0.1, l1_ratio=0.3,
                     multi_class="multinomial"), 3, 7)
    compare(tap, "all weights 0", two, "logistic l1=1000 l2=0",
            logistic(penalty="l1", C=0.001), 1000, 0, tolerance=None)
    newton = {"solver": "newton-cholesky", "tol": 1e-13, "max_iter": 1000}
    for name, table in ("two", two), ("cancer", cancer()):
        compare(tap, f"balanced, {name}", table,
                "logistic class_weight=balanced",
                lm.LogisticRegression(class_weight="balanced", **newton), 0,
                1, balanced=True)
    compare(tap, "balanced, three classes", three,
            "logistic class_weight=balanced",
            logistic(class_weight="balanced", multi_class="multinomial"), 0, 1,
            balanced=True)
    compare(tap, "balanced l1, three classes", three,
            "logistic class_weight=balanced l1=5 l2=0",
            logistic(class_weight="balanced", penalty="l1", C=0.2,
                     multi_class="multinomial"), 5, 0, balanced=True)
    compare(tap, "balanced l1, two classes", two,
            "logistic class_weight=balanced l1=5 l2=0",
            logistic(class_weight="balanced", penalty="l1", C=0.2), 5, 0,
            balanced=True)

    compare(tap, "lasso", number, "lasso l1=45",
            lm.Lasso(alpha=45 / n, **exact), 45, 0, number=True)
    compare(tap, "lasso, columns as they are", number, "lasso l1=45",
            lm.Lasso(alpha=45 / n, **exact), 45, 0, scale=False, number=True)
    compare(tap, "elastic-net", number, "elastic-net l1=30 l2=60",
            lm.ElasticNet(alpha=90 / n, l1_ratio=1 / 3, **exact), 30, 60,
            number=True)
    compare(tap, "ridge", number, "ridge l2=25",
            lm.Ridge(alpha=25, solver="cholesky"), 0, 25, tolerance=1e-9,
            number=True)
    wide = generated("number", 100, 400, 4)
    compare(tap, "lasso, wide", wide, "lasso l1=30",
            lm.Lasso(alpha=30 / 75, **exact), 30, 0, number=True)
    compare(tap, "ridge, wide", wide, "ridge l2=3",
            lm.Ridge(alpha=3, solver="svd"), 0, 3, tolerance=1e-8,
            number=True)
    wide = generated("two", 160, 2000, 5)
    compare(tap, "l1, wide", wide, "logistic l1=5 l2=0",
            logistic(penalty="l1", C=0.2, max_iter=500), 5, 0, tolerance=None)
    compare(tap, "l2, wide", wide, "logistic l2=5",
            lm.LogisticRegression(C=0.2, solver="newton-cg", tol=1e-12,
                                  max_iter=1000), 0, 5)
    wide = generated("three", 160, 600, 6)
    compare(tap, "l1, wide, three classes", wide, "logistic l1=5 l2=0",
            logistic(penalty="l1", C=0.2, multi_class="multinomial"), 5, 0,
            tolerance=1e-5)
    diabetes(tap)
    print(f"1..{tap.count}")
    sys.exit(tap.failed > 0)


if __name__ == "__main__":
    main()
