#!/usr/bin/python3
"""gemba's cleaning rules beside scikit-learn and pandas.

For each chain of rules the same is done twice: by "$GEMBA run RECIPE --json
--set 'emit rows'", and here with SimpleImputer, StandardScaler, MinMaxScaler,
RobustScaler, OneHotEncoder, and with pandas where scikit-learn has nothing
(outliers, previous values, duplicates).  Compared are the rows that are used,
what every rule has learned of every column (medians, bounds, scales), how many
cells it changed, and the probabilities that a logistic regression then gives
the test rows, which tells of every cell.

Data: ai4i2020.csv and steel_plates_faults.csv of the shared folder
($GEMBA_SHARED, or ../shared beside the source), where they are there, and
tables that are generated here, with missing cells, a long tail, rare levels,
constant columns and rows that repeat.  Prints TAP.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from beside import GEMBA, SHARED, skip

try:
    import numpy as np
    import pandas as pd
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import (MinMaxScaler, OneHotEncoder,
                                       RobustScaler, StandardScaler)
except ImportError as missing:
    skip(f"no {missing.name}")

import warnings
warnings.filterwarnings("ignore")

FACTOR = {"iqr": 1.5, "zscore": 3, "mad": 3.5}


def generated(rows=3000):
    """Missing cells, a long tail, rare levels, a constant, repeated rows."""
    r = np.random.default_rng(5)
    t = pd.DataFrame({
        "level": r.normal(100, 15, rows),
        "tail": r.lognormal(1, 1.2, rows).round(3),
        "count": r.poisson(3, rows).astype(float),
        "flag": (r.random(rows) < 0.03).astype(int),
        "fixed": np.full(rows, 7),
        "line": r.choice(list("ABCDEFGH"), rows,
                         p=[.4, .3, .2, .08, .01, .005, .003, .002]),
        "shift": r.choice(["early", "late", "night"], rows),
    })
    score = (t.level - 100) / 15 + 0.1 * t["tail"] - 0.3 * t["count"] + \
        (t.line == "B") + r.logistic(size=rows)
    t["bad"] = np.where(score > 0.5, "yes", "no")
    for name, share in ("level", .05), ("tail", .1), ("line", .04):
        t.loc[r.random(rows) < share, name] = np.nan
    t.loc[r.random(rows) < 0.02, "level"] = 400
    return pd.concat([t, t.iloc[:50]], ignore_index=True)


class Job:
    """A table on its way: what gemba should have come to."""

    def __init__(self, table, target, features):
        self.table, self.target, self.features = table, target, features
        self.kept = np.arange(len(table))
        self.x = None           # the features, treated, of all rows
        self.learned = {}       # (rule, column): {name: number}
        self.cells = {}         # rule: cells that changed
        self.indicators = {}
        self.blanked = set()    # columns that a rule may make cells missing in
        self.split_done = False

    def split(self):
        self.train, self.test = train_test_split(
            self.kept, test_size=0.2, random_state=42)
        self.x = self.table[self.features].copy()
        for name in self.numbers():
            self.x[name] = self.x[name].astype(float)
        self.split_done = True

    def numbers(self):
        return [f for f in self.features if self.table[f].dtype != object]

    def categories(self):
        return [f for f in self.features if self.table[f].dtype == object]

    def chosen(self, options, names):
        wanted = options.get("columns")
        return [n for n in names if not wanted or n in wanted.split(",")]

    def rows_for(self, options):
        return np.sort(self.kept if options.get("fit") == "all"
                       else self.train)

    # ---- rules of rows ----

    def drop_missing(self, options):
        self.kept = self.kept[self.table.iloc[self.kept]
                              .notna().all(axis=1).to_numpy()]

    def drop_duplicates(self, options):
        rows = self.table.iloc[self.kept]
        subset = options.get("columns")
        again = rows.duplicated(subset.split(",") if subset else None)
        self.kept = self.kept[~again.to_numpy()]

    # ---- rules of columns ----

    def changed(self, rule, name, new):
        old = self.x[name].iloc[self.kept]
        now = new.iloc[self.kept]
        same = (old == now) | (old.isna() & now.isna())
        self.cells[rule] = self.cells.get(rule, 0) + int((~same).sum())
        self.x[name] = new

    def scale(self, rule, options, make):
        rows = self.rows_for(options)
        for name in self.chosen(options, self.numbers()):
            shift, scale = make(self.x[[name]].iloc[rows].to_numpy())
            self.learned[rule, name] = {"shift": shift, "scale": scale}
            self.x[name] = (self.x[name] - shift) / scale

    def standardize(self, options):
        def make(x):
            s = StandardScaler().fit(x)
            return s.mean_[0], s.scale_[0]
        self.scale("standardize", options, make)

    def minmax(self, options):
        def make(x):
            s = MinMaxScaler().fit(x)
            return s.data_min_[0], 1 / s.scale_[0]
        self.scale("minmax", options, make)

    def robust(self, options):
        def make(x):
            s = RobustScaler().fit(x)
            return s.center_[0], s.scale_[0]
        self.scale("robust", options, make)

    def log(self, options):
        rows = self.rows_for(options)
        offset = float(options.get("offset", 1))
        for name in self.chosen(options, self.numbers()):
            if not (self.x[name].iloc[rows].min() + offset > 0):
                continue
            self.learned["log", name] = {"offset": offset}
            self.x[name] = np.log(self.x[name] + offset)

    def impute(self, options):
        method = options.get("method", "median")
        if method == "previous":
            return self.previous(options)
        strategy = {"mode": "most_frequent"}.get(method, method)
        rows = self.rows_for(options)
        for name in self.chosen(options, self.features):
            column = self.x[name]
            # gemba learns nothing where nothing can be missing.
            if column.notna().all() and name not in self.blanked:
                continue
            word = name in self.categories()
            how = "most_frequent" if word and method != "constant" \
                else strategy
            value = options.get("value")
            value = value if word or value is None else float(value)
            imputer = SimpleImputer(strategy=how, fill_value=value)
            imputer.fit(self.x[[name]].iloc[rows])
            fill = imputer.statistics_[0]
            if options.get("indicator") == "yes" and \
                    column.iloc[rows].isna().any():
                self.indicators[name] = column.isna()
            self.learned["impute", name] = \
                {"text": fill} if word else {"fill": fill}
            self.changed("impute", name, column.fillna(fill))

    def previous(self, options):
        group = options.get("group")
        for name in self.chosen(options, self.features):
            column = self.x[name]
            if column.notna().all() and name not in self.blanked:
                continue
            self.learned["impute", name] = {"text": "previous"}
            self.changed("impute", name,
                         column.groupby(self.table[group]).ffill() if group
                         else column.ffill())

    def bounds(self, x, options):
        method = options.get("method", "iqr")
        factor = float(options.get("factor", FACTOR[method]))
        if method == "iqr":
            low, high = x.quantile(.25), x.quantile(.75)
            return low - factor * (high - low), high + factor * (high - low)
        if method == "zscore":
            return (x.mean() - factor * x.std(ddof=0),
                    x.mean() + factor * x.std(ddof=0))
        away = factor * (x - x.median()).abs().median() / 0.6745
        return x.median() - away, x.median() + away

    def outliers(self, options):
        action = options.get("action", "clip")
        before = action == "drop" and options.get("fit") == "all"
        x = self.x if self.split_done else self.table[self.features]
        rows = self.kept if before else self.rows_for(options)
        out = np.zeros(len(self.table), bool)
        for name in self.chosen(options, self.numbers()):
            low, high = self.bounds(x[name].iloc[rows], options)
            if not low < high:
                continue
            far = (x[name] < low) | (x[name] > high)
            if not before:
                self.learned["outliers", name] = {"low": low, "high": high}
            if action == "drop":
                out |= far.to_numpy()
            elif action == "clip":
                self.changed("outliers", name, x[name].clip(low, high))
            else:
                self.blanked.add(name)
                self.changed("outliers", name, x[name].mask(far))
        if before:
            self.kept = self.kept[~out[self.kept]]
        elif action == "drop":
            gone = self.train[out[self.train]]
            self.train = self.train[~out[self.train]]
            self.kept = np.setdiff1d(self.kept, gone)

    def rare(self, options):
        rows = self.rows_for(options)
        least = int(options["count"]) if "count" in options \
            else float(options.get("share", 0.01))
        for name in self.chosen(options, self.categories()):
            column = self.x[name].iloc[rows].dropna()
            encoder = OneHotEncoder(min_frequency=least,
                                    handle_unknown="infrequent_if_exist")
            encoder.fit(column.to_frame())
            few = encoder.infrequent_categories_[0]
            if few is None:
                continue
            often = set(encoder.categories_[0]) - set(few)
            self.learned["rare", name] = {"levels": sorted(
                set(self.table[name].dropna()) - often)}
            self.changed("rare", name, self.x[name].where(
                self.x[name].isin(often) | self.x[name].isna(), "other"))

    def drop_constant(self, options):
        rows = self.rows_for(options)
        for name in self.chosen(options, self.features):
            column = self.x[name].iloc[rows]
            if column.nunique(dropna=False) == 1 or column.isna().all():
                self.learned["drop-constant", name] = {"text": "no feature"}
                self.features = [f for f in self.features if f != name]

    # ---- and the model ----

    def design(self):
        names, columns = [], []
        for name in self.features:
            column = self.x[name]
            if name not in self.categories():
                columns.append(column.to_numpy(float))
                names.append(name)
            else:
                count = column.iloc[self.train].value_counts()
                most = min(count.index[count == count.max()])
                for level in sorted(set(count.index) - {most}):
                    columns.append((column == level).to_numpy(float))
                    names.append(f"{name}={level}")
            if name in self.indicators:
                columns.append(self.indicators[name].to_numpy(float))
                names.append(f"{name} missing")
        return names, np.column_stack(columns)

    def probabilities(self):
        names, x = self.design()
        y = self.table[self.target].to_numpy()
        positive = sorted(set(y[self.kept]))[-1]
        y = (y == positive).astype(int)
        model = LogisticRegression(solver="newton-cholesky", tol=1e-12,
                                   max_iter=10000)
        model.fit(x[self.train], y[self.train])
        return names, model.predict_proba(x[self.test])[:, 1]


def options_of(words):
    return dict(word.split("=", 1) for word in words)


ROWS = {"drop-missing", "drop-duplicates"}


def expected(table, target, features, rules):
    job = Job(table, target, features)
    split = False
    for rule in rules:
        name, *words = rule.split()
        options = options_of(words)
        rows = name in ROWS or (name == "outliers" and
                                options.get("action") == "drop" and
                                options.get("fit") == "all")
        if not rows and not split:
            job.split()
            split = True
        getattr(job, name.replace("-", "_"))(options)
    if not split:
        job.split()
    return job


def gemba_job(path, target, features, rules):
    recipe = "\n".join([
        f'open "{path}"', f'target "{target}"',
        "features " + " ".join(f'"{name}"' for name in features),
        *(f"clean {rule}" for rule in rules),
        "split test=0.2 seed=42", "train logistic", ""])
    with tempfile.NamedTemporaryFile("w", suffix=".gemba") as file:
        file.write(recipe)
        file.flush()
        run = subprocess.run([GEMBA, "run", file.name, "--json", "--set",
                              "emit rows"], capture_output=True, text=True)
    if run.returncode != 0:
        return None, f"status {run.returncode}: {run.stderr.strip()}"
    return json.loads(run.stdout), None


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def ok(self, passed, name, why=""):
        self.count += 1
        self.failed += not passed
        print(f"{'ok' if passed else 'not ok'} {self.count} - {name}")
        if not passed and why:
            print(f"# {why}")


def near(a, b):
    """Equal but for the order in which sums are taken."""
    return abs(a - b) <= 1e-11 * max(abs(a), abs(b), 1e-9)


def same_learned(found, wanted):
    if found is None or set(found) != set(wanted):
        return False
    for name, value in wanted.items():
        if isinstance(value, (str, list)):
            if found[name] != value:
                return False
        elif not near(found[name], float(value)):
            return False
    return True


def compare(tap, title, run, found, job):
    learned = {(t["rule"], t["column"]): t["learned"]
               for t in run["treatments"]}
    wrong = [f"{key}: {learned.get(key)}, not {job.learned.get(key)}"
             for key in sorted(set(learned) | set(job.learned))
             if key not in job.learned or
             not same_learned(learned.get(key), job.learned[key])]
    tap.ok(not wrong, f"{title}: what is learned", "; ".join(wrong[:4]))
    rows = run["rows"]
    tap.ok(rows["used"] == len(job.kept) and
           rows["train"] == len(job.train) and
           rows["test"] == len(job.test), f"{title}: rows",
           f"{rows}, not {len(job.kept)} = {len(job.train)} + "
           f"{len(job.test)}")
    tap.ok(rows["read"] == rows["used"] + sum(d["rows"]
                                              for d in rows["dropped"]) and
           rows["used"] == rows["train"] + rows["test"],
           f"{title}: the ledger adds up", f"{rows}")
    tap.ok(found["test_rows"] == job.test.tolist(), f"{title}: test rows")
    cells = {r["rule"]: r["cells"] for r in rows["rules"] if r["on"]}
    wrong = [f"{rule}: {cells.get(rule)}, not {n}"
             for rule, n in job.cells.items() if cells.get(rule) != n]
    tap.ok(not wrong, f"{title}: cells that change", "; ".join(wrong))
    names, p = job.probabilities()
    has = [w["feature"] for w in run["weights"]]
    tap.ok(sorted(has) == sorted(names), f"{title}: features",
           f"{has}, not {names}")
    off = np.abs(np.array(found["probabilities"]) - p).max()
    tap.ok(bool(off < 1e-6), f"{title}: probabilities", f"off by {off:.3g}")


COMPLETE = [        # for tables without missing cells
    ["standardize"], ["minmax"], ["robust"], ["log", "standardize"],
    ["standardize fit=all"], ["robust fit=all"], ["minmax fit=all"],
    ["outliers", "standardize"],
    ["outliers method=zscore", "standardize"],
    ["outliers method=mad", "standardize"],
    ["outliers method=iqr factor=3 fit=all", "standardize"],
    ["outliers method=zscore action=drop", "standardize"],
    ["outliers method=mad action=drop factor=5", "standardize"],
    ["outliers action=drop fit=all factor=4", "standardize"],
    ["outliers action=missing", "impute", "standardize"],
    ["outliers method=zscore action=missing", "impute method=mean",
     "robust"],
    ["drop-duplicates", "drop-constant", "standardize"],
]

HOLES = [           # for those with missing cells
    ["drop-missing", "standardize"],
    ["drop-missing", "drop-duplicates", "standardize"],
    ["drop-duplicates", "impute", "standardize"],
    ["impute"], ["impute method=mean", "standardize"],
    ["impute method=mode", "standardize"],
    ["impute method=constant value=0", "minmax"],
    ["impute indicator=yes", "standardize"],
    ["impute fit=all", "standardize fit=all"],
    ["impute method=previous", "standardize"],
    ["impute method=previous group=shift", "standardize"],
    ["impute", "outliers", "standardize"],
    ["outliers", "impute", "standardize"],
    ["outliers action=missing", "impute method=mean indicator=yes",
     "standardize"],
    ["outliers method=mad action=drop", "impute", "standardize"],
    ["outliers action=drop fit=all factor=3", "impute", "standardize"],
    ["standardize", "outliers method=zscore factor=2", "impute"],
    ["rare", "impute", "standardize"],
    ["rare share=0.05", "impute", "standardize"],
    ["rare count=30", "impute", "standardize"],
    ["impute", "rare count=30 fit=all", "robust"],
    ["impute", "log", "standardize"],
    ["impute", "log offset=0.5 columns=tail", "robust columns=level,tail"],
    ["drop-constant", "impute", "robust"],
    ["drop-duplicates columns=level,tail", "impute", "standardize"],
]


def tables(folder):
    """Name, file, table, target, features, chains of rules."""
    t = generated()
    path = Path(folder) / "generated.csv"
    t.to_csv(path, index=False)
    yield ("generated", path, pd.read_csv(path), "bad",
           [c for c in t.columns if c != "bad"], HOLES)
    ai4i = SHARED / "ai4i2020.csv"
    if ai4i.exists():
        table = pd.read_csv(ai4i)
        yield ("ai4i2020", ai4i, table, "Machine failure",
               ["Type"] + [c for c in table.columns if "[" in c], COMPLETE)
    steel = SHARED / "steel_plates_faults.csv"
    if steel.exists():
        table = pd.read_csv(steel)
        yield ("steel", steel, table, "TypeOfSteel_A300",
               [c for c in table.columns
                if not c.startswith("TypeOf") and c != "fault"], COMPLETE)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        for name, path, table, target, features, chains in tables(folder):
            for rules in chains:
                title = f"{name}, {', '.join(rules)}"
                found, why = gemba_job(path, target, features, rules)
                tap.ok(found is not None, f"{title}: it runs", why)
                if found:
                    compare(tap, title, found["runs"][-1], found,
                            expected(table, target, features, rules))
    print(f"1..{tap.count}")
    sys.exit(tap.failed > 0)


if __name__ == "__main__":
    main()
