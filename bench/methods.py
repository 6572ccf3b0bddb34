#!/usr/bin/env python3
"""Times every method beside its counterpart, in the same run.

    methods.py [--gemba PROGRAM] [--rows N] [--rounds N] [--only NAME,...]
               [--keep FOLDER]

The counterpart is scikit-learn's estimator with the same options, or XGBoost
through its C library.  Every program is started afresh for each round, one
after the other, on the same file, with the same rows for testing.  Time is what
each takes to fit, as it tells itself; of neighbours, which are only looked up
when rows are told: to fit, and to tell the training and the test rows.  Threads
that wait sleep in both programs, unless OMP_WAIT_POLICY says otherwise.  Memory
is the peak of the whole program (wait4), reading the file included; the score
is on the test rows: accuracy, or r2.  Data is that of tree.py: 20 numbers, a yes/no target "good" and a number
"amount".
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

from tree import python_with_sklearn, run, write_rows

STANDARD = "clean standardize\n"
# Their time is in telling rows.
TELLS = ("neighbours",)

# name, target, rules, what gemba trains, an expression of scikit-learn's
# estimator or XGBoost's parameters, and the most rows it is fair to ask for.
METHODS = [
    ("logistic", "good", STANDARD, "logistic",
     "LogisticRegression(max_iter=1000)", 10**7),
    ("logistic l1", "good", STANDARD, "logistic l1=10 l2=0",
     "LogisticRegression(penalty='l1', solver='saga', C=0.1, "
     "max_iter=1000)", 10**7),
    ("logistic liblinear", "good", STANDARD, "logistic solver=liblinear",
     "LogisticRegression(solver='liblinear')", 10**7),
    ("linear", "amount", STANDARD, "linear", "LinearRegression()", 10**7),
    ("ridge", "amount", STANDARD, "ridge l2=1", "Ridge(alpha=1)", 10**7),
    ("lasso", "amount", STANDARD, "lasso l1={n}*0.01",
     "Lasso(alpha=0.01)", 10**7),
    ("elastic-net", "amount", STANDARD,
     "elastic-net l2={n}*0.005 l1={n}*0.005",
     "ElasticNet(alpha=0.01, l1_ratio=0.5)", 10**7),
    ("sgd", "good", STANDARD, "sgd epochs=10",
     "SGDClassifier(loss='log_loss', max_iter=10, tol=None, alpha=1e-6)",
     10**7),
    ("mlp", "good", STANDARD, "mlp layers=16,16 epochs=5",
     "MLPClassifier((16, 16), max_iter=5, tol=0, n_iter_no_change=99)", 10**7),
    ("bayes", "good", "", "bayes", "GaussianNB()", 10**7),
    ("neighbours", "good", STANDARD, "neighbours k=5",
     "KNeighborsClassifier(5)", 20000),
    ("tree", "good", "", "tree depth=10",
     "DecisionTreeClassifier(max_depth=10, random_state=0)", 10**7),
    ("tree, a number", "amount", "", "tree depth=10",
     "DecisionTreeRegressor(max_depth=10, random_state=0)", 10**7),
    ("forest", "good", "", "forest trees=100 depth=12",
     "RandomForestClassifier(100, max_depth=12, n_jobs=2, random_state=0)",
     10**7),
    ("boost", "good", "", "boost rounds=100 depth=6 rate=0.3",
     {"objective": "binary:logistic", "max_depth": 6, "eta": 0.3,
      "tree_method": "hist", "rounds": 100}, 10**7),
]

SKLEARN = """\
import json, sys, time, warnings
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import (ElasticNet, Lasso, LinearRegression,
                                  LogisticRegression, Ridge, SGDClassifier)
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
warnings.filterwarnings("ignore")
file, target, other, scaled, estimator = sys.argv[1:6]
table = pd.read_csv(file).drop(columns=other)
x, y = table.drop(columns=target).to_numpy(), table[target].to_numpy()
a, b, c, d = train_test_split(x, y, test_size=0.2, random_state=42)
if scaled:
    scaler = StandardScaler().fit(a)
    a, b = scaler.transform(a), scaler.transform(b)
start = time.perf_counter()
model = eval(estimator).fit(a, c)
if estimator.startswith("KNeighbors"):
    model.score(a, c), model.score(b, d)
seconds = time.perf_counter() - start
print(json.dumps({"fit": seconds, "score": model.score(b, d)}))
"""

XGBOOST = """\
import ctypes, json, sys, time
import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split
file, target, other, parameters = sys.argv[1:5]
parameters = json.loads(parameters)
rounds = parameters.pop("rounds")
table = pd.read_csv(file).drop(columns=other)
x = table.drop(columns=target).to_numpy(np.float32)
y = table[target].to_numpy(np.float32)
a, b, c, d = train_test_split(x, y, test_size=0.2, random_state=42)
lib = ctypes.CDLL("libxgboost.so.0")
def call(name, *words):
    if getattr(lib, name)(*words) != 0:
        lib.XGBGetLastError.restype = ctypes.c_char_p
        sys.exit(lib.XGBGetLastError().decode())
