"""Samples, outputs and indices by SALib, which src/study/sensitivity must agree with to rounding; and partial rank correlations by scipy.

    pip install SALib==1.6.0
    python tests/data/salib/make.py tests/data/salib

NAME.points.csv: x1 … xk in [0, 1] and y, one row per point. NAME.indices.csv: what, factor i, factor j (empty where there is none), value.
SALib begins a block with A and ends it with B; here B follows A.
"""

import csv
import sys
from pathlib import Path

import numpy as np
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample
from scipy.stats import rankdata

FOLDER = Path(sys.argv[1])


def ishigami(u):
    x = (2 * u - 1) * np.pi
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def sobol_g(u):
    a = np.array([0, 1, 4.5, 9, 99, 99])
    return np.prod((np.abs(4 * u - 2) + a) / (1 + a), axis=1)


def write(name, points, outputs, rows):
    with open(FOLDER / f"{name}.points.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([f"x{i + 1}" for i in range(points.shape[1])] + ["y"])
        table.writerows([*map(repr, map(float, row)), repr(float(y))] for row, y in zip(points, outputs))
    with open(FOLDER / f"{name}.indices.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["what", "i", "j", "value"])
        table.writerows([what, i, j, repr(float(value))] for what, i, j, value in rows)


def unit_cube(k):
    return {"num_vars": k, "names": [f"x{i + 1}" for i in range(k)], "bounds": [[0, 1]] * k}


def saltelli(name, model, k, n, second, offset):
    problem = unit_cube(k)
    points = sobol_sample.sample(problem, n, calc_second_order=second, seed=11)
    outputs = model(points) + offset
    found = sobol_analysis.analyze(problem, outputs, calc_second_order=second, seed=1)
    rows = [("S1", i, "", found["S1"][i]) for i in range(k)]
    rows += [("ST", i, "", found["ST"][i]) for i in range(k)]
    if second:
        rows += [("S2", i, j, found["S2"][i, j]) for i in range(k) for j in range(i + 1, k)]
    size = 2 * k + 2 if second else k + 2
    order = [0, size - 1, *range(1, size - 1)]
    order = np.concatenate([np.array(order) + start for start in range(0, len(points), size)])
    write(name, points[order], outputs[order], rows)


def morris(name, model, k, r):
    problem = unit_cube(k)
    points = morris_sample.sample(problem, r, num_levels=4, seed=11)
    outputs = model(points)
    found = morris_analysis.analyze(problem, points, outputs, num_levels=4, seed=1)
    write(name, points, outputs, [(what, i, "", found[what][i]) for what in ["mu", "mu_star", "sigma"] for i in range(k)])


def prcc(name, n):
    """By the definition with residuals: both ranks less what the other ranks explain, then their correlation. With ties."""
    luck = np.random.default_rng(11)
    points = luck.random((n, 4))
    points[:, 3] = np.floor(points[:, 3] * 5) / 4
    outputs = np.round(np.exp(3 * points[:, 0]) - 4 * points[:, 1] + points[:, 3] ** 2 + luck.random(n), 1)
    ranks = np.column_stack([rankdata(column) for column in [*points.T, outputs]])
    ranks -= ranks.mean(axis=0)

    def coefficient(i):
        others = np.delete(ranks[:, :4], i, axis=1)
        rest = [v - others @ np.linalg.lstsq(others, v, rcond=None)[0] for v in (ranks[:, i], ranks[:, 4])]
        return rest[0] @ rest[1] / np.sqrt((rest[0] @ rest[0]) * (rest[1] @ rest[1]))

    write(name, points, outputs, [("prcc", i, "", coefficient(i)) for i in range(4)])


saltelli("ishigami", ishigami, 3, 64, True, 0.0)
saltelli("offset", ishigami, 3, 16, True, 1000.0)
saltelli("g", sobol_g, 6, 32, False, 0.0)
morris("morris", ishigami, 3, 20)
prcc("prcc", 60)
