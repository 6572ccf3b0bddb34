#!/usr/bin/python3
"""gemba's splits beside scikit-learn's: the same rows in the same order.

Tables are made here, and files of the shared folder ($GEMBA_SHARED, or
../shared beside the source) are used where it is.  "$GEMBA run RECIPE --json
--set 'emit rows'" tells the test rows; tests/splits of the build tells both
sides of every fold.  Prints TAP; skips with a line when scikit-learn is not
there.

What scikit-learn has no counterpart for is held against what it promises:
no group on both sides, and all that trains before all that tests.
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from beside import GEMBA, SHARED, skip

SPLITS = Path(os.environ.get("builddir", ".")) / "tests" / "splits"

try:
    import numpy as np
    import pandas as pd
    from sklearn import model_selection as ms
except ImportError as missing:
    skip(f"no {missing.name}")

# That a class is smaller than the folds are many is no news.
import warnings
warnings.filterwarnings("ignore", module="sklearn")

ran = 0
failed = 0


def tell(what, wrong):
    """One line of TAP for many cases; wrong has those that differ."""
    global ran, failed
    ran += 1
    failed += bool(wrong)
    print(f"{'not ok' if wrong else 'ok'} {ran} - {what}")
    for line in wrong[:3]:
        print("# " + str(line)[:300])


def test_rows(path, target, features, split):
    """What gemba run says, or its error."""
    recipe = f"""open "{path}"
