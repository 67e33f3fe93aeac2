//! Simulated instruments: questionnaires and visual analogue scales, and how an agent answers them at a visit.
//! Knows nothing of models, arms, units or texts: a latent quantity is a number, a visit a time.
//!
//! An answer is a pure function of seed, instrument, item, agent and time of the visit. Who asks does not matter: a record, a
//! measure and a claim see the same answer at the same visit, and what else is asked moves none. Items are generated; no wording of
//! any real questionnaire belongs to them.

mod analogue;
mod graded;
#[cfg(test)]
mod tests;

pub use analogue::VisualAnalogue;
pub use graded::{Item, bank};

use crate::math::normal_quantile;
use crate::rng::{Key, Stream};

/// A simulated instrument: what its answers look like, and by which luck they are given.
#[derive(Clone, Debug, PartialEq)]
pub struct Instrument {
    pub scale: Scale,
    /// By item.
    streams: Vec<Stream>,
}

/// What an instrument asks and how its answers are counted.
#[derive(Clone, Debug, PartialEq)]
pub enum Scale {
    Questionnaire(Questionnaire),
    VisualAnalogue(VisualAnalogue),
}

/// Items with graded answers, and what each answer counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Questionnaire {
    pub items: Vec<Item>,
    pub scoring: Scoring,
}

/// What an answer counts; the score of a questionnaire is the sum over its items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scoring {
    /// Its category, from 0.
    Sum,
    /// 1 in the upper half of the categories, else 0; the middle one of an odd number of categories is not in it.
    Count,
}

/// What is asked of an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asked {
    /// The score.
    Whole,
    /// What one item adds to the score; its position.
    Item(usize),
}

impl Questionnaire {
    /// What a category of an item adds to the score.
    pub fn counted(&self, item: usize, category: f64) -> f64 {
        match self.scoring {
            Scoring::Sum => category,
            _ if category.is_nan() => f64::NAN,
            Scoring::Count => f64::from(u8::from(2.0 * category > self.items[item].thresholds.len() as f64)),
        }
    }

    /// The largest score.
    pub fn most(&self) -> usize {
        match self.scoring {
            Scoring::Sum => self.items.iter().map(|item| item.thresholds.len()).sum(),
            Scoring::Count => self.items.len(),
        }
    }
}

impl Instrument {
    /// Luck goes by the name, and by the arm where each arm has its own.
    pub fn new(name: &str, arm: Option<&str>, scale: Scale) -> Instrument {
        let items = match &scale {
            Scale::Questionnaire(questionnaire) => questionnaire.items.len(),
            Scale::VisualAnalogue(_) => 1,
        };
        let of_arm = arm.map_or(String::new(), |arm| format!(", arm {arm}"));
        let stream = |item: usize| Stream::of(&format!("instrument {name}, item {item}{of_arm}"));
        Instrument { scale, streams: (1..=items).map(stream).collect() }
    }

    /// Items that can be asked for one by one; a visual analogue scale has none.
    pub fn items(&self) -> usize {
        match &self.scale {
            Scale::Questionnaire(questionnaire) => questionnaire.items.len(),
            Scale::VisualAnalogue(_) => 0,
        }
    }

    /// By item, the keys of its draws.
    pub fn keys(&self, seed: u64) -> Vec<Key> {
        self.streams.iter().map(|stream| Key::new(seed, *stream)).collect()
    }

    /// What an agent shows at a visit, `at` microseconds since t = 0; NaN where the latent quantity is. An infinite one has the
    /// outermost answers.
    pub fn shown(&self, keys: &[Key], asked: Asked, latent: f64, agent: u64, at: i64) -> f64 {
        if latent.is_nan() {
            return f64::NAN;
        }
        let uniform = |item: usize| keys[item].uniform(agent, at as u64);
        match (&self.scale, asked) {
            (Scale::VisualAnalogue(line), _) => line.mark(latent, normal_quantile(uniform(0))),
            (Scale::Questionnaire(of), Asked::Item(item)) => {
                of.counted(item, of.items[item].answer(latent, uniform(item)))
            }
            (Scale::Questionnaire(of), Asked::Whole) => {
                let items = of.items.iter().enumerate();
                items.map(|(n, item)| of.counted(n, item.answer(latent, uniform(n)))).sum()
            }
        }
    }
}
