//! Scales and their ticks: numbers as a reader wants them.
//! Knows nothing of pictures. Linear steps are 1, 2, 5 times a power of ten (times of the clock have their own), logarithmic
//! scales have a tick at each decade.

/// A mapping of numbers to 0..1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    Linear {
        low: f64,
        high: f64,
    },
    /// Bounds as decimal logarithms.
    Log {
        low: f64,
        high: f64,
    },
}

/// A number on an axis; minor ticks have no label.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub value: f64,
    pub label: String,
}

/// Share of the largest value that a scale around values spans at least.
const LEAST: f64 = 0.01;

/// Beyond this a number is treated as missing: no model means it, and sums of it overflow.
const HUGE: f64 = 1e250;

/// Finite and of a size that can be drawn.
pub fn drawable(value: f64) -> bool {
    value.is_finite() && value.abs() < HUGE
}

/// Least and greatest drawable number.
pub fn bounds(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.filter(|v| drawable(*v)).fold(None, |range, v| match range {
        None => Some((v, v)),
        Some((low, high)) => Some((low.min(v), high.max(v))),
    })
}

impl Scale {
    /// A linear scale with a little air around the values; it starts at 0 where the values come near it. It spans a hundredth of the largest
    /// value at least, lest the noise of what is as good as constant fill it.
    pub fn around(values: impl Iterator<Item = f64>) -> Scale {
        let Some((low, high)) = bounds(values) else { return Scale::Linear { low: 0.0, high: 1.0 } };
        let size = low.abs().max(high.abs());
        if high - low <= 1e-9 * size || size < 1e-250 {
            let air = if size < 1e-250 { 1.0 } else { 0.2 * size };
            return Scale::Linear { low: if low == 0.0 { 0.0 } else { low - air }, high: high + air };
        }
        let air = match high - low {
            noise if noise < LEAST * size => 0.5 * (LEAST * size - noise),
            range => 0.05 * range,
        };
        let bottom = if low >= 0.0 && low < 0.4 * high { 0.0 } else { low - air };
        let top = if high <= 0.0 && high > 0.4 * low { 0.0 } else { high + air };
        Scale::Linear { low: bottom, high: top }
    }

    /// A linear scale that spans at least so much.
    pub fn spanning(self, least: f64) -> Scale {
        match self {
            Scale::Linear { low, high } if high - low < least => {
                let air = 0.5 * (least - (high - low));
                Scale::Linear { low: low - air, high: high + air }
            }
            other => other,
        }
    }

    /// The larger of its bounds, without sign.
    pub fn size(&self) -> f64 {
        match *self {
            Scale::Linear { low, high } | Scale::Log { low, high } => low.abs().max(high.abs()),
        }
    }

    /// A linear scale of values on a scale of their own, such as 0 to 10: the whole of it where they fill a third or more, else a part around
    /// them, a tenth at least, lest a trifle look large. `true` for a part.
    pub fn on(values: impl Iterator<Item = f64>, [least, most]: [f64; 2]) -> (Scale, bool) {
        let Some((low, high)) = bounds(values) else {
            return (Scale::Linear { low: least, high: most }, false);
        };
        let whole = most - least;
        let inside = low >= least && high <= most;
        if !inside || high - low >= whole / 3.0 {
            let (low, high) = (low.min(least), high.max(most));
            return (Scale::Linear { low, high }, false);
        }
        let length = (1.16 * (high - low)).max(0.1 * whole);
        let low = ((low + high - length) / 2.0).clamp(least, most - length);
        (Scale::Linear { low, high: low + length }, true)
    }

    /// Exactly from the least to the greatest value; a single value stands in the middle.
    pub fn span(values: impl Iterator<Item = f64>) -> Scale {
        match bounds(values) {
            None => Scale::Linear { low: 0.0, high: 1.0 },
            Some((low, high)) if high - low <= 1e-12 * low.abs().max(high.abs()) => {
                let air = if low == 0.0 { 1.0 } else { 0.5 * low.abs() };
                Scale::Linear { low: low - air, high: high + air }
            }
            Some((low, high)) => Scale::Linear { low, high },
        }
    }

    /// A logarithmic scale of the positive values, at least a decade long.
    pub fn decades(values: impl Iterator<Item = f64>) -> Scale {
        let positive = values.filter(|v| drawable(*v) && *v > 1e-250).map(f64::log10);
        let (low, high) = bounds(positive).unwrap_or((0.0, 1.0));
        let air = if high - low < 1.0 { (1.0 - (high - low)) / 2.0 } else { 0.02 * (high - low) };
        Scale::Log { low: low - air, high: high + air }
    }

    /// Place of a value between 0 and 1, held inside; NaN for what has no place.
    pub fn place(&self, value: f64) -> f64 {
        let (value, low, high) = match *self {
            Scale::Linear { low, high } => (value, low, high),
            Scale::Log { low, high } => (if value > 0.0 { value.log10() } else { f64::NAN }, low, high),
        };
        if !drawable(value) {
            return f64::NAN;
        }
        ((value - low) / (high - low)).clamp(0.0, 1.0)
    }

