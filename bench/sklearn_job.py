#!/usr/bin/env python3
"""The whole job as one would write it with pandas and scikit-learn.

    sklearn_job.py FILE [SOLVER]

Read, drop rows with missing cells, drop repeated rows, standardise, split 80 to
20 with seed 42, fit a logistic regression, report.  The last column is the
answer.  SOLVER is what LogisticRegression(solver=) knows; liblinear if not told.
"""
import sys

import pandas
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, classification_report
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


def main(path, solver="liblinear"):
    table = pandas.read_csv(path)
    table = table.dropna()
    table = table.drop_duplicates()
    answer = table.iloc[:, -1].to_numpy()
    sensors = StandardScaler().fit_transform(table.iloc[:, :-1].to_numpy())
    train_x, test_x, train_y, test_y = train_test_split(
        sensors, answer, test_size=0.2, random_state=42)
    model = LogisticRegression(solver=solver).fit(train_x, train_y)
    told = model.predict(test_x)
    accuracy = accuracy_score(test_y, told)
    print(f"rows {len(table)} accuracy {accuracy:.4f}")
    print(classification_report(test_y, told))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
