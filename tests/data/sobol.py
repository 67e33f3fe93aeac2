"""Points of plain Sobol' sequences by SciPy (pip install scipy): sobol.csv.

    python -P tests/data/sobol.py > tests/data/sobol.csv

-P keeps math.py beside this file from standing in for Python's own.

A column per dimension, counted from 1; a row per point, counted from 0. SciPy, too, takes the direction numbers of Joe and
Kuo 2008 and the order of the Gray code. The numbers are exact: multiples of 2^-30.
"""

from scipy.stats import qmc

DIMENSIONS = [*range(1, 11), 37, 100, 101, 500, 1000]
POINTS = [*range(16), 1000, 65535, 1_000_000, 12_345_678]

print("index", *DIMENSIONS, sep=",")
for index in POINTS:
    engine = qmc.Sobol(max(DIMENSIONS), scramble=False)
    if index > 0:
        engine.fast_forward(index)
    point = engine.random(1)[0]
    print(index, *(repr(float(point[d - 1])) for d in DIMENSIONS), sep=",")
