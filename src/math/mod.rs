//! exp, ln, pow, sin, cos and what stands on them: the same bits on every machine.
//! Plain IEEE arithmetic without branches on data, so that loops over lanes vectorise; at most 1 ulp.

pub fn exp(x: f64) -> f64 {
    todo!()
}
/// ln 0 = -inf, ln of a negative number is NaN.
pub fn ln(x: f64) -> f64 {
    todo!()
}
/// pow(0, y) = 0 for y > 0, 1 for y = 0, inf for y < 0; of a negative base: NaN unless y is whole.
pub fn pow(x: f64, y: f64) -> f64 {
    todo!()
}
/// x^n by a fixed chain of products (the chain is part of the numerics version).
pub fn powi(x: f64, n: i32) -> f64 {
    todo!()
}
pub fn sin(x: f64) -> f64 {
    todo!()
}
pub fn cos(x: f64) -> f64 {
    todo!()
}
pub fn log10(x: f64) -> f64 {
    todo!()
}
pub fn tanh(x: f64) -> f64 {
    todo!()
}
/// 1/(1 + e^-x), without overflow.
pub fn logistic(x: f64) -> f64 {
    todo!()
}
/// Standard normal distribution function.
pub fn normal_cdf(z: f64) -> f64 {
    todo!()
}
/// Standard normal quantile, p in (0, 1).
pub fn normal_quantile(p: f64) -> f64 {
    todo!()
}
