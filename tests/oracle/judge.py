#!/usr/bin/python3
"""gemba's thresholds, curves and comparisons beside those of other hands.

Files of the shared folder ($GEMBA_SHARED, or ../shared beside the source) are
trained on; from the test rows and what was told of them all is found again:

  measures      sklearn.metrics at the threshold, 1e-9: kappa, mcc, f1 ...
  best          every threshold tried: by mcc, f1, balanced accuracy, cost
  curves        sklearn.metrics.roc_curve, precision_recall_curve, 1e-9
  calibration   the bins again in numpy, 1e-9
  McNemar       scipy.stats.binomtest up to 50 rows, chi2 beyond, 1e-9; R's
                mcnemar.test() where Rscript is there
  bootstrap     20,000 other draws of rows for both: each end within a tenth of
                the width
  DeLong        the covariance of the components of all pairs, 1e-9
  corrected t   Nadeau and Bengio by scipy.stats.t, 1e-9
"""
import json
from pathlib import Path
import shutil
import subprocess
import tempfile

from beside import GEMBA, SHARED, skip

try:
    import numpy as np
    import pandas as pd
    from scipy import stats
    from sklearn import metrics
except ImportError as missing:
    skip(f"{missing}")

AI4I = ['target "Machine failure"',
        'features all -TWF -HDF -PWF -OSF -RNF -UDI -"Product ID"',
        "split test=0.3 stratify=yes seed=1"]
Z = 1.959963984540054
folder = tempfile.mkdtemp()
count = 0


def report(name, ok, why=""):
    global count
    count += 1
    print(f"{'ok' if ok else 'not ok'} {count} - {name}", flush=True)
    if not ok and why:
        print(f"# {why}")


def near(a, b, tolerance=1e-9):
    if a is None or b is None:
        return a is None and b is None
    return abs(a - b) <= tolerance * max(1, abs(a), abs(b))


def run(file, *lines):
    """The JSON of a recipe, and that of its first training with its rows."""
    recipe = Path(folder) / "r.gemba"
    recipe.write_text("\n".join([f"open '{SHARED / file}'", *lines]) + "\n")
    out = subprocess.run([GEMBA, "run", str(recipe), "--json"],
                         capture_output=True, text=True)
    if out.returncode > 1 or not out.stdout:
        raise RuntimeError(out.stderr)
    return json.loads(out.stdout)


def truth(file, target, o):
    column = pd.read_csv(SHARED / file)[target].to_numpy()
    return column[o["test_rows"]]


def at(y, p, cut):
    told = (p > cut).astype(int)
    return {"accuracy": metrics.accuracy_score(y, told),
            "balanced_accuracy": metrics.balanced_accuracy_score(y, told),
            "mcc": metrics.matthews_corrcoef(y, told),
            "kappa": metrics.cohen_kappa_score(y, told),
            "f1": metrics.f1_score(y, told),
            "precision": metrics.precision_score(y, told, zero_division=0),
            "recall": metrics.recall_score(y, told)}


def thresholds():
    for cut in (0.02, 0.1, 0.5, 0.8):
        o = run("ai4i2020.csv", *AI4I, "emit rows", "train logistic",
                f"threshold {cut}")
        test = o["runs"][0]["test"]
        y, p = truth("ai4i2020.csv", "Machine failure", o), \
            np.array(o["probabilities"])
        ref = at(y, p, cut)
        mine = dict(test, **test["classes"][1])
        bad = [k for k in ref if not near(ref[k], mine[k])]
        told = [str(int(x > cut)) for x in p]
        report(f"all measures at threshold {cut}", not bad, bad)
        report(f"what is told at threshold {cut}", told == o["predictions"])
        report(f"auc is the same at {cut}",
               near(test["auc"], metrics.roc_auc_score(y, p)))


# at() has them all, and takes a while for thousands of thresholds.
MEASURE = {"mcc": metrics.matthews_corrcoef,
           "f1": lambda y, t: metrics.f1_score(y, t, zero_division=0),
           "balanced": metrics.balanced_accuracy_score}


def best():
    for by in ("mcc", "f1", "balanced", "cost"):
        o = run("ai4i2020.csv", *AI4I, "emit rows", "costs miss=100 alarm=7",
                "train logistic", f"threshold best by={by}")
        r = o["runs"][0]
        y, p = truth("ai4i2020.csv", "Machine failure", o), \
            np.array(o["probabilities"])
        values = []
        for cut in np.r_[np.unique(p), 0, p.max() + 1]:
            told = p > cut
            alarm, miss = (told & (y == 0)).sum(), (~told & (y == 1)).sum()
            values.append(-(100 * miss + 7 * alarm) if by == "cost" else
                          MEASURE[by](y, told))
        mine = r["threshold_best"]["value"] * (-1 if by == "cost" else 1)
        report(f"no threshold is better by {by}", near(mine, max(values)),
               f"{mine} {max(values)}")
        other = r["threshold_best"]["on_other_rows"]
        report(f"other rows do not think more of it, by {by}",
               (other >= -mine if by == "cost" else other <= mine), other)


