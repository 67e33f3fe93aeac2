//! A whole scenario, and what is wrong with wrong ones.
