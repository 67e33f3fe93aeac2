//! Pages of models that are unlike the built-in ones: long, large, empty, odd.
