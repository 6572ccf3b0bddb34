#!/usr/bin/python3
"""What gemba's models are asked, beside numpy and scikit-learn, on real data.

Runs "$GEMBA run RECIPE --json" on files of the shared folder ($GEMBA_SHARED, or
../shared beside the source) and asks the same of scikit-learn's models of the
same rows.  Prints TAP; skips with a line when something is not there.

  quartile ranges, inflation, intervals      numpy.percentile, the inverse of
      numpy.corrcoef, and weight +- t std_error: 1e-9
  dependence                 the mean of predict() with the column set: 1e-6
  importance                 sklearn.inspection.permutation_importance, of the
      columns that stand alone; both shuffle by chance, so within 5 of their
      standard errors
  why                        weight times distance from the mean: 1e-6; the
      nearest rows those of sklearn.neighbors: the same
"""
import json
import subprocess
import sys
import tempfile

from beside import GEMBA, SHARED, saw, skip

try:
    import numpy as np
    import pandas as pd
    from scipy import stats
    from sklearn.inspection import permutation_importance
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.neighbors import NearestNeighbors
except ImportError as missing:
    skip(f"no {missing.name}")

CASES = [
    # file, target, left out, train, scikit-learn's, column to ask about
    ("ccpp.csv", "PE", [], "linear", LinearRegression(), "AP"),
    ("breast_cancer_wdbc.csv", "diagnosis", ["id"], "logistic l2=1",
     LogisticRegression(solver="newton-cholesky", tol=1e-12, max_iter=1000),
     "texture_mean"),
]
count = 0


def ok(good, name, why=""):
    global count
    count += 1
    print(f"{'ok' if good else 'not ok'} {count} - {name}")
    if not good and why:
        print(f"# {why}")


def near(a, b, tolerance, name):
    a, b = np.asarray(a, float), np.asarray(b, float)
    off = np.max(np.abs(a - b) / np.maximum(np.abs(b), 1e-3 *
                                            np.max(np.abs(b))))
    saw(name, off, tolerance)
    ok(off <= tolerance, f"{name} (within {tolerance})", f"off by {off:.3g}")


def run(file, target, leave, train, column, row):
    left = "".join(f'features -"{name}"\n' for name in leave)
    recipe = (f"open {SHARED / file}\ntarget {target}\nfeatures all\n{left}"
              "clean standardize\nsplit test=0.1 seed=3\nemit rows\n"
              f"train {train}\nimportance repeats=30\n"
              f'dependence "{column}" points=7 rows=1000000\nwhy {row}\n')
    with tempfile.NamedTemporaryFile("w", suffix=".gemba") as out:
        out.write(recipe)
        out.flush()
        done = subprocess.run([GEMBA, "run", out.name, "--json"],
                              capture_output=True, text=True)
    if done.returncode > 1:
        print(f"Bail out! {done.stderr}")
        sys.exit(1)
    return json.loads(done.stdout)


def ask(file, target, leave, train, model, column):
    data = pd.read_csv(SHARED / file)
    x = data.drop(columns=[target] + leave)
    said = run(file, target, leave, train, column, 8)
    asked = said["runs"][-1]
    test = np.array(said["test_rows"])
    learn = np.setdiff1d(np.arange(len(data)), test)
    y = data[target]
    if y.dtype == object:
        y = (y == sorted(y.unique())[-1]).astype(int)
    mean, sd = x.loc[learn].mean(), x.loc[learn].std(ddof=0)
    z = (x - mean) / sd
    model.fit(z.loc[learn], y[learn])
    weights = {w["feature"]: w for w in asked["weights"]}
    name = f"{file}, {train}"

    w = [weights[c] for c in x]
    q = np.percentile(x.loc[learn], [25, 75], axis=0)
    near([v["quartile_range"] for v in w], q[1] - q[0], 1e-9,
         f"{name}: quartile ranges")
    near([v["iqr"] for v in w], (q[1] - q[0]) * [v["raw"] for v in w], 1e-9,
         f"{name}: weights per quartile range")
    near([v["vif"] for v in w],
         np.diag(np.linalg.inv(np.corrcoef(x.loc[learn].T))), 1e-6,
         f"{name}: inflation")
    if w[0]["std_error"] is not None:
        t = stats.t.ppf(0.975, len(learn) - x.shape[1] - 1)
        near([v["low"] for v in w],
             [v["raw"] - t * v["std_error"] for v in w], 1e-9,
             f"{name}: intervals")
    else:
        near([v["odds_ratio"]["ratio"] for v in w],
             np.exp([v["raw"] for v in w]), 1e-9, f"{name}: odds ratios")

    told = (lambda a: model.predict_proba(a)[:, 1]) \
        if hasattr(model, "predict_proba") else model.predict
    points = asked["dependence"][0]["points"]
    means = []
    for point in points:
        other = z.loc[test].copy()
        other[column] = (point["value"] - mean[column]) / sd[column]
        means.append(told(other).mean())
    near([p["mean"] for p in points], means, 1e-5, f"{name}: dependence")

    why = asked["why"][0]
    weight = np.ravel(model.coef_)
    at = z.columns
    near([p["moved"] for p in why["parts"]],
         [weight[at.get_loc(p["column"])] * z.loc[7, p["column"]]
          for p in why["parts"]], 1e-5, f"{name}: parts")
    near(why["score"], why["base"] + sum(p["moved"] for p in why["parts"]),
         1e-12, f"{name}: they add up")
    others = learn[learn != 7]
    finder = NearestNeighbors(n_neighbors=5).fit(z.loc[others].to_numpy())
    _, found = finder.kneighbors(z.loc[[7]].to_numpy())
    ok([n["row"] - 1 for n in why["nearest"]] == list(others[found[0]]),
       f"{name}: the nearest rows")

    scorer = "r2" if asked["task"] == "regression" else "matthews_corrcoef"
    if scorer == "r2":
        theirs = permutation_importance(model, z.loc[test], y[test],
                                        scoring=scorer, n_repeats=30,
                                        random_state=1)
        for group in asked["importance"]:
            if len(group["features"]) > 1:
                continue
            j = at.get_loc(group["features"][0])
            error = (theirs.importances_std[j] / 30 ** 0.5) * 2 ** 0.5
            ok(abs(group["drop"] - theirs.importances_mean[j]) <= 5 * error,
               f"{name}: shuffling {group['features'][0]}",
               f"{group['drop']} is not {theirs.importances_mean[j]}")


for case in CASES:
    if not (SHARED / case[0]).exists():
        skip(f"no {case[0]}")
for case in CASES:
    ask(*case)
print(f"1..{count}")
