//! Studies: many points of one scenario, where they lie, what each came to, and what that says about the parameters.
//! Knows nothing of figures or of the terminal.

pub mod design;
pub mod sensitivity;
