#!/usr/bin/python3
"""gemba's boosted trees beside XGBoost's own, on real data.

Runs "$GEMBA run RECIPE --json" on files of the shared folder ($GEMBA_SHARED,
or ../shared beside the source) and, by ctypes, XGBoost's C library on the same
rows in the order of the file: as a plain matrix of all cells, where gemba hands
over parts, and told by XGBoost itself, where gemba tells with trees of its own.
What is told of the test rows is the same to 1e-6 (of a number: of its standard
deviation), with missing cells, categories, class weights, many classes, and
each option.  Prints TAP; skips with a line when the library, the program or the
data are not there.
"""
import ctypes
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from beside import GEMBA, SHARED, skip

try:
    import numpy as np
    import pandas as pd
    XGB = ctypes.CDLL("libxgboost.so.0")
except (ImportError, OSError) as missing:
    skip(f"{missing}")

XGB.XGBGetLastError.restype = ctypes.c_char_p
FLOATS = ctypes.POINTER(ctypes.c_float)


def ask(status):
    if status:
        raise RuntimeError(XGB.XGBGetLastError().decode().splitlines()[0])


def floats(x):
    x = np.ascontiguousarray(x, dtype=np.float32)
    return x, x.ctypes.data_as(FLOATS)


def matrix(x, types, y=None, weight=None):
    handle = ctypes.c_void_p()
    cells, pointer = floats(x)
    ask(XGB.XGDMatrixCreateFromMat(
        pointer, ctypes.c_uint64(x.shape[0]), ctypes.c_uint64(x.shape[1]),
        ctypes.c_float(np.nan), ctypes.byref(handle)))
    words = (ctypes.c_char_p * len(types))(*[t.encode() for t in types])
    ask(XGB.XGDMatrixSetStrFeatureInfo(handle, b"feature_type", words,
                                       ctypes.c_uint64(len(types))))
    for name, value in ((b"label", y), (b"weight", weight)):
        if value is not None:
            kept, pointer = floats(value)
            ask(XGB.XGDMatrixSetFloatInfo(handle, name, pointer,
                                          ctypes.c_uint64(len(kept))))
    return handle


def xgboost(train, test, rounds, **params):
    booster = ctypes.c_void_p()
    ask(XGB.XGBoosterCreate(ctypes.byref(train), ctypes.c_uint64(1),
                            ctypes.byref(booster)))
    for name, value in dict(tree_method="hist", verbosity=0, seed=42, nthread=1,
                            **params).items():
        ask(XGB.XGBoosterSetParam(booster, name.encode(),
                                  str(value).encode()))
    for i in range(rounds):
        ask(XGB.XGBoosterUpdateOneIter(booster, i, train))
    shape, dims = ctypes.POINTER(ctypes.c_uint64)(), ctypes.c_uint64()
    told = FLOATS()
    ask(XGB.XGBoosterPredictFromDMatrix(
        booster, test, json.dumps({"type": 0, "training": False,
                                   "iteration_begin": 0, "iteration_end": 0,
                                   "strict_shape": False}).encode(),
        ctypes.byref(shape), ctypes.byref(dims), ctypes.byref(told)))
    sizes = [shape[i] for i in range(dims.value)]
    return np.ctypeslib.as_array(told, sizes).astype(float).copy()


def load(name):
    """A table with the target in the column y; blanks are missing cells."""
    table = pd.read_csv(SHARED / name)
    if name == "ai4i2020.csv":
        table = table.drop(columns=["UDI", "Product ID", "TWF", "HDF", "PWF",
                                    "OSF", "RNF"])
        table = table.rename(columns={"Machine failure": "y"})
    elif name == "ccpp.csv":
        table = table.rename(columns={"PE": "y"})
    elif name == "breast_cancer_wdbc.csv":
        table = table.drop(columns=["id"]).rename(columns={"diagnosis": "y"})
        rng = np.random.default_rng(5)
        for column in table.columns[1:]:
            table.loc[rng.random(len(table)) < 0.1, column] = np.nan
    else:
        table = table.rename(columns={"label": "y"})
    columns = [c for c in table.columns if c != "y"]
    table = table[columns + ["y"]]
    table.columns = [f"x{i}" for i in range(len(columns))] + ["y"]
    return table


def levels(classes):
    """Categories of many levels, some in hardly any row."""
    rng = np.random.default_rng(3)
    n = 6000
    code = np.minimum(rng.exponential(60, n).astype(int), 400)
    few = rng.integers(0, 3, n)
    x = rng.normal(size=n).round(3)
    effect = rng.normal(size=401)
    z = effect[code] + few * x + rng.normal(size=n) * 0.3
    y = [f"c{int(k)}" for k in np.digitize(z, [-1, 0.5, 1.5][:classes - 1])]
    table = pd.DataFrame({"x0": [f"l{c:03d}" for c in code],
                          "x1": [f"k{f}" for f in few], "x2": x, "y": y})
    table.loc[rng.random(n) < 0.05, "x0"] = np.nan
    return table


