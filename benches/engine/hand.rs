//! The rates of `scenarios/dual_receptor.toml` by hand: plain loops over 64 lanes, the arithmetic of the text, part by part.
//! Knows nothing of tapes.

use allostat::kernel::{LANES, Lanes, Work};
use allostat::math::{Fused, Products, Split, pow_by};

use crate::rival::STATES;

/// What the rates read. Occupancies at rest and what stands on parameters alone are made once, as for the tape.
pub struct Given {
    pub states: [Lanes; STATES],
    pub u: Lanes,
    pub kel: Lanes,
    pub base: Lanes,
    pub rise: Lanes,
    pub g: Lanes,
    pub k0: [Lanes; 2],
    pub kout: [Lanes; 2],
    pub a: [Lanes; 2],
    pub b: [Lanes; 2],
    pub tau: [Lanes; 2],
    pub rest: [Lanes; 2],
    /// 1 + a·rest
    pub made: [Lanes; 2],
}

/// One evaluation; powers are squares where `SQUARE`.
pub struct Hand<'a, const SQUARE: bool> {
    pub given: &'a Given,
    pub rates: &'a mut [Lanes; STATES],
}

impl<const SQUARE: bool> Work for Hand<'_, SQUARE> {
    type Result = ();

    #[inline(always)]
    fn run(self) {
        self.by::<Split>();
    }

    #[inline(always)]
    fn run_fused(self) {
        self.by::<Fused>();
    }
}

impl<const SQUARE: bool> Hand<'_, SQUARE> {
    #[inline(always)]
    fn by<P: Products>(self) {
        let Given { states: [c, r1, r2, k1, k2], u, kel, base, rise, g, k0, kout, a, b, tau, rest, made } =
            self.given;
        let [c_rate, r1_rate, r2_rate, k1_rate, k2_rate] = self.rates;
        let mut shares = [Lanes([0.0; LANES]); 2];
        for n in 0..LANES {
            let c = c.0[n];
            let (below1, below2) = (c + k1.0[n], c + k2.0[n]);
            let (theta1, theta2) = (c / below1, c / below2);
            let fed_back = 1.0 + g.0[n] * r2.0[n] * c / below2;
            let drive = base.0[n] * (1.0 + rise.0[n] * u.0[n]) / fed_back;
            c_rate.0[n] = kel.0[n] * (drive - c);
            r1_rate.0[n] = kout[0].0[n] * (made[0].0[n] - r1.0[n] * (1.0 + a[0].0[n] * theta1));
            r2_rate.0[n] = kout[1].0[n] * (made[1].0[n] - r2.0[n] * (1.0 + a[1].0[n] * theta2));
            shares[0].0[n] = theta1 / rest[0].0[n];
            shares[1].0[n] = theta2 / rest[1].0[n];
        }
        // A power in a loop of its own, else the compiler runs out of registers.
        for (i, (k, rate)) in [(k1, k1_rate), (k2, k2_rate)].into_iter().enumerate() {
            for n in 0..LANES {
                let share = shares[i].0[n];
                let power = if SQUARE { share * share } else { pow_by::<P>(share, b[i].0[n]) };
                rate.0[n] = (k0[i].0[n] * power - k.0[n]) / tau[i].0[n];
            }
        }
    }
}
