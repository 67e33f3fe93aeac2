//! What the built-in models claim about themselves: their checks hold.
//! Knows nothing of what a check is about.

use std::sync::Arc;

use allostat::diagnostic::Source;
use allostat::model::{Model, builtin};
use allostat::scenario::check::run;
use rayon::prelude::*;

#[test]
fn the_theorems_of_all_built_in_models_hold() {
    builtin().par_iter().for_each(|(name, text)| {
        let model = Arc::new(Model::read(name, &Source::new(format!("{name}.toml"), *text)).unwrap());
        let results = run(&model).unwrap();
        let wrong: Vec<String> = results
            .iter()
            .filter(|r| !r.holds)
            .map(|r| {
                format!(
                    "{}: {}: expected {:e}, found {:e}, within {:e}",
                    r.name, r.what, r.expected, r.found, r.within
                )
            })
            .collect();
        assert!(results.len() > 2, "{name}");
        assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
    });
}
