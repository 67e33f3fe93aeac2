//! Models as text against the same rates by hand, at each level of vectors that the machine has.
//! Knows nothing of time and steps.

use std::hint::black_box;

use allostat::diagnostic::Source;
use allostat::expression::Id;
use allostat::kernel::{LANES, Lanes, Level, Tape, at, frontier};
use allostat::measure;
use allostat::model::Model;

use crate::chronic::MODEL;
use crate::hand::{Given, Hand};
use crate::load::{Turns, in_turns};
use crate::rival::STATES;
use crate::table::{Page, number};

/// Largest ratios that are wanted with AVX2.
const WITH_POWER: f64 = 1.35;
const WITHOUT: f64 = 2.5;
/// Largest difference between tape and hand.
const SAME: f64 = 1e-12;
const EVALUATIONS: usize = 2000;

/// A tape with everything that its caller gives in place.
struct Ready {
    tape: Tape,
    registers: Vec<Lanes>,
}

/// Differs by lane, the same in every run: up to a fifth above.
fn spread(value: f64, of: usize) -> Lanes {
    Lanes(std::array::from_fn(|n| value * (1.0 + 0.2 * ((n * 7 + of * 13) % LANES) as f64 / LANES as f64)))
}

/// The text without powers: squares in their place.
fn squared() -> String {
    let lines = MODEL.lines().filter(|line| !line.starts_with("b1 ") && !line.starts_with("b2 "));
    lines.map(|line| format!("{line}\n").replace("^b1", "^2").replace("^b2", "^2")).collect()
}

/// The tape of a text as the engine uses it (what stands on parameters alone is given), and the same numbers for the hand.
fn ready(text: &str) -> (Ready, Given) {
    let model = Model::read("dual", &Source::new("dual.toml", text)).unwrap_or_else(|e| panic!("{e}"));
    let system = measure::system(&model, &[]);
    let mut arena = system.arena.clone();
    let values: Vec<Lanes> = model.parameters.iter().enumerate().map(|(n, p)| spread(p.value, n)).collect();
    let starts = [20.0, 1.0, 1.0, 1000.0, 25.0];
    let states: [Lanes; STATES] = std::array::from_fn(|n| spread(starts[n], n + values.len()));
    let known = frontier(&arena, &system.rates, &|sym| system.values.contains(&sym));
    let mut nodes = |syms: &[_]| -> Vec<Id> { syms.iter().map(|sym| arena.sym(*sym)).collect() };
    let (own, inputs, lived) = (nodes(&system.values), nodes(&system.inputs), nodes(&system.states));
    let once = filled(Tape::lower(&arena, &known, &own).expect("parameters suffice"), &values);
    let mut registers = once.registers.clone();
    once.tape.run(&mut registers);
    let settled = (0..known.len()).map(|n| registers[once.tape.root(n)]);
    let given: Vec<Id> = [lived, inputs, own, known.clone()].concat();
    let on = Lanes([1.0; LANES]);
    let numbers: Vec<Lanes> =
        states.into_iter().chain([on]).chain(values.iter().copied()).chain(settled).collect();
    let tape = Tape::lower(&arena, &system.rates, &given).expect("everything is given");
    let value = |name: &str| {
        let slot = model.parameters.iter().position(|p| p.name == name);
        slot.map_or(Lanes([2.0; LANES]), |slot| values[slot])
    };
    (filled(tape, &numbers), by_hand(states, on, &value))
}

fn filled(tape: Tape, given: &[Lanes]) -> Ready {
    let mut registers = vec![Lanes([0.0; LANES]); tape.registers().max(given.len())];
    tape.prepare(&mut registers);
    registers[..given.len()].copy_from_slice(given);
    Ready { tape, registers }
}

fn by_hand(states: [Lanes; STATES], u: Lanes, value: &dyn Fn(&str) -> Lanes) -> Given {
    let two = |one: &str, other: &str| [value(one), value(other)];
    let (k0, a, c0) = (two("K01", "K02"), two("a1", "a2"), value("C0"));
    let rest = k0.map(|k0| Lanes(std::array::from_fn(|n| c0.0[n] / (c0.0[n] + k0.0[n]))));
    let made = |i: usize| Lanes(std::array::from_fn(|n| 1.0 + a[i].0[n] * rest[i].0[n]));
    Given {
        states,
        u,
        kel: value("kel"),
        base: value("Cbase"),
        rise: value("A"),
        g: value("g"),
        kout: two("kout1", "kout2"),
        b: two("b1", "b2"),
        tau: two("tauK1", "tauK2"),
        made: [made(0), made(1)],
        k0,
        a,
        rest,
    }
}

/// The largest relative difference of tape and hand, and how long 64 agents take by each.
fn compared<const SQUARE: bool>(text: &str, level: Level, turns: usize) -> (f64, Turns) {
    let (Ready { tape, mut registers }, given) = ready(text);
    let mut rates = [Lanes([0.0; LANES]); STATES];
    tape.run_at(level, &mut registers);
    at(level, Hand::<SQUARE> { given: &given, rates: &mut rates });
    let mut largest = 0.0_f64;
    for (state, by_hand) in rates.iter().enumerate() {
        let by_tape = &registers[tape.root(state)];
        for n in 0..LANES {
            let size = given.states[state].0[n].abs().max(by_hand.0[n].abs());
            largest = largest.max((by_tape.0[n] - by_hand.0[n]).abs() / size);
        }
    }
    let turns = in_turns(
        turns,
        || (0..EVALUATIONS).for_each(|_| tape.run_at(level, black_box(&mut registers))),
        || {
            for _ in 0..EVALUATIONS {
                at(level, Hand::<SQUARE> { given: black_box(&given), rates: black_box(&mut rates) });
            }
        },
    );
    (largest, turns)
}

pub fn section(page: &mut Page, turns: usize) {
    page.text("## Models as text against rates written by hand");
    page.text(
        "The rates of `scenarios/dual_receptor.toml`, and of the same with squares in place of its two powers, for 64 agents: the tape \
         that the text becomes against plain loops that the compiler turns into vectors. Same arithmetic, same functions. \
         Wanted with AVX2: at most 1.35 times the time with powers, at most 2.5 times without.",
    );
    let mut rows = Vec::new();
    for (powers, wanted) in [(true, WITH_POWER), (false, WITHOUT)] {
        for level in Level::ALL {
            let mut row = vec![if powers { "powers" } else { "squares" }.to_owned(), level.name().to_owned()];
            if !level.is_here() {
                row.push("not tested: the machine lacks it".to_owned());
                rows.push(row);
                continue;
            }
            let (difference, timed) = match powers {
                true => compared::<false>(MODEL, level, turns),
                false => compared::<true>(&squared(), level, turns),
            };
            assert!(difference <= SAME, "tape and hand differ by {difference:e} at {}", level.name());
            let each = |seconds: f64| number(1e9 * seconds / (EVALUATIONS * LANES) as f64);
            row.push(if difference == 0.0 { "same bits".to_owned() } else { format!("{difference:.0e}") });
            row.extend([each(timed.first), each(timed.second), number(timed.ratio)]);
            row.push(match level {
                Level::Avx2 => timed.load.verdict(timed.ratio <= wanted),
                _ => format!("none wanted; foreign load {}", timed.load.told()),
            });
            rows.push(row);
        }
    }
    page.table(
        &[
            "rates",
            "vectors",
            "difference",
            "tape, ns/agent",
            "by hand, ns/agent",
            "tape / by hand",
            "target",
        ],
        &rows,
    );
}
