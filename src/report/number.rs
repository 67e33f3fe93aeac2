//! Numbers as readers write them.
//! Knows nothing of what they count.

use crate::unit::shortest;

/// A whole number in groups of three: `10,000`.
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 agent`, `10,000 agents`.
pub fn agents(count: u64) -> String {
    format!("{} agent{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// At most four figures: `0.3344`, `1.2e-7`; `no value` for NaN.
pub fn figures(value: f64) -> String {
    if value.is_nan() {
        return "no value".to_owned();
    }
    // Rounded in decimal, so that the digits are those of the exact value.
    let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    shortest(rounded)
}

/// Three figures, as they stand in sentences and in figures: `-72.9`, `0.334`.
pub fn rounded(value: f64) -> String {
    if value.is_nan() {
        return "no value".to_owned();
    }
    shortest(format!("{value:.2e}").parse().unwrap_or(value))
}

/// A unit behind a number, with a space; nothing for a pure number.
pub fn unit(label: &str) -> String {
    match label {
        "" | "1" => String::new(),
        label => format!(" {label}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_stand_in_groups_of_three() {
        let texts = [0, 999, 1000, 1_234_567].map(grouped);
        assert_eq!(texts, ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn one_agent_is_not_many() {
        assert_eq!([1, 2, 10_000].map(agents), ["1 agent", "2 agents", "10,000 agents"]);
        assert_eq!([-72.86, 0.334_368, 100.0].map(rounded), ["-72.9", "0.334", "100"]);
    }

    #[test]
    fn numbers_have_at_most_four_figures() {
        let texts = [0.334_368_551, -12_345.6, 1.234_56e-9, 2.0, -0.0, f64::NAN, f64::INFINITY].map(figures);
        assert_eq!(texts, ["0.3344", "-12350", "1.235e-9", "2", "0", "no value", "inf"]);
    }
}
