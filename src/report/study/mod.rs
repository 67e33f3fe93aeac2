//! Studies on disk: a folder with what the study is (`study.json`), finished units, the gathered tables, figures, and the page of the study.
//! Knows studies and file systems; knows nothing of the terminal.
//!
//! A unit that is there is whole: it is written beside its place and renamed, and its checksum is in its header. Units of one
//! process are put together into one file from time to time. A unit that is there twice is the same twice, and counts once.

mod beside;
mod difference;
mod extreme;
mod gather;
mod present;
mod record;
mod sheet;
mod store;
mod subject;
mod summary;
mod tables;
#[cfg(test)]
mod tests;

pub use extreme::extreme;
pub use gather::{Gathered, gather};
pub use present::{Presented, present};
pub use record::{Refused, open};
pub use store::{Found, Store};
pub use summary::summary;
