//! Acute responses on curves whose EC50, Emax, slope and gain are known.

use super::*;

/// A response over the new probe L in [1e-3, 1e5], with states frozen at what the agent has at time 1.
struct Curve {
    bench: Bench,
}

/// EC50, Emax, slope, gain.
type Metrics = [f64; 4];

impl Curve {
    fn of(value: &str, bottom: Option<&str>, top: Option<&str>) -> Curve {
        Curve::within([1e-3, 1e5], value, bottom, top)
    }

    fn within(range: [f64; 2], value: &str, bottom: Option<&str>, top: Option<&str>) -> Curve {
        let values = [("n", 1.7), ("EC", 20.0), ("E", 3.0)];
        let mut bench = Bench::new(&values, &[("u", "0")], &[["x", "u - x", "2"]]).phase(2.0, &["2"]);
        let system = bench.system(0);
        let probe = system.arena.symbol("L");
        let mut id = |text: &str| node(&mut system.arena, text);
        let response = Response {
            probe,
            value: id(value),
            bottom: bottom.map(&mut id),
            top: top.map(&mut id),
            current: Some(id("5")),
            range,
            form: Form::Acute,
            from_rest: false,
        };
        system.responses.push(response);
        let moment = Moment { at: HOUR, side: Side::Before };
        bench.plan.arms[0].assays.push(Assay { response: 0, moment, levels: vec![1.0, 20.0] });
        let taps = Metric::ALL.iter().map(|metric| Tap::Metric { assay: 0, metric: *metric });
        bench.plan.arms[0].taps = taps.collect();
        Curve { bench }
    }

    fn metrics(&self) -> Metrics {
        self.bench.numbers().try_into().unwrap()
    }

    /// Why there is no EC50, no Emax, no slope, no gain.
    fn missing(&self) -> [Reasons; 4] {
        let collected = self.bench.run();
        [0, 1, 2, 3].map(|metric| collected.assays[0][0].missing[metric][0])
    }
}

const NEVER: Reasons = [1, 0, 0, 0, 0, 0, 0, 0];
const NOT_MONOTONE: Reasons = [0, 1, 0, 0, 0, 0, 0, 0];
const NOT_DEFINED: Reasons = [0, 0, 1, 0, 0, 0, 0, 0];
const FINE: Reasons = [0; 8];

/// dE/d ln L of E·hill(L) with slope n at a level.
fn gain(top: f64, level: f64) -> f64 {
    let f = 1.0 / (1.0 + (20.0_f64 / level).powf(1.7));
    top * 1.7 * f * (1.0 - f)
}

#[test]
fn a_hill_curve_has_its_parameters() {
    let curve = Curve::of("E*hill(L, EC, n)", None, Some("E"));
    all_near(&curve.metrics(), &[20.0, 3.0, 1.7, gain(3.0, 5.0)], 1e-12);
    assert_eq!(curve.missing(), [FINE; 4]);
    let levels = &curve.bench.run().assays[0][0].curve;
    near(levels[0][0].mean(), 3.0 / (1.0 + 20.0_f64.powf(1.7)), 1e-12);
    near(levels[1][0].mean(), 1.5, 1e-12);
}

#[test]
fn a_basal_response_shifts_nothing_but_the_bottom() {
    let curve = Curve::of("1 + (E - 1)*hill(L, EC, n)", Some("1"), Some("E"));
    all_near(&curve.metrics(), &[20.0, 3.0, 1.7, gain(2.0, 5.0)], 1e-12);
}

#[test]
fn a_curve_that_falls_to_its_top_has_the_same_metrics() {
    let curve = Curve::of("E*(1 - hill(L, EC, n))", Some("E"), Some("0"));
    all_near(&curve.metrics(), &[20.0, 0.0, 1.7, -gain(3.0, 5.0)], 1e-12);
}

