//! Any bytes as an expression: read or refused.
//! Knows nothing of what is asked of the reader: `readers.rs` says.

#![no_main]

#[path = "../readers.rs"]
#[allow(dead_code)]
mod readers;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    readers::expression(bytes);
});
