#!/usr/bin/env python3
"""Times a rule or a feature that is switched, beside pandas.

    clean.py [--steps PROGRAM] [--rows N] [--file FILE] [--target NAME]

PROGRAM is bench/clean-steps ("make bench/clean-steps"): gemba's own ledger,
split and treatments after each of some commands, without a screen and without
reading the file again.  Beside it pandas and scikit-learn do the same on a
table in memory: the rows that are left, train_test_split, and what the rules
that are on learn from the training rows.  Without pandas gemba is timed alone.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROUNDS = 3

# The rules that are on after each step of clean-steps.c.
STEPS = {
    "duplicates of the whole file": None,
    "standardize": ["standardize"],
    "feature": ["standardize"],
    "drop-missing": ["missing", "standardize"],
    "drop-duplicates": ["missing", "duplicates", "standardize"],
    "impute": ["missing", "duplicates", "standardize", "impute"],
    "outliers": ["missing", "duplicates", "standardize", "impute",
                 "outliers"],
    "drop-missing off": ["duplicates", "standardize", "impute", "outliers"],
    "feature, all on": ["duplicates", "standardize", "impute", "outliers"],
    "outliers by mad": ["duplicates", "standardize", "impute", "mad"],
    "split seed": ["duplicates", "standardize", "impute", "outliers"],
}


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--steps", default=os.path.join(HERE, "clean-steps"))
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--file", default="")
    parser.add_argument("--target", default="efficient")
    return parser.parse_args()


def data_file(args, folder):
    if args.file:
        return args.file
    path = os.path.join(folder, "plants.csv")
    subprocess.run([sys.executable, os.path.join(HERE, "plants.py"),
                    str(args.rows), path], check=True)
    return path


def by_pandas(table, target, rules):
    """The same on a table in memory; the seconds it takes."""
    from sklearn.model_selection import train_test_split
    start = time.perf_counter()
    if rules is None:
        table.duplicated().sum()
        return time.perf_counter() - start
    if "missing" in rules:
        table = table.dropna()
    if "duplicates" in rules:
        table = table.drop_duplicates()
    train, test = train_test_split(table, test_size=0.2, random_state=42)
    x = train.drop(columns=target)
    if "standardize" in rules:
        x = (x - x.mean()) / x.std(ddof=0)
    if "impute" in rules:
        x = x.fillna(x.median())
    if "outliers" in rules:
        low, high = x.quantile(.25), x.quantile(.75)
        x = x.clip(low - 1.5 * (high - low), high + 1.5 * (high - low),
                   axis=1)
    if "mad" in rules:
        away = 3.5 / 0.6745 * (x - x.median()).abs().median()
        x = x.clip(x.median() - away, x.median() + away, axis=1)
    return time.perf_counter() - start


def pandas_times(path, target):
    try:
        import pandas
        import sklearn
    except ImportError:
        print("pandas or scikit-learn is not there: gemba is timed alone.\n")
        return {}
    print(f"pandas {pandas.__version__}, scikit-learn {sklearn.__version__}; "
          f"{os.cpu_count()} cores.\n")
    table = pandas.read_csv(path)
    return {name: statistics.median(by_pandas(table, target, rules)
                                    for _ in range(ROUNDS)) * 1e3
            for name, rules in STEPS.items()}


def main():
    args = arguments()
    if not os.access(args.steps, os.X_OK):
        sys.exit(f"there is no program {args.steps}: make bench/clean-steps")
    with tempfile.TemporaryDirectory() as folder:
        path = data_file(args, folder)
        pandas = pandas_times(path, args.target)
        said = subprocess.run([args.steps, path, args.target], check=True,
                              capture_output=True, text=True).stdout
    print("| switched | ms after the key | costs of rules that are off, "
          "behind it | once more | pandas | times as fast |")
    print("|---|--:|--:|--:|--:|--:|")
    for line in said.splitlines():
        name, first, costs, again = line.split("\t")
        other = pandas.get(name)
        print(f"| {name} | {first} | {costs} | {again} | " +
              (f"{other:.0f} | {other / float(first):.0f} |" if other
               else "| |"))


main()
