#!/usr/bin/python3
"""gemba's folds beside scikit-learn's: cross_val_score, cross_val_predict.

Every row that tests is told by a pipeline (StandardScaler, then the model)
that was fitted to the other rows of its fold, for each kind of folds that both
have; the last model is held against one that is fitted to all rows.  Prints
TAP; skips with a line when scikit-learn is not there.
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from beside import GEMBA, saw, skip

try:
    import numpy as np
    import pandas as pd
    from sklearn import datasets, metrics
    from sklearn import model_selection as ms
    from sklearn.base import clone
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
except ImportError as missing:
    skip(f"no {missing.name}")

ran = 0
failed = 0


def tell(what, wrong):
    """One line of TAP; wrong says what differs, or nothing."""
    global ran, failed
    ran += 1
    failed += bool(wrong)
    print(f"{'not ok' if wrong else 'ok'} {ran} - {what}")
    for line in wrong[:3]:
        print("# " + str(line)[:300])


def train(frame, target, leave_out, split, method, threads="1"):
    """The object of gemba run --json."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.csv"
        frame.to_csv(path, index=False, float_format="%.17g")
        recipe = Path(folder) / "folds.gemba"
        recipe.write_text(f"""open "{path}"
target {target}
features all {" ".join("-" + name for name in leave_out)}
clean standardize
split {split}
train {method}
""")
        run = subprocess.run(
            [GEMBA, "run", str(recipe), "--json", "--set", "emit rows"],
            capture_output=True, text=True,
            env=dict(os.environ, OMP_NUM_THREADS=threads))
    if run.returncode:
        raise RuntimeError(run.stderr.strip())
    return json.loads(run.stdout)


def near(name, mine, theirs, tolerance=1e-6):
    """Nothing, or what differs by more."""
    mine, theirs = np.asarray(mine, float), np.asarray(theirs, float)
    if mine.shape != theirs.shape:
        return [f"{name}: {mine.shape} and {theirs.shape}"]
    size = np.maximum(1, np.abs(theirs))
    worst = np.max(np.abs(mine - theirs) / size, initial=0)
    saw(name, worst, tolerance)
    return [] if worst <= tolerance else [f"{name} differs by {worst:.3g}"]


def compare(what, frame, target, extra, split, method, model, folds, order,
            groups=None):
    """One table, one kind of folds; order has the rows as folds see them."""
    numbers = isinstance(model, LinearRegression)
    found = train(frame, target, extra, split, method)
    run = found["runs"][0]
    x = frame.drop(columns=[target, *extra]).to_numpy()[order]
    y = frame[target].to_numpy()[order]
    g = None if groups is None else groups[order]
    pipe = make_pipeline(StandardScaler(), model)
    pairs = list(folds.split(x, y, g))

    scores = ms.cross_val_score(pipe, x, y, cv=pairs,
                                scoring="r2" if numbers else "accuracy")
    mine = [fold["r2" if numbers else "accuracy"] for fold in run["folds"]]
    wrong = near("score of each fold", mine, scores)
    wrong += near("mean", run["cross_validation"]["mean"], scores.mean())
    wrong += near("sd", run["cross_validation"]["sd"], scores.std())
    if [(f["train"], f["test"]) for f in run["folds"]] != [
            (len(a), len(b)) for a, b in pairs]:
        wrong.append("other numbers of rows")

    # Every row once, in the order of the folds.
    told, always, rows = [], [], []
    for fit_on, test_on in pairs:
        fold = clone(pipe).fit(x[fit_on], y[fit_on])
        told.append(fold.predict(x[test_on]) if numbers
                    else fold.predict_proba(x[test_on])[:, 1])
        rows.append(order[test_on])
        always.append(np.full(len(test_on), np.mean(y[fit_on]) if numbers
                              else np.mean(y[fit_on]) > 0.5))
    told, rows = np.concatenate(told), np.concatenate(rows)
    always = np.concatenate(always)
    y_told = frame[target].to_numpy()[rows]
    if found["test_rows"] != list(map(int, rows)):
        wrong.append("other test rows, or another order")
    if found["test_folds"] != [f + 1 for f, (_, b) in enumerate(pairs)
                               for _ in b]:
        wrong.append("other folds of the test rows")
    wrong += near("what is told", found["predictions" if numbers else
                                        "probabilities"], told, 1e-5)
    test = run["test"]
    if numbers:
        wrong += near("r2 of all", test["r2"], metrics.r2_score(y_told, told))
        wrong += near("mae", test["mae"],
                      metrics.mean_absolute_error(y_told, told), 1e-5)
        wrong += near("r2 of the mean", run["baseline"]["r2"],
                      metrics.r2_score(y_told, always))
    else:
        wrong += near("accuracy of all", test["accuracy"],
                      metrics.accuracy_score(y_told, told > 0.5))
        wrong += near("auc of all", test["auc"],
                      metrics.roc_auc_score(y_told, told), 1e-5)
        wrong += near("accuracy of always the same",
                      run["baseline"]["accuracy"],
                      metrics.accuracy_score(y_told, always))
        if test["confusion"] != metrics.confusion_matrix(
                y_told, told > 0.5).tolist():
            wrong.append("another confusion matrix")

    # cross_val_predict() wants folds that are a partition of the rows.
    if len(rows) == len(frame):
        ours = np.empty(len(rows))
        ours[np.argsort(order)[rows]] = told
        theirs = ms.cross_val_predict(
            pipe, x, y, cv=pairs,
            method="predict" if numbers else "predict_proba")
        wrong += near("cross_val_predict", ours,
                      theirs if numbers else theirs[:, 1])

    # The model to keep has seen all rows.
    whole = pipe.fit(x, y)[-1]
    names = list(frame.drop(columns=[target, *extra]))
    weights = {w["feature"]: w["standardized"] for w in run["weights"]}
    wrong += near("weights of all rows", [weights[n] for n in names],
                  np.ravel(whole.coef_), 1e-5)
    used = run["rows"]["used"]
    if run["rows"]["tested"] + run["rows"]["never_tested"] != used:
        wrong.append("tested and never tested are not all rows")
    if any(f["train"] + f["test"] + f["gap"] + f["later"] != used
           for f in run["folds"]):
        wrong.append("a fold that does not add up")
    tell(what, wrong)


