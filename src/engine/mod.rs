//! Populations over time: blocks of 64 agents in lanes, each lane with its own steps.
//! Never reads files, never prints, never converts units, never knows a name.

mod acute;
mod alike;
mod alone;
mod block;
mod challenge;
mod chronic;
mod collected;
mod control;
mod course;
mod draw;
mod drive;
mod each;
mod ends;
mod excursion;
mod fit;
mod fixed;
mod folded;
mod history;
mod linear;
mod lowered;
mod open;
mod outcomes;
mod part;
mod plan;
mod points;
mod probed;
mod program;
mod quartic;
mod room;
mod rosenbrock;
mod run;
mod sensitivity;
mod stability;
mod states;
mod steady;
mod step;
mod store;
mod tableau;
#[cfg(test)]
mod tests;
mod trial;
mod visit;
mod watch;
mod weighted;

pub use alone::{Alone, Event, Story, What};
pub use block::MOST_KEPT;
pub use collected::{AssayResult, Cause, Collected, Cost, Failure, Missing, Reasons, Trace};
pub use drive::{Engine, blocks};
pub use each::{Each, Ended, EndedArm, MOST_AHEAD};
pub use plan::*;
pub use run::MOST_STEPS;
pub use states::steady_states;
pub use steady::{Steady, steady};
pub use step::{Method, Reason};

/// Raised by every change that moves a digest; each is a line in CHANGELOG.
pub const NUMERICS: u32 = 3;
