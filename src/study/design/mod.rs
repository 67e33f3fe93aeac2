//! Designs: where the points of a study lie in the unit cube, each as a function of its index.
//! Knows nothing of scenarios: a coordinate in [0, 1] becomes a value elsewhere.
