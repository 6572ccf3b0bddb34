#!/usr/bin/python3
"""vote, stack and tune beside scikit-learn's (1.2.1).

VotingClassifier(voting="soft"), VotingRegressor, StackingClassifier and
StackingRegressor with members that both programs fit to the same answer
(logistic and linear regression on some of the columns, with other penalties);
trees, which part ties in another way, are held to a looser measure.  And the
means of GridSearchCV over the inner folds of the training rows.  Prints TAP;
skips with a line when scikit-learn is not there.
"""
import json
import os
import subprocess
import tempfile
from pathlib import Path

from beside import GEMBA, saw, skip

try:
    import numpy as np
    import pandas as pd
    from sklearn import datasets
    from sklearn import model_selection as ms
    from sklearn.ensemble import (StackingClassifier, StackingRegressor,
                                  VotingClassifier, VotingRegressor)
    from sklearn.linear_model import (LinearRegression, LogisticRegression,
                                      Ridge)
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
except ImportError as missing:
    skip(f"no {missing.name}")

ran = 0


def tell(what, wrong):
    """One line of TAP; wrong says what differs, or nothing."""
    global ran
    ran += 1
    print(f"{'not ok' if wrong else 'ok'} {ran} - {what}")
    for line in wrong[:3]:
        print("# " + str(line)[:300])


def near(name, mine, theirs, tolerance):
    """Nothing, or what differs by more."""
    mine, theirs = np.asarray(mine, float), np.asarray(theirs, float)
    if mine.shape != theirs.shape:
        return [f"{name}: {mine.shape} and {theirs.shape}"]
    size = np.maximum(1, np.abs(theirs))
    worst = np.max(np.abs(mine - theirs) / size, initial=0)
    saw(name, worst, tolerance)
    return [] if worst <= tolerance else [f"{name} differs by {worst:.3g}"]


def run(frame, target, line, split="test=0.25 seed=3", threads="1",
        clean="clean standardize"):
    """The object of gemba run --json."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.csv"
        frame.to_csv(path, index=False, float_format="%.17g")
        recipe = Path(folder) / "recipe.gemba"
        recipe.write_text(f"""open "{path}"
