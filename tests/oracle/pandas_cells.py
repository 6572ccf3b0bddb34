#!/usr/bin/python3
"""gemba's cell rules beside pandas, on a generated table.

Runs "$GEMBA run" on recipes of cell rules; derived columns that are copies
bring out what the rules left, and "export seen" writes them.  pandas makes the
same of the same file.  Cells must be the same, missing ones too.  Prints TAP;
skips with a line when pandas or the program are not there.
"""
import subprocess
import sys
import tempfile
from pathlib import Path

from beside import GEMBA, skip

try:
    import numpy as np
    import pandas as pd
except ImportError as missing:
    skip(f"no {missing.name}")

ROWS = 20000
COLUMNS = ["temp", "load", "line", "note", "at"]


def generated(path):
    random = np.random.default_rng(7)
    temp = random.normal(20, 5, size=ROWS).round(2)
    temp[random.random(ROWS) < 0.05] = -200
    load = random.integers(0, 500, size=ROWS).astype(float)
    load[random.random(ROWS) < 0.04] = np.nan
    line = random.choice(["A", " A", "A ", "B", "B  C", "  ", "-"], size=ROWS)
    note = np.array([f" n{k} " if k % 3 else f"n{k}"
                     for k in random.integers(0, 4000, size=ROWS)])
    at = pd.Timestamp("2024-01-01") + pd.to_timedelta(
        random.integers(0, 3000, size=ROWS), unit="h")
    table = pd.DataFrame({"temp": temp, "load": load, "line": line,
                          "note": note, "at": at})
    table.loc[random.random(ROWS) < 0.03, "at"] = pd.Timestamp("1970-01-01")
    table.to_csv(path, index=False)


def read(path):
    """As gemba reads it: "-" and blanks are missing."""
    table = pd.read_csv(path, keep_default_na=False, na_values=[""],
                        dtype={"line": str, "note": str},
                        parse_dates=["at"])
    blank = table["line"].str.strip().isin(["", "-"])
    table.loc[blank, "line"] = None
    return table


def by_gemba(folder, path, rules):
    out = Path(folder) / "out.csv"
    lines = [f'open "{path}"', *rules]
    lines += [f"derive now_{c} = {c}" for c in COLUMNS]
    lines.append(f'export seen "{out}" over=yes')
    recipe = Path(folder) / "cells.gemba"
    recipe.write_text("\n".join(lines) + "\n")
    run = subprocess.run([GEMBA, "run", recipe], capture_output=True,
                         text=True)
    if run.returncode != 0:
        return None, run.stderr
    table = pd.read_csv(out, keep_default_na=False, na_values=[""],
                        dtype={"now_line": str, "now_note": str},
                        parse_dates=["now_at"])
    return table[[f"now_{c}" for c in COLUMNS]].set_axis(COLUMNS, axis=1), ""


def strip(table, one=False):
    for name in ("line", "note"):
        table[name] = table[name].str.strip()
        if one:
            table[name] = table[name].str.replace(r"\s+", " ", regex=True)
        table.loc[table[name] == "", name] = None
    return table


def mask(table, where):
    for name, rows in where.items():
        table[name] = table[name].mask(rows)
    return table


CASES = [
    ("no rule", [], lambda t: t),
    ("trim", ["clean trim"], strip),
    ("trim inside=one", ["clean trim inside=one"],
     lambda t: strip(t, one=True)),
    ("missing values=-200", ["clean missing values=-200"],
     lambda t: mask(t, {"temp": t["temp"] == -200})),
    ("missing below=0 above=30 columns=temp",
     ["clean missing below=0 above=30 columns=temp"],
     lambda t: mask(t, {"temp": (t["temp"] < 0) | (t["temp"] > 30)})),
    ("missing below=1980-01-01 columns=at",
     ["clean missing below='1980-01-01' columns=at"],
     lambda t: mask(t, {"at": t["at"] < pd.Timestamp("1980-01-01")})),
    ("missing values=A,7", ["clean missing values=A,7"],
     lambda t: mask(t, {"line": t["line"] == "A", "load": t["load"] == 7,
                        "temp": t["temp"] == 7})),
    ("replace from=A to=B", ["clean replace from=A to=B columns=line"],
     lambda t: t.assign(line=t["line"].replace("A", "B"))),
    ("replace from=-200 to=0", ["clean replace from=-200 to=0"],
     lambda t: t.assign(temp=t["temp"].replace(-200, 0))),
    ("replace match=part", ["clean replace from=n1 to=m match=part"],
     lambda t: t.assign(note=t["note"].str.replace("n1", "m",
                                                   regex=False))),
    ("trim, then missing, then missing.2",
     ["clean missing.2 below=10 columns=temp", "clean trim",
      "clean missing values=B"],
     lambda t: mask(strip(t), {"temp": t["temp"] < 10,
                               "line": t["line"].str.strip() == "B"})),
]


def differences(mine, theirs):
    """The columns in which a cell differs."""
    return [name for name in COLUMNS
            if not (mine[name].isna() == theirs[name].isna()).all()
            or not (mine[name] == theirs[name])[mine[name].notna()].all()]


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cells.csv"
        generated(path)
        for i, (name, rules, change) in enumerate(CASES):
            mine, why = by_gemba(folder, path, rules)
            if mine is not None:
                why = ", ".join(differences(mine, change(read(path))))
            failed += why != ""
            print(f"{'not ok' if why else 'ok'} {i + 1} - {name}")
            if why:
                print(f"# {why}")
    print(f"1..{len(CASES)}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