def run_gemba(table, words, threads):
    with tempfile.TemporaryDirectory() as folder:
        table.to_csv(Path(folder) / "table.csv", index=False)
        recipe = Path(folder) / "boost.gemba"
        recipe.write_text("\n".join([
            "open table.csv", "target y", "features all",
            "split test=0.2 seed=42", "emit rows", f"train boost {words}",
            ""]))
        run = subprocess.run([GEMBA, "run", str(recipe), "--json"],
                             capture_output=True, text=True,
                             env=dict(os.environ, OMP_NUM_THREADS=threads))
    if run.returncode != 0 or run.stderr:
        return None, f"status {run.returncode}: {run.stderr.strip()}"
    return json.loads(run.stdout), None


def told_by_xgboost(table, test, rounds, params, balanced):
    """What gemba has in boost.h: the rows, the scores it begins with."""
    train = np.setdiff1d(np.arange(len(table)), test)
    x, types = table.drop(columns="y").copy(), []
    for column in x.columns:
        is_text = x[column].dtype == object
        types.append("c" if is_text else "q")
        if is_text:     # numbered as they are in the training rows
            seen = sorted(x[column].iloc[train].dropna().unique())
            x[column] = x[column].map({l: i for i, l in enumerate(seen)})
    x = x.to_numpy(dtype=float)
    y, center, weight = table["y"].to_numpy(), 0, None
    if y.dtype.kind == "f":
        center = y[train].mean()
        y = y - center
        params = dict(params, objective="reg:squarederror", base_score=0)
    else:
        names = sorted(set(y))
        y = np.array([names.index(v) for v in y])
        weight = np.ones(len(train))
        if balanced:
            count = np.bincount(y[train])
            weight = (len(train) / len(count) / count)[y[train]]
        share = np.float32((weight * (y[train] == 1)).sum() / weight.sum())
        params = dict(params, objective="binary:logistic",
                      base_score=f"{share:.9g}")
        if len(names) > 2:
            params.update(objective="multi:softprob", num_class=len(names),
                          base_score=0)
    return center + xgboost(
        matrix(x[train], types, y[train], weight if balanced else None),
        matrix(x[test], types), rounds, **params)


JOBS = [
    ("", {}, ()),
    ("depth=3 rate=0.1 l2=5 l1=0.5 gamma=0.2 min_child_weight=4 bins=40",
     {"max_depth": 3, "eta": 0.1, "lambda": 5, "alpha": 0.5, "gamma": 0.2,
      "min_child_weight": 4, "max_bin": 40}, ()),
    ("sample=0.6 columns=0.5 rounds=30",
     {"subsample": 0.6, "colsample_bytree": 0.5}, ("rounds",)),
    ("class_weight=balanced", {}, ("balanced",)),
]


def main():
    names = ["ai4i2020.csv", "ccpp.csv", "breast_cancer_wdbc.csv",
             "crop_recommendation.csv"]
    if not all((SHARED / name).exists() for name in names):
        skip(f"no data in {SHARED}")
    count = failed = 0

    def compare(name, table, words, params, how):
        nonlocal count, failed
        found, why = run_gemba(table, words, "2")
        count += 1
        off = np.inf
        if found and found["gemba"] and "boost" in found["runs"][-1]:
            test = np.array(found["test_rows"])
            told = np.array(found.get("probabilities", found["predictions"]))
            there = told_by_xgboost(table, test, 30 if "rounds" in how
                                    else 100, params, "balanced" in how)
            unit = table["y"].std() if table["y"].dtype.kind == "f" else 1
            off = np.abs(told - there).max() / unit
            why = f"largest difference {off:.2g}"
        passed = off <= 1e-6
        failed += not passed
        print(f"{'ok' if passed else 'not ok'} {count} - {name}, "
              f"boost {words}".rstrip())
        print(f"# {why}")

    for name in names:
        table = load(name)
        number = table["y"].dtype.kind == "f"
        for words, params, how in JOBS:
            if not (number and "balanced" in how):
                compare(name, table, words, params, how)
    table = load("ccpp.csv")
    compare("ccpp.csv", table, "increasing=x2 decreasing=x0,x1",
            {"monotone_constraints": "(-1,-1,1,0)"}, ())
    for classes in (2, 4):
        compare(f"400 levels, {classes} classes", levels(classes), "", {}, ())
    print(f"1..{count}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
