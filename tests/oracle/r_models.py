#!/usr/bin/python3
"""gemba's linear and logistic regression beside R's lm and glm.

R writes its own data (mtcars, stackloss, cars) and what summary()
says of a model; gemba trains on the same rows.  It always keeps a row for
testing: one more is put where the split will take it.  Compared are weights,
standard errors, p-values, the residual deviation and R squared, or the
deviance.  Relative tolerance 1e-9; 1e-6 for what glm iterates to, and for p.
"""
import csv
import json
import math
import os
import subprocess
import sys
import tempfile

GEMBA = os.environ.get("GEMBA", "./gemba")


def skip(why):
    print(f"1..0 # SKIP {why}")
    sys.exit(0)


try:
    import numpy as np
except ImportError as missing:
    skip(f"no {missing.name}")

# title, R's model, target, features, line of gemba
MODELS = [
    ("mtcars", "lm(mpg ~ wt + hp, mtcars)", "mpg", ["wt", "hp"],
     "train linear"),
    ("mtcars through nothing", "lm(mpg ~ 0 + wt + hp, mtcars)", "mpg",
     ["wt", "hp"], "train linear intercept=no"),
    ("all of mtcars", "lm(mpg ~ cyl + disp + hp + drat + wt + qsec + vs + am "
     "+ gear + carb, mtcars)", "mpg", ["cyl", "disp", "hp", "drat", "wt",
                                       "qsec", "vs", "am", "gear", "carb"],
     "train linear"),
    ("stackloss", "lm(stack.loss ~ ., stackloss)", "stack.loss",
     ["Air.Flow", "Water.Temp", "Acid.Conc."], "train linear"),
    ("cars", "lm(dist ~ speed, cars)", "dist", ["speed"], "train linear"),
    ("a gear box", "glm(am ~ wt + hp, binomial, mtcars, "
     "control=list(epsilon=1e-14, maxit=100))", "am", ["wt", "hp"],
     "train logistic l2=0"),
    ("an engine", "glm(vs ~ wt + mpg, binomial, mtcars, "
     "control=list(epsilon=1e-14, maxit=100))", "vs", ["wt", "mpg"],
     "train logistic l2=0"),
]

SCRIPT = """
options(digits = 17)
m <- {model}
d <- eval(m$call$data)
write.csv(d[, c({names})], "{folder}/data.csv", row.names = FALSE)
s <- summary(m)
cat("coef", coef(s)[, 1], "\\n")
cat("error", coef(s)[, 2], "\\n")
cat("p", coef(s)[, 4], "\\n")
if (inherits(m, "glm")) {{
    cat("deviance", deviance(m), "\\n")
}} else {{
    cat("sigma", s$sigma, "\\n")
    cat("r2", s$r.squared, "\\n")
}}
"""


def ask_r(model, names, folder):
    script = SCRIPT.format(model=model, folder=folder,
                           names=", ".join(f'"{n}"' for n in names))
    done = subprocess.run(["Rscript", "--vanilla", "-e", script],
                          capture_output=True, text=True)
    if done.returncode != 0:
        return None, done.stderr.strip()
    words = [line.split() for line in done.stdout.splitlines() if line]
    return {w[0]: [float(x) for x in w[1:]] for w in words}, None


def trained(folder, target, features, line):
    with open(folder + "/data.csv") as file:
        head, *rows = file.read().splitlines()
    n = len(rows) + 1
    at = int(np.random.RandomState(42).permutation(n)[0])
    rows = rows[:at] + [rows[0]] + rows[at:]
    with open(folder + "/set.csv", "w") as out:
        out.write("\n".join([head] + rows) + "\n")
    typed = "".join(f"type {name} number\n" for name in features
                    + ([target] if "linear" in line else []))
    with open(folder + "/set.gemba", "w") as out:
        out.write(f"open set.csv\n{typed}target {target}\nfeatures "
                  + " ".join(features)
                  + f"\nsplit test={0.5 / n!r} seed=42\n{line}\n")
    done = subprocess.run([GEMBA, "run", folder + "/set.gemba", "--json",
                           "--set", "emit rows"],
                          capture_output=True, text=True)
    if done.returncode != 0:
        return None, None, f"status {done.returncode}: {done.stderr.strip()}"
    whole = json.loads(done.stdout)
    if whole["test_rows"] != [at]:
        return None, None, f"it tests {whole['test_rows']}, not [{at}]"
    return whole["runs"][-1], n - 1, None


def deviance(folder, target, features, intercept, weight):
    """Of the rows that R had."""
    with open(folder + "/data.csv") as file:
        table = list(csv.DictReader(file))
    x = np.array([[float(row[f]) for f in features] for row in table])
    t = np.array([1 if float(row[target]) > 0 else -1 for row in table])
    return 2 * np.log1p(np.exp(-t * (intercept + x @ weight))).sum()


def off(found, expected):
    return max(abs(a - b) / max(abs(b), 1e-300)
               for a, b in zip(found, expected))


def compare(title, model, target, features, line, tell):
    with tempfile.TemporaryDirectory() as folder:
        r, why = ask_r(model, features + [target], folder)
        tell(r is not None, f"{title}: R runs", why)
        if r is None:
            return
        run, n, why = trained(folder, target, features, line)
        tell(run is not None, f"{title}: gemba runs", why)
        if run is None:
            return
        told = {w["feature"]: w["raw"] for w in run["weights"]}
        raw = run["intercept_raw"]
        if "deviance" in r:
            left = deviance(folder, target, features, raw,
                            np.array([told[f] for f in features]))
    free = "intercept=no" not in line
    glm = "deviance" in r
    weights = {w["feature"]: w for w in run["weights"]}

    def of(name, intercept):
        return ([intercept] if free else []) + [weights[f][name]
                                                for f in features]

    checks = [("weights", of("raw", raw), r["coef"], 1e-7 if glm else 1e-9)]
    # Of a logistic regression those of the intercept are not told.
    error, p = run.get("intercept_std_error"), run.get("intercept_p")
    skip_first = free and error is None
    checks.append(("standard errors", of("std_error", error)[skip_first:],
                   r["error"][skip_first:], 1e-6 if glm else 1e-9))
    skip_first = free and p is None
    checks.append(("p", of("p", p)[skip_first:], r["p"][skip_first:], 1e-6))
    if glm:
        checks.append(("deviance", [left], r["deviance"], 1e-9))
    else:
        freedom = n - len(r["coef"])
        checks.append(("residual deviation",
                       [math.sqrt(run["train"]["mse"] * n / freedom)],
                       r["sigma"], 1e-9))
        if free:
            checks.append(("R squared", [run["train"]["r2"]], r["r2"], 1e-9))
    for what, found, expected, tolerance in checks:
        worst = off(found, expected)
        tell(worst <= tolerance, f"{title}: {what} within {tolerance:g}",
             f"off by {worst:.3g}: {found} and {expected}")


def main():
    try:
        subprocess.run(["Rscript", "--version"], capture_output=True)
    except OSError:
        skip("R is not installed")
    if not os.access(GEMBA, os.X_OK):
        skip(f"no program {GEMBA}")
    count = failed = 0

    def tell(passed, name, why=""):
        nonlocal count, failed
        count += 1
        failed += not passed
        print(f"{'ok' if passed else 'not ok'} {count} - {name}")
        if not passed:
            print(f"# {why}")

    for model in MODELS:
        compare(*model, tell)
    print(f"1..{count}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
