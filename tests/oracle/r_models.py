#!/usr/bin/python3
"""gemba's linear and logistic regression beside R's lm and glm.

R writes its own data (mtcars, stackloss, cars) and what summary()
says of a model; gemba trains on the same rows.  It always keeps a row for
testing: one more is put where the split will take it.  Compared are weights,
standard errors, p-values and what is said of the whole model: the residual
deviation, R squared, F and its p, or the deviances; AIC and BIC.  Relative
tolerance 1e-9; 1e-6 for what glm iterates to, and for p.
Of the models that have published numbers these are tested, too.
"""
import csv
import json
import math
import subprocess
import sys
import tempfile

from beside import GEMBA, saw, skip

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
     "train logistic l2=0 tolerance=1e-12"),
    ("an engine", "glm(vs ~ wt + mpg, binomial, mtcars, "
     "control=list(epsilon=1e-14, maxit=100))", "vs", ["wt", "mpg"],
     "train logistic l2=0 tolerance=1e-12"),
]

# summary() of R 4.2.2, glm converged to 1e-14, with the digits it was kept in.
# glm takes its standard errors from the step before the last, and is off by
# 5e-8; "exact" are those at the optimum, calculated with 40 digits.
PUBLISHED = {
    "mtcars": {
        "coef": [37.2272701164472, -3.8778307424047, -0.0317729469822],
        "error": [1.59878753799939, 0.6327334943774, 0.00902970967586],
        "residual_sd": [2.59341178], "r2": [0.826785452],
        "adjusted_r2": [0.814839621], "f": [69.2112134],
        "f_p": [9.10905439e-12], "aic": [156.652338826],
        "bic": [162.515282437]},
    "a gear box": {
        "coef": [18.8662987172041, -8.0834751824446, 0.0362555960822],
        "error": [7.4435580602053, 3.0686751130547, 0.0177341536508],
        "exact": [7.443558427981728, 3.068675275390592, 0.01773415433194704],
        "null_deviance": [43.22973328], "deviance": [10.05911047],
        "aic": [16.05911047]},
    "stackloss": {
        "coef": [-39.919674420124, 0.715640200485, 1.295286124389,
                 -0.152122519149],
        "error": [11.895996850644, 0.134858185355, 0.368024265273,
                  0.156294043249],
        "residual_sd": [3.24336391819], "r2": [0.913576904461],
        "f": [59.9022258997]},
    "cars": {"coef": [-17.57909489051, 3.93240875912]},
}

SCRIPT = """
options(digits = 17)
m <- {model}
d <- eval(m$call$data)
write.csv(d[, c({names})], "{folder}/data.csv", row.names = FALSE)
s <- summary(m)
cat("coef", coef(s)[, 1], "\\n")
cat("error", coef(s)[, 2], "\\n")
cat("p", coef(s)[, 4], "\\n")
cat("aic", AIC(m), "\\n")
cat("bic", BIC(m), "\\n")
if (inherits(m, "glm")) {{
    cat("deviance", deviance(m), "\\n")
    cat("null_deviance", m$null.deviance, "\\n")
}} else {{
    f <- s$fstatistic
    cat("residual_sd", s$sigma, "\\n")
    cat("df", s$df[2], "\\n")
    cat("r2", s$r.squared, "\\n")
    cat("adjusted_r2", s$adj.r.squared, "\\n")
    cat("f", f[1], "\\n")
    cat("f_features", f[2], "\\n")
    cat("f_p", pf(f[1], f[2], f[3], lower.tail = FALSE), "\\n")
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
        return None, f"status {done.returncode}: {done.stderr.strip()}"
    whole = json.loads(done.stdout)
    if whole["test_rows"] != [at]:
        return None, f"it tests {whole['test_rows']}, not [{at}]"
    return whole["runs"][-1], None


def off(found, expected):
    return max(abs(a - b) / max(abs(b), 1e-300)
               for a, b in zip(found, expected))


def compare(title, model, target, features, line, tell):
    with tempfile.TemporaryDirectory() as folder:
        r, why = ask_r(model, features + [target], folder)
        tell(r is not None, f"{title}: R runs", why)
        if r is None:
            return
        run, why = trained(folder, target, features, line)
        tell(run is not None, f"{title}: gemba runs", why)
        if run is None:
            return
    raw = run["intercept_raw"]
    free = "intercept=no" not in line
    glm = "deviance" in r
    weights = {w["feature"]: w for w in run["weights"]}

    def of(name, intercept):
        return ([intercept] if free else []) + [weights[f][name]
                                                for f in features]

    checks = [("weights", of("raw", raw), r["coef"], 1e-9)]
    checks.append(("standard errors",
                   of("std_error", run["intercept_std_error"]), r["error"],
                   1e-6 if glm else 1e-9))
    checks.append(("p", of("p", run["intercept_p"]), r["p"], 1e-6))
    for what in sorted(set(r) - {"coef", "error", "p"}):
        checks.append((what, [run["fit"][what]], r[what],
                       1e-6 if what == "f_p" else 1e-9))
    for what, expected in PUBLISHED.get(title, {}).items():
        if what == "coef":
            found = of("raw", raw)
        elif what in ("error", "exact"):
            found = of("std_error", run["intercept_std_error"])
        else:
            found = [run["fit"][what]]
        checks.append((f"published {what}", found, expected,
                       1e-6 if glm and what == "error" else 1e-8))
    for what, found, expected, tolerance in checks:
        worst = off(found, expected)
        saw(f"{title}: {what}", worst, tolerance)
        tell(worst <= tolerance, f"{title}: {what} within {tolerance:g}",
             f"off by {worst:.3g}: {found} and {expected}")


def main():
    try:
        subprocess.run(["Rscript", "--version"], capture_output=True)
    except OSError:
        skip("R is not installed")
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
