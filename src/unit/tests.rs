//! Laws and examples of units and quantities.

use super::*;
use proptest::prelude::*;

fn unit(text: &str) -> Unit {
    Unit::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn to(text: &str, target: &str) -> f64 {
    Quantity::parse(text).unwrap().to(&unit(target)).unwrap()
}

fn refusal(text: &str) -> String {
    Unit::parse(text).map(|u| u.label).unwrap_err()
}

fn quantity_refusal(text: &str) -> String {
    Quantity::parse(text).map(|q| q.value).unwrap_err()
}

#[test]
fn conversion_rounds_once() {
    assert_eq!(to("0.02 1/s", "1/d"), 1728.0);
    assert_eq!(to("34 h", "min"), 2040.0);
    assert_eq!(to("1/34 1/h", "1/d"), 24.0 * (1.0 / 34.0));
    assert_eq!(to("0.1 uM", "nM"), 100.0);
    assert_eq!(to("1 nM", "mol/L"), 1e-9);
    assert_eq!(to("1 nM", "pmol/mL"), 1.0);
    assert_eq!(to("0.07 1/(nM*min)", "1/(uM*min)"), 70.0);
    assert_eq!(to("50 %", "1"), 0.5);
    assert_eq!(to("3 Hz", "1/min"), 180.0);
    assert_eq!(to("2 week", "d"), 14.0);
    assert_eq!(to("5 receptor/um^2", "receptor/nm^2"), 5e-6);
}

#[test]
fn kinds_that_differ_do_not_convert() {
    let kinds = ["receptor", "receptor/um^2", "mol", "nM", "ng/mL", "1", "min", "1/min"];
    for (i, a) in kinds.iter().enumerate() {
        for (j, b) in kinds.iter().enumerate() {
            assert_eq!(unit(a).convert(1.0, &unit(b)).is_some(), i == j, "{a} to {b}");
        }
    }
}

#[test]
fn only_the_same_kind_and_size_fits() {
    assert!(unit("1/s").fits(&unit("Hz")));
    assert!(unit("nM").fits(&unit("nmol/L")));
    assert!(unit("\u{b5}M").fits(&unit("\u{3bc}M")) && unit("uM").fits(&unit("\u{b5}M")));
    assert!(!unit("min").fits(&unit("h")));
    assert!(!unit("%").fits(&Unit::one()));
    assert!(!unit("min/s").fits(&Unit::one()));
}

#[test]
fn the_label_is_what_was_written() {
    for text in ["\u{b5}M", "1/(nM*min)", "receptor / um^2", "day", "min^-1"] {
        assert_eq!(unit(text).label(), text);
    }
    assert_eq!(unit("1/1").label(), "1");
    assert_eq!(unit("  min ").label(), "min");
}

#[test]
fn products_have_readable_labels() {
    assert_eq!(unit("nM*min").times(&unit("1/min")).label(), "nM");
    assert_eq!(unit("1/nM").per(&unit("min")).label(), "1/(nM*min)");
    assert_eq!(unit("receptor").per(&unit("um^2")).per(&unit("min")).label(), "receptor/(um^2*min)");
    assert_eq!(unit("Hz").times(&unit("s")).label(), "1");
    assert_eq!(unit("min").power(2).per(&unit("h")).label(), "min^2/h");
    assert_eq!(unit("\u{b5}M").per(&unit("uM")).label(), "1");
    assert_eq!(unit("nM^4/min^2").root(2).unwrap().label(), "nM^2/min");
    assert!(unit("nM*min^2").root(2).is_none());
    assert!(unit("min").root(0).is_none() && unit("min").root(-1).is_none());
    assert!(unit("min").power(0).fits(&Unit::one()));
}

#[test]
fn kinds_have_names() {
    let words = |text: &str| unit(text).dimension().words();
    let lines = [
        "min",
        "1/h",
        "nM",
        "nM/min",
        "1/(nM*min)",
        "1/nM",
        "receptor",
        "receptor/min",
        "receptor/um^2",
        "receptor/(um^2*min)",
        "mol",
        "pmol/min",
        "L",
        "L/h",
        "ng/mL",
        "%",
        "um^2",
        "min^2",
        "nM^2",
        "mol*min",
        "receptor*nM",
        "um",
        "um^2/s",
        "nM/min^2",
        "1/(receptor*min)",
        "kg",
        "L/mol*mol^2",
    ]
    .map(|text| format!("{text}: {}", words(text)));
    insta::assert_snapshot!(lines.join("\n"), @r#"
    min: time
    1/h: 1/time
    nM: concentration
    nM/min: concentration per time
    1/(nM*min): 1/(concentration*time)
    1/nM: 1/concentration
    receptor: receptor count
    receptor/min: receptor count per time
    receptor/um^2: receptor density
    receptor/(um^2*min): receptor density per time
    mol: amount
    pmol/min: amount per time
    L: volume
    L/h: volume per time
    ng/mL: mass concentration
    %: dimensionless
    um^2: area
    min^2: time^2
    nM^2: concentration^2
    mol*min: amount*time
    receptor*nM: receptor count*concentration
    um: length
    um^2/s: area per time
    nM/min^2: concentration/time^2
    1/(receptor*min): 1/(receptor count*time)
    kg: mass
    L/mol*mol^2: amount*volume
    "#);
}

#[test]
fn unknown_units_name_the_nearest_one() {
    let lines = [
        "hM",
        "NM",
        "mins",
        "receptors",
        "H",
        "hours",
        "month",
        "year",
        "ml",
        "xyzzy",
        "um2",
        "cell",
        "nM min",
        "2*min",
        "1/60",
        "(min",
        "min)",
        "nM/",
        "min^x",
        "min^99",
        "min^0.5",
        "um\u{b2}",
        "nM\u{b7}min",
        "",
        "*min",
        "x",
        "-min",
        "min^(2",
    ]
    .map(refusal);
    insta::assert_snapshot!(lines.join("\n"), @r#"
    `hM` is not a unit: did you mean `nM`?
    `NM` is not a unit: did you mean `nM`?
    `mins` is not a unit: did you mean `min`?
    `receptors` is not a unit: did you mean `receptor`?
    `H` is not a unit: did you mean `h`?
    `hours` is not a unit: did you mean `h`?
    `month` is not a unit: months differ in length, write days, such as `30 d`
    `year` is not a unit: years differ in length, write days, such as `365 d`
    `ml` is not a unit: did you mean `mL`?
    `xyzzy` is not a unit, units are written like `min`, `nM`, `receptor` or `1/(nM*min)`
    `um2` is not a unit: did you mean `um^2`?
    `cell` is not a unit: receptors are counted per cell already, write `receptor`
    `nM min` has no sign between two units, write a product as `nM*min`
    the number 2 cannot stand in the unit `2*min`, only a 1 can, as in `1/min`
    the number 60 cannot stand in the unit `1/60`, only a 1 can, as in `1/min`
    `(min` opens a parenthesis and does not close it
    `min)` closes a parenthesis that it does not open
    `nM/` ends where a unit is expected
    a power in `min^x` is not a whole number up to 30, write `um^2` or `min^-1`
    a power in `min^99` is not a whole number up to 30, write `um^2` or `min^-1`
    a power in `min^0.5` is not a whole number up to 30, write `um^2` or `min^-1`
    `um²` is not a unit: did you mean `um^2`?
    '·' cannot stand there in the unit `nM·min`, units are written like `1/(nM*min)`
    a unit is missing, write `1` for dimensionless
    '*' cannot stand there in the unit `*min`, units are written like `1/(nM*min)`
    `x` is not a unit, units are written like `min`, `nM`, `receptor` or `1/(nM*min)`
    '-' cannot stand there in the unit `-min`, units are written like `1/(nM*min)`
    `min^(2` opens a parenthesis and does not close it
    "#);
}

#[test]
fn quantities_are_numbers_or_ratios_with_a_unit() {
    let value = |text: &str| {
        let q = Quantity::parse(text).unwrap_or_else(|error| panic!("{error}"));
        (q.value, q.unit.label().to_owned())
    };
    assert_eq!(value("0.02 1/min"), (0.02, "1/min".to_owned()));
    assert_eq!(value("1/72 1/h"), (1.0 / 72.0, "1/h".to_owned()));
    assert_eq!(value("10_000"), (10_000.0, "1".to_owned()));
    assert_eq!(value("50%"), (50.0, "%".to_owned()));
    assert_eq!(value("1e4 receptor/min"), (1e4, "receptor/min".to_owned()));
    assert_eq!(value("-3 nM"), (-3.0, "nM".to_owned()));
    assert_eq!(value(" 3 "), (3.0, "1".to_owned()));
    assert_eq!(value("1 / 2"), (0.5, "1".to_owned()));
    assert_eq!(value("1.5E-3min"), (1.5e-3, "min".to_owned()));
    assert_eq!(value("1 1/min"), (1.0, "1/min".to_owned()));
}

#[test]
fn a_quantity_that_cannot_be_read_says_what_to_write() {
    let lines = [
        "1/min",
        "5/min",
        "0.02/(nM*min)",
        "min",
        "",
        "1/0 h",
        "1/72/h",
        "nan",
        "inf h",
        "-inf",
        "1e400 nM",
        "1e-400",
        "10 000 nM",
        "10,000",
        "1__0",
        "1_ nM",
        "1/hM",
        "3 hM",
        "3*min",
        "fast",
        "3 4",
        "\u{2212}3 nM",
    ]
    .map(quantity_refusal);
    insta::assert_snapshot!(lines.join("\n"), @r#"
    `1/min` is not a number with a unit: write `1 1/min`
    `5/min` is not a number with a unit: write `5 1/min`
    `0.02/(nM*min)` is not a number with a unit: write `0.02 1/(nM*min)`
    `min` has no number: write one before the unit, such as `1 min`
    a quantity is missing, write a number and a unit such as `0.02 1/min`
    `1/0 h` divides by 0
    `1/72/h` is not a number with a unit: write one ratio, then the unit, such as `1/72 1/h`
    `nan` is not a finite number
    `inf h` is not a finite number
    `-inf` is not a finite number
    `1e400` is too large a number, the largest is about 1.8e308
    `1e-400` is too close to 0, the smallest number is about 5e-324
    `10 000 nM` has a gap in its number: write thousands as `10_000`
    `10,000` has a comma: write decimals as `0.5`, thousands as `10_000`
    `1__0` is not a number: `_` stands between digits, as in `10_000`
    `1_` is not a number: `_` stands between digits, as in `10_000`
    `hM` is not a unit: did you mean `nM`?
    `hM` is not a unit: did you mean `nM`?
    `3*min` has a `*`: write a number, a space and a unit
    `fast` does not start with a number: write a number and a unit such as `0.02 1/min`
    the number 4 cannot stand in the unit `4`, only a 1 can, as in `1/min`
    `−3 nM` does not start with a number: write a number and a unit such as `0.02 1/min`
    "#);
}

#[test]
fn times_are_whole_microseconds() {
    assert_eq!(unit("min").microseconds(1.0), Some(60_000_000));
    assert_eq!(unit("d").microseconds(-0.5), Some(-43_200_000_000));
    assert_eq!(unit("us").microseconds(0.5), Some(1));
    assert_eq!(unit("nM").microseconds(1.0), None);
    assert_eq!(unit("s").microseconds(9.3e12), None);
    assert_eq!(unit("us").microseconds(-9_223_372_036_854_775_808.0), Some(i64::MIN));
    assert_eq!(unit("s").microseconds(f64::NAN), None);
    assert_eq!(unit("week").in_microseconds(), Some(604_800e6));
    assert_eq!(unit("1/s").in_microseconds(), None);
}

#[test]
fn numbers_are_short_and_read_back() {
    let texts =
        [0.02, 5.0, 1e300, 1000.0, 1e-3, 1e-7, 1e9, 123456789012.5, -0.0, f64::NEG_INFINITY].map(shortest);
    assert_eq!(texts.join(" "), "0.02 5 1e300 1000 0.001 1e-7 1e9 123456789012.5 0 -inf");
    assert_eq!(format_quantity(0.02, &unit("1/min")), "0.02 1/min");
    assert_eq!(format_quantity(5.0, &Unit::one()), "5");
}

#[test]
fn absurd_texts_are_refused_at_once() {
    let nested = format!("{}min{}", "(".repeat(90), ")".repeat(90));
    let long = "min*".repeat(1 << 20);
    let number = "1".repeat(1 << 20);
    for text in [nested.as_str(), &long, "min^999999999999", "(L^30)^30", "((m^30)^30)^-30"] {
        assert!(Unit::parse(text).is_err(), "{}", &text[..20.min(text.len())]);
    }
    assert!(Quantity::parse(&number).is_err());
}

#[test]
fn powers_beyond_reading_are_the_same_kind_as_nothing() {
    let huge = unit("min").power(1000);
    assert!(!huge.fits(&huge));
    assert!(huge.convert(1.0, &huge).is_none());
    let _ = huge.power(i32::MIN).times(&huge).per(&huge).label().len();
}

const SOME: &[&str] = &[
    "min", "h", "d", "week", "us", "Hz", "nM", "uM", "M", "receptor", "mol", "L", "um", "kg", "ng", "%", "1",
];

fn any_unit() -> impl Strategy<Value = Unit> {
    let factor = (0..SOME.len(), -3..=3_i32).prop_map(|(k, n)| unit(SOME[k]).power(n));
    proptest::collection::vec(factor, 1..4)
        .prop_map(|factors| factors.iter().fold(Unit::one(), |product, f| product.times(f)))
}

proptest! {
    #[test]
    fn a_printed_unit_reads_back_as_itself(u in any_unit()) {
        let back = unit(u.label());
        prop_assert!(back.fits(&u), "{} {:?} {:?}", u.label(), back, u);
        prop_assert_eq!(back.label(), u.label());
    }

    #[test]
    fn a_printed_quantity_reads_back_to_the_same_bits(value in any::<f64>(), u in any_unit()) {
        prop_assume!(value.is_finite());
        let back = Quantity::parse(&format_quantity(value, &u)).unwrap();
        prop_assert_eq!(back.value.to_bits(), (value + 0.0).to_bits());
        prop_assert!(back.unit.fits(&u));
    }

    #[test]
    fn conversion_there_and_back_is_within_two_roundings(value in -1e12..1e12_f64, a in 0..7_usize, b in 0..7_usize) {
        let times = ["us", "ms", "s", "min", "h", "d", "week"];
        let (a, b) = (unit(times[a]), unit(times[b]));
        let back = b.convert(a.convert(value, &b).unwrap(), &a).unwrap();
        prop_assert!((back - value).abs() <= 2.3e-16 * value.abs(), "{} {}", value, back);
    }

    #[test]
    fn a_ratio_times_its_divisor_is_the_dividend(a in any_unit(), b in any_unit()) {
        prop_assert!(a.per(&b).times(&b).fits(&a));
        prop_assert!(a.times(&a).root(2).unwrap().fits(&a));
        prop_assert_eq!(a.per(&b).dimension(), a.dimension().per(&b.dimension()));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}", odd in "[0-9a-zA-Z_./*^()% µμ+-]{0,30}") {
        for text in [text, odd] {
            let _ = Unit::parse(&text);
            let _ = Quantity::parse(&text);
        }
    }
}