    /// At most about `most` labelled ticks.
    pub fn ticks(&self, most: usize) -> Vec<Tick> {
        match *self {
            Scale::Linear { low, high } => linear_ticks(low, high, most, &[1.0, 2.0, 5.0, 10.0]),
            Scale::Log { low, high } => log_ticks(low, high, most),
        }
    }

    /// Ticks of a time axis: weeks of days, quarters of days in hours, quarters of hours in minutes.
    pub fn time_ticks(&self, most: usize, unit: &str) -> Vec<Tick> {
        let Scale::Linear { low, high } = *self else { return self.ticks(most) };
        let most = most.max(2);
        let steps: &[f64] = match unit {
            "d" => &[1.0, 2.0, 7.0, 14.0, 28.0, 56.0, 91.0, 182.0, 364.0],
            "h" => &[1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 48.0, 168.0],
            "min" | "s" => &[1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 240.0, 360.0],
            _ => &[],
        };
        let fitting = steps.iter().copied().find(|step| (high - low) / step <= most as f64);
        match fitting {
            Some(step) if high - low >= 2.0 * step => ticks_of_step(low, high, step),
            _ => linear_ticks(low, high, most, &[1.0, 2.0, 5.0, 10.0]),
        }
    }

    /// Minor ticks: 2 to 9 in each decade of a logarithmic scale that is not too long.
    pub fn minor(&self) -> Vec<f64> {
        let Scale::Log { low, high } = *self else { return Vec::new() };
        if high - low > 12.0 {
            return Vec::new();
        }
        let decades = low.floor() as i32..=high.ceil() as i32;
        let all = decades.flat_map(|d| (2..10).map(move |m| f64::from(m) * 10f64.powi(d)));
        all.filter(|v| (low..=high).contains(&v.log10())).collect()
    }
}

fn linear_ticks(low: f64, high: f64, most: usize, steps: &[f64]) -> Vec<Tick> {
    let rough = (high - low) / most.max(2) as f64;
    if !(rough.is_finite() && rough > 0.0) {
        return vec![Tick { value: low, label: number(low) }];
    }
    let power = 10f64.powf(rough.log10().floor());
    let step = steps.iter().map(|s| s * power).find(|s| *s >= rough * 0.999).unwrap_or(10.0 * power);
    ticks_of_step(low, high, step)
}

fn ticks_of_step(low: f64, high: f64, step: f64) -> Vec<Tick> {
    let first = (low / step - 1e-6).ceil();
    let count = ((high / step + 1e-6).floor() - first).clamp(0.0, 60.0) as usize;
    let values: Vec<f64> =
        (0..=count).map(|i| (first + i as f64) * step).map(|v| if v == 0.0 { 0.0 } else { v }).collect();
    let largest = values.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    let label = |v: f64| match v {
        0.0 => "0".to_owned(),
        _ if largest >= 1e6 || step < 1e-4 => {
            scientific(v, (largest / step).log10().ceil().clamp(0.0, 6.0) as usize)
        }
        _ => fixed(v, (-(step.log10() + 1e-9).floor()).clamp(0.0, 6.0) as usize),
    };
    let mut ticks: Vec<Tick> = values.iter().map(|&value| Tick { value, label: label(value) }).collect();
    ticks.dedup_by(|a, b| a.label == b.label);
    ticks
}

fn log_ticks(low: f64, high: f64, most: usize) -> Vec<Tick> {
    let (first, last) = ((low - 1e-9).ceil() as i32, (high + 1e-9).floor() as i32);
    let most_steps = most.max(2) as i32;
    let stride = ((last - first + most_steps - 1) / most_steps).max(1);
    let decades: Vec<i32> = (first..=last).filter(|d| d.rem_euclid(stride) == 0).collect();
    if decades.len() >= 2 {
        return decades.iter().map(|&d| Tick { value: 10f64.powi(d), label: power_of_ten(d) }).collect();
    }
    let all = (low.floor() as i32..=high.ceil() as i32)
        .flat_map(|d| [1.0, 2.0, 5.0].map(|m| (m * 10f64.powi(d), m, d)))
        .filter(|(v, ..)| (low - 1e-9..=high + 1e-9).contains(&v.log10()));
    let labelled = all.map(|(value, m, d)| match d {
        -3..=5 => Tick { value, label: number(value) },
        _ if m == 1.0 => Tick { value, label: power_of_ten(d) },
        _ => Tick { value, label: format!("{m}×{}", power_of_ten(d)) },
    });
    spread(labelled.collect(), most.max(2))
}

/// At most so many ticks, from the first to the last, about evenly many left out between them.
fn spread(ticks: Vec<Tick>, most: usize) -> Vec<Tick> {
    let last = ticks.len().saturating_sub(1);
    if last < most {
        return ticks;
    }
    let kept: Vec<usize> = (0..most).map(|i| (2 * i * last + most - 1) / (2 * (most - 1))).collect();
    ticks.into_iter().enumerate().filter(|(i, _)| kept.contains(i)).map(|(_, tick)| tick).collect()
}

