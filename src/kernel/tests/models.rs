//! Tapes of all built-in models.

use super::*;
use crate::diagnostic::Source;
use crate::model::{Model, builtin};

/// Rates, lets, limits of responses and responses.
fn formulas(model: &Model) -> Vec<Id> {
    let lets = model.lets.iter().map(|part| part.formula.value);
    let responses = model.responses.iter().flat_map(|r| [Some(&r.value), r.bottom.as_ref(), r.top.as_ref()]);
    model.rates.iter().copied().chain(lets).chain(responses.flatten().map(|formula| formula.value)).collect()
}

#[test]
fn every_formula_of_every_model_gives_what_evaluation_gives() {
    for (name, text) in builtin() {
        let model = Model::read(name, &Source::new(format!("{name}.toml"), *text))
            .expect("a built-in model is right");
        let roots = formulas(&model);
        assert!(!roots.is_empty(), "{name}");
        let mut arena = model.arena.clone();
        let mut syms: Vec<Sym> = roots.iter().flat_map(|root| arena.symbols(*root)).collect();
        syms.sort();
        syms.dedup();
        let symbols: Vec<(Sym, Id)> = syms.into_iter().map(|sym| (sym, arena.sym(sym))).collect();
        // Around the model's own values, over nine powers of ten, and at the edges.
        let own = |sym: Sym| model.parameters.iter().find(|p| p.sym == sym).map_or(1.0, |p| p.value);
        let spread = |n: usize, lane: usize| {
            [1e-6, 0.1, 0.5, 0.9, 1.0, 1.7, 30.0, 1e3][(lane * (2 * n + 1) + lane / 8) % 8]
        };
        let near = symbols
            .iter()
            .enumerate()
            .map(|(n, (sym, _))| Lanes(std::array::from_fn(|lane| own(*sym) * spread(n, lane))));
        agrees(&arena, &roots, &symbols, &near.collect::<Vec<_>>());
        let edges = (0..symbols.len())
            .map(|n| Lanes(std::array::from_fn(|lane| EDGES[(lane * (2 * n + 1) + lane / 16) % 16])));
        agrees(&arena, &roots, &symbols, &edges.collect::<Vec<_>>());
    }
}
