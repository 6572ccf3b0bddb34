#!/usr/bin/python3
"""gemba's 95 % intervals beside those of other hands.

Files of the shared folder ($GEMBA_SHARED, or ../shared beside the source) and
a generated table are trained on; from the test rows and what was told of them
every interval is found again:

  Wilson      scipy.stats.binomtest(...).proportion_ci(method="wilson"), 1e-9
  DeLong      the components of each row from all pairs, numpy, 1e-9
  bootstrap   of numbers: the same draws (numpy.random.RandomState has the same
              generator), measured by sklearn.metrics and numpy.percentile, 1e-9
              of classes: 20,000 other draws of rows; both ends within a tenth
              of the width
  delta       20,000 draws of rows are too many there: 2,000, a tenth again
"""
import json
import os
import subprocess
import tempfile

from beside import GEMBA, SHARED, skip

try:
    import numpy as np
    import pandas as pd
    from scipy.stats import binomtest
    from sklearn import metrics
except ImportError as missing:
    skip(f"{missing}")

Z = 1.959963984540054
folder = tempfile.mkdtemp()
count = 0


def check(name, good, what=""):
    global count
    count += 1
    print(f"{'' if good else 'not '}ok {count} - intervals: {name}")
    if not good:
        print(f"# {what}")


def run(path, *lines):
    recipe = os.path.join(folder, "recipe.gemba")
    with open(recipe, "w") as out:
        out.write("\n".join((f"open {path}",) + lines) + "\n")
    said = subprocess.run([GEMBA, "run", recipe, "--json", "--set",
                           "emit rows"], stdout=subprocess.PIPE, check=False)
    return json.loads(said.stdout)


def near(interval, low, high, tolerance):
    return abs(interval["low"] - low) <= tolerance and \
        abs(interval["high"] - high) <= tolerance


def delong(y, p):
    above = p[y == 1][:, None] - p[y == 0][None, :]
    psi = (above > 0) + (above == 0) / 2
    error = np.sqrt(np.var(psi.mean(axis=1), ddof=1) / psi.shape[0] +
                    np.var(psi.mean(axis=0), ddof=1) / psi.shape[1])
    return max(0, psi.mean() - Z * error), min(1, psi.mean() + Z * error)


def drawn(n, draws, measure):
    """Percentiles of many draws of rows with replacement."""
    rng = np.random.RandomState(99)
    of = [measure(rng.randint(0, n, n)) for _ in range(draws)]
    return np.percentile(of, [2.5, 97.5])


def counted(kind, cells):
    tn, fp, fn, tp = cells.astype(float).T
    if kind == "f1":
        return 2 * tp / np.maximum(2 * tp + fp + fn, 1)
    if kind == "balanced_accuracy":
        return (tp / (tp + fn) + tn / (tn + fp)) / 2
    whole = np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    return np.where(whole > 0, (tp * tn - fp * fn) / np.maximum(whole, 1), 0)


def classes(name, *lines):
    whole = run(SHARED / name, *lines)
    test = whole["runs"][-1]["test"]
    truth = pd.read_csv(SHARED / name)[whole["target"]].astype(str)
    y = (truth.iloc[whole["test_rows"]] == whole["classes"][1]).to_numpy(int)
    told = (np.array(whole["predictions"]) == whole["classes"][1]).astype(int)
    p, of = np.array(whole["probabilities"]), test["intervals"]
    cells = metrics.confusion_matrix(y, told).ravel()
    tn, fp, fn, tp = (int(x) for x in cells)
    for key, k, n in (("accuracy", tn + tp, len(y)), ("recall", tp, tp + fn),
                      ("precision", tp, tp + fp)):
        ci = binomtest(k, n).proportion_ci(method="wilson")
        check(f"{name} {key} is scipy's", of[key]["by"] == "Wilson" and
              near(of[key], ci.low, ci.high, 1e-9), (of[key], ci))
    low, high = delong(y, p)
    check(f"{name} auc is DeLong's", of["auc"]["by"] == "DeLong" and
          near(of["auc"], low, high, 1e-9), (of["auc"], low, high))
    draws = np.random.RandomState(99).multinomial(len(y), cells / len(y),
                                                  20000)
    for key in "mcc", "f1", "balanced_accuracy":
        low, high = np.percentile(counted(key, draws), [2.5, 97.5])
        check(f"{name} {key} is where 20,000 draws are",
              of[key]["by"] == "bootstrap" and
              near(of[key], low, high, (high - low) / 10),
              (of[key], low, high))


MEASURES = {
    "r2": metrics.r2_score,
    "rmse": lambda y, t: np.sqrt(metrics.mean_squared_error(y, t)),
    "mae": metrics.mean_absolute_error,
}


def same_draws(n):
    """The rows of each of the 1,000 draws, as gemba has them."""
    for chunk in range(20):
        word = np.random.RandomState(chunk + 1).randint(
            0, 2**32, size=(50, n), dtype=np.uint32)
        yield from (word.astype(np.uint64) * np.uint64(n) >>
                    np.uint64(32)).astype(int)


def numbers(rows):
    rng = np.random.RandomState(rows)
    frame = pd.DataFrame(rng.randn(rows, 3), columns=list("abc"))
    frame["y"] = frame.a - 2 * frame.b + rng.standard_t(4, rows) + 50
    path = os.path.join(folder, "numbers.csv")
    frame.to_csv(path, index=False)
    whole = run(path, "target y", "train linear")
    of = whole["runs"][-1]["test"]["intervals"]
    y = frame.y.to_numpy()[whole["test_rows"]]
    told = np.array(whole["predictions"], float)
    few = len(y) <= 1000
    for key, measure in MEASURES.items():
        if few:
            low, high = np.percentile([measure(y[i], told[i])
                                       for i in same_draws(len(y))],
                                      [2.5, 97.5])
        else:
            low, high = drawn(len(y), 2000, lambda i: measure(y[i], told[i]))
        by = "bootstrap" if few else "delta"
        check(f"{len(y)} test rows: {key} by {by}", of[key]["by"] == by and
              near(of[key], low, high, 1e-9 if few else (high - low) / 10),
              (of[key], low, high))


for size in 60, 1000, 12000:
    numbers(size)
if SHARED.is_dir():
    classes("breast_cancer_wdbc.csv", "target diagnosis", "features all -id",
            "clean standardize", "train logistic")
    classes("ai4i2020.csv", "target 'Machine failure'",
            "features all -UDI -TWF -HDF -PWF -OSF -RNF", "train logistic")
    classes("ai4i2020.csv", "target 'Machine failure'",
            "features all -UDI -TWF -HDF -PWF -OSF -RNF",
            "train tree depth=5")
else:
    print("# there is no folder of shared data")
print(f"1..{count}")
