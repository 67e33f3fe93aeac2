//! The engine against closed forms, and its contract of equal bits.
