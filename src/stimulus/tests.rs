//! Laws of all kinds of stimulus, and what is said about wrong ones.

use proptest::prelude::*;

use super::*;
use crate::diagnostic::render;

const HOUR: Micros = 3_600_000_000;
const MINUTE: Micros = 60_000_000;
const VALUES: [f64; 5] = [20.0, 30.0, 0.5, -3.0, f64::NAN];

fn parameter(name: &str) -> Option<(usize, Unit)> {
    let unit = |text: &str| Unit::parse(text).unwrap();
    match name {
        "level" => Some((0, unit("nM"))),
        "wait" => Some((1, unit("min"))),
        "speed" => Some((2, unit("1/h"))),
        "odd" => Some((3, unit("h"))),
        "nothing" => Some((4, unit("h"))),
        _ => None,
    }
}

fn file(name: &str) -> Result<Source, String> {
    match name {
        "a.csv" => Ok(Source::new(name, "time,L,M\n1,10,0\n2,20,0\n4,5,1\n")),
        "back.csv" => Ok(Source::new(name, "time,L\n1,10\n1,20\n")),
        _ => Err(format!("there is no file {name}")),
    }
}

fn read_as(text: &str, unit: &str, baseline: f64, arm: &str) -> Result<Schedule, String> {
    let mut findings = Findings::new();
    let root = Node::parse(&Source::new("s.toml", format!("L = {text}\n")), &mut findings).expect("TOML");
    let (unit, time) = (Unit::parse(unit).unwrap(), Unit::parse("h").unwrap());
    let reading = Reading {
        unit: &unit,
        baseline: Number::Fixed(baseline),
        time: &time,
        purpose: "input L",
        parameter: &parameter,
        known: &|| ["level", "wait", "speed", "odd", "nothing"].map(str::to_owned).to_vec(),
        file: &file,
        arm,
    };
    let schedule = super::read(root.key("L").unwrap(), &reading, &mut findings);
    assert_eq!(schedule.is_none(), findings.has_errors(), "{text}: {}", render(&findings.into_vec(), false));
    schedule.ok_or_else(|| render(&findings_of(text, &reading), false))
}

fn findings_of(text: &str, reading: &Reading) -> Vec<crate::diagnostic::Finding> {
    let mut findings = Findings::new();
    let root = Node::parse(&Source::new("s.toml", format!("L = {text}\n")), &mut findings).expect("TOML");
    super::read(root.key("L").unwrap(), reading, &mut findings);
    findings.into_vec()
}

fn schedule(text: &str) -> Schedule {
    read_as(text, "nM", 0.0, "a").unwrap_or_else(|e| panic!("{text}\n{e}"))
}

fn refused(text: &str) -> String {
    read_as(text, "nM", 0.0, "a").expect_err(text)
}

fn agent(index: u64) -> Agent<'static> {
    Agent { seed: 7, index, values: &VALUES }
}

fn value(schedule: &Schedule, at: Micros, phase: Interval, index: u64) -> f64 {
    schedule.piece(at, phase, agent(index)).0.at(0.0)
}

const WEEKS: Interval = Interval { start: 0, end: 14 * DAY };

/// Times of all changes of value of a phase, and the values after them.
fn walk(schedule: &Schedule, phase: Interval, index: u64) -> Vec<(Micros, f64)> {
    let mut at = phase.start;
    let mut seen: Vec<(Micros, f64)> = Vec::new();
    for _ in 0..20_000 {
        let (piece, next) = schedule.piece(at, phase, agent(index));
        let now = piece.at(0.0);
        if seen.last().is_none_or(|(_, last)| *last != now) {
            seen.push((at, now));
        }
        let Some(next) = next else { return seen };
        assert!(next > at && next < phase.end);
        at = next;
    }
    panic!("the walk does not end: {schedule:?}")
}

