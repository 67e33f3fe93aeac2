//! What a flow takes and gives: `"R + L"`, `"2 M"`, `"geometric(B) M"`.
//! Knows nothing of rates.

use crate::diagnostic::{Finding, Findings, Span};

/// One state of a sum, before its burst is read.
#[derive(Debug, PartialEq)]
pub(super) struct Part {
    pub count: u32,
    /// The text between the brackets of `geometric(…)`, and its place.
    pub burst: Option<(String, Span)>,
    pub state: usize,
    pub at: Span,
}

/// Largest coefficient: a slip of the keyboard is more likely than a reaction of a thousand molecules.
const LARGEST: u32 = 1000;

/// Reads a sum whose text stands at `at`. Equal states add up.
pub(super) fn parts(text: &str, at: &Span, states: &[&str], findings: &mut Findings) -> Vec<Part> {
    let mut sum: Vec<Part> = Vec::new();
    for (start, piece) in summands(text) {
        let lead = piece.len() - piece.trim_start().len();
        let piece_at = at.within(start + lead..start + lead + piece.trim().len());
        let Some(part) = findings.take(part(piece.trim(), &piece_at, states)) else { continue };
        match sum.iter_mut().find(|p| p.state == part.state && p.burst.is_none() && part.burst.is_none()) {
            Some(same) => same.count = same.count.saturating_add(part.count),
            None => sum.push(part),
        }
    }
    sum
}

/// The pieces between `+` outside brackets, each with its first byte.
fn summands(text: &str) -> Vec<(usize, &str)> {
    let (mut depth, mut start, mut pieces) = (0i32, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            '+' if depth <= 0 => {
                pieces.push((start, &text[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    pieces.push((start, &text[start..]));
    pieces
}

fn part(piece: &str, at: &Span, states: &[&str]) -> Result<Part, Finding> {
    let (count, burst, name, skipped) = if let Some(rest) = piece.strip_prefix("geometric") {
        let (mean, name, skipped) = burst(rest, at)?;
        (1, Some(mean), name, "geometric".len() + skipped)
    } else {
        let digits = piece.find(|c: char| !c.is_ascii_digit()).unwrap_or(piece.len());
        let name = piece[digits..].trim_start();
        (count(&piece[..digits], name, at)?, None, name, piece.len() - name.len())
    };
    let name_at = at.within(skipped..piece.len());
    match states.iter().position(|state| *state == name) {
        Some(state) => Ok(Part { count, burst, state, at: name_at }),
        None if name.is_empty() => Err(Finding::error("a state is missing here").at(at).help(SHAPE)),
        None if name.chars().all(|c| c.is_alphanumeric() || c == '_') => {
            Err(Finding::error(format!("`{name}` is not a state of this model"))
                .at(&name_at)
                .nearest(name, states.iter().copied()))
        }
        None => Err(Finding::error(format!("`{piece}` is not a number of a state")).at(at).help(SHAPE)),
    }
}

const SHAPE: &str = "write states with whole coefficients: `R`, `R + L`, `2 M`, `geometric(B) M`";

/// Mean and its place, then the state's name and where it begins.
fn burst<'a>(rest: &'a str, at: &Span) -> Result<((String, Span), &'a str, usize), Finding> {
    let lead = rest.len() - rest.trim_start().len();
    let inner = rest.trim_start().strip_prefix('(');
    let close = rest.rfind(')');
    let (Some(_), Some(close)) = (inner, close) else {
        return Err(Finding::error("a burst needs its mean in brackets").at(at).help(SHAPE));
    };
    let mean = &rest[lead + 1..close];
    let open = "geometric".len() + lead + 1;
    let place = at.within(open..open + mean.len());
    if mean.trim().is_empty() {
        return Err(Finding::error("a burst needs its mean in brackets").at(at).help(SHAPE));
    }
    let name = rest[close + 1..].trim_start();
    Ok(((mean.to_owned(), place), name, rest.len() - name.len()))
}

fn count(digits: &str, name: &str, at: &Span) -> Result<u32, Finding> {
    if digits.is_empty() {
        return match name.starts_with('-') {
            true => Err(Finding::error("a coefficient is negative")
                .at(at)
                .help("put what is taken away into `from` and what is added into `to`")),
            false => Ok(1),
        };
    }
    let place = at.within(0..digits.len());
    if let Some(rest) = name.strip_prefix('*') {
        let help = format!("write `{digits} {}`", rest.trim());
        return Err(Finding::error("a coefficient stands directly before its state").at(at).help(help));
    }
    if name.starts_with(['.', ',', '/']) {
        return Err(Finding::error("a coefficient is not a whole number").at(at).help(SHAPE));
    }
    match digits.parse::<u32>() {
        Ok(0) => Err(Finding::error("a coefficient is 0").at(&place).help("leave the state out")),
        Ok(n) if n <= LARGEST => Ok(n),
        _ => Err(Finding::error(format!("a coefficient is larger than {LARGEST}")).at(&place)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Source, render};

    fn read(text: &str) -> (Vec<(u32, Option<String>, usize)>, String) {
        let source = Source::new("flow", text);
        let mut findings = Findings::new();
        let sum = parts(text, &source.span(0..text.len()), &["R", "L", "M"], &mut findings);
        let sum = sum.into_iter().map(|p| (p.count, p.burst.map(|(mean, _)| mean), p.state)).collect();
        (sum, render(&findings.into_vec(), false))
    }

    #[test]
    fn sums_have_whole_coefficients_and_equal_states_add_up() {
        assert_eq!(read("R + L").0, [(1, None, 0), (1, None, 1)]);
        assert_eq!(read(" 2 M+ R + M").0, [(3, None, 2), (1, None, 0)]);
        assert_eq!(read("2M").0, [(2, None, 2)]);
        assert_eq!(read("geometric(B + (1)) M + R").0, [(1, Some("B + (1)".to_owned()), 2), (1, None, 0)]);
    }

    #[test]
    fn a_burst_mean_knows_its_place() {
        let source = Source::new("flow", "R + geometric(B*2) M");
        let sum = parts(source.text(), &source.span(0..20), &["R", "M"], &mut Findings::new());
        assert_eq!(sum[1].burst.as_ref().map(|(_, at)| at.text()), Some("B*2"));
        assert_eq!(sum[1].at.text(), "M");
    }

    #[test]
    fn every_odd_sum_is_a_finding_under_its_own_part() {
        for (text, words) in [
            ("", "missing"),
            ("R +", "missing"),
            ("R + Q", "`Q` is not a state"),
            ("1.5 M", "not a whole number"),
            ("0 M", "is 0"),
            ("2*M", "write `2 M`"),
            ("-M", "negative"),
            ("99999999999 M", "larger than"),
            ("geometric M", "in brackets"),
            ("geometric() M", "in brackets"),
            ("geometric(B", "in brackets"),
            ("R L", "is not a number of a state"),
            ("µµ + R)", "is not a"),
        ] {
            let (_, found) = read(text);
            assert!(found.contains(words), "{text}: {found}");
        }
        insta::assert_snapshot!(read("R + 2 Q").1, @r"
        error: `Q` is not a state of this model
         --> flow:1:7
          |
        1 | R + 2 Q
          |       ^
          |
        help: write one of `R`, `L`, `M`
        ");
    }
}
