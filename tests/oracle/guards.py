#!/usr/bin/python3
"""The guards on open data: what they must find, and where they must be silent.

The files are those of the shared folder ($GEMBA_SHARED, or ../shared beside the
source).  What is counted is counted again with pandas; the scores of the
unrelated random walks are those of scikit-learn's LinearRegression.
"""
import json
import os
import subprocess
import tempfile

from beside import GEMBA, SHARED, skip

try:
    import numpy as np
    import pandas as pd
    from sklearn.linear_model import LinearRegression
    from sklearn.model_selection import train_test_split
except ImportError as missing:
    skip(f"{missing}")
if not SHARED.is_dir():
    skip("there is no folder of shared data")

folder = tempfile.mkdtemp()
count = 0


def guards(*lines):
    path = os.path.join(folder, "recipe.gemba")
    with open(path, "w") as out:
        out.write("\n".join(lines) + "\n")
    said = subprocess.run([GEMBA, "run", path, "--json"],
                          stdout=subprocess.PIPE, check=False).stdout
    return {g["code"]: g for g in json.loads(said)["guards"]}


def check(name, good, what=""):
    global count
    count += 1
    print(f"{'' if good else 'not '}ok {count} - guards: {name}")
    if not good:
        print(f"# {what}")


def data(name):
    return f"open {SHARED / name}"


def modes():
    frame = pd.read_csv(SHARED / "ai4i2020.csv")
    any_mode = frame[["TWF", "HDF", "PWF", "OSF", "RNF"]].max(axis=1)
    others = int((any_mode != frame["Machine failure"]).sum())
    found = guards(data("ai4i2020.csv"), "target 'Machine failure'",
                   "features all -UDI", "clean standardize",
                   "train logistic")
    g = found.get("G02", {"remedy": "", "effect": {}})
    check("the modes of failure restate the failure",
          g["remedy"] == "features -TWF -HDF -PWF -OSF -RNF", found)
    check(f"{others} rows differ from any mode",
          others == 27 and g["effect"].get("count") == others, g)
    check("without them far less is known",
          g["effect"].get("now", 0) > 0.9 and g["effect"]["then"] < 0.5, g)
    check("of ai4i nothing else is said", set(found) <= {"G02", "G12"}, found)


def walks():
    for seed in 2, 3:
        walk = np.cumsum(np.random.RandomState(seed).randn(2000, 4), axis=0)
        path = os.path.join(folder, "walks.csv")
        pd.DataFrame(walk, columns=list("abcy")).to_csv(path, index=False)
        x, y = walk[:, :3], walk[:, 3]
        score = []
        for shuffle in True, False:
            a, b, c, d = train_test_split(
                x, y, test_size=0.2, shuffle=shuffle,
                random_state=42 if shuffle else None)
            score.append(LinearRegression().fit(a, c).score(b, d))
        g = guards(f"open {path}", "target y", "train linear").get("G03")
        check(f"walks {seed} are warned about: r2 {score[0]:.2f} at random, "
              f"{score[1]:.2f} in order",
              g and not g["proposal"] and
              abs(g["effect"]["now"] - score[0]) < 1e-6 and
              abs(g["effect"]["then"] - score[1]) < 1e-6 and score[1] < 0,
              g)


def silent():
    found = guards(data("breast_cancer_wdbc.csv"), "target diagnosis",
                   "features all -id", "clean standardize", "train logistic")
    check("nothing is said of breast cancer", set(found) <= {"G12"}, found)
    for target in "N", "ph", "rainfall":
        found = guards(data("crop_recommendation.csv"), f"target {target}",
                       "train linear")
        check(f"nothing is said of crops and {target}", not found, found)
    found = guards(data("ccpp.csv"), "target PE", "train linear")
    frame = pd.read_csv(SHARED / "ccpp.csv")
    train, test = train_test_split(frame, test_size=0.2, random_state=42)
    known = set(train.itertuples(index=False, name=None))
    copied = sum(row in known
                 for row in test.itertuples(index=False, name=None))
    check("of ccpp only its copies are spoken of", list(found) == ["G05"],
          found)
    check(f"{copied} of its test rows are copies",
          found.get("G05", {"effect": {}})["effect"].get("count") == copied,
          found)


modes()
walks()
silent()
print(f"1..{count}")
