//! What people get to read.

use super::*;
use crate::unit::Unit;

fn refusal(text: &str) -> String {
    let mut arena = Arena::new();
    let finding = parse(text, &whole(text)).and_then(|syntax| lowered(&mut arena, &syntax)).unwrap_err();
    let bytes = finding.at.as_ref().expect("a place").bytes.clone();
    let help = finding.help.as_deref().unwrap_or("-");
    format!("{:<22} {:>2}..{:<2} {}; {help}", text, bytes.start, bytes.end, finding.what)
}

#[test]
fn every_refusal_has_its_place_and_a_sentence() {
    let texts = [
        "",
        "  ",
        "x +",
        "x + * y",
        "x y",
        "2 x",
        "2 exp(x)",
        "(x + 1",
        "x + 1)",
        "x, y",
        "1,5",
        "a·b",
        "a − b",
        "x ≤ 2",
        "R²",
        "a**b",
        "κ*x",
        "5 µg",
        "x1µ",
        "3 (R)",
        "kön + 1",
        "x.y.",
        ".5",
        "5.",
        "1.2.3",
        "1__0",
        "1e400",
        "x = 2",
        "x | y",
        "!x",
        "x[]",
        "x[start",
        "[x]",
        "50 %",
        "%",
        "x < 1",
        "a < b < c",
        "(a < b) + 1",
        "-(a < b)",
        "x < 1 or x > 2",
        "x[end of exposure]",
        "7 d",
        "a and b",
        "and",
        "pow(x, 2)",
        "log(x)",
        "hil(x, k, n)",
        "hill(x, k)",
        "k(R + C)",
        "exp()",
        "x \u{a0}+ 1",
        "{x}",
        "x # y",
        "f((x)",
        "x ]",
    ];
    insta::assert_snapshot!(texts.map(refusal).join("\n"), @r#"
                            0..0  an expression is missing here; -
                            0..2  an expression is missing here; -
    x +                     3..3  the expression ends where a number or name is expected; -
    x + * y                 4..5  a number or name is expected, not `*`; -
    x y                     2..3  an operator is missing before `y`; to multiply write `*` before `y`
    2 x                     0..3  a number in an expression has no unit; name the quantity as a parameter with value "2 x"; to multiply write `2*x`
    2 exp(x)                0..5  a sign is missing between number and function; write `2*exp(…)`
    (x + 1                  0..1  this `(` is never closed; -
    x + 1)                  5..6  this `)` closes nothing; -
    x, y                    1..2  a comma stands only between arguments; a decimal number is written with a point
    1,5                     1..2  a comma stands only between arguments; a decimal number is written with a point
    a·b                     1..3  `·` is not part of the language; write `*`
    a − b                   2..5  `−` is not part of the language; write `-`
    x ≤ 2                   2..5  `≤` is not part of the language; write `<=`
    R²                      1..3  `²` is not part of the language; write `^2`
    a**b                    1..3  `**` is not part of the language; write `^`
    κ*x                     0..2  names are made of the letters a to z and A to Z, digits and `_`; spell `κ` out: `kappa`; pages show the letter
    5 µg                    2..5  names are made of the letters a to z and A to Z, digits and `_`; in a name write `mu`, in a unit `u`
    x1µ                     0..4  names are made of the letters a to z and A to Z, digits and `_`; in a name write `mu`, in a unit `u`
    3 (R)                   2..3  an operator is missing before `(`; to multiply write `*` before `(`
    kön + 1                 0..4  names are made of the letters a to z and A to Z, digits and `_`; -
    x.y.                    0..4  a dot in a name stands between two words; write `off.mood`
    .5                      0..1  a number begins with a digit; write `0.5`, not `.5`
    5.                      0..2  a number goes on after its point; write `5.0`
    1.2.3                   0..3  a number has one point; -
    1__0                    0..1  `_` in a number stands between two digits; -
    1e400                   0..5  this number is too large: numbers reach to 1.8e308; -
    x = 2                   2..3  `=` sets nothing here; to compare write `==`
    x | y                   2..3  `|` is not part of the language; for an absolute value write `abs(…)`; there is no `or`
    !x                      0..1  `!` is not part of the language; there is no `not`; write the opposite comparison
    x[]                     1..3  a moment or phase is missing between the brackets; write `x[end of exposure]`
    x[start                 1..2  this `[` is never closed; write `x[end of exposure]`
    [x]                     0..3  a moment in brackets stands after what is looked at; write `x[end of exposure]`
    50 %                    0..4  a number in an expression has no unit; write `0.5`
    %                       0..1  `%` stands after a number; -
    x < 1                   0..5  a comparison is true or false, and a number is wanted here; comparisons belong into claims and checks; for a choice use `min`, `max` or `hill`
    a < b < c               6..7  one comparison compares two numbers; write `a < b and b < c`
    (a < b) + 1             0..7  a comparison is true or false, and `+` wants a number; join comparisons with `and`
    -(a < b)                1..8  a comparison is true or false, and `-` wants a number; join comparisons with `and`
    x < 1 or x > 2          6..8  there is no `or` in the language; write two conditions, each on its own
    x[end of exposure]      2..17 `[end of exposure]` asks for a moment, and this expression has none; moments and phases belong into measures
    7 d                     0..3  a number in an expression has no unit; name the quantity as a parameter with value "7 d"; to multiply write `7*d`
    a and b                 0..7  a comparison is true or false, and a number is wanted here; comparisons belong into claims and checks; for a choice use `min`, `max` or `hill`
    and                     0..3  a number or name is expected, not `and`; -
    pow(x, 2)               0..3  there is no function `pow`; write `x^y`
    log(x)                  0..3  there is no function `log`; write `ln(x)` or `log10(x)`
    hil(x, k, n)            0..3  there is no function `hil`; did you mean `hill(x, k, n)`?
    hill(x, k)              0..10 `hill` takes 3 arguments, not 2; write `hill(x, k, n)`
    k(R + C)                0..1  there is no function `k`; to multiply write `k*(…)`
    exp()                   0..5  `exp` takes 1 argument, not 0; write `exp(x)`
    x  + 1                  2..4  a non-breaking space is not part of the language; write a plain space
    {x}                     0..1  `{` is not part of the language; write round brackets
    x # y                   2..3  `#` is not part of the language; -
    f((x)                   1..2  this `(` is never closed; -
    x ]                     2..3  this `]` closes nothing; -
    "#);
}

#[test]
fn a_span_with_other_bytes_is_shown_whole() {
    let source = Source::new("m.toml", r#"x = "a\u0020+ (""#);
    let at = source.span(4..source.text().len());
    assert_eq!(parse("a + (", &at).unwrap_err().at, Some(at));
}

#[test]
fn places_are_exact_brackets_included() {
    let text = "ab*(c + d[ end of x ])";
    let syntax = read(text);
    assert_eq!(syntax.at.text(), text);
    let Part::Binary(Operator::Mul, left, right) = &syntax.part else { panic!("{syntax:?}") };
    assert_eq!((left.at.text(), right.at.text()), ("ab", "(c + d[ end of x ])"));
    let Part::Binary(_, _, looked) = &right.part else { panic!("{right:?}") };
    let Part::At(of, moment, at) = &looked.part else { panic!("{looked:?}") };
    assert_eq!((of.at.text(), moment.as_str(), at.text()), ("d", "end of x", "end of x"));
}

#[test]
fn conditions_units_and_moments_are_parsed() {
    let Part::And(all) = read("x[end of a + 7 d] < 0 and (share(y) >= 90 % and z != 7 d)").part else {
        panic!()
    };
    assert!(matches!(&all[0].part, Part::Compare(Comparison::Less, _, _)));
    assert!(matches!(&all[1].part, Part::And(inner) if inner.len() == 2));
    let Part::Call(name, arguments) = read("first(x > c [abstinence], a.b[p[q] r])").part else { panic!() };
    assert_eq!((name.as_str(), arguments.len()), ("first", 2));
    assert!(matches!(&arguments[1].part, Part::At(_, moment, _) if moment == "p[q] r"));
    assert!(
        matches!(&arguments[0].part, Part::Compare(Comparison::Greater, _, right) if matches!(right.part, Part::At(..)))
    );
}

#[test]
fn a_part_may_be_taken_over_before_it_is_looked_at() {
    let mut arena = Arena::new();
    let id = lower(
        &read("1 + x[now]"),
        &mut arena,
        &mut |_, _, _| panic!("no name is asked"),
        &mut |arena, syntax| matches!(syntax.part, Part::At(..)).then(|| Ok(arena.constant(2.0))),
    );
    assert_eq!(arena.as_constant(id.unwrap()), Some(3.0));
}

const UNITS: &[(&str, &str)] = &[
    ("ksyn", "receptor/min"),
    ("kdeg", "1/min"),
    ("slow", "1/h"),
    ("kon", "1/(nM*min)"),
    ("L", "nM"),
    ("KD", "nM"),
    ("EC50", "uM"),
    ("R", "receptor"),
    ("C", "receptor"),
    ("n", "1"),
    ("t", "min"),
    ("T", "h"),
];

fn unit(text: &str) -> Result<Option<Unit>, Finding> {
    let known = |name: &str| UNITS.iter().find(|(known, _)| *known == name).expect("a known name").1;
    unit_of(&read(text), &mut |name, _| Ok(Unit::parse(known(name)).expect("a unit")), &mut |_| None)
}

#[test]
fn units_follow_the_expression() {
    for (text, expected) in [
        ("ksyn - kdeg*R", "receptor/min"),
        ("kon*L*R", "receptor/min"),
        ("0 + R", "receptor"),
        ("max(0, R - C)", "receptor"),
        ("hill(L, KD, n)", "1"),
        ("sqrt(R^2 + C*R)", "receptor"),
        ("(R*C)^0.5", "receptor"),
        ("(R*C)^(3/2)/R^2", "receptor"),
        ("R^-1*ksyn", "1/min"),
        ("exp(-kdeg*t)*abs(L)", "nM"),
        ("(L/KD)^n", "1"),
        ("2^n", "1"),
        ("sign(R)", "1"),
        ("R[end of x]", "receptor"),
        ("R < C and L > 0", "1"),
        ("7 d", "d"),
        ("-R", "receptor"),
        ("R^0", "1"),
    ] {
        let found = unit(text).unwrap_or_else(|f| panic!("{}", render(&[f], false))).expect("not 0");
        assert!(found.fits(&Unit::parse(expected).expect("a unit")), "{text}: {}", found.label());
    }
    for text in ["0", "0*R", "-0", "0/R", "min(0, 0)", "0 + 0"] {
        assert!(matches!(unit(text), Ok(None)), "{text}");
    }
}

#[test]
fn units_that_do_not_fit_show_both_sides_and_a_remedy() {
    let texts = [
        "ksyn + R",
        "R + 1",
        "kdeg + slow",
        "R*kdeg - C*slow",
        "exp(slow*t)",
        "exp(t)",
        "L^n",
        "2^R",
        "sqrt(ksyn)",
        "min(L, EC50)",
        "hill(L, R, n)",
        "hill(L, KD, R)",
        "R < t",
        "t + T",
        "foo(R)",
        "L^0.25",
        "7 foo",
    ];
    let refusals = texts.map(|text| {
        let finding = unit(text).expect_err(text);
        let bytes = finding.at.as_ref().expect("a place").bytes.clone();
        format!(
            "{:<16} {:>2}..{:<2} {}; {}",
            text,
            bytes.start,
            bytes.end,
            finding.what,
            finding.help.as_deref().unwrap_or("-")
        )
    });
    insta::assert_snapshot!(refusals.join("\n"), @r#"
    ksyn + R          0..8  `ksyn` is receptor count per time but `R` is receptor count; -
    R + 1             0..5  `R` is receptor count but `1` is dimensionless; a bare number has no unit: make it a parameter with value "1 receptor"
    kdeg + slow       0..11 `kdeg` is in `1/min` but `slow` is in `1/h`; declare `slow` with unit = "1/min" (1 `1/h` is 0.016666666666666666 1/min); values may stay written as they are
    R*kdeg - C*slow   0..15 `R*kdeg` is in `receptor/min` but `C*slow` is in `receptor/h`; declare `slow` with unit = "1/min" (1 `1/h` is 0.016666666666666666 1/min); values may stay written as they are
    exp(slow*t)       4..10 the argument of `exp` should be in plain numbers but `slow*t` is in `min/h`; declare `slow` with unit = "1/min" (1 `1/h` is 0.016666666666666666 1/min), or `t` with unit = "h" (1 `min` is 0.016666666666666666 h); values may stay written as they are
    exp(t)            4..5  the argument of `exp` should be dimensionless but `t` is time; -
    L^n               2..3  `L` is concentration, so its exponent is a constant whole number, not `n`; divide by a quantity of the same unit first, as in `(R/R0)^n`, or write `hill(R, R0, n)`
    2^R               2..3  an exponent should be dimensionless but `R` is receptor count; -
    sqrt(ksyn)        5..9  `ksyn` is receptor count per time, which has no square root; -
    min(L, EC50)      0..12 `L` is in `nM` but `EC50` is in `uM`; declare `EC50` with unit = "nM" (1 `uM` is 1000 nM); values may stay written as they are
    hill(L, R, n)     0..13 `L` is concentration but `R` is receptor count; -
    hill(L, KD, R)   12..13 the Hill coefficient should be dimensionless but `R` is receptor count; -
    R < t             0..5  `R` is receptor count but `t` is time; -
    t + T             0..5  `t` is in `min` but `T` is in `h`; declare `T` with unit = "min" (1 `h` is 60 min); values may stay written as they are
    foo(R)            0..3  there is no function `foo`; to multiply write `foo*(…)`
    L^0.25            2..6  `L` is concentration, so its exponent is a constant whole number, not `0.25`; divide by a quantity of the same unit first, as in `(R/R0)^n`, or write `hill(R, R0, n)`
    7 foo             0..5  `foo` is not a unit, units are written like `min`, `nM`, `receptor` or `1/(nM*min)`; -
    "#);
}

#[test]
fn a_unit_finding_points_at_both_operands() {
    insta::assert_snapshot!(render(&[unit("ksyn + R").unwrap_err()], false), @r#"
    error: `ksyn` is receptor count per time but `R` is receptor count
     --> model.toml:1:1
      |
    1 | ksyn + R
      | ^^^^^^^^ both sides of `+` need one unit
      |
    note: `ksyn` is in `receptor/min`
     --> model.toml:1:1
      |
    1 | ksyn + R
      | ----
    note: `R` is in `receptor`
     --> model.toml:1:8
      |
    1 | ksyn + R
      |        -
    "#);
}

#[test]
fn a_remedy_makes_the_expression_fit() {
    let mismatch = |text: &str, wanted: &str| {
        let syntax = read(text);
        let (found, wanted) =
            (unit(text).expect("a unit").expect("not 0"), Unit::parse(wanted).expect("a unit"));
        let known = |name: &str| UNITS.iter().find(|(known, _)| *known == name).expect("a known name").1;
        let mut name = |name: &str, _: &Span| Ok(Unit::parse(known(name)).expect("a unit"));
        let finding =
            unit_mismatch(&syntax, &found, &wanted, "the rate of `removal`", &mut name, &mut |_| None);
        format!("{}; {}", finding.what, finding.help.unwrap_or_default())
    };
    insta::assert_snapshot!(mismatch("slow*R", "receptor/min"), @r#"the rate of `removal` should be in `receptor/min` but `slow*R` is in `receptor/h`; declare `slow` with unit = "1/min" (1 `1/h` is 0.016666666666666666 1/min); values may stay written as they are"#);
    insta::assert_snapshot!(mismatch("R/(T^2*kdeg)", "receptor/min"), @r#"the rate of `removal` should be in `receptor/min` but `R/(T^2*kdeg)` is in `receptor*min/h^2`; declare `T` with unit = "min" (1 `h` is 60 min); values may stay written as they are"#);
    insta::assert_snapshot!(mismatch("R*t/t", "receptor/min"), @r"the rate of `removal` should be receptor count per time but `R*t/t` is receptor count;");
    insta::assert_snapshot!(mismatch("kdeg*slow*R", "receptor/s^2"), @r"the rate of `removal` should be in `receptor/s^2` but `kdeg*slow*R` is in `receptor/(min*h)`; 1 `receptor/(min*h)` is 4.6296296296296296e-6 `receptor/s^2`, and nothing is converted inside an expression");
}
