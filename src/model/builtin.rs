//! The models that come with the program, embedded by `build.rs` from `models/*.toml`.
//! Knows nothing of what is in them.

/// Names and texts of the built-in models, in alphabetical order.
pub fn builtin() -> &'static [(&'static str, &'static str)] {
    include!(concat!(env!("OUT_DIR"), "/models.rs"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_models_are_there_in_alphabetical_order() {
        let names: Vec<&str> = builtin().iter().map(|(name, _)| *name).collect();
        assert!(names.contains(&"turnover"), "{names:?}");
        assert!(names.is_sorted(), "{names:?}");
    }
}