def curves():
    o = run("ai4i2020.csv", *AI4I, "emit rows", "emit curves",
            "train tree depth=6")
    y, p = truth("ai4i2020.csv", "Machine failure", o), \
        np.array(o["probabilities"])
    points = o["curves"]["points"]
    alarms, recall, _ = metrics.roc_curve(y, p, drop_intermediate=False)
    report("the points of the ROC curve",
           np.allclose([q["false_alarms"] for q in points], alarms) and
           np.allclose([q["recall"] for q in points], recall))
    precision, recall, _ = metrics.precision_recall_curve(y, p)
    mine = [(q["recall"], q["precision"]) for q in points][::-1]
    # From full recall on scikit-learn 1.2 leaves the rest away, or keeps it.
    theirs = list(zip(recall, precision))
    tail = mine[len(mine) - len(theirs):]
    report("the points of the precision-recall curve",
           np.allclose(tail, theirs))

    o = run("ai4i2020.csv", *AI4I, "emit rows", "emit curves",
            "train logistic")
    y, p = truth("ai4i2020.csv", "Machine failure", o), \
        np.array(o["probabilities"])
    order, n = np.argsort(p, kind="stable"), len(p)
    ends = [n * k // 10 for k in range(11)]
    ok, error = True, 0
    for k, bin_ in enumerate(o["curves"]["calibration"]):
        rows = order[ends[k]:ends[k + 1]]
        w = stats.binomtest(int(y[rows].sum()), len(rows)).proportion_ci(
            method="wilson")
        ok &= near(bin_["told"], p[rows].mean()) and \
            near(bin_["true"], y[rows].mean()) and \
            near(bin_["low"], w.low) and near(bin_["high"], w.high)
        error += abs(p[rows].sum() - y[rows].sum()) / n
    report("ten bins of calibration, with Wilson's intervals", ok)
    report("the expected calibration error",
           near(error, o["curves"]["calibration_error"]))

    o = run("ccpp.csv", "target PE", "emit rows", "emit curves",
            "train linear")
    e = np.array(o["predictions"]) - truth("ccpp.csv", "PE", o)
    size = [near(q["size"], np.percentile(abs(e), 100 * q["quantile"]))
            for q in o["curves"]["error_sizes"]]
    report("quantiles of the size of errors", all(size))
    report("mean and sd of errors", near(o["curves"]["error_mean"], e.mean())
           and near(o["curves"]["error_sd"], e.std()))


def mcnemar(name, m, right_a, right_b):
    b, c = int((right_a & ~right_b).sum()), int((right_b & ~right_a).sum())
    p = stats.binomtest(min(b, c), b + c).pvalue if b + c <= 50 else \
        stats.chi2.sf(max(0, abs(b - c) - 1) ** 2 / (b + c), 1)
    report(f"McNemar, {name}", m["only_a"] == b and m["only_b"] == c and
           near(m["p"], p), f"{m} {b} {c} {p}")
    if b + c > 50 and shutil.which("Rscript"):
        r = subprocess.run(
            ["Rscript", "-e", f"cat(sprintf('%.15g', mcnemar.test("
             f"matrix(c(9,{b},{c},9),2))$p.value))"],
            capture_output=True, text=True)
        report(f"mcnemar.test() of R, {name}", near(m["p"], float(r.stdout)))


def ends(name, mine, draws):
    low, high = np.percentile(draws, [2.5, 97.5])
    slack = (high - low) / 10
    report(f"the bootstrap of {name}", abs(mine["low"] - low) < slack and
           abs(mine["high"] - high) < slack,
           f"{mine['low']} {mine['high']} beside {low} {high}")


def mcc_of(y, told):
    """Of many draws at once: y and told are draws by rows, of 0 and 1."""
    tp, fp = (told & y).sum(1), (told & ~y).sum(1)
    fn, tn = (~told & y).sum(1), (~told & ~y).sum(1)
    return (tp * tn - fp * fn) / np.sqrt(
        1.0 * (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))


def mcc_of_many(y, told, k):
    """metrics.matthews_corrcoef(), which takes a hundred times as long."""
    c = np.bincount(y * k + told, minlength=k * k).reshape(k, k)
    t, p, n = c.sum(1), c.sum(0), c.sum()
    return (np.trace(c) * n - t @ p) / np.sqrt(
        1.0 * (n * n - p @ p) * (n * n - t @ t))


def delong(y, p, q):
    def parts(s):
        pos, neg = s[y == 1], s[y == 0]
        order = (pos[:, None] > neg) + 0.5 * (pos[:, None] == neg)
        return order.mean(1), order.mean(0)
    (a, b), (c, d) = parts(p), parts(q)
    return np.sqrt(np.var(c - a, ddof=1) / len(a) +
                   np.var(d - b, ddof=1) / len(b))


def comparisons():
    one = ["train logistic", "train tree depth=4"]
    told, o = [], None
    for method in one:
        o = run("ai4i2020.csv", *AI4I, "emit rows", method)
        told.append(np.array(o["probabilities"]))
    y = truth("ai4i2020.csv", "Machine failure", o) == 1
    c = run("ai4i2020.csv", *AI4I, *one, "compare 1 2")["comparisons"][0]
    a, b = told[0] > 0.5, told[1] > 0.5
    mcnemar("two classes", c["mcnemar"], a == y, b == y)
    rng = np.random.RandomState(7)
    draws = []
    for _ in range(12):
        rows = rng.randint(0, len(y), (500, len(y)))
        draws.append(mcc_of(y[rows], b[rows]) - mcc_of(y[rows], a[rows]))
    ends("mcc of two classes", c["measures"]["mcc"], np.concatenate(draws))
    auc = c["measures"]["auc"]
    error = delong(y.astype(int), *told)
    apart = metrics.roc_auc_score(y, told[1]) - \
        metrics.roc_auc_score(y, told[0])
    report("DeLong of two areas", near(auc["difference"], apart) and
           near(auc["low"], apart - Z * error) and
           near(auc["high"], apart + Z * error), f"{auc} {apart} {error}")


def comparisons_of_many():
    file, target = "crop_recommendation.csv", "label"
    first = ["target label", "split test=0.3 seed=3"]
    one = ["train tree depth=7", "train tree depth=10"]
    told, o = [], None
    for method in one:
        o = run(file, *first, "emit rows", method)
        told.append(np.array(o["predictions"]))
    y = truth(file, target, o)
    c = run(file, *first, *one, "compare")["comparisons"][0]
    mcnemar("22 classes", c["mcnemar"], told[0] == y, told[1] == y)
    rng = np.random.RandomState(7)
    names = {k: i for i, k in enumerate(sorted(set(y)))}
    t, a, b = (np.array([names[v] for v in x]) for x in (y, *told))
    draws = []
    for _ in range(800):
        r = rng.randint(0, len(y), len(y))
        draws.append(mcc_of_many(t[r], b[r], len(names)) -
                     mcc_of_many(t[r], a[r], len(names)))
    ends("mcc of 22 classes", c["measures"]["mcc"], draws)


def comparisons_of_numbers():
    first = ["target PE", "split test=0.04 seed=5"]
    one = ["train linear", "train tree depth=5"]
    told, o = [], None
    for method in one:
        o = run("ccpp.csv", *first, "emit rows", method)
        told.append(np.array(o["predictions"]))
    y = truth("ccpp.csv", "PE", o)
    c = run("ccpp.csv", *first, *one, "compare")["comparisons"][0]
    rng = np.random.RandomState(7)
    rows = rng.randint(0, len(y), (6000, len(y)))
    e, f = ((x - y)[rows] for x in told)
    spread = ((y[rows] - y[rows].mean(1)[:, None]) ** 2).sum(1)
    ends("r2 of numbers", c["measures"]["r2"],
         ((e ** 2).sum(1) - (f ** 2).sum(1)) / spread)
    ends("rmse of numbers", c["measures"]["rmse"],
         np.sqrt((f ** 2).mean(1)) - np.sqrt((e ** 2).mean(1)))
    ends("mae of numbers", c["measures"]["mae"],
         abs(f).mean(1) - abs(e).mean(1))


def folds():
    o = run("ccpp.csv", "target PE", "split folds=6 seed=2", "train linear",
            "train tree depth=4", "compare")
    d = np.array([b["r2"] - a["r2"] for a, b in zip(o["runs"][0]["folds"],
                                                    o["runs"][1]["folds"])])
    share = sum(f["test"] for f in o["runs"][0]["folds"]) / \
        sum(f["train"] for f in o["runs"][0]["folds"])
    error = np.sqrt((1 / len(d) + share) * d.var(ddof=1))
    t = d.mean() / error
    half = stats.t.ppf(0.975, len(d) - 1) * error
    c = o["comparisons"][0]["corrected_t"]
    report("the corrected t of folds", near(c["t"], t) and
           near(c["p"], 2 * stats.t.sf(abs(t), len(d) - 1)) and
           near(c["low"], d.mean() - half) and
           near(c["high"], d.mean() + half), f"{c} {t}")


if not SHARED.is_dir():
    skip(f"{SHARED} is not there")
try:
    for part in (thresholds, best, curves, comparisons, comparisons_of_many,
                 comparisons_of_numbers, folds):
        part()
finally:
    shutil.rmtree(folder)
print(f"1..{count}")
