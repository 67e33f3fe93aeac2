//! A visual analogue scale: a mark on a line from 0 to 100.
//! Knows nothing of draws.
//!
//! mark = clamp(100 latent + sd z, 0, 100) with a standard normal z; the error's size, rounding and end-aversion are assumed.

/// How marks are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VisualAnalogue {
    /// Standard deviation of the error, in points of the line.
    pub sd: f64,
    /// Marks fall on multiples of this (and on 100), in points; 0: anywhere.
    pub rounding: f64,
    /// The line is used from 50 e to 100 - 50 e only; 0: all of it.
    pub end_aversion: f64,
}

impl VisualAnalogue {
    /// The mark for a latent quantity, 0 to 1 from end to end, and a standard normal score: the error is added, the line ends, ends are
    /// shunned, the mark is rounded, in this order. NaN of NaN.
    pub fn mark(&self, latent: f64, score: f64) -> f64 {
        let VisualAnalogue { sd, rounding, end_aversion } = *self;
        let mut mark = (100.0 * latent + sd * score).clamp(0.0, 100.0);
        if end_aversion > 0.0 {
            mark = 50.0 + (1.0 - end_aversion) * (mark - 50.0);
        }
        if rounding > 0.0 {
            mark = (rounding * (mark / rounding + 0.5).floor()).min(100.0);
        }
        // No negative zero, and one NaN.
        if mark.is_nan() { f64::NAN } else { mark + 0.0 }
    }
}
