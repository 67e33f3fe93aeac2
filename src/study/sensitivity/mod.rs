//! Sensitivity analysis: what the outputs of a study say about its factors, and how sure they are.
//! Knows nothing of scenarios: matrices of coordinates and vectors of outputs, in which NaN is a point without a value.