type "{target}" category
target "{target}"
features "{features}"
split {split}
train baseline
"""
    with tempfile.NamedTemporaryFile("w", suffix=".gemba") as file:
        file.write(recipe)
        file.flush()
        run = subprocess.run([GEMBA, "run", file.name, "--json", "--set",
                              "emit rows"], capture_output=True, text=True)
    if run.returncode != 0:
        return run.stderr.strip()
    return json.loads(run.stdout)["test_rows"]


def sides(path, *words):
    """A dict of the four sides for each fold, or the error as a string."""
    run = subprocess.run([SPLITS, str(path), *words], capture_output=True,
                         text=True)
    if run.returncode != 0:
        return run.stderr.strip()
    found = []
    for line in run.stdout.splitlines():
        side, *rows = line.split(" ")
        if side == "train":
            found.append({})
        found[-1][side] = [int(row) for row in rows]
    return found


def differs(found, wanted):
    """Why what was found is not the (train, test) pairs wanted, or None."""
    if isinstance(found, str):
        return found
    if len(found) != len(wanted):
        return f"{len(found)} folds, not {len(wanted)}"
    for number, (fold, (train, test)) in enumerate(zip(found, wanted)):
        for side, rows in ("train", train), ("test", test):
            if fold[side] != list(rows):
                return (f"fold {number} {side} {fold[side][:8]}, "
                        f"not {list(rows)[:8]}")
    return None


# ---- tables ----

def table(random, n, classes, groups):
    """Numbers, texts and times of a plant, in no order."""
    share = random.dirichlet(np.ones(classes) * 2)
    machine = random.choice(groups, n, p=random.dirichlet(np.ones(groups)))
    return pd.DataFrame({
        "x": random.normal(size=n).round(3),
        "y": [f"class {k}" for k in random.choice(classes, n, p=share)],
        "machine": [f"Press-{m:03d}" for m in machine],
        "lot": machine * 7 - 30,
        "hours": random.permutation(n) * 0.25 - 100,
        "when": pd.Timestamp("2024-03-01") + pd.to_timedelta(
            random.permutation(n) * 600, unit="s"),
    })


TYPES = ("as:y=category", "as:lot=number", "as:machine=category",
         "as:hours=number", "as:when=time")


def cases():
    random = np.random.default_rng(20240501)
    for n in (10, 57, 200, 1001, 5000):
        for seed in (0, 1, 42, 4294967295):
            yield (table(random, n, int(random.integers(2, 13)),
                         int(random.integers(3, 3 + n // 4))),
                   seed, float(random.choice([.1, .2, .25, 1 / 3, .5, .77])))


def wanted_of(split, t, column):
    """What scikit-learn splits; None: an error, or a fold without a test."""
    try:
        if column in ("hours", "when"):
            order = np.argsort(t[column].to_numpy(), kind="stable")
            return [(order[a], order[b]) for a, b in split(order)]
        folds = list(split(np.arange(len(t))))
        return folds if all(len(test) for _, test in folds) else None
    except ValueError:
        return None


def kinds(t, seed, test):
    """(name, words of gemba, column, the splitter of scikit-learn)"""
    y = t.y.to_numpy()
    both = [f"test={test!r}", f"seed={seed}"]

    def one(**more):
        return lambda rows: [ms.train_test_split(
            rows, test_size=test, random_state=seed, **more)]

    yield "train_test_split", both, "", one()
    yield ("train_test_split(stratify=)", [*both, "stratify=yes", "target:y"],
           "", one(stratify=y))
    yield ("train_test_split(shuffle=False)", [*both, "shuffle=no"], "",
           lambda rows: [ms.train_test_split(rows, test_size=test,
                                             shuffle=False)])
    for column in "hours", "when":
        yield (f"the last by time, time={column}", [*both, f"time={column}"],
               column, lambda rows: [ms.train_test_split(
                   np.arange(len(rows)), test_size=test, shuffle=False)])
    for column in "machine", "lot":
        g = t[column].to_numpy()
        yield (f"GroupShuffleSplit, group={column}",
               [*both, f"group={column}"], column,
               lambda rows, g=g: ms.GroupShuffleSplit(
                   1, test_size=test, random_state=seed).split(rows, groups=g))
    for k in 2, 3, 5, 10:
        folds = [f"seed={seed}", f"folds={k}"]
        yield ("KFold(shuffle=True)", folds, "",
               lambda rows, k=k: ms.KFold(
                   k, shuffle=True, random_state=seed).split(rows))
        yield ("KFold", [*folds, "shuffle=no"], "",
               lambda rows, k=k: ms.KFold(k).split(rows))
        yield ("StratifiedKFold(shuffle=True)",
               [*folds, "stratify=yes", "target:y"], "",
               lambda rows, k=k: ms.StratifiedKFold(
                   k, shuffle=True, random_state=seed).split(rows, y))
        yield ("StratifiedKFold",
               [*folds, "stratify=yes", "target:y", "shuffle=no"], "",
               lambda rows, k=k: ms.StratifiedKFold(k).split(rows, y))
        for column in "machine", "lot":
            g = t[column].to_numpy()
            yield (f"GroupKFold, group={column}",
                   [*folds, f"group={column}"], column,
                   lambda rows, k=k, g=g: ms.GroupKFold(k).split(
                       rows, groups=g))
            if len(t) > 2000:
                continue    # it takes seconds there
            yield (f"StratifiedGroupKFold, group={column}",
                   [*folds, f"group={column}", "stratify=yes", "target:y"],
                   column,
                   lambda rows, k=k, g=g: ms.StratifiedGroupKFold(k).split(
                       rows, y, groups=g))
        for gap in 0, 1, 7:
            yield (f"TimeSeriesSplit(gap={gap})",
                   [*folds, "time=when", f"gap={gap}"], "when",
                   lambda rows, k=k, gap=gap: ms.TimeSeriesSplit(
                       k, gap=gap).split(rows))


def generated(folder):
    wrong, count = {}, {}
    for number, (t, seed, test) in enumerate(cases()):
        path = folder / f"{number}.csv"
        t.to_csv(path, index=False)
        for name, words, column, split in kinds(t, seed, test):
            want = wanted_of(split, t, column)
            found = sides(path, *TYPES, *words)
            count[name] = count.get(name, 0) + (want is not None)
            why = None
            if want is not None:
                why = differs(found, want)
            elif not isinstance(found, str):
                why = "scikit-learn refuses it"
            if why:
                wrong.setdefault(name, []).append(
                    f"{len(t)} rows, {' '.join(words)}: {why}")
    for name in count:
        tell(f"{name}: {count[name]} cases", wrong.get(name, []))


# ---- promises ----

def promises(folder):
    """time= with equal times, and with group=: what no one else does."""
    random = np.random.default_rng(7)
    wrong, n_cases = [], 0
    for n in (12, 80, 700, 3000):
        for groups in (3, 8, 40):
            if groups > n // 3:
                continue
            start = np.sort(random.integers(0, n, groups))
            of = random.integers(0, groups, n)
            t = pd.DataFrame({
                "lot": of,
                "minute": start[of] + random.integers(0, n // 4, n)})
            path = folder / "promises.csv"
            t.to_csv(path, index=False)
            for words in (["time=minute"], ["time=minute", "gap=3"],
                          ["time=minute", "folds=2"],
                          ["time=minute", "group=lot"],
                          ["time=minute", "group=lot", "test=0.4"],
                          ["time=minute", "group=lot", "folds=2"]):
                found = sides(path, "as:minute=number", "as:lot=number",
                              *words)
                n_cases += 1
                why = broken(found, t, "group=lot" in words, n)
                if why:
                    wrong.append(f"{n} rows, {groups} lots, {words}: {why}")
    tell(f"times and groups keep apart: {n_cases} cases", wrong)


def broken(found, t, grouped, n):
    if isinstance(found, str):
        return found
    time, lot = t.minute.to_numpy(), t.lot.to_numpy()
    for fold in found:
        every = sum(fold.values(), [])
        if sorted(every) != list(range(n)):
            return "not every row once"
        train, test = fold["train"], fold["test"]
        if not train or not test:
            return "an empty side"
        if time[train].max() >= time[test].min():
            return "a row trains that is not before the test"
        if grouped and set(lot[train]) & set(lot[test]):
            return "a group on both sides"
        for rows in train, test:
            if (np.diff(time[rows]) < 0).any():
                return "not in order of time"
    return None


# ---- real files, through the program ----

def files():
    for name, target, feature in (
            ("breast_cancer_wdbc.csv", "diagnosis", "radius_mean"),
            ("ai4i2020.csv", "Machine failure", "Torque [Nm]")):
        path = SHARED / name
        if not path.exists():
            print(f"# no {name}")
            continue
        t = pd.read_csv(path)
        feature = feature if feature in t else t.columns[5]
        rows, y = np.arange(len(t)), t[target].to_numpy()
        wrong = []
        for seed in (0, 42, 2024):
            for test in (0.1, 0.2, 0.35):
                words = f"test={test} seed={seed}"
                want = ms.train_test_split(rows, test_size=test, stratify=y,
                                           random_state=seed)[1]
                if test_rows(path, target, feature,
                             words + " stratify=yes") != list(want):
                    wrong.append(words + " stratify=yes")
                if name != "ai4i2020.csv":
                    continue
                for group in ("Product ID", "Type", "Tool wear [min]"):
                    want = next(ms.GroupShuffleSplit(
                        1, test_size=test, random_state=seed).split(
                            rows, groups=t[group].to_numpy()))[1]
                    split = f'{words} group="{group}"'
                    if test_rows(path, target, feature, split) != list(want):
                        wrong.append(split)
                want = ms.train_test_split(rows, test_size=test,
                                           shuffle=False)[1]
                if test_rows(path, target, feature,
                             words + " time=UDI") != list(want):
                    wrong.append(words + " time=UDI")
        tell(f"{name}: test rows of gemba run", wrong)


with tempfile.TemporaryDirectory() as made:
    if SPLITS.exists():
        generated(Path(made))
        promises(Path(made))
    else:
        print("# tests/splits is not built: make check builds it")
    files()
print(f"1..{ran}")
sys.exit(failed > 0)
