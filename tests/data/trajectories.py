"""States of built-in models with one input over time, by mpmath (pip install mpmath): src/cli/trajectories.csv, which `allostat verify` compares with.

    python tests/data/trajectories.py > src/cli/trajectories.csv

Nothing here reads a model file: equations and parameters are written down by hand from the definitions, so that a slip in
the program or in a model file shows. Each model goes through phases of constant input; a row is a state at the end of a phase.
Integration: Gragg's modified midpoint rule, extrapolated in h^2 (Bulirsch-Stoer), 40 digits, done twice with other
step lengths; both must agree to 25 digits.
"""

import sys

from mpmath import mp, mpf

mp.dps = 40
COLUMNS = 14
AGREE = mpf(10) ** -25


def midpoint(rates, y, h, n):
    """The modified midpoint rule with n (even) substeps over h, with Gragg's smoothing."""
    d = h / n
    before, now = y, [a + d * r for a, r in zip(y, rates(y))]
    for _ in range(n - 1):
        before, now = now, [a + 2 * d * r for a, r in zip(before, rates(now))]
    return [(b + a + d * r) / 2 for b, a, r in zip(before, now, rates(now))]


def step(rates, y, h):
    """One step of length h: midpoint rules with 2, 4, 6 … substeps, extrapolated to none by Neville's scheme."""
    counts = [2 * (k + 1) for k in range(COLUMNS)]
    row = []
    for k, n in enumerate(counts):
        new = [midpoint(rates, y, h, n)]
        for j in range(1, k + 1):
            ratio = (mpf(n) / counts[k - j]) ** 2 - 1
            new.append([a + (a - b) / ratio for a, b in zip(new[j - 1], row[j - 1])])
        row = new
    return row[-1]


def over(rates, y, length, longest):
    steps = int(mp.ceil(length / longest))
    for _ in range(steps):
        y = step(rates, y, mpf(length) / steps)
    return y


def q(text):
    return mpf(text)


# ---- models: states with starts, rates for an input, longest step, phases (length, level; None: baseline) --------------------


def turnover():
    R0, kdeg, kappa, K = q("1"), q("0.0204"), q("4"), q("100")
    ksyn = kdeg * R0

    def rates(L):
        return lambda y: [ksyn - kdeg * (1 + kappa * L / (K + L)) * y[0]]

    phases = [(12, None), (24, "100"), (36, "1000"), (6, "3"), (200, None)]
    return ["R"], [R0], rates, q("0"), q("6"), phases


def turnover_binding():
    Vs, kt, ke, kon, koff = q("100"), q("0.03"), q("0.28"), q("0.07"), q("0.3")

    def rates(L):
        return lambda y: [
            Vs - kt * y[0] - kon * L * y[0] + koff * y[1],
            kon * L * y[0] - koff * y[1] - ke * y[1],
        ]

    phases = [(10, None), (5, "2"), (60, "2"), (20, "50"), (12, None)]
    return ["R", "C"], [Vs / kt, q("0")], rates, q("0"), q("0.4"), phases


def trafficking():
    R0, K, kp, kdp, kint = q("1"), q("100"), q("0.5"), q("0.05"), q("0.25")
    krec, klys, kdeg = q("0.09"), q("0.005"), q("0.002")

    def rates(L):
        share = L / (K + L)

        def of(y):
            S, P, I = y
            return [
                kdeg * R0 - kdeg * S - kp * share * S + kdp * P + krec * I,
                kp * share * S - kdp * P - kint * P,
                kint * P - krec * I - klys * I,
            ]

        return of

    phases = [(20, None), (3, "400"), (60, "400"), (300, "20"), (90, None)]
    return ["S", "P", "I"], [R0, q("0"), q("0")], rates, q("0"), q("2"), phases


def desensitization():
    KR, KD, m0, kDR, kAD = q("20"), q("0.05"), q("0.01"), q("0.02"), q("0.2")
    kRD, kDA = m0 * kDR, kAD * KD / (KR * m0)

    def rates(L):
        down = (kRD + kAD * L / KR) / (1 + L / KR)
        up = (kDR + kDA * L / KD) / (1 + L / KD)
        return lambda y: [down * (1 - y[0]) - up * y[0]]

    phases = [(30, None), (5, "100"), (40, "1"), (20, "1000"), (120, None)]
    return ["d"], [m0 / (1 + m0)], rates, q("0"), q("2"), phases


def integral_linear():
    k, eps, y0 = q("1"), q("0.1"), q("0")

    def rates(u):
        return lambda y: [eps * (k * u - y[0] - y0)]

    phases = [(10, None), (5, "1"), (20, "4"), (30, "0.5"), (12, None)]
    return ["x"], [-y0], rates, q("0"), q("5"), phases


def integral_receptor():
    L0, K, A0, eps, mu = q("25"), q("100"), q("1"), q("0.1"), q("0")
    R0 = A0 * (K + L0) / L0

    def rates(L):
        share = L / (K + L)
        return lambda y: [eps * (A0 - y[0] * share) * y[0] + mu * (R0 - y[0])]

    phases = [(10, None), (5, "400"), (60, "400"), (8, "5"), (20, None)]
    return ["R"], [R0], rates, L0, q("0.5"), phases