def matrix(x, y=None):
    made = ctypes.c_void_p()
    x = np.ascontiguousarray(x)
    call("XGDMatrixCreateFromMat", x.ctypes.data_as(ctypes.c_void_p),
         ctypes.c_uint64(x.shape[0]), ctypes.c_uint64(x.shape[1]),
         ctypes.c_float(np.nan), ctypes.byref(made))
    if y is not None:
        y = np.ascontiguousarray(y)
        call("XGDMatrixSetFloatInfo", made, b"label",
             y.ctypes.data_as(ctypes.c_void_p), ctypes.c_uint64(len(y)))
    return made
start = time.perf_counter()
train = matrix(a, c)
booster = ctypes.c_void_p()
call("XGBoosterCreate", (ctypes.c_void_p * 1)(train), ctypes.c_uint64(1),
     ctypes.byref(booster))
for name, value in parameters.items():
    call("XGBoosterSetParam", booster, name.encode(), str(value).encode())
for i in range(rounds):
    call("XGBoosterUpdateOneIter", booster, ctypes.c_int(i), train)
seconds = time.perf_counter() - start
n, told = ctypes.c_uint64(), ctypes.POINTER(ctypes.c_float)()
call("XGBoosterPredict", booster, matrix(b), ctypes.c_int(0),
     ctypes.c_uint(0), ctypes.c_int(0), ctypes.byref(n), ctypes.byref(told))
told = np.ctypeslib.as_array(told, (n.value,))
print(json.dumps({"fit": seconds, "score": float(((told > 0.5) == d).mean())}))
"""


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--gemba", default=os.environ.get("GEMBA", "./gemba"))
    parser.add_argument("--rows", type=int, default=100000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="")
    parser.add_argument("--keep", default="")
    return parser.parse_args()


def other_of(target):
    return "amount" if target == "good" else "good"


def run_gemba(program, folder, file, method, rows):
    _, target, rules, line, _, _ = method
    line = re.sub(r"\{n\}\*([0-9.]+)",
                  lambda m: f"{rows * 0.8 * float(m[1]):.10g}", line)
    recipe = os.path.join(folder, "method.gemba")
    with open(recipe, "w") as out:
        out.write(f"open {os.path.abspath(file)}\ntarget {target}\n"
                  f"features all\nfeatures -{other_of(target)}\n{rules}"
                  f"guard all off\nsplit test=0.2 seed=42\ntrain {line}\n")
    told, peak = run([program, "run", recipe, "--json"])
    last = told["runs"][-1]
    seconds = last["seconds"]
    fit = seconds["fit"] + (seconds["evaluate"] if line.split()[0] in TELLS
                            else 0)
    return {"fit": fit, "peak": peak,
            "score": last["test"]["accuracy" if target == "good" else "r2"]}


def run_other(python, file, method):
    _, target, rules, _, other, _ = method
    if isinstance(other, dict):
        words = [XGBOOST, file, target, other_of(target), json.dumps(other)]
    else:
        words = [SKLEARN, file, target, other_of(target), rules, other]
    told, peak = run([python, "-c", *words])
    return {**told, "peak": peak}


def cells(found):
    fit = [f["fit"] for f in found]
    return (f"{statistics.median(fit):.3g} | "
            f"{max(f['peak'] for f in found):.0f} | "
            f"{found[-1]['score']:.4f}")


def line_of(method, rows, ours, theirs):
    with_what = "XGBoost" if isinstance(method[4], dict) else "scikit-learn"
    ratio = (statistics.median(t["fit"] for t in theirs) /
             statistics.median(o["fit"] for o in ours) if theirs else 0)
    return (f"| {method[0]} | {rows:,} | {cells(ours)} | " +
            (f"{with_what} | {cells(theirs)} | {ratio:.3g} |" if theirs
             else "- | | | | |"))


def main():
    args = arguments()
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    python = python_with_sklearn()
    only = [name for name in args.only.split(",") if name]
    print("| method | rows | fit s | peak MB | score | beside | fit s "
          "| peak MB | score | times as fast |")
    print("|---|--:|--:|--:|--:|---|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for method in METHODS:
            if only and method[0] not in only:
                continue
            rows = min(args.rows, method[5])
            file = os.path.join(args.keep or folder, f"tree-{rows}.csv")
            if not os.path.exists(file):
                write_rows(rows, file)
            ours, theirs = [], []
            for _ in range(args.rounds):
                ours.append(run_gemba(args.gemba, folder, file, method, rows))
                if python:
                    theirs.append(run_other(python, file, method))
            print(line_of(method, rows, ours, theirs))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