#[test]
fn states_are_frozen_at_the_moment_of_the_assay() {
    // x stays 2 up to the end of the phase.
    let curve = Curve::of("x*E*L/(EC*x + L)", None, Some("x*E"));
    let found = curve.metrics();
    all_near(&found[..3], &[40.0, 6.0, 1.0], 1e-9);
}

#[test]
fn without_a_top_emax_is_the_largest_value_in_the_range_and_half_of_it_counts() {
    let top = 3.0 / (1.0 + 20.0 / 100.0);
    let found = Curve::within([0.01, 100.0], "E*L/(EC + L)", None, None).metrics();
    // E L/(EC + L) is half of the value at 100.
    let half = 20.0 * 0.5 * top / (3.0 - 0.5 * top);
    all_near(&found[..2], &[half, top], 1e-12);
}

#[test]
fn a_bell_has_a_summit_between_levels_and_no_ec50() {
    let curve = Curve::of("E*4*L*EC/(EC + L)^2", None, None);
    let found = curve.metrics();
    assert!(found[0].is_nan() && found[2].is_nan());
    near(found[1], 3.0, 1e-14);
    assert_eq!(curve.missing(), [NOT_MONOTONE, FINE, NOT_MONOTONE, FINE]);
}

#[test]
fn a_shallow_curve_and_one_that_begins_beyond_half_never_get_half_way() {
    for value in ["0.4*E*hill(L, EC, n)", "E*(0.6 + 0.4*hill(L, EC, n))"] {
        let curve = Curve::of(value, None, Some("E"));
        assert_eq!(curve.missing(), [NEVER, FINE, NEVER, FINE], "{value}");
        near(curve.metrics()[1], 3.0, 1e-15);
    }
}

#[test]
fn a_flat_curve_and_one_without_numbers_have_no_half() {
    assert_eq!(Curve::of("0*L", None, None).missing(), [NOT_DEFINED, FINE, NOT_DEFINED, FINE]);
    assert_eq!(Curve::of("ln(L - 1e9)", None, None).missing(), [NOT_DEFINED; 4]);
}

#[test]
fn half_way_at_an_end_of_the_range_is_half_way() {
    let upper = Curve::within([1.0, 20.0], "E*L/(EC + L)", None, Some("E")).metrics();
    all_near(&upper[..3], &[20.0, 3.0, 1.0], 1e-12);
}

#[test]
fn a_summit_beside_the_end_of_the_range_is_met_too() {
    let mut curve = Curve::within([0.01, 100.0], "E*4*L*EC/(EC + L)^2", None, None);
    curve.bench.plan.arms[0].slots[1].value = 99.0;
    near(curve.metrics()[1], 3.0, 1e-14);
}

#[test]
fn the_metrics_of_an_agent_do_not_depend_on_its_block() {
    // The summit lies within the range, for some between the last two levels that are looked at.
    let emax = |seed: u64, agents: u64| {
        let mut bench = Curve::within([0.01, 100.0], "(E*4*L*EC/(EC + L)^2)^n", None, None).bench;
        bench = bench.vary("EC", Spread::LogUniform { low: 85.0, high: 99.9 });
        bench = bench.vary("n", Spread::Uniform { low: 0.5, high: 2.0 }).agents(agents);
        bench.plan.population.seed = seed;
        let emax = bench.run().outcomes[1][0].clone();
        let ranks: Vec<f64> = (0..agents).map(|n| n as f64 / (agents - 1).max(1) as f64).collect();
        bits(&emax.quantiles(&ranks))
    };
    for seed in 0..6 {
        let mut before: Vec<u64> = Vec::new();
        for agents in 1..=4 {
            let now = emax(seed, agents);
            // Each agent more adds one value and changes none.
            let kept = before.iter().filter(|value| now.contains(value)).count();
            assert_eq!((kept, now.len()), (before.len(), before.len() + 1), "seed {seed}, {agents} agents");
            before = now;
        }
    }
}
