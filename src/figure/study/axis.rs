//! The axis of a factor: on its scale, with its unit, or with its texts.
//! Knows scales; knows nothing of pictures.

use super::super::audience::Theme;
use super::super::axes;
use super::super::font;
use super::super::naming::with_unit;
use super::super::scale::{self, Scale, Tick};
use super::subject::{FactorSpan, FactorSubject};

/// Numbers that are listed stand on a logarithmic axis from this ratio of the largest to the least.
const WIDE: f64 = 30.0;

pub struct FactorAxis<'a> {
    pub factor: &'a FactorSubject,
    pub log: bool,
    pub scale: Scale,
}

impl<'a> FactorAxis<'a> {
    /// The whole span with a little air; of a factor with a list, all that it lists.
    pub fn of(factor: &'a FactorSubject) -> FactorAxis<'a> {
        let axis = FactorAxis { factor, log: is_log(factor), scale: Scale::Linear { low: 0.0, high: 1.0 } };
        let [low, high] = match &factor.span {
            FactorSpan::Between { ends, .. } => ends.map(|end| axis.coordinate(end)),
            FactorSpan::Numbers(values) => {
                let bounds = scale::bounds(values.iter().map(|value| axis.coordinate(*value)));
                bounds.map_or([0.0, 1.0], |(low, high)| [low, high])
            }
            FactorSpan::Texts(texts) => [-0.4, texts.len() as f64 - 0.6],
        };
        let [low, high] = if low <= high { [low, high] } else { [high, low] };
        let air =
            if high - low > 1e-12 * high.abs() { 0.025 * (high - low) } else { 0.5 * high.abs().max(1.0) };
        axis.between(low - air, high + air)
    }

    /// The same axis between two coordinates.
    pub fn between(self, low: f64, high: f64) -> FactorAxis<'a> {
        let good = low.is_finite() && high.is_finite() && high > low;
        let [low, high] = if good { [low, high] } else { [0.0, 1.0] };
        let scale = if self.log { Scale::Log { low, high } } else { Scale::Linear { low, high } };
        FactorAxis { scale, ..self }
    }

    /// Where a value lies: itself, or its decimal logarithm.
    pub fn coordinate(&self, value: f64) -> f64 {
        if self.log { value.log10() } else { value }
    }

    /// Ticks that fit below a panel of this width.
    pub fn ticks(&self, theme: &Theme, width: f64) -> Vec<Tick> {
        match &self.factor.span {
            FactorSpan::Texts(texts) => {
                let room = width / texts.len().max(1) as f64;
                let stride = (2.2 * theme.size / room).ceil().max(1.0) as usize;
                let room = room * stride as f64 - 0.6 * theme.size;
                let tick = |(i, text): (usize, &String)| Tick {
                    value: i as f64,
                    label: font::shorten(text, theme.size, false, room),
                };
                texts.iter().enumerate().step_by(stride).map(tick).collect()
            }
            _ => axes::x_ticks(theme, &self.scale, width, None),
        }
    }

    /// Ticks of an upright axis of this height; texts no wider than `room`.
    pub fn upright_ticks(&self, theme: &Theme, height: f64, room: f64) -> Vec<Tick> {
        match &self.factor.span {
            FactorSpan::Texts(texts) => {
                let stride = (1.3 * theme.size * texts.len() as f64 / height).ceil().max(1.0) as usize;
                let tick = |(i, text): (usize, &String)| Tick {
                    value: i as f64,
                    label: font::shorten(text, theme.size, false, room),
                };
                texts.iter().enumerate().step_by(stride).map(tick).collect()
            }
            _ => self.scale.ticks(((height / (1.8 * theme.size)) as usize).clamp(2, 7)),
        }
    }

    /// A value in a sentence.
    pub fn told(&self, value: f64) -> String {
        match &self.factor.span {
            FactorSpan::Texts(texts) => texts.get(value.max(0.0) as usize).cloned().unwrap_or_default(),
            _ => with_unit(scale::number(value), &self.factor.unit),
        }
    }
}

fn is_log(factor: &FactorSubject) -> bool {
    match &factor.span {
        FactorSpan::Between { ends, log } => *log && ends.iter().all(|end| *end > 0.0),
        FactorSpan::Numbers(values) => {
            let bounds = scale::bounds(values.iter().copied());
            values.iter().all(|value| *value > 0.0) && bounds.is_some_and(|(low, high)| high / low >= WIDE)
        }
        FactorSpan::Texts(_) => false,
    }
}
