//! The words of sensitivity, adaptation and comparison, how each is written and what it is: for the reference page.
//! Knows nothing of how they are computed.

/// Rows of the reference page.
pub const GLOSSARY: &[(&str, &str)] = &[
    (
        "fit_ec50(r[…])",
        "EC50 of the logistic curve `bottom + (emax - bottom)/(1 + (EC50/L)^n)`, n > 0, that is nearest to the acute response `r`: \
         weighted least squares over 97 levels even on ln L over its range, weight 1, 1/2 at both ends; the curve itself where it is \
         logistic, else only the nearest (an operational curve with n ≠ 1). Missing as `no logistic fit` where the search does not \
         come to rest or the EC50 lies outside the range",
    ),
    ("fit_emax(r[…])", "value of that curve at high levels"),
    ("fit_bottom(r[…])", "value of that curve at low levels"),
    ("fit_slope(r[…])", "exponent n of that curve"),
    (
        "bmax(r[…])",
        "binding sites after Scatchard, `r` being what is bound: where the straight line through bound/free over bound (same levels \
         and weights, free is the probe) meets 0; exact for one site. Missing as `no falling line` where it does not fall",
    ),
    ("kd(r[…])", "dissociation constant after Scatchard: -1/slope of that line"),
    (
        "log10(ec50(a.r[…])/ec50(b.r[…]))",
        "shift of potency between arms, an expression; beside it the ratio of emax, and the difference of log_tau_KA as one number",
    ),
    (
        "bmax(r[…])/kd(r[…])",
        "binding potential BP, an expression; with endogenous ligand T of constant Ki it is Bmax/(Kd*(1 + T/Ki))",
    ),
    (
        "1 - a.BP/b.BP",
        "occupancy from a measure `BP` in arm `a` with and arm `b` without what occupies, an expression: T/(Ki + T) under competition",
    ),
    (
        "tau(r[…], Em)",
        "transducer ratio of the operational model with slope 1: Emax/(Em - Emax), Em being the largest possible value; no value where \
         Emax reaches it",
    ),
    ("KA(r[…], Em)", "dissociation constant of the agonist by that model: EC50*Em/(Em - Emax)"),
    (
        "log_tau_KA(r[…], Em)",
        "transduction coefficient log10(tau/KA) = log10(Emax/(Em*EC50)), KA in M where the probe is a molar concentration, else in the \
         probe's unit; differences between arms or moments do not depend on Em",
    ),
    (
        "coefficient(r[…])",
        "response coefficient dlnE/dlnL at the level that the probe has in that moment; no value where level or response is 0",
    ),
    (
        "coefficient(x[…], u)",
        "dlnx/dlnu of an expression by an input, state or parameter that it stands on, all else as it is in that moment",
    ),
    (
        "peak(x[P])",
        "the extreme on the dense output of phase `P` that is farthest from the value just before `P`; what comes before an arm's \
         first phase is `rest`, here and below",
    ),
    (
        "overshoot(x[P])",
        "(peak - end)/(end - before), of the values just before the end of `P` and just before `P`; 0 where nothing shoots over",
    ),
    (
        "sensitivity(x[P], u)",
        "(|peak - before|/|before|)/(|u1 - u0|/|u0|), `u0` and `u1` being the input just before `P` and just after it began \
         (unchecked: Ma et al. 2009, Cell 138:760)",
    ),
    (
        "precision(x[P], u)",
        "(|u1 - u0|/|u0|)/adaptation error; at most 1e6, which stands for exact adaptation",
    ),
    ("adaptation_error(x[P])", "|end - before|/|before|"),
    (
        "adaptation_time(x[P], 5 %)",
        "time from the start of `P` after which `x` stays, on the dense output, within 5 % of its largest distance in `P` from its \
         last value there; not reached where `x` does not change",
    ),
    (
        "rebound(x[P])",
        "how far `x` goes in `P` beyond the agent's own `rest.x`, away from where it was just before `P`; 0 where it does not; no value \
         where it was at rest",
    ),
    (
        "recovery_time(x[P]); recovery_time(x[P], 90 %)",
        "time from the start of `P` until half (90 %) of the way from `x`'s first value there to the agent's own `rest.x`; `half_time` \
         counts to the last value of the phase instead",
    ),
    (
        "hysteresis(x, y [P])",
        "area of the loop of `y` over `x` in `P`: integral of y dx along the dense output, closed by a straight line from end to start; \
         clockwise (tolerance: less effect later at the same concentration) is positive, counter-clockwise (delay) negative",
    ),
    (
        "rms(a.x - b.x [P])",
        "root of the time average of the square of any expression, also over several arms, by trapezes over 200 equal parts of `P`, \
         which must be equally long in all arms named",
    ),
    ("apart(a.x - b.x [P])", "largest absolute value at the ends of the same 200 parts"),
    (
        "apart(a.y - b.y [P])/max(a.y[P])",
        "error of fold-change detection, an expression: arms whose inputs differ by a factor, over the peak",
    ),
    ("cv_of(m)", "coefficient of variation over agents, sd_of(m)/mean_of(m), in claims only"),
    ("correlation(m, other)", "Pearson's over the agents that have both, in claims only"),
];