def kinds(random, frame, target, numbers):
    """Columns to fold by, and what folds by them."""
    n = len(frame)
    frame = frame.assign(
        lot=random.choice([f"L{k}" for k in range(17)], n),
        hour=random.permutation(n) * 0.5)
    extra = ["lot", "hour"]
    order = np.arange(n)
    lot = frame["lot"].to_numpy()
    by_hour = np.argsort(frame["hour"].to_numpy(), kind="stable")
    yield frame, extra, "folds=5 seed=7", ms.KFold(
        5, shuffle=True, random_state=7), order, None
    yield frame, extra, "folds=4 shuffle=no", ms.KFold(4), order, None
    if not numbers:
        yield frame, extra, "folds=5 stratify=yes seed=3", ms.StratifiedKFold(
            5, shuffle=True, random_state=3), order, None
        yield (frame, extra, "folds=3 stratify=yes shuffle=no",
               ms.StratifiedKFold(3), order, None)
    yield frame, extra, "folds=6 group=lot", ms.GroupKFold(6), order, lot
    yield (frame, extra, "folds=4 time=hour", ms.TimeSeriesSplit(4), by_hour,
           None)
    yield (frame, extra, "folds=3 time=hour gap=9",
           ms.TimeSeriesSplit(3, gap=9), by_hour, None)


def cancer():
    """The breast-cancer data, target 1 for benign."""
    data = datasets.load_breast_cancer(as_frame=True)
    frame = data.frame.rename(columns=lambda name: name.replace(" ", "_"))
    return frame


def main():
    """All tables, all kinds."""
    random = np.random.default_rng(20)
    tight = LogisticRegression(solver="newton-cholesky", tol=1e-10)
    for frame, extra, split, folds, order, groups in kinds(
            random, cancer(), "target", False):
        compare(f"logistic, breast cancer, {split}", frame, "target", extra,
                split, "logistic l2=1", tight, folds, order, groups)
    diabetes = datasets.load_diabetes(as_frame=True).frame
    for frame, extra, split, folds, order, groups in kinds(
            random, diabetes, "target", True):
        compare(f"linear, diabetes, {split}", frame, "target", extra, split,
                "linear", LinearRegression(), folds, order, groups)

    # scikit-learn 1.2.1 with solver=liblinear, by ORACLES.md, section 5.
    run = train(cancer(), "target", [], "folds=5 stratify=yes shuffle=no",
                "logistic")["runs"][0]
    wrong = near("scores", [f["accuracy"] for f in run["folds"]],
                 [0.982456, 0.982456, 0.973684, 0.973684, 0.991150], 1e-6)
    wrong += near("mean", run["cross_validation"]["mean"], 0.9806862288, 1e-9)
    tell("five folds of breast cancer have the scores on record", wrong)

    # More rows than one thread takes alone.
    n = 40000
    wide = pd.DataFrame(random.normal(size=(n, 5)),
                        columns=[f"x{k}" for k in range(5)])
    wide["y"] = (wide.sum(axis=1) + random.normal(size=n) > 0).astype(int)
    one, two = (train(wide, "y", [], "folds=3", "logistic", threads)
                for threads in ("1", "2"))
    for o in one, two:
        o.pop("data")
        for r in o["runs"]:
            r.pop("seconds")
            r.pop("path")
    tell("one thread and two: the same bytes", [] if one == two else ["not"])
    print(f"1..{ran}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
