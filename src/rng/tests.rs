//! Known answers of the generator, and independence of addresses.

use std::collections::HashSet;

use proptest::prelude::*;
use rand::{Rng, RngExt};

use super::*;

proptest! {
    #[test]
    fn a_uniform_lies_strictly_between_zero_and_one(bits: u64) {
        let u = open_unit(bits);
        prop_assert!(0.0 < u && u < 1.0);
        prop_assert_eq!(1.0 - u, open_unit(!bits));
    }

    #[test]
    fn neighbouring_agents_indices_seeds_and_streams_share_no_bits(
        seed: u64, stream: u64, agent: u64, index: u64,
    ) {
        let here = Key::new(seed, Stream(stream)).bits(agent, index);
        let others = [
            Key::new(seed.wrapping_add(1), Stream(stream)).bits(agent, index),
            Key::new(seed, Stream(stream.wrapping_add(1))).bits(agent, index),
            Key::new(seed, Stream(stream)).bits(agent.wrapping_add(1), index),
            Key::new(seed, Stream(stream)).bits(agent, index.wrapping_add(1)),
        ];
        for other in others {
            // Of 64 fair bits fewer than 8 or more than 56 differ once in 10^10.
            let different = (here ^ other).count_ones();
            prop_assert!((8..=56).contains(&different), "{different} of 64 bits differ");
        }
    }
}

#[test]
fn the_ends_of_the_uniform_are_half_a_step_from_zero_and_one() {
    assert_eq!(open_unit(0), 0.5f64.powi(53));
    assert_eq!(open_unit(u64::MAX), 1.0 - 0.5f64.powi(53));
}

#[test]
fn seeds_and_streams_that_add_up_alike_have_keys_of_their_own() {
    let mut keys = HashSet::new();
    for seed in 0..200 {
        for stream in 0..200 {
            keys.insert(Key::new(seed, Stream(stream)));
        }
    }
    assert_eq!(keys.len(), 200 * 200);
    // Exchanging the two is not the same key either.
    assert_ne!(Key::new(3, Stream(8)), Key::new(8, Stream(3)));
}

#[test]
fn streams_of_like_descriptions_are_far_apart() {
    let names: Vec<String> = (0..2_000).map(|i| format!("parameter k{i}")).collect();
    let streams: Vec<u64> = names.iter().map(|name| Stream::of(name).0).collect();
    assert_eq!(streams.iter().collect::<HashSet<_>>().len(), streams.len());
    let apart: u32 = streams.windows(2).map(|pair| (pair[0] ^ pair[1]).count_ones()).sum();
    let mean = f64::from(apart) / (streams.len() - 1) as f64;
    assert!((31.0..33.0).contains(&mean), "{mean} of 64 bits differ on average");
}

/// Draws are part of the numerics version: these numbers move only with it.
#[test]
fn the_address_of_a_draw_is_frozen() {
    let key = Key::new(7, Stream::of("parameter kls2"));
    insta::assert_snapshot!(
        format!("{:016x} {:016x} {:016x} {:016x}", Stream::of("").0, key.0, key.bits(0, 0), key.bits(57, 1 << 40)),
        @"f52a15e9a9b5e89b b8089307616d9e93 5dd4db909b58aaa9 49478c2693f9fb3f"
    );
}

#[test]
fn the_generator_of_an_agent_counts_its_index_upward() {
    let key = Key::new(1, Stream::of("test"));
    let mut draws = key.draws(5, 10);
    assert_eq!(draws.next_u64(), key.bits(5, 10));
    assert_eq!(draws.next_u32(), key.bits(5, 11) as u32);
    let mut bytes = [0; 11];
    draws.fill_bytes(&mut bytes);
    assert_eq!(bytes[..8], key.bits(5, 12).to_le_bytes());
    assert_eq!(bytes[8..], key.bits(5, 13).to_le_bytes()[..3]);
    assert_eq!(draws.index(), 14);
    // The traits of rand work on it.
    let die: u32 = draws.random_range(1..=6);
    assert!((1..=6).contains(&die));
}

#[test]
fn uniforms_fill_the_interval_evenly_along_agents_and_along_indices() {
    let key = Key::new(42, Stream::of("evenness"));
    let n = 100_000_u64;
    for along_agents in [true, false] {
        let draw = |i| if along_agents { key.uniform(i, 3) } else { key.uniform(3, i) };
        let mut counts = [0.0; 100];
        (0..n).for_each(|i| counts[(draw(i) * 100.0) as usize] += 1.0);
        let expected = n as f64 / 100.0;
        let chi_squared: f64 = counts.iter().map(|c| (c - expected) * (c - expected) / expected).sum();
        // 99 degrees of freedom: the middle 99.98 % lie between 55 and 160.
        assert!((55.0..160.0).contains(&chi_squared), "{chi_squared}");
    }
}

#[test]
fn successive_draws_and_neighbouring_agents_are_uncorrelated() {
    let key = Key::new(42, Stream::of("correlation"));
    let n = 100_000_u64;
    let centred = |agent, index| key.uniform(agent, index) - 0.5;
    for (next_agent, next_index) in [(1, 0), (0, 1), (1, 1)] {
        let sum: f64 = (0..n).map(|i| centred(i, i) * centred(i + next_agent, i + next_index)).sum();
        let correlation = sum * 12.0 / n as f64;
        assert!(correlation.abs() < 4.0 / (n as f64).sqrt(), "{correlation}");
    }
}
