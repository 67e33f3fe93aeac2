//! Sensitivity analysis: what the outputs of a study say about its factors, and how sure they are.
//! Knows nothing of scenarios: matrices of coordinates and vectors of outputs, in which NaN is a point without a value.
//!
//! `points` has a row for each point and a column for each factor, `outputs` a number for each point. A point whose output
//! is not finite is left out together with what needs it, counted and placed (`Dropped`), and spoils no other number.
//! Where an estimate cannot be made it is NaN and a reason says why; `Err` means that the points are not those of the design
//! that the method needs.
//!
//! | method | points | says |
//! |---|---|---|
//! | `sobol` | Saltelli's blocks | shares of the variance: alone, in all, in pairs |
//! | `morris` | trajectories, one factor at a time | size and unevenness of effects, cheaply |
//! | `prcc` | any sample | monotone association, and where it is not monotone |
//! | `given_data` | any sample | shares of the variance: alone |
//! | `local` | one centre and steps from it | logarithmic derivatives |

mod bins;
mod dropped;
mod estimate;
mod given_data;
mod local;
mod morris;
mod prcc;
mod ranks;
mod saltelli;
mod sobol;
mod trend;

pub use dropped::{Dropped, Leaning};
pub use estimate::{Bootstrap, Estimate};
pub use given_data::{GivenData, given_data};
pub use local::{Local, Slope, local, local_points};
pub use morris::{Morris, morris};
pub use prcc::{Prcc, prcc};
pub use sobol::{Pair, Sobol, sobol};
pub use trend::Trend;

#[cfg(test)]
mod tests;
