//! Kinds of quantity: what may be added to what, and its name in words.
//! Knows nothing of sizes or symbols.

/// Exponents of the kinds of quantity that models tell apart.
///
/// Receptor count, density (receptor per area), amount and concentration are different kinds and never convert.
/// Exponents stop at ±127; a kind with such an exponent is the same kind as nothing, itself included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Dimension {
    pub time: i8,
    pub receptor: i8,
    pub amount: i8,
    pub length: i8,
    pub mass: i8,
}

impl Dimension {
    pub const ONE: Dimension = Dimension { time: 0, receptor: 0, amount: 0, length: 0, mass: 0 };
    pub const TIME: Dimension = Dimension { time: 1, ..Dimension::ONE };
    pub const RECEPTOR: Dimension = Dimension { receptor: 1, ..Dimension::ONE };
    pub const AMOUNT: Dimension = Dimension { amount: 1, ..Dimension::ONE };
    pub const LENGTH: Dimension = Dimension { length: 1, ..Dimension::ONE };
    pub const VOLUME: Dimension = Dimension { length: 3, ..Dimension::ONE };
    pub const MASS: Dimension = Dimension { mass: 1, ..Dimension::ONE };
    pub const CONCENTRATION: Dimension = Dimension { amount: 1, length: -3, ..Dimension::ONE };

    pub fn is_one(&self) -> bool {
        *self == Dimension::ONE
    }

    pub fn times(&self, other: &Dimension) -> Dimension {
        self.zip(other, i32::saturating_add)
    }

    pub fn per(&self, other: &Dimension) -> Dimension {
        self.zip(other, i32::saturating_sub)
    }

    pub fn power(&self, n: i32) -> Dimension {
        self.zip(self, |exponent, _| exponent.saturating_mul(n))
    }

    /// `None` where an exponent does not divide by `n`, and where `n` is not above 0.
    pub fn root(&self, n: i32) -> Option<Dimension> {
        let divides = n > 0 && self.exponents().iter().all(|&e| i32::from(e) % n == 0);
        divides.then(|| self.zip(self, |exponent, _| exponent / n))
    }

    /// Equal, and no exponent so large that it was cut.
    pub(super) fn is_same_kind(&self, other: &Dimension) -> bool {
        self == other && !self.is_cut()
    }

    pub(super) fn is_cut(&self) -> bool {
        self.exponents().iter().any(|e| e.unsigned_abs() >= 127)
    }

    /// In words: `concentration`, `1/time`, `receptor count`, `concentration per time`, `dimensionless`; a product
    /// such as `1/(concentration*time)` where there is no shorter name.
    pub fn words(&self) -> String {
        let kinds: Vec<(&str, i32)> = self.kinds().into_iter().filter(|(_, e)| *e != 0).collect();
        match kinds[..] {
            [] => "dimensionless".to_owned(),
            [(kind, 1), ("time", -1)] => format!("{kind} per time"),
            _ => super::ratio_of_powers(&kinds),
        }
    }

    /// Named kinds with exponents: amount (or mass) and length combine to concentration where both are there,
    /// receptor and area to density.
    fn kinds(&self) -> Vec<(&'static str, i32)> {
        let [time, receptor, amount, length, mass] = self.exponents().map(i32::from);
        let mut left = length;
        // How many of `exponent` find lengths of the opposite sign to go with; those lengths are used up.
        let share = |left: &mut i32, per_length: i32, exponent: i32| -> i32 {
            let opposed = left.signum() * exponent.signum() < 0;
            let n = if opposed { exponent.abs().min(left.abs() / per_length) * exponent.signum() } else { 0 };
            *left += per_length * n;
            n
        };
        let concentration = share(&mut left, 3, amount);
        let mass_concentration = share(&mut left, 3, mass);
        let density = if left == -2 * receptor { share(&mut left, 2, receptor) } else { 0 };
        let (space, exponent) = match left {
            n if n % 3 == 0 => ("volume", n / 3),
            n if n % 2 == 0 => ("area", n / 2),
            n => ("length", n),
        };
        vec![
            ("receptor count", receptor - density),
            ("receptor density", density),
            ("concentration", concentration),
            ("mass concentration", mass_concentration),
            ("amount", amount - concentration),
            ("mass", mass - mass_concentration),
            (space, exponent),
            ("time", time),
        ]
    }

    fn exponents(&self) -> [i8; 5] {
        [self.time, self.receptor, self.amount, self.length, self.mass]
    }

    fn zip(&self, other: &Dimension, op: impl Fn(i32, i32) -> i32) -> Dimension {
        let of = |a: i8, b: i8| op(a.into(), b.into()).clamp(-127, 127) as i8;
        Dimension {
            time: of(self.time, other.time),
            receptor: of(self.receptor, other.receptor),
            amount: of(self.amount, other.amount),
            length: of(self.length, other.length),
            mass: of(self.mass, other.mass),
        }
    }
}
