//! One level for the whole phase: `"20 nM"`, or `constant = { level = "20 nM" }`.
//! Knows nothing of time.

use super::Schedule;
use super::fields::{Fields, Reader};
use crate::document::{Key, Kind, Need, Shape};

pub(super) static SHAPE: Shape = Shape {
    name: "constant",
    doc: "one level for the whole phase; short form: `\"20 nM\"`",
    keys: &[Key {
        name: "level",
        kind: Kind::Value,
        need: Need::Required,
        doc: "level in the input's unit, or the name of a parameter",
    }],
};

pub(super) fn read(fields: &Fields, reader: &mut Reader) -> Option<Schedule> {
    reader.level(fields, "level")?.map(Schedule::Constant)
}