/// One of each kind and way to write it.
const ALL: [&str; 31] = [
    r#""20 nM""#,
    r#""level""#,
    r#"{ constant = { level = "level" } }"#,
    r#""level from 10:00 for 6 h every 1 d""#,
    r#""20 nM for 5 min every 60 min, 8 times""#,
    r#""1 nM from 08:00 to 16:00 every 1 d on Mo Tu We""#,
    r#""1 nM from 22:00 to 08:00 every 1 d on Mo-Fr, 3 times""#,
    r#""20 nM from 2 h for 6 h""#,
    r#""20 nM from We 10:00 for 30 h every 7 d""#,
    r#"{ pulse = { level = "20 nM", start = "10:00", width = "1 h", every = "8 h", adherence = 0.5, jitter = "20 min", base = "2 nM" } }"#,
    r#"{ pulse = { level = "20 nM", width = "wait", every = "1 h", start = "wait", jitter = "wait", luck = "own" } }"#,
    r#"{ pulse = { level = "20 nM", width = "odd", every = "wait" } }"#,
    r#"{ pulse = { level = "20 nM", width = "wait", every = "odd" } }"#,
    r#"{ pulse = { level = "20 nM", width = "wait", every = "nothing" } }"#,
    r#"{ pulse = { level = "20 nM", width = "1 h", every = "wait" } }"#,
    r#""ramp from 0 nM to 20 nM over 6 h""#,
    r#"{ ramp = { from = "level", to = "1 nM", start = "We 12:00", over = "odd" } }"#,
    r#""taper from 20 nM to 0 nM over 7 d in 6 steps""#,
    r#""taper from 20 nM over 7 d exponentially""#,
    r#"{ taper = { over = "9 d", of = "20 nM from 10:00 for 6 h every 1 d" } }"#,
    r#"{ taper = { from = "20 nM", over = "7 d", shape = "exponential", half_life = "1 d" } }"#,
    r#""sine of 10 nM around 20 nM every 1 d""#,
    r#"{ sine = { mean = "20 nM", amplitude = "level", period = "wait", start = "06:00" } }"#,
    r#"{ poisson = { level = "20 nM", rate = "0.1 1/h", width = "3 h" } }"#,
    r#"{ poisson = { level = "20 nM", rate = "speed", width = "wait", name = "snack", luck = "own" } }"#,
    r#"{ doses = { amount = "20 nM", every = "12 h", elimination = "0.1 1/h" } }"#,
    r#"{ doses = { amount = "20 nM", start = "08:00", every = "1 d", absorption = "speed", half_life = "6 h", adherence = 0.8, jitter = "1 h", days = "Mo-Fr" } }"#,
    r#"{ doses = { amount = "20 nM", every = "1 d", absorption = "0.5 1/h", elimination = "speed", count = 5 } }"#,
    r#"{ series = { file = "a.csv", repeat_every = "5 h" } }"#,
    r#"{ series = { file = "a.csv", as = "lines", column = "L" } }"#,
    r#"{ sum = ["5 nM", { product = ["0.5", "sine of 1 nM around 2 nM every 5 h", "1 from 10:00 for 1 h every 1 d"] }] }"#,
];

fn readable() -> Vec<Schedule> {
    ALL.iter().map(|text| schedule(text)).collect()
}