/// `10⁻³`.
pub fn power_of_ten(decade: i32) -> String {
    let raised = |c| match c {
        '-' => '⁻',
        _ => ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][c as usize - '0' as usize],
    };
    format!("10{}", decade.to_string().chars().map(raised).collect::<String>())
}

/// A number of fixed decimals with a true minus sign and commas between thousands.
fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), None), |(w, r)| (w, Some(r)));
    let mut out = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(rest) = rest {
        out = format!("{out}.{rest}");
    }
    let nothing = !text.contains(|c: char| ('1'..='9').contains(&c));
    if value < 0.0 && !nothing { format!("−{out}") } else { out }
}

fn scientific(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$e}", value.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mantissa =
        if mantissa.contains('.') { mantissa.trim_end_matches('0').trim_end_matches('.') } else { mantissa };
    let power = power_of_ten(exponent.parse().unwrap_or(0));
    let sign = if value < 0.0 { "−" } else { "" };
    if mantissa == "1" { format!("{sign}{power}") } else { format!("{sign}{mantissa}×{power}") }
}

/// A number to three significant digits, as it stands in a sentence.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return "no value".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let size = value.abs().log10().floor();
    if !(-4.0..6.0).contains(&size) {
        return scientific(value, 2);
    }
    let decimals = (2.0 - size).clamp(0.0, 8.0) as usize;
    let text = fixed(value, decimals);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A count with commas between thousands.
pub fn count(value: u64) -> String {
    fixed(value as f64, 0)
}

/// A share as per cent.
pub fn percent(share: f64) -> String {
    let value = 100.0 * share;
    if value > 0.0 && value < 0.1 { "less than 0.1 %".to_owned() } else { format!("{} %", number(value)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn labels(scale: Scale, most: usize) -> Vec<String> {
        scale.ticks(most).into_iter().map(|t| t.label).collect()
    }

    #[test]
    fn few_ticks_of_a_short_logarithmic_scale_reach_from_end_to_end() {
        let scale = Scale::Log { low: -3.7, high: -2.3 };
        assert_eq!(labels(scale, 2), ["2×10⁻⁴", "0.005"]);
        assert_eq!(labels(scale, 3), ["2×10⁻⁴", "0.001", "0.005"]);
        assert_eq!(labels(scale, 9), ["2×10⁻⁴", "5×10⁻⁴", "0.001", "0.002", "0.005"]);
    }

    #[test]
    fn numbers_are_written_for_readers() {
        let shown: Vec<String> =
            [0.0, 1.0, -0.25, 1234.6, 0.000_02, 3.5e9, 99.96].iter().map(|v| number(*v)).collect();
        assert_eq!(shown, ["0", "1", "−0.25", "1,235", "2×10⁻⁵", "3.5×10⁹", "100"]);
    }

    #[test]
    fn decades_have_raised_exponents_and_minor_ticks() {
        let scale = Scale::decades([0.01, 100.0].into_iter());
        assert_eq!(labels(scale, 6), ["10⁻²", "10⁻¹", "10⁰", "10¹", "10²"]);
        assert_eq!(scale.minor().len(), 32 + 1, "2 to 9 of four decades, and 0.009");
    }

    #[test]
    fn a_constant_has_a_range_and_ticks() {
        for value in [0.0, 5.0, -3.0, 1e200, 1e-200] {
            let scale = Scale::around([value, value].into_iter());
            assert!(!scale.ticks(5).is_empty() && scale.place(value).is_finite(), "{value}");
        }
    }

    #[test]
    fn noise_does_not_fill_a_scale() {
        let Scale::Linear { low, high } = Scale::around([299.99, 300.01].into_iter()) else { panic!() };
        assert!((high - low - 3.0).abs() < 1e-3 && (low + high - 600.0).abs() < 1e-9, "{low} {high}");
    }

    #[test]
    fn days_are_counted_in_weeks() {
        let scale = Scale::Linear { low: 0.0, high: 60.0 };
        let ticks: Vec<f64> = scale.time_ticks(6, "d").iter().map(|t| t.value).collect();
        assert_eq!(ticks, [0.0, 14.0, 28.0, 42.0, 56.0]);
    }

    proptest! {
        #[test]
        fn any_range_has_few_ticks_that_lie_inside_and_differ(low in -1e12f64..1e12, size in -9f64..12.0, most in 2usize..12) {
            let scale = Scale::around([low, low + 10f64.powf(size)].into_iter());
            let ticks = scale.ticks(most);
            prop_assert!(!ticks.is_empty() && ticks.len() <= most + 3, "{ticks:?}");
            prop_assert!(ticks.windows(2).all(|w| w[0].label != w[1].label && w[0].value < w[1].value), "{ticks:?}");
        }
    }
}
