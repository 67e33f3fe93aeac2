//! Colours of a field: from light to dark in even steps of lightness, so that they are in order for every eye and in grey.
//! Knows audiences; knows nothing of what is coloured.

use super::super::Audience;
use super::super::audience::Theme;
use super::super::canvas::Ink;

/// From yellow over green to blue: hues that those who cannot tell red from green tell apart.
const STEPS: [(u8, u8, u8); 6] =
    [(252, 246, 205), (197, 223, 179), (118, 193, 181), (58, 149, 180), (36, 98, 158), (22, 42, 104)];
const GREYS: [u8; 2] = [247, 62];

/// The colour of a share of the way from the least to the greatest value.
pub fn colour(theme: &Theme, share: f64) -> Ink {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let mixed = |a: u8, b: u8, part: f64| (f64::from(a) + (f64::from(b) - f64::from(a)) * part).round() as u8;
    if theme.audience == Audience::Grey {
        let grey = mixed(GREYS[0], GREYS[1], share);
        return Ink::rgb(grey, grey, grey);
    }
    let at = share * (STEPS.len() - 1) as f64;
    let (low, part) = ((at as usize).min(STEPS.len() - 2), at - (at as usize).min(STEPS.len() - 2) as f64);
    let (a, b) = (STEPS[low], STEPS[low + 1]);
    Ink::rgb(mixed(a.0, b.0, part), mixed(a.1, b.1, part), mixed(a.2, b.2, part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_darker_than_the_one_before_by_about_as_much() {
        for audience in [Audience::Screen, Audience::Grey] {
            let theme = audience.theme();
            let light = |share: f64| {
                let (r, g, b) = colour(&theme, share).rgb;
                let linear = |c: u8| (f64::from(c) / 255.0).powf(2.2);
                // Lightness L* of CIE 1976, above its linear part.
                116.0 * (0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)).cbrt() - 16.0
            };
            let all: Vec<f64> = (0..=10).map(|i| light(f64::from(i) / 10.0)).collect();
            assert!(all.windows(2).all(|w| (4.0..13.0).contains(&(w[0] - w[1]))), "{audience:?}: {all:?}");
        }
        colour(&Audience::Screen.theme(), f64::NAN);
    }
}