#[test]
fn a_walk_from_change_to_change_reaches_the_end_of_the_phase() {
    for s in readable() {
        for index in 0..4 {
            for phase in [WEEKS, Interval { start: 3 * DAY + 11 * HOUR, end: 9 * DAY + 17 }] {
                walk(&s, phase, index);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn asking_inside_a_piece_continues_its_curve(at in 0..14 * DAY, share in 0.0..1.0f64, index in 0..50u64) {
        for s in readable() {
            let (piece, next) = s.piece(at, WEEKS, agent(index));
            let until = next.unwrap_or(WEEKS.end);
            prop_assert!(until > at);
            let middle = at + ((until - 1 - at) as f64 * share) as Micros;
            let expected = piece.at((middle - at) as f64 / HOUR as f64);
            let (found, later) = s.piece(middle, WEEKS, agent(index));
            let found = found.at(0.0);
            prop_assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{s:?} {found} {expected}");
            prop_assert!(later.is_none_or(|later| later > middle));
        }
    }

    #[test]
    fn a_phase_in_front_moves_no_clock_and_no_luck(at in 4 * DAY..14 * DAY, cut in 0..4 * DAY, index in 0..50u64) {
        for text in [
            r#""level from 10:00 for 6 h every 1 d""#,
            r#""1 nM from 22:00 to 08:00 every 1 d on Mo We""#,
            r#"{ pulse = { level = "20 nM", start = "10:00", width = "1 h", every = "8 h", adherence = 0.5, jitter = "1 h" } }"#,
            r#"{ poisson = { level = "20 nM", rate = "0.1 1/h", width = "3 h" } }"#,
            r#"{ poisson = { level = "20 nM", rate = "speed", width = "wait" } }"#,
            r#"{ sine = { mean = "20 nM", amplitude = "1 nM", period = "1 d", start = "06:00" } }"#,
        ] {
            let s = schedule(text);
            prop_assert_eq!(value(&s, at, WEEKS, index), value(&s, at, Interval { start: cut, end: WEEKS.end }, index));
        }
    }
}

#[test]
fn pulses_on_the_clock_keep_to_clock_and_weekday() {
    let s = schedule(r#""1 nM from 08:00 to 16:00 every 1 d on Mo Tu We""#);
    let day = |d: i64, h: i64| d * DAY + h * HOUR;
    let expected: Vec<(Micros, f64)> =
        [0, 1, 2, 7, 8, 9].iter().flat_map(|&d| [(day(d, 8), 1.0), (day(d, 16), 0.0)]).collect();
    assert_eq!(walk(&s, WEEKS, 0)[1..], expected);
    assert_eq!(s.period(), Some(WEEK));
    assert!(s.common());
}

#[test]
fn a_pulse_that_runs_when_the_phase_begins_counts_from_there() {
    let s = schedule(r#""1 nM from 22:00 to 08:00 every 1 d""#);
    let phase = Interval { start: DAY + 3 * HOUR, end: 2 * DAY };
    assert_eq!(walk(&s, phase, 0), [(phase.start, 1.0), (DAY + 8 * HOUR, 0.0), (DAY + 22 * HOUR, 1.0)]);
}

#[test]
fn counted_pulses_stop() {
    let s = schedule(r#""20 nM for 5 min every 60 min, 8 times""#);
    let phase = Interval { start: DAY, end: 2 * DAY };
    let changes = walk(&s, phase, 0);
    assert_eq!(changes.len(), 16);
    assert_eq!(changes[15], (DAY + 7 * HOUR + 5 * MINUTE, 0.0));
}

#[test]
fn counted_pulses_on_weekdays_skip_the_other_days() {
    let s = schedule(r#""1 nM from 08:00 to 16:00 every 1 d on Mo We, 3 times""#);
    let ons: Vec<i64> = walk(&s, WEEKS, 0).iter().filter(|c| c.1 == 1.0).map(|c| c.0 / DAY).collect();
    assert_eq!(ons, [0, 2, 7]);
}

#[test]
fn between_pulses_the_input_is_at_its_baseline() {
    let s = read_as(r#""20 nM from 2 h for 6 h""#, "nM", 3.0, "a").unwrap();
    let phase = Interval { start: 0, end: DAY };
    assert_eq!(walk(&s, phase, 0), [(0, 3.0), (2 * HOUR, 20.0), (8 * HOUR, 3.0)]);
}

#[test]
fn the_share_of_pulses_that_happen_is_the_adherence() {
    let s = schedule(
        r#"{ pulse = { level = "1 nM", start = "10:00", width = "1 h", every = "1 d", adherence = 0.8 } }"#,
    );
    let n: usize = (0..400).map(|i| walk(&s, WEEKS, i).iter().filter(|c| c.1 == 1.0).count()).sum();
    // 5600 draws: four standard errors are 0.021.
    assert!((n as f64 / 5600.0 - 0.8).abs() < 0.0214, "{n}");
}

#[test]
fn jitter_has_its_spread_and_keeps_the_order() {
    let s = schedule(
        r#"{ pulse = { level = "1 nM", start = "10:00", width = "1 h", every = "1 d", jitter = "20 min" } }"#,
    );
    let mut shifts = Vec::new();
    for i in 0..200 {
        let ons = walk(&s, WEEKS, i).into_iter().filter(|c| c.1 == 1.0);
        shifts.extend(ons.map(|c| (c.0.rem_euclid(DAY) - 10 * HOUR) as f64 / MINUTE as f64));
    }
    let n = shifts.len() as f64;
    let sd = (shifts.iter().map(|s| s * s).sum::<f64>() / n).sqrt();
    // 2800 draws: four standard errors of the spread are 1.07 min.
    assert_eq!(n, 2800.0);
    assert!((sd - 20.0).abs() < 1.07, "{sd}");
}

#[test]
fn arms_share_their_luck_unless_a_clause_has_its_own() {
    let text = |luck: &str| {
        format!(
            r#"{{ pulse = {{ level = "1 nM", start = "10:00", width = "1 h", every = "1 d", adherence = 0.5, luck = "{luck}" }} }}"#
        )
    };
    let of = |luck: &str, arm: &str| walk(&read_as(&text(luck), "nM", 0.0, arm).unwrap(), WEEKS, 3);
    assert_eq!(of("shared", "a"), of("shared", "b"));
    assert_ne!(of("own", "a"), of("own", "b"));
}

#[test]
fn a_taper_ends_at_its_last_level() {
    for text in [
        r#""taper from 20 nM to 2 nM over 6 h""#,
        r#""taper from 20 nM to 2 nM over 6 h exponentially""#,
        r#""taper from 20 nM to 2 nM over 6 h in 6 steps""#,
    ] {
        let s = schedule(text);
        let phase = Interval { start: DAY, end: 2 * DAY };
        assert!((value(&s, DAY, phase, 0) - 20.0).abs() < 1e-12, "{text}");
        let (piece, _) = s.piece(DAY + 5 * HOUR, phase, agent(0));
        let end = if text.contains("steps") { 5.0 } else { 2.0 };
        assert!((piece.at(1.0) - end).abs() < 1e-12, "{text}: {piece:?}");
        assert_eq!(value(&s, DAY + 6 * HOUR, phase, 0), 2.0);
    }
}

#[test]
fn a_tapered_stimulus_falls_to_its_baseline() {
    let text = r#"{ taper = { over = "10 d", of = "20 nM from 10:00 for 6 h every 1 d" } }"#;
    let s = read_as(text, "nM", 4.0, "a").unwrap();
    assert!((value(&s, 5 * DAY + 12 * HOUR, WEEKS, 0) - (4.0 + 16.0 * 0.45)).abs() < 1e-12);
    assert_eq!(value(&s, 5 * DAY, WEEKS, 0), 4.0);
    assert_eq!(value(&s, 12 * DAY + 12 * HOUR, WEEKS, 0), 4.0);
}

#[test]
fn a_sine_has_its_mean_its_peak_and_its_period() {
    let s = schedule(r#""sine of 10 nM around 20 nM every 1 d""#);
    for (hour, expected) in [(0, 20.0), (6, 30.0), (18, 10.0), (30, 30.0)] {
        assert!((value(&s, hour * HOUR, WEEKS, 0) - expected).abs() < 1e-9);
    }
}

#[test]
fn events_come_at_their_rate_and_merge() {
    let s = schedule(r#"{ poisson = { level = "1 nM", rate = "0.5 1/h", width = "1 h" } }"#);
    let on: f64 = (0..100)
        .map(|index| {
            let mut changes = walk(&s, WEEKS, index);
            changes.push((WEEKS.end, 0.0));
            changes.windows(2).map(|w| (w[1].0 - w[0].0) as f64 * w[0].1).sum::<f64>()
        })
        .sum();
    let share = on / (100.0 * WEEKS.end as f64);
    // A moment is free with probability e^(-rate·width).
    assert!((share - (1.0 - (-0.5f64).exp())).abs() < 0.012, "{share}");
}

#[test]
fn doses_add_up_to_the_bateman_sum() {
    let (ka, ke) = (0.5, 0.1);
    let s = schedule(
        r#"{ doses = { amount = "20 nM", every = "12 h", absorption = "0.5 1/h", elimination = "0.1 1/h" } }"#,
    );
    let bateman = |t: f64| 20.0 * ka / (ka - ke) * ((-ke * t).exp() - (-ka * t).exp());
    for hour in [0, 5, 12, 13, 100, 300] {
        let expected: f64 = (0..=hour / 12).map(|k| bateman((hour - 12 * k) as f64)).sum();
        let found = value(&s, hour * HOUR, WEEKS, 0);
        assert!((found - expected).abs() < 1e-10, "{hour}: {found} {expected}");
    }
}

#[test]
fn irregular_doses_that_all_happen_are_regular_ones() {
    let s = |more: &str| {
        schedule(&format!(r#"{{ doses = {{ amount = "20 nM", every = "12 h", half_life = "6 h"{more} }} }}"#))
    };
    for at in [0, 7 * HOUR, 13 * DAY + 5] {
        let (plain, looped) = (value(&s(""), at, WEEKS, 0), value(&s(", adherence = 1"), at, WEEKS, 0));
        assert!((plain - looped).abs() < 1e-12 * plain, "{plain} {looped}");
    }
}

#[test]
fn equal_rates_meet_their_limit() {
    let s = schedule(r#"{ doses = { amount = "20 nM", absorption = "0.5 1/h", elimination = "speed" } }"#);
    let found = value(&s, 4 * HOUR, WEEKS, 0);
    assert!((found / (20.0 * 0.5 * 4.0 * (-2.0f64).exp()) - 1.0).abs() < 1e-9, "{found}");
}

#[test]
fn what_doses_leave_goes_on_after_the_phase() {
    let s = schedule(
        r#"{ doses = { amount = "20 nM", every = "12 h", elimination = "0.1 1/h", adherence = 0.7 } }"#,
    );
    let first = Interval { start: 0, end: 2 * DAY };
    let tail = s.tail(first).unwrap();
    let (before, _) = s.piece(first.end - HOUR, first, agent(1));
    let later = Interval { start: 2 * DAY, end: 9 * DAY };
    assert!((before.at(3.0) - value(&tail, first.end + 2 * HOUR, later, 1)).abs() < 1e-12);
    assert_eq!(tail.tail(later), Some(tail.clone()));
    assert_eq!(schedule(r#""20 nM""#).tail(first), None);
}

#[test]
fn a_series_holds_steps_joins_lines_and_repeats() {
    let at = |text: &str, hours: f64| value(&schedule(text), (hours * HOUR as f64) as Micros, WEEKS, 0);
    let steps = r#"{ series = { file = "a.csv" } }"#;
    let lines = r#"{ series = { file = "a.csv", as = "lines" } }"#;
    let again = r#"{ series = { file = "a.csv", repeat_every = "5 h" } }"#;
    assert_eq!([0.0, 1.5, 2.0, 99.0].map(|t| at(steps, t)), [10.0, 10.0, 20.0, 5.0]);
    assert_eq!([0.0, 1.5, 3.0, 99.0].map(|t| at(lines, t)), [10.0, 15.0, 12.5, 5.0]);
    assert_eq!([4.5, 5.5, 7.5].map(|t| at(again, t)), [5.0, 10.0, 20.0]);
}

#[test]
fn a_line_and_its_table_are_the_same() {
    for (line, table) in [
        (
            r#""20 nM from 10:00 for 6 h every 1 d""#,
            r#"{ pulse = { level = "20 nM", start = "10:00", width = "6 h", every = "1 d" } }"#,
        ),
        (r#""ramp from 0 nM to 20 nM over 6 h""#, r#"{ ramp = { from = 0, to = "20 nM", over = "6 h" } }"#),
        (
            r#""taper from 20 nM over 30 d in 6 steps""#,
            r#"{ taper = { from = "20 nM", over = "30 d", shape = "stepwise", steps = 6 } }"#,
        ),
        (
            r#""sine of 10 nM around 20 nM every 1 d""#,
            r#"{ sine = { mean = "20 nM", amplitude = "10 nM", period = "24 h" } }"#,
        ),
    ] {
        assert_eq!(schedule(line), schedule(table));
    }
}

#[test]
fn wrong_lines_are_explained() {
    for (text, part) in [
        (r#""20 h""#, "`20 h` is a time, L is a concentration (nM)"),
        (r#""20 nM form 10:00 for 6 h""#, "did you mean `from`?"),
        (r#""rampp from 0 nM to 20 nM over 6 h""#, "did you mean `ramp`?"),
        (r#""levle""#, "did you mean `level`?"),
        (r#""20 nM from 25:00 for 6 h""#, "`25:00` is no time of day"),
        (r#""20 nM from 2 h for 0 h""#, "`width` is no time at all"),
        (r#""20 nM from 2 h for -3 h""#, "`width` is a negative time"),
        (r#""20 nM for 6 h every 0 h""#, "`every` is no time at all"),
        (r#""20 nM for 6 h every 6 h""#, "overlap"),
        (r#""20 nM from 2 h every 6 h""#, "how long a pulse lasts"),
        (r#""20 nM from 08:00 to 16:00 every 1 d on Mo Tx""#, "`Tx` is no weekday"),
        (r#""20 nM from 2 h to 16:00""#, "needs a start on the clock"),
        (r#""ramp from 0 nM over 6 h""#, "a ramp line needs `to`"),
        (r#""20 nM for 6 h for 6 h""#, "`for` stands twice"),
        (r#""20 nM for""#, "nothing stands after `for`"),
        (r#""taper from 20 nM over 3 d in 6""#, "needs the word `steps`"),
        (r#""""#, "empty"),
        ("5", "`5` is dimensionless, L is a concentration (nM)"),
        ("true", "expected a stimulus"),
        (r#"{ puls = { level = 1 } }"#, "did you mean `pulse`?"),
        (r#"{ pulse = { level = "1 nM", width = "1 h" }, ramp = {} }"#, "ramp"),
        (r#"{ pulse = { width = "1 h" } }"#, "level"),
        (r#"{ product = ["1 nM", "2 nM"] }"#, "two factors"),
        (r#"{ product = ["1", "2"] }"#, "no factor"),
        (r#"{ sum = [] }"#, "empty"),
        (r#"{ series = { file = "back.csv" } }"#, "times do not increase"),
        (r#"{ series = { file = "no.csv" } }"#, "no file"),
        (r#"{ pulse = { level = "1 nM", width = "1 h", every = "1 d", adherence = 2 } }"#, "outside 0 to 1"),
        (r#"{ doses = { amount = "1 nM" } }"#, "elimination"),
    ] {
        let found = refused(text);
        assert!(found.contains(part), "{text}\n{found}");
        assert!(found.contains("-->"), "{text}\n{found}");
    }
}

#[test]
fn a_misspelt_word_is_shown_where_it_stands() {
    insta::assert_snapshot!(refused(r#""20 nM form 10:00 for 6 h""#), @r#"
    error: `form` is not expected here
     --> s.toml:1:12
      |
    1 | L = "20 nM form 10:00 for 6 h"
      |            ^^^^ not a word of a pulse line
      |
      = note: a correct line: `20 nM from 10:00 for 6 h every 1 d`
    help: did you mean `from`?
    "#);
}

#[test]
fn stimuli_in_one_another_are_read_to_a_depth() {
    let deep = |n: usize| format!("{}\"20 nM\"{}", "{ product = [\"1\", ".repeat(n), "] }".repeat(n));
    assert_eq!(value(&schedule(&deep(6)), 0, WEEKS, 0), 20.0);
    assert!(read_as(&deep(30), "nM", 0.0, "a").is_err());
}

proptest! {
    #[test]
    fn no_line_panics(text in "(20 nM|level|from|for|to|every|on|Mo|times|8|10:00|ramp|taper|in|steps|over|,|6 h|é| ){0,9}") {
        let _ = read_as(&format!("{text:?}"), "nM", 0.0, "a");
    }
}
