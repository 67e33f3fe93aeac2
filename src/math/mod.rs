//! exp, ln, pow, sin, cos and what stands on them: the same bits on every machine.
//! Plain IEEE arithmetic without branches on data, so that loops over lanes vectorise; at most 1 ulp where nothing
//! else is said; only the quantiles of gamma and beta branch and iterate, one value at a time. Knows nothing of ours.
//!
//! A result below 2^-1022 is rounded twice, hence off by at most one of the smallest numbers. NaN in gives NaN out; sign
//! and payload of a NaN are the processor's, whoever stores one makes it canonical.

mod exact;
mod exponential;
mod incomplete;
mod logarithm;
mod normal;
mod power;
mod trigonometric;

pub use exact::{Fused, Products, Split};
pub use exponential::{exp, exp_m1, logistic, tanh};
pub use incomplete::{beta_quantile, gamma_quantile};
pub use logarithm::{ln, ln_1p, log10, log10_by};
pub use normal::{normal_cdf, normal_quantile};
pub use power::{logarithm_of_size, pow, pow_by, powi, raised};
pub use trigonometric::{cos, sin};

#[cfg(test)]
mod tests;
