#!/usr/bin/python3
"""gemba's expressions beside pandas, on real data and on a generated table.

Runs "tests/evaluate FILE EXPRESSION..." of the build folder ($builddir), and
calculates the same columns with pandas.  Prints TAP; skips with a line when
pandas or the program are not there; the real data are left out when they are
not ($GEMBA_SHARED, or ../shared beside the source).

Missing cells must be the same.  Tolerances are relative to the largest value
of the column: 1e-15 for what is one operation, or exact, and 1e-9 where pandas
keeps a running sum (rolling mean, sum and std; cumsum).
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from beside import SHARED, skip

EVALUATE = Path(os.environ.get("builddir", ".")) / "tests" / "evaluate"

try:
    import numpy as np
    import pandas as pd
except ImportError as missing:
    skip(f"no {missing.name}")

ROWS = 20000


def generated(path):
    """Machines that take turns anyhow, holes, and a clock that jumps."""
    random = np.random.default_rng(1)
    temp = 20 + random.normal(size=ROWS).cumsum() / 50
    temp[random.random(ROWS) < 0.03] = np.nan
    clock = pd.Timestamp("2023-12-30 22:15:00") + pd.to_timedelta(
        random.integers(1, 900, size=ROWS).cumsum(), unit="s")
    machine = random.choice(["M1", "M2", "M3", None], size=ROWS,
                            p=[0.5, 0.3, 0.19, 0.01])
    table = pd.DataFrame({
        "temp": temp, "torque": random.gamma(3, 10, size=ROWS).round(3),
        "machine": machine, "lot": np.arange(ROWS) // 37,
        "clock": clock,
    })
    table.loc[random.random(ROWS) < 0.02, "clock"] = pd.NaT
    table.to_csv(path, index=False)
    return table


def seconds(series):
    """Of times since 1970, of spans."""
    if series.dtype.kind == "m":
        return series.dt.total_seconds()
    return (series - pd.Timestamp(0)).dt.total_seconds()


def by(table, name, group, work):
    """What pandas does within groups; a row without a group has no value."""
    return table.groupby(group)[name].transform(work)


def logical(condition, *of):
    """A comparison with a missing cell is missing."""
    result = condition.astype(float)
    for series in of:
        result[series.isna()] = np.nan
    return result


EXACT, RUNNING = 1e-15, 1e-9

GENERATED = [
    # expression, the same of pandas, tolerance
    ("temp * torque", lambda t: t.temp * t.torque, EXACT),
    ("temp - 273.15 / torque ^ 2",
     lambda t: t.temp - 273.15 / t.torque ** 2, EXACT),
    ("torque % 7", lambda t: t.torque % 7, EXACT),
    ("-torque % 7", lambda t: -t.torque % 7, EXACT),
    ("sqrt(torque) + exp(temp / 10)",
     lambda t: np.sqrt(t.torque) + np.exp(t.temp / 10), 1e-14),
    ("log(torque)", lambda t: np.log(t.torque), 1e-14),
    ("log10(torque)", lambda t: np.log10(t.torque), 1e-14),
    ("floor(temp) + ceil(torque) + abs(temp - 20)",
     lambda t: np.floor(t.temp) + np.ceil(t.torque) + (t.temp - 20).abs(),
     EXACT),
    ("min(temp, torque, 25)",
     lambda t: t[["temp", "torque"]].assign(k=25).min(axis=1, skipna=False),
     EXACT),
    ("max(temp, torque)",
     lambda t: t[["temp", "torque"]].max(axis=1, skipna=False), EXACT),
    ("if(torque > 30, temp, torque)",
     lambda t: t.temp.where(t.torque > 30, t.torque), EXACT),
    ("temp > 20", lambda t: logical(t.temp > 20, t.temp), EXACT),
    ("missing(temp) or torque > 30",
     lambda t: (t.temp.isna() | (t.torque > 30)).astype(float), EXACT),
    ("machine = 'M2'",
     lambda t: logical(t.machine == "M2", t.machine), EXACT),
    ("machine ~ '[12]$'",
     lambda t: logical(t.machine.fillna("").str.contains("[12]$"),
                       t.machine), EXACT),
    ("lag(temp)", lambda t: t.temp.shift(), EXACT),
    ("lag(temp, 7)", lambda t: t.temp.shift(7), EXACT),
    ("diff(temp, 3)", lambda t: t.temp.diff(3), EXACT),
    ("lag(temp, 2, group=machine)",
     lambda t: t.groupby("machine").temp.shift(2), EXACT),
    ("diff(temp, group=lot)", lambda t: t.groupby("lot").temp.diff(), EXACT),
    ("mean(temp, 5)", lambda t: t.temp.rolling(5).mean(), RUNNING),
    ("mean(torque, 200)", lambda t: t.torque.rolling(200).mean(), RUNNING),
    ("sum(torque, 12)", lambda t: t.torque.rolling(12).sum(), RUNNING),
    ("sd(torque, 12)", lambda t: t.torque.rolling(12).std(), RUNNING),
    ("sd(torque, 3000)", lambda t: t.torque.rolling(3000).std(), RUNNING),
    ("median(torque, 9)", lambda t: t.torque.rolling(9).median(), EXACT),
    ("median(torque, 500)", lambda t: t.torque.rolling(500).median(), EXACT),
    ("rolling_min(temp, 4)", lambda t: t.temp.rolling(4).min(), EXACT),
    ("rolling_max(torque, 700)", lambda t: t.torque.rolling(700).max(),
     EXACT),
    ("count(temp, 50)",
     lambda t: t.temp.rolling(50, min_periods=0).count(), EXACT),
    ("mean(temp, 5, least=1)",
     lambda t: t.temp.rolling(5, min_periods=1).mean(), RUNNING),
    ("sd(temp, 30, least=10)",
     lambda t: t.temp.rolling(30, min_periods=10).std(), RUNNING),
    ("median(temp, 30, least=3)",
     lambda t: t.temp.rolling(30, min_periods=3).median(), EXACT),
    ("rolling_max(temp, 90, least=2)",
     lambda t: t.temp.rolling(90, min_periods=2).max(), EXACT),
    ("mean(torque, 5, group=machine)",
     lambda t: by(t, "torque", "machine", lambda x: x.rolling(5).mean()),
     RUNNING),
    ("mean(temp, 100, least=20, group=machine)",
     lambda t: by(t, "temp", "machine",
                  lambda x: x.rolling(100, min_periods=20).mean()), RUNNING),
    ("median(torque, 6, group=lot)",
     lambda t: by(t, "torque", "lot", lambda x: x.rolling(6).median()),
     EXACT),
    ("sd(torque, 40, group=machine)",
     lambda t: by(t, "torque", "machine", lambda x: x.rolling(40).std()),
     RUNNING),
    ("cumsum(temp)", lambda t: t.temp.cumsum(), RUNNING),
    ("cumsum(torque, group=machine)",
     lambda t: by(t, "torque", "machine", lambda x: x.cumsum()), RUNNING),
    ("row()", lambda t: pd.Series(np.arange(ROWS) + 1.0), EXACT),
    ("row(group=machine)",
     lambda t: (t.groupby("machine").cumcount() + 1.0).where(
         t.machine.notna()), EXACT),
    ("diff(mean(torque, 5))", lambda t: t.torque.rolling(5).mean().diff(),
     RUNNING),
    ("temp - mean(temp * torque, 9, group=machine)",
     lambda t: t.temp - (t.temp * t.torque).groupby(t.machine).transform(
         lambda x: x.rolling(9).mean()), RUNNING),
    ("torque * lag(temp, 1, group=machine) + 1",
     lambda t: t.torque * t.groupby("machine").temp.shift() + 1, EXACT),
    ("machine != lag(machine)",
     lambda t: logical(t.machine != t.machine.shift(), t.machine,
                       t.machine.shift()), EXACT),
    ("year(clock)", lambda t: t.clock.dt.year, EXACT),
    ("month(clock)", lambda t: t.clock.dt.month, EXACT),
    ("day(clock)", lambda t: t.clock.dt.day, EXACT),
    ("weekday(clock)", lambda t: t.clock.dt.dayofweek + 1, EXACT),
    ("hour(clock)", lambda t: t.clock.dt.hour, EXACT),
    ("minute(clock)", lambda t: t.clock.dt.minute, EXACT),
    ("second(clock)", lambda t: t.clock.dt.second, EXACT),
    ("date(clock)", lambda t: seconds(t.clock.dt.normalize()), EXACT),
    ("clock - '2024-01-01'",
     lambda t: seconds(t.clock - pd.Timestamp("2024-01-01")), EXACT),
    ("diff(clock)", lambda t: seconds(t.clock.diff()), EXACT),
    ("diff(clock, group=machine)",
     lambda t: seconds(t.groupby("machine").clock.diff()), EXACT),
    ("hour(lag(clock) + 5400)",
     lambda t: (t.clock.shift() + pd.Timedelta("90min")).dt.hour, EXACT),
    ("if(diff(clock) > 600, na(), temp)",
     lambda t: t.temp.where(~(seconds(t.clock.diff()) > 600)).where(
         t.clock.diff().notna()), EXACT),
]

AI4I = [
    ("`Torque [Nm]` * `Rotational speed [rpm]` * 0.10471975511965977",
     lambda t: t["Torque [Nm]"] * t["Rotational speed [rpm]"] *
     0.10471975511965977, EXACT),
    ("process_temperature - air_temperature",
     lambda t: t["Process temperature [K]"] - t["Air temperature [K]"],
     EXACT),
    ("diff(tool_wear, group=type) < 0",
     lambda t: logical(t.groupby("Type")["Tool wear [min]"].diff() < 0,
                       t.groupby("Type")["Tool wear [min]"].diff()), EXACT),
    ("mean(air_temperature, 5)",
     lambda t: t["Air temperature [K]"].rolling(5).mean(), RUNNING),
    ("sd(torque, 30, group=type)",
     lambda t: by(t, "Torque [Nm]", "Type", lambda x: x.rolling(30).std()),
     RUNNING),
    ("lag(`machine failure`, 1, group=type) + twf",
     lambda t: t.groupby("Type")["Machine failure"].shift() + t["TWF"],
     EXACT),
]


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def ok(self, good, title, why=""):
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {title}")
        if not good:
            print(f"# {why}")


def evaluate(path, expressions):
    run = subprocess.run([EVALUATE, path, *expressions], text=True,
                         capture_output=True)
    if run.returncode:
        return None, run.stderr.strip()
    rows = [line.split("\t") for line in run.stdout.splitlines()]
    return np.array([[float(cell or "nan") for cell in row]
                     for row in rows]), ""


def difference(found, expected, tolerance):
    """"" when they are the same."""
    expected = np.asarray(expected, dtype=float)
    if found.shape != expected.shape:
        return f"{found.shape} rows, not {expected.shape}"
    wrong = np.isnan(found) != np.isnan(expected)
    if wrong.any():
        row = int(wrong.argmax())
        return f"row {row}: {found[row]}, not {expected[row]}"
    far = np.nan_to_num(np.abs(found - expected))
    if far.max() > tolerance * max(1e-300, np.nanmax(np.abs(expected))):
        row = int(far.argmax())
        return f"row {row}: {found[row]!r}, not {expected[row]!r}"
    return ""


def compare(tap, name, path, table, jobs):
    found, why = evaluate(path, [job[0] for job in jobs])
    if found is None:
        tap.ok(False, f"{name}: it runs", why)
        return
    for k, (expression, work, tolerance) in enumerate(jobs):
        why = difference(found[:, k], work(table), tolerance)
        tap.ok(not why, f"{name}: {expression.replace('#', '')}", why)


def main():
    if not os.access(EVALUATE, os.X_OK):
        skip(f"no program {EVALUATE}")
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "generated.csv"
        compare(tap, "generated", path, generated(path), GENERATED)
    if (SHARED / "ai4i2020.csv").exists():
        path = SHARED / "ai4i2020.csv"
        compare(tap, "ai4i2020", path, pd.read_csv(path), AI4I)
    else:
        print(f"# no data in {SHARED}")
    print(f"1..{tap.count}")
    sys.exit(tap.failed > 0)


if __name__ == "__main__":
    main()
