//! What is too long, too deep or too odd gives a finding at once; long chains of nodes walk by loops.

use super::*;
use proptest::prelude::*;

/// Longer than any recursion over it would survive.
const CHAIN: u32 = 100_000;

/// Runs with a stack as small as a browser's.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(work);
    thread.expect("a thread").join().expect("the work");
}

#[test]
fn deep_nesting_is_a_finding_at_once() {
    on_a_small_stack(|| {
        for (open, close) in [
            ("(", ")"),
            ("-", ""),
            ("2^", ""),
            ("exp(", ")"),
            ("x[", "]"),
            ("+", ""),
            ("", "+1"),
            ("", "[a]"),
        ] {
            let repeat = LONGEST / (open.len() + close.len() + 1);
            let text = format!("{}1{}", open.repeat(repeat), close.repeat(repeat));
            let text = if open == "x[" || close == "[a]" { text.replace('1', "x") } else { text };
            match parse(&text, &whole(&text)) {
                Err(finding) => assert!(finding.what.contains("deep"), "{open}: {}", finding.what),
                Ok(syntax) => assert_eq!(open, "x[", "{syntax:?}"),
            }
        }
        let open = "(".repeat(100_000);
        assert!(parse(&open, &whole(&open)).is_err());
    });
}

#[test]
fn the_highest_tree_is_parsed_lowered_checked_and_dropped() {
    on_a_small_stack(|| {
        let deep = HIGHEST - 1;
        for text in [
            format!("{}x{}", "exp(".repeat(deep), ")".repeat(deep)),
            format!("{}x{}", "(".repeat(deep), ")".repeat(deep)),
            format!("{}x", "2^".repeat(deep)),
            format!("x{}", " + x".repeat(deep)),
            format!("{}x", "-".repeat(deep)),
        ] {
            let syntax = read(&text);
            let mut arena = Arena::new();
            lowered(&mut arena, &syntax).expect("nodes");
            let one = crate::unit::Unit::one;
            unit_of(&syntax, &mut |_, _| Ok(one()), &mut |_| None).expect("a unit");
        }
    });
}

#[test]
fn a_long_text_is_a_finding() {
    let text = "x".repeat(LONGEST + 1);
    assert!(parse(&text, &whole(&text)).unwrap_err().what.contains("at most"));
    let name = "x".repeat(LONGEST);
    assert!(matches!(read(&name).part, Part::Name(_)));
}

#[test]
fn a_chain_of_100_000_nodes_overflows_no_stack() {
    on_a_small_stack(|| {
        let mut arena = Arena::new();
        let (x, y) = (arena.named("x"), arena.named("y"));
        let mut chain = x;
        for n in 0..CHAIN {
            chain = match n % 4 {
                0 => arena.binary(Operator::Add, chain, y),
                1 => arena.binary(Operator::Mul, y, chain),
                2 => arena.neg(chain),
                _ => arena.call(Function::find("tanh").unwrap(), &[chain]),
            };
        }
        let sym = arena.find_symbol("x").unwrap();
        assert_eq!(arena.symbols(chain).len(), 2);
        assert!(arena.evaluate(chain, &|_| 0.5).is_finite());
        let slope = arena.derivative(chain, sym);
        assert!(arena.evaluate(slope, &|_| 0.5).is_finite());
        let two = arena.constant(2.0);
        let replaced = arena.substitute(chain, &|sym| (sym.0 == 0).then_some(two));
        assert_eq!(arena.symbols(replaced).len(), 1);
        for notation in [Notation::Text, Notation::Latex] {
            assert!(print(&arena, chain, notation).len() > LONGEST);
        }
    });
}

#[test]
fn what_is_shared_a_thousand_times_is_printed_no_further_than_a_text_may_reach() {
    let mut arena = Arena::new();
    let mut doubled = arena.named("x");
    for _ in 0..1000 {
        doubled = arena.binary(Operator::Add, doubled, doubled);
    }
    let text = print(&arena, doubled, Notation::Text);
    assert!(text.ends_with('…') && text.len() < LONGEST + 100);
}

proptest! {
    #[test]
    fn no_text_panics_and_every_finding_lies_inside_it(text in r"([a-z0-9.+*/^()\[\], <>=!%_eand-]|\PC){0,40}") {
        let at = Source::new("x", format!("ab{text}cd")).span(2..2 + text.len());
        match parse(&text, &at) {
            Ok(syntax) => {
                let mut arena = Arena::new();
                let _ = lowered(&mut arena, &syntax);
                prop_assert!(syntax.at.bytes.start >= 2 && syntax.at.bytes.end <= 2 + text.len());
            }
            Err(finding) => {
                let place = finding.at.clone().expect("a place");
                prop_assert!(place.bytes.start >= 2 && place.bytes.end <= 2 + text.len());
                prop_assert!(place.source.text().get(place.bytes).is_some(), "splits a character");
                render(&[finding], false);
            }
        }
    }
}
