//! Kinds of values: how well a value fits one, and a kind in words.
//! Knows nothing of findings and of what keys mean.

use super::{Kind, Need, Node, Shape, Table, Value};

/// Characters of a name chosen by the writer.
pub(super) const LONGEST_NAME: usize = 100;
/// What has a unit always, and what to show for it.
const MEASURED: [(&str, &str); 4] =
    [("time", "20 min"), ("concentration", "20 nM"), ("amount", "20 nmol"), ("rate", "0.02 1/min")];

pub(super) fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

pub(super) fn is_word(name: &str) -> bool {
    name.chars().all(is_letter) && name.chars().next().is_some_and(|c| !c.is_numeric())
}

/// How well a value fits a kind by its own form and its keys, without looking deeper; `None` where it cannot be meant.
pub(super) fn fit(node: &Node, kind: Kind) -> Option<i64> {
    let known =
        |table: &Table, shape: &Shape| table.keys().filter(|name| shape.key(name).is_some()).count() as i64;
    let missing = |table: &Table, shape: &Shape| {
        let required = shape.keys.iter().filter(|key| matches!(key.need, Need::Required));
        required.filter(|key| !table.contains_key(key.name)).count() as i64
    };
    match (kind.resolved(), &node.value) {
        (Kind::OneOf(words), Value::Text(text)) => Some(if words.contains(&text.as_str()) { 1 } else { -1 }),
        (
            Kind::Text | Kind::Quantity { .. } | Kind::Expression | Kind::Value | Kind::Texts,
            Value::Text(_),
        ) => Some(0),
        (Kind::Value | Kind::Number, Value::Whole(_) | Value::Number(_)) => Some(0),
        (Kind::Quantity { of }, Value::Whole(_) | Value::Number(_)) => {
            (sample(of).is_none() || node.number() == Some(0.0)).then_some(0)
        }
        (Kind::Whole, Value::Whole(_)) => Some(1),
        (Kind::Flag, Value::Flag(_)) => Some(0),
        (Kind::List(kind), Value::List(list)) => {
            Some(list.first().map_or(0, |first| fit(first, *kind).unwrap_or(-10).clamp(-10, 10)))
        }
        (Kind::Texts, Value::List(list)) => {
            Some(if list.iter().all(|item| item.text().is_some()) { 1 } else { -1 })
        }
        (Kind::Table(shape), Value::Table(table)) => {
            let known = known(table, shape);
            Some(2 * known - table.len() as i64 - missing(table, shape))
        }
        (Kind::Tagged(shape), Value::Table(table)) => {
            let known = known(table, shape);
            Some(if known == 1 && table.len() == 1 { 1 } else { 2 * known.min(1) - 1 - table.len() as i64 })
        }
        (Kind::Open(shape, _), Value::Table(table)) => Some(known(table, shape) - missing(table, shape)),
        (Kind::Named(_), Value::Table(_)) => Some(0),
        (Kind::Either(kinds), _) => kinds.iter().filter_map(|kind| fit(node, *kind)).max(),
        _ => None,
    }
}

/// A quantity of this, where it always has a unit.
fn sample(of: &str) -> Option<&'static str> {
    let has = |word: &str| of.split(|c: char| !c.is_alphabetic()).any(|part| part == word);
    MEASURED.iter().find(|(word, _)| has(word)).map(|(_, sample)| *sample)
}

/// A kind in words: "a text with a unit such as \"20 min\" (time)".
pub(super) fn expected(kind: Kind) -> String {
    match kind.resolved() {
        Kind::Text => "a text".to_owned(),
        Kind::Quantity { of } => match sample(of) {
            Some(sample) => format!("a text with a unit such as \"{sample}\" ({of})"),
            None => format!("a number, or a text with a unit such as \"20 nM\" ({of})"),
        },
        Kind::Expression => "an expression as a text such as \"koff/kon\"".to_owned(),
        Kind::Value => "a text or a number".to_owned(),
        Kind::Whole => "a whole number".to_owned(),
        Kind::Number => "a number".to_owned(),
        Kind::Flag => "`true` or `false`".to_owned(),
        Kind::OneOf(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            match words.as_slice() {
                [word] => word.clone(),
                _ => format!("one of {}", words.join(", ")),
            }
        }
        Kind::List(kind) => match kind.resolved() {
            Kind::Table(shape) | Kind::Open(shape, _) | Kind::Tagged(shape) => {
                format!("a list of tables, each {}", article(shape.name))
            }
            kind => format!("a list, of which each is {}", expected(kind)),
        },
        Kind::Texts => "a text or a list of texts".to_owned(),
        Kind::Table(shape) | Kind::Open(shape, _) => format!("a table ({})", shape.name),
        Kind::Tagged(shape) => format!("a table with one key that says which {} it is", shape.name),
        Kind::Named(_) => "a table with names of your choice".to_owned(),
        Kind::Either(kinds) => {
            let kinds: Vec<String> = kinds.iter().map(|kind| expected(*kind)).collect();
            kinds.join(", or ")
        }
        Kind::Lazy(_) => unreachable!("a resolved kind is not lazy"),
    }
}