def moderator():
    kin, kout, ktol, Smax, SC50 = q("1"), q("1"), q("0.1"), q("3"), q("10")

    def rates(C):
        drive = kin * (1 + Smax * C / (SC50 + C))
        return lambda y: [drive / y[1] - kout * y[0], ktol * (y[0] - y[1])]

    phases = [(5, None), (2, "100"), (30, "10"), (4, "1000"), (48, None)]
    return ["R", "M"], [q("1"), q("1")], rates, q("0"), q("0.25"), phases


def opponent():
    tau_b, g0, gmax, eta, tau_g = q("6"), q("0.3"), q("0.95"), q("0.02"), q("720")

    def rates(s):
        return lambda y: [(y[1] * s - y[0]) / tau_b, eta * s * (gmax - y[1]) - y[1] / tau_g]

    phases = [(24, None), (3, "1"), (48, "0.5"), (12, "2"), (300, None)]
    return ["b", "g"], [q("0"), g0], rates, q("0"), q("3"), phases


def indirect(act):
    """An indirect response; `act` gives production and loss as factors for a concentration (Dayneka, Garg & Jusko's four)."""
    kin, kout = q("1"), q("0.5")

    def rates(C):
        made, lost = act(C)
        return lambda y: [kin * made - kout * lost * y[0]]

    phases = [(6, None), (3, "100"), (20, "10"), (5, "1000"), (24, None)]
    return ["R"], [kin / kout], rates, q("0"), q("0.25"), phases


def inhibited(C):
    return 1 - q("0.9") * C / (q("10") + C)


def stimulated(C):
    return 1 + q("3") * C / (q("10") + C)


def indirect_production_inhibited():
    return indirect(lambda C: (inhibited(C), 1))


def indirect_production_stimulated():
    return indirect(lambda C: (stimulated(C), 1))


def indirect_loss_inhibited():
    return indirect(lambda C: (1, inhibited(C)))


def indirect_loss_stimulated():
    return indirect(lambda C: (1, stimulated(C)))


def precursor_pool():
    k0, kp, kout = q("1"), q("0.2"), q("0.5")

    def rates(C):
        turned = kp * stimulated(C)
        return lambda y: [k0 - turned * y[0], turned * y[0] - kout * y[1]]

    phases = [(6, None), (3, "100"), (20, "10"), (5, "1000"), (24, None)]
    return ["P", "R"], [k0 / kp, k0 / kout], rates, q("0"), q("0.25"), phases


def moderated(act):
    """Production held back by a moderator that follows the response: kin/M."""
    ktol = q("0.1")

    def rates(C):
        made, lost = act(C)
        return lambda y: [made / y[1] - lost * y[0], ktol * (y[0] - y[1])]

    phases = [(5, None), (2, "100"), (30, "10"), (4, "1000"), (48, None)]
    return ["R", "M"], [q("1"), q("1")], rates, q("0"), q("0.125"), phases


def moderator_loss_stimulated():
    return moderated(lambda C: (1, stimulated(C)))


def moderator_loss_inhibited():
    return moderated(lambda C: (1, inhibited(C)))


def moderator_production_inhibited():
    return moderated(lambda C: (inhibited(C), 1))


def feedforward():
    b1, a1, b2, a2, u0 = q("1"), q("0.1"), q("1"), q("1"), q("1")

    def rates(u):
        return lambda y: [b1 * u - a1 * y[0], b2 * u / y[0] - a2 * y[1]]

    phases = [(10, None), (5, "3"), (40, "10"), (6, "0.5"), (60, None)]
    return ["x", "y"], [b1 * u0 / a1, b2 * a1 / (b1 * a2)], rates, u0, q("0.25"), phases


def feedforward_log():
    a1 = q("0.1")

    def rates(u):
        return lambda y: [a1 * (u - y[0])]

    phases = [(10, None), (5, "3"), (40, "10"), (6, "0.5"), (60, None)]
    return ["x"], [q("1")], rates, q("1"), q("2"), phases


def integral_methylation():
    L0, K, VR, VB, KB = q("25"), q("100"), q("0.2"), q("0.4"), q("1")
    A0 = KB * VR / (VB - VR)

    def rates(L):
        share = L / (K + L)
        return lambda y: [VR - VB * y[0] * share / (KB + y[0] * share)]

    phases = [(10, None), (5, "400"), (60, "400"), (8, "5"), (20, None)]
    return ["x"], [A0 * (K + L0) / L0], rates, L0, q("0.5"), phases


