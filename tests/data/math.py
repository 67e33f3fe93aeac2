"""Coefficients of src/math and the correctly rounded values in math.csv, by mpmath (pip install mpmath).

    python tests/data/math.py table > tests/data/math.csv
    python tests/data/math.py coefficients

The table: a line `name` opens a function; then one line per point, argument(s) and value as the hexadecimal bits of a
64-bit float without the zeros at its end.
"""

import random
import struct
import sys
from functools import cache

from mpmath import mp, mpf
import mpmath as m


# ---- coefficients -------------------------------------------------------------------------------------------------


def horner(coefficients, x):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def nodes(low, high, count):
    middle, half = (low + high) / 2, (high - low) / 2
    return [middle + half * m.cos(m.pi * (2 * i + 1) / (2 * count)) for i in range(count)]


def interpolated(f, low, high, degree):
    """Coefficients of the polynomial through f at Chebyshev nodes, from the constant upward."""
    xs = nodes(mpf(low), mpf(high), degree + 1)
    powers = m.matrix([[x**j for j in range(degree + 1)] for x in xs])
    return list(m.lu_solve(powers, m.matrix([f(x) for x in xs])))


def ratio(f, low, high, upper, lower, rounds=2):
    """Numerator and denominator by relative least squares at Chebyshev nodes, the denominator's constant being 1."""
    xs = nodes(mpf(low), mpf(high), 3 * (upper + lower + 1))
    values, weights = [f(x) for x in xs], [mpf(1)] * len(xs)
    for _ in range(rounds):
        rows, right = [], []
        for x, value, weight in zip(xs, values, weights):
            w = 1 / (value * weight)
            rows.append([x**j * w for j in range(upper + 1)] + [-value * x**j * w for j in range(1, lower + 1)])
            right.append(value * w)
        a, b = m.matrix(rows), m.matrix(right)
        c = list(m.lu_solve(a.T * a, a.T * b))
        numerator, denominator = c[: upper + 1], [mpf(1)] + c[upper + 1 :]
        weights = [horner(denominator, x) for x in xs]
    return numerator, denominator


@cache
def lower_quantile(p):
    """z with normal_cdf(z) = p, p <= 1/2."""
    z = -m.sqrt(-2 * m.log(p)) if p < mpf("0.05") else (p - mpf(1) / 2) * m.sqrt(2 * m.pi)
    for _ in range(60):
        here = m.erfc(-z / m.sqrt(2)) / 2
        step = (m.log(here) - m.log(p)) * here * m.sqrt(2 * m.pi) * m.exp(z * z / 2)
        z -= step
        if abs(step) < mpf(10) ** -45 * max(abs(z), mpf(10) ** -30):
            break
    return z


def atanh_rest(z, lead):
    """(atanh(s)/s - the first `lead` terms of its series)/z^lead, z = s^2."""
    return m.nsum(lambda k: z**k / (2 * k + 2 * lead + 1), [0, m.inf]) if z > 0 else mpf(1) / (2 * lead + 1)


def coefficients():
    def show(name, values):
        print(name, *(f"    {float(v)!r}," for v in values), sep="\n")

    mp.dps = 60
    reach = m.log(2) / 2 * mpf("1.0001")
    show("EXP", interpolated(lambda r: (m.expm1(r) - r) / r**2 if abs(r) > mpf(10) ** -15 else mpf(1) / 2, -reach, reach, 10))
    reach = ((m.sqrt(2) - 1) / (m.sqrt(2) + 1)) ** 2 * mpf("1.0001")
    show("LN", interpolated(lambda z: 2 * atanh_rest(z, 1), 0, reach, 7))
    show("FROM_FIFTH", interpolated(lambda z: atanh_rest(z, 2), 0, reach, 7))
    reach = (m.pi / 4 * mpf("1.02")) ** 2
    show("SIN", interpolated(lambda z: (m.sin(m.sqrt(z)) / m.sqrt(z) - 1) / z, 0, reach, 6))
    show("COS", interpolated(lambda z: (m.cos(m.sqrt(z)) - 1 + z / 2) / z**2, 0, reach, 5))

    def scaled_tail(t):
        z = 4 * (1 + t) / (1 - t)
        return m.erfc(z / m.sqrt(2)) / 2 * m.exp(z * z / 2) * (z + 1)

    show("TAIL", interpolated(scaled_tail, -1, mpf(35) / 43, 22))
    mp.dps = 50

    def middle(v):
        q = m.sqrt(mpf("0.180625") - v)
        return -lower_quantile(mpf(1) / 2 - q) / q

    regions = [("MIDDLE", middle, mpf("-1e-12"), mpf("0.180625"))]
    first = m.sqrt(-m.log(mpf("0.0751")))
    for name, low, high, shift in (("NEAR", first, "5.001", mpf("1.6")), ("FAR", "4.999", "27.4", mpf(5))):
        f = lambda x, shift=shift: -lower_quantile(m.exp(-((x + shift) ** 2)))
        regions.append((name, f, mpf(low) - shift, mpf(high) - shift))
    for name, f, low, high in regions:
        numerator, denominator = ratio(f, low, high, 7, 7)
        show(name + " numerator", numerator)
        show(name + " denominator", denominator)