/// What to write instead, where the writer's meaning is plain.
pub(super) fn remedy(node: &Node, kind: Kind) -> Option<String> {
    match (kind, &node.value) {
        (Kind::Whole | Kind::Number | Kind::Flag, Value::Text(text)) => {
            let meant = match kind {
                Kind::Whole => text.trim().parse::<i64>().is_ok(),
                Kind::Number => text.trim().parse::<f64>().is_ok_and(f64::is_finite),
                _ => ["true", "false"].contains(&text.trim()),
            };
            meant.then(|| format!("write it without quotes: {}", text.trim()))
        }
        (Kind::Whole, Value::Number(number)) if number.fract() == 0.0 && number.abs() < 1e15 => {
            Some(format!("write it without a point or exponent: {number:.0}"))
        }
        (Kind::Text | Kind::Expression | Kind::Texts, Value::Whole(_) | Value::Number(_)) => {
            Some(format!("put it in quotes: \"{}\"", node.at.text()))
        }
        (Kind::Quantity { of }, Value::Whole(_) | Value::Number(_)) => {
            let unit = sample(of)?.split_once(' ')?.1;
            Some(format!("write it with its unit, such as \"{} {unit}\"", node.at.text()))
        }
        (Kind::List(of), _) if fit(node, *of).is_some() => Some("put it in brackets: [ … ]".to_owned()),
        _ => None,
    }
}

pub(super) fn article(name: &str) -> String {
    let vowel = name.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {name}", if vowel { "an" } else { "a" })
}

/// A name short enough for a sentence.
pub(super) fn cut(name: &str) -> String {
    match name.char_indices().nth(LONGEST_NAME) {
        Some((at, _)) => format!("{}…", &name[..at]),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::with;

    #[test]
    fn values_of_the_wrong_kind_are_all_found_with_what_to_write() {
        insta::assert_snapshot!(with("agents = \"10\"\nstrict = 1\nevery = 2\nwhat = 3"), @r#"
        error: found a text, expected a whole number
         --> x.toml:2:10
          |
        2 | agents = "10"
          |          ^^^^ value of `agents`
          |
          = note: `agents`: size of the population
        help: write it without quotes: 10

        error: found a number, expected `true` or `false`
         --> x.toml:3:10
          |
        3 | strict = 1
          |          ^ value of `strict`
          |
          = note: `strict`: stop at a broken claim

        error: found a number, expected a text with a unit such as "20 min" (time)
         --> x.toml:4:9
          |
        4 | every = 2
          |         ^ value of `every`
          |
          = note: `every`: distance of records
        help: write it with its unit, such as "2 min"

        error: found a number, expected a text or a list of texts
         --> x.toml:5:8
          |
        5 | what = 3
          |        ^ value of `what`
          |
          = note: `what`: what is recorded
        help: put it in quotes: "3"
        "#);
        insta::assert_snapshot!(with("window = \"men\"\nshare = \"a\"\nlevel = true\nagents = 3.0"), @r#"
        error: `window` cannot be "men"
         --> x.toml:2:10
          |
        2 | window = "men"
          |          ^^^^^
          |
        help: did you mean `mean`?

        error: found a text, expected a number
         --> x.toml:3:9
          |
        3 | share = "a"
          |         ^^^ value of `share`
          |
          = note: `share`: share of agents

        error: found `true`, expected a number, or a text with a unit such as "20 nM" (level)
         --> x.toml:4:9
          |
        4 | level = true
          |         ^^^^ value of `level`
          |
          = note: `level`: strength

        error: found a number, expected a whole number
         --> x.toml:5:10
          |
        5 | agents = 3.0
          |          ^^^ value of `agents`
          |
          = note: `agents`: size of the population
        help: write it without a point or exponent: 3
        "#);
        insta::assert_snapshot!(with("[arms.a]\nphases = { name = \"on\", for = \"1 d\" }"), @r#"
        error: found a table, expected a list, of which each is a table (phase), or a table (repeat)
         --> x.toml:3:10
          |
        3 | phases = { name = "on", for = "1 d" }
          |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ value of `phases`
          |
          = note: `phases`: one after the other
        help: put it in brackets: [ … ]
        "#);
    }

    #[test]
    fn of_several_kinds_the_one_with_the_best_keys_is_meant() {
        insta::assert_snapshot!(with("[arms.a]\nphases = [{ repeat = 3, phase = [] }]"), @r#"
        error: a repeat needs the key `phases`
         --> x.toml:3:11
          |
        3 | phases = [{ repeat = 3, phase = [] }]
          |           ^^^^^^^^^^^^^^^^^^^^^^^^^^ without `phases`
          |
        help: add `phases`, a list, of which each is a table (phase), or a table (repeat): what is repeated

        error: unknown key `phase`
         --> x.toml:3:25
          |
        3 | phases = [{ repeat = 3, phase = [] }]
          |                         ^^^^^ not a key of a repeat
          |
        help: did you mean `phases`?
        "#);
        insta::assert_snapshot!(with("[arms.a]\nphases = [3]"), @r#"
        error: found a number, expected a table (phase), or a table (repeat)
         --> x.toml:3:11
          |
        3 | phases = [3]
          |           ^ value of `phases`
          |
          = note: `phases`: one after the other
        "#);
    }
}