def desensitization_two_pools():
    KR, KD, m1, m2 = q("20"), q("0.05"), q("0.005"), q("0.005")
    kDR1, kDR2, kAD1, kAD2 = 1 / q("11.5"), 1 / q("270"), q("0.2"), q("0.01")
    kDA1, kDA2 = kAD1 * KD / (KR * m1), kAD2 * KD / (KR * m2)

    def rates(L):
        bound, held = 1 + L / KR, 1 + L / KD
        down1, down2 = (m1 * kDR1 + kAD1 * L / KR) / bound, (m2 * kDR2 + kAD2 * L / KR) / bound
        up1, up2 = (kDR1 + kDA1 * L / KD) / held, (kDR2 + kDA2 * L / KD) / held

        def of(y):
            ready = 1 - y[0] - y[1]
            return [down1 * ready - up1 * y[0], down2 * ready - up2 * y[1]]

        return of

    phases = [(30, None), (5, "100"), (40, "1"), (20, "1000"), (120, None)]
    whole = 1 + m1 + m2
    return ["d1", "d2"], [m1 / whole, m2 / whole], rates, q("0"), q("1"), phases


def allostasis():
    tau_b, g, up, down = q("0.25"), q("0.3"), q("0.02"), q("0.01")

    def rates(s):
        def of(y):
            h = s - y[0]
            return [(g * s - y[0]) / tau_b, up * max(0, h) - down * y[1]]

        return of

    # b stays below s while s is on and above it while it is off, so that no phase meets the corner of max.
    phases = [(2, None), (1, "1"), (30, "2"), (10, "1"), (60, None)]
    return ["b", "r"], [q("0"), q("0")], rates, q("0"), q("0.125"), phases


def gland_masses_fast():
    qP, qA = q("0.05"), q("0.03")

    def rates(u):
        def of(y):
            x3 = mp.cbrt(u * y[0] * y[1])
            return [qP * y[0] * (u / x3 - 1), qA * y[1] * (u * y[0] / x3**2 - 1)]

        return of

    phases = [(10, None), (5, "2"), (60, "2"), (14, "0.5"), (90, None)]
    return ["P", "A"], [q("1"), q("1")], rates, q("1"), q("1"), phases


def hypothetical_antagonist():
    ke, ktol = mp.log(2) / 120, mp.log(2) / 35

    def rates(infusion):
        return lambda y: [infusion - ke * y[0], ktol * (y[0] - y[1])]

    phases = [(30, None), (60, "0.5"), (240, "1"), (30, "4"), (600, None)]
    return ["C", "M"], [q("0"), q("0")], rates, q("0"), q("10"), phases


def immigration_death():
    a0, k = q("10"), q("0.02")

    def rates(a):
        return lambda y: [a - k * y[0]]

    phases = [(12, None), (24, "40"), (48, "2"), (6, "100"), (200, None)]
    return ["n"], [a0 / k], rates, a0, q("10"), phases


def feedforward_loop():
    u0, b, a2, e, y0 = q("1"), q("1"), q("1"), q("0.1"), q("1")

    def rates(u):
        return lambda y: [e * y[0] * (y[1] - y0), b * u / y[0] - a2 * y[1]]

    phases = [(10, None), (5, "3"), (40, "10"), (6, "5"), (60, None)]
    return ["x", "y"], [b * u0 / (a2 * y0), y0], rates, u0, q("0.125"), phases


def bursty_synthesis():
    a0, B, k = q("10"), q("4"), q("0.02")

    def rates(a):
        return lambda y: [a * B - k * y[0]]

    phases = [(12, None), (24, "40"), (48, "2"), (6, "100"), (200, None)]
    return ["n"], [a0 * B / k], rates, a0, q("10"), phases


def bursty_synthesis_moments():
    a0, B, k = q("10"), q("4"), q("0.02")

    def rates(a):
        return lambda y: [a * B - k * y[0], a * (B + 2 * B**2) + k * y[0] - 2 * k * y[1]]

    phases = [(12, None), (24, "40"), (48, "2"), (6, "100"), (200, None)]
    return ["n", "V"], [a0 * B / k, a0 * B * (1 + B) / k], rates, a0, q("10"), phases


MODELS = [
    turnover,
    turnover_binding,
    trafficking,
    desensitization,
    integral_linear,
    integral_receptor,
    moderator,
    opponent,
    indirect_production_inhibited,
    indirect_production_stimulated,
    indirect_loss_inhibited,
    indirect_loss_stimulated,
    precursor_pool,
    moderator_loss_stimulated,
    moderator_loss_inhibited,
    moderator_production_inhibited,
    feedforward,
    feedforward_log,
    integral_methylation,
    desensitization_two_pools,
    allostasis,
    gland_masses_fast,
    hypothetical_antagonist,
    immigration_death,
    feedforward_loop,
    bursty_synthesis,
    bursty_synthesis_moments,
]


def main():
    print("model,time,level,state,value")
    for model in MODELS:
        names, starts, rates, baseline, longest, phases = model()
        coarse, fine, time = starts, starts, 0
        for length, level in phases:
            of = rates(baseline if level is None else q(level))
            coarse = over(of, coarse, length, longest)
            fine = over(of, fine, length, longest * q("0.61"))
            time += length
            for name, a, b in zip(names, coarse, fine):
                if abs(a - b) > AGREE * max(abs(b), q("1e-3")):
                    sys.exit(f"{model.__name__}, {name} at {time}: {a} and {b} differ")
                print(f"{model.__name__},{time},{level or ''},{name},{mp.nstr(b, 20, strip_zeros=False)}")


main()