# ---- table --------------------------------------------------------------------------------------------------------


def bits(x):
    return struct.pack(">d", x).hex()


def trimmed(x):
    return bits(x).rstrip("0") or "0"


def short(x):
    """x with the upper 32 bits of its representation only, which keeps the table small."""
    return struct.unpack(">d", bytes.fromhex(bits(x)[:8] + "00000000"))[0]


def of_size(low, high):
    """Log-uniform between two powers of ten."""
    return 10.0 ** random.uniform(low, high)


def signed(x):
    return random.choice((-1.0, 1.0)) * x


def near_half_pi(limit):
    """Next to a multiple of pi/2, where the remainder loses most."""
    return float(m.pi / 2 * random.randrange(1, int(limit)))


def quantile(p):
    return lower_quantile(p) if p <= 0.5 else -lower_quantile(1 - p)


TABLE = [
    ("exp", m.exp, 1200, lambda: (random.choice((random.uniform(-708, 709.7), signed(of_size(-8, 0.5)))),)),
    ("ln", m.log, 1200, lambda: (random.choice((of_size(-307, 308), random.uniform(0.5, 2), 1 + signed(of_size(-12, -1)))),)),
    ("sin", m.sin, 1000, lambda: (random.choice((signed(of_size(-5, 6)), random.uniform(-7, 7), near_half_pi(6e5))),)),
    ("cos", m.cos, 1000, lambda: (random.choice((signed(of_size(-5, 6)), random.uniform(-7, 7), near_half_pi(6e5))),)),
    ("pow", m.power, 1400, None),
    ("log10", lambda x: m.log(x) / m.log(10), 300, lambda: (random.choice((of_size(-307, 308), random.uniform(0.5, 2))),)),
    ("exp_m1", m.expm1, 200, lambda: (signed(of_size(-10, 1.5)),)),
    ("ln_1p", m.log1p, 200, lambda: (random.choice((of_size(-10, 3), -of_size(-10, -0.01))),)),
    ("tanh", m.tanh, 300, lambda: (signed(of_size(-6, 1.3)),)),
    ("logistic", lambda x: 1 / (1 + m.exp(-x)), 300, lambda: (random.uniform(-700, 40),)),
    ("normal_cdf", lambda z: m.erfc(-z / m.sqrt(2)) / 2, 400, lambda: (random.choice((random.uniform(-37, 8), random.uniform(-4, 4))),)),
    ("normal_quantile", quantile, 400, lambda: (random.choice((random.random(), of_size(-300, 0), of_size(-6, 0))),)),
]


def point_of_pow():
    while True:
        x = random.choice((of_size(-4, 4), of_size(-300, 300), 1 + signed(of_size(-9, -1))))
        y = random.choice((random.uniform(0.1, 6.1), signed(of_size(-4, 3)), signed(of_size(0, 9))))
        if abs(y * m.log(mpf(x))) < 708:
            return x, y


def table():
    random.seed(20261123)
    mp.dps = 60
    for name, f, count, point in TABLE:
        print(name)
        for i in range(count):
            arguments = (point or point_of_pow)()
            if i % 4:
                arguments = tuple(short(a) for a in arguments)
            print(*(trimmed(a) for a in arguments), trimmed(float(f(*(mpf(a) for a in arguments)))))


if __name__ == "__main__":
    {"table": table, "coefficients": coefficients}[sys.argv[1]]()