target {target}
features all
{clean}
split {split}
{line}
""")
        said = subprocess.run(
            [GEMBA, "run", str(recipe), "--json", "--set", "emit rows"],
            capture_output=True, text=True,
            env=dict(os.environ, OMP_NUM_THREADS=threads))
    if said.returncode:
        raise RuntimeError(said.stderr.strip())
    return json.loads(said.stdout)


def sides(frame, target):
    """Scaled training rows, test rows, and their truth."""
    x, y = frame.drop(columns=target).to_numpy(float), frame[target].to_numpy()
    x1, x2, y1, y2 = ms.train_test_split(x, y, test_size=0.25, random_state=3)
    scaler = StandardScaler().fit(x1)
    return scaler.transform(x1), scaler.transform(x2), y1, y2


def logistic(c):
    return LogisticRegression(C=c, solver="newton-cholesky", tol=1e-12,
                              max_iter=1000)


def softmax(c):
    return LogisticRegression(C=c, tol=1e-10, max_iter=10000)


def told(found):
    return found.get("probabilities", found["predictions"])


def compare(what, frame, target, line, model, tolerance=1e-5):
    """What both tell of the test rows."""
    found = run(frame, target, line)
    x1, x2, y1, _ = sides(frame, target)
    model.fit(x1, y1)
    if hasattr(model, "predict_proba"):
        theirs = model.predict_proba(x2)
        theirs = theirs[:, 1] if theirs.shape[1] == 2 else theirs
    else:
        theirs = model.predict(x2)
    tell(what, near("what is told", told(found), theirs, tolerance))
    return found, model


def classes(cancer, wine):
    of = 'of="logistic l2=1; logistic l2=50; logistic l2=0.1"'
    three = [("a", logistic(1)), ("b", logistic(1 / 50)), ("c", logistic(10))]
    compare("vote of logistics, breast cancer", cancer, "target",
            f"train vote {of}", VotingClassifier(three, voting="soft"))
    compare("the same with weights", cancer, "target",
            f"train vote {of} weights=3,1,0.5",
            VotingClassifier(three, voting="soft", weights=[3, 1, 0.5]))
    found, model = compare(
        "stack of logistics, breast cancer", cancer, "target",
        f"train stack {of}",
        StackingClassifier(three, final_estimator=logistic(1), cv=5))
    last = found["runs"][0]["stack"]["last"]
    tell("its last model", near("weights", last["weights"],
                                model.final_estimator_.coef_, 1e-5) +
         near("intercept", last["intercept"],
              model.final_estimator_.intercept_, 1e-5))
    compare("stack folds=3 l2=0.1, breast cancer", cancer, "target",
            f"train stack {of} folds=3 l2=0.1",
            StackingClassifier(three, final_estimator=logistic(10), cv=3))
    of = 'of="logistic l2=1; logistic l2=50"'
    two = [("a", softmax(1)), ("b", softmax(1 / 50))]
    compare("vote of three classes, wine", wine, "target",
            f"train vote {of}", VotingClassifier(two, voting="soft"), 1e-4)
    compare("stack of three classes, wine", wine, "target",
            f"train stack {of}",
            StackingClassifier(two, final_estimator=softmax(1), cv=5), 1e-4)


def numbers(frame):
    of = 'of="linear; linear l2=30; linear l2=500"'
    three = [("a", LinearRegression()), ("b", Ridge(30)), ("c", Ridge(500))]
    compare("vote of linears, diabetes", frame, "target", f"train vote {of}",
            VotingRegressor(three), 1e-8)
    _, _, y, _ = sides(frame, "target")
    compare("stack of linears, diabetes", frame, "target",
            f"train stack {of}",
            StackingRegressor(three, final_estimator=Ridge(y.var()), cv=5),
            1e-6)


def trees(cancer, diabetes):
    """Trees of both are as good, not the same."""
    x1, x2, y1, y2 = sides(cancer, "target")
    of = [("a", logistic(1)), ("b", DecisionTreeClassifier(
        max_depth=4, random_state=0))]
    for name, model in (("vote", VotingClassifier(of, voting="soft")),
                        ("stack", StackingClassifier(of, cv=5))):
        found = run(cancer, "target",
                    f'train {name} of="logistic; tree depth=4"')
        theirs = model.fit(x1, y1).score(x2, y2)
        tell(f"{name} with a tree, breast cancer", near(
            "accuracy", found["runs"][0]["test"]["accuracy"], theirs, 0.022))
    x1, x2, y1, y2 = sides(diabetes, "target")
    of = [("a", LinearRegression()), ("b", DecisionTreeRegressor(
        max_depth=3, random_state=0))]
    found = run(diabetes, "target", 'train vote of="linear; tree depth=3"')
    tell("vote with a tree, diabetes", near(
        "r2", found["runs"][0]["test"]["r2"],
        VotingRegressor(of).fit(x1, y1).score(x2, y2), 0.02))


def searched(frame, target, line, model, values, scoring, folds):
    """The means of a grid over one option, by GridSearchCV."""
    x, y = frame.drop(columns=target).to_numpy(float), frame[target].to_numpy()
    x1, _, y1, _ = ms.train_test_split(x, y, test_size=0.25, random_state=3)
    name = list(values)[0]
    search = ms.GridSearchCV(make_pipeline(StandardScaler(), model), values,
                             scoring=scoring, cv=folds).fit(x1, y1)
    found = run(frame, target, line)["runs"][0]
    mine = {float(t["options"].split("=")[1]): t
            for t in found["tune"]["tries"]}
    wrong = []
    for k, value in enumerate(values[name]):
        l2 = value if name.endswith("alpha") else 1 / value
        t = min(mine.items(), key=lambda item: abs(item[0] - l2))[1]
        wrong += near(f"mean of {l2}", t["mean"],
                      search.cv_results_["mean_test_score"][k], 1e-6)
        wrong += near(f"sd of {l2}", t["sd"],
                      search.cv_results_["std_test_score"][k], 1e-6)
    if len(mine) != len(values[name]):
        wrong.append(f"{len(mine)} tries")
    best = search.best_params_[name]
    best = best if name.endswith("alpha") else 1 / best
    if abs(found["options"]["l2"] / best - 1) > 1e-9:
        wrong.append(f"l2={found['options']['l2']} is the best, not {best}")
    tell(f"{line}: GridSearchCV", wrong)


def tunes(cancer, diabetes):
    searched(cancer, "target", "tune logistic l2=0.02,0.5,4,20,300",
             logistic(1), {"logisticregression__C":
                           [1 / 0.02, 2, 1 / 4, 1 / 20, 1 / 300]},
             "matthews_corrcoef", ms.StratifiedKFold(5))
    searched(diabetes, "target", "tune linear l2=0.1,1,10,100,1000 folds=4",
             Ridge(), {"ridge__alpha": [0.1, 1, 10, 100, 1000]}, "r2",
             ms.KFold(4))


def threads():
    random = np.random.default_rng(4)
    n = 30000
    wide = pd.DataFrame(random.normal(size=(n, 5)),
                        columns=[f"x{k}" for k in range(5)])
    wide["y"] = (wide.x0 * wide.x1 + random.normal(size=n) > 0).astype(int)
    for line in ('train stack of="logistic; tree; forest trees=3 depth=5" '
                 'folds=2', 'train vote of="logistic; tree"',
                 "tune tree depth=2,5 folds=2 by=halving"):
        one, two = (run(wide, "y", line, threads=t) for t in "12")
        for o in one, two:
            o.pop("data")
            for r in o["runs"]:
                r.pop("seconds")
                r.pop("path")
                r.get("tune", {}).pop("seconds", 0)
                for t in r.get("tune", {}).get("tries", []):
                    t.pop("seconds")
        tell(f"{line}: the same bytes with one thread and two",
             [] if one == two else ["not"])


def main():
    cancer = datasets.load_breast_cancer(as_frame=True).frame.rename(
        columns=lambda name: name.replace(" ", "_"))
    wine = datasets.load_wine(as_frame=True).frame.rename(
        columns=lambda name: name.replace("/", "_"))
    wine["target"] = wine["target"].map({0: "a", 1: "b", 2: "c"})
    diabetes = datasets.load_diabetes(as_frame=True).frame
    classes(cancer, wine)
    numbers(diabetes)
    trees(cancer, diabetes)
    tunes(cancer, diabetes)
    threads()
    print(f"1..{ran}")


if __name__ == "__main__":
    main()
