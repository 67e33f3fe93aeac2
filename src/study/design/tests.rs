//! Laws of all designs.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

fn any_kind(dimensions: usize) -> impl Strategy<Value = Kind> {
    let levels = proptest::collection::vec(1_u64..6, dimensions);
    prop_oneof![
        (1_u64..500).prop_map(|rows| Kind::List { rows }),
        levels.prop_map(|levels| Kind::Grid { levels }),
        (1_u64..MOST_POINTS).prop_map(|points| Kind::Random { points }),
        (1_u64..MOST_POINTS).prop_map(|points| Kind::LatinHypercube { points }),
        (1_u64..MOST_POINTS, any::<bool>()).prop_map(|(points, scrambled)| Kind::Sobol { points, scrambled }),
        (1_u64..1 << 40, 1_u64..9)
            .prop_map(|(trajectories, half)| Kind::Morris { trajectories, levels: 2 * half }),
        (1_u64..1 << 40, any::<bool>())
            .prop_map(|(base, second_order)| Kind::Saltelli { base, second_order }),
        Just(Kind::Local),
    ]
}

fn any_design() -> impl Strategy<Value = Design> {
    (1_usize..8)
        .prop_flat_map(|dimensions| (Just(dimensions), any_kind(dimensions), any::<u64>()))
        .prop_map(|(dimensions, kind, seed)| Design { kind, dimensions, seed })
}

fn design(kind: Kind, dimensions: usize, seed: u64) -> Design {
    Design { kind, dimensions, seed }
}

/// The first points of a design.
fn beginning(design: &Design, count: u64) -> Vec<Vec<f64>> {
    let places = design.places().unwrap();
    (0..count).map(|index| places.point(index)).collect()
}

proptest! {
    #[test]
    fn points_lie_in_the_cube_and_are_the_same_when_asked_again(design in any_design(), at in 0.0..1.0) {
        let places = design.places().unwrap();
        let index = (at * places.points() as f64) as u64;
        let point = places.point(index);
        prop_assert_eq!(point.len(), design.dimensions);
        let inner = !matches!(design.kind, Kind::Morris { .. } | Kind::Local);
        for x in &point {
            let inside = if inner { 0.0 < *x && *x < 1.0 } else { (0.0..=1.0).contains(x) };
            prop_assert!(inside, "{}", x);
        }
        prop_assert_eq!(point, design.places().unwrap().point(index));
    }

    #[test]
    fn points_are_whole_blocks(design in any_design()) {
        let (points, blocks) = (design.points().unwrap(), design.blocks().unwrap());
        prop_assert_eq!(points, blocks * design.block());
        prop_assert!(blocks > 0);
    }

    #[test]
    fn every_block_is_run_once(design in any_design()) {
        let blocks = design.blocks().unwrap();
        let positions = 0..blocks.min(2_000);
        let order: HashSet<u64> = positions.clone().map(|position| design.order(position)).collect();
        prop_assert_eq!(order.len() as u64, positions.end);
        prop_assert!(order.iter().all(|block| *block < blocks));
    }

    #[test]
    fn other_seeds_give_other_designs(seed: u64, other: u64, dimensions in 2_usize..6) {
        prop_assume!(seed != other);
        let random = [
            Kind::Random { points: 40 },
            Kind::LatinHypercube { points: 40 },
            Kind::Sobol { points: 40, scrambled: true },
            Kind::Morris { trajectories: 40, levels: 4 },
            Kind::Saltelli { base: 40, second_order: false },
        ];
        for kind in random {
            let points = |seed| beginning(&design(kind.clone(), dimensions, seed), 40);
            prop_assert_ne!(points(seed), points(other));
        }
        let grid = |seed| design(Kind::Grid { levels: vec![40] }, 1, seed);
        let order = |seed| (0..40).map(|position| grid(seed).order(position)).collect::<Vec<_>>();
        prop_assert_ne!(order(seed), order(other));
    }

    #[test]
    fn a_larger_design_begins_with_the_smaller_one(blocks in 1_u64..50, more in 1_u64..1_000_000, seed: u64) {
        let kinds: [fn(u64) -> Kind; 5] = [
            |points| Kind::Random { points },
            |points| Kind::Sobol { points, scrambled: true },
            |points| Kind::Sobol { points, scrambled: false },
            |trajectories| Kind::Morris { trajectories, levels: 6 },
            |base| Kind::Saltelli { base, second_order: true },
        ];
        for kind in kinds {
            let (small, large) = (design(kind(blocks), 3, seed), design(kind(blocks + more), 3, seed));
            let count = small.points().unwrap();
            prop_assert_eq!(beginning(&small, count), beginning(&large, count));
        }
    }
}

#[test]
fn a_row_and_a_level_can_be_read_from_their_coordinates() {
    for rows in [1, 2, 3, 10, 49, 1_000_003, 999_999_999_989] {
        let places = design(Kind::List { rows }, 2, 0).places().unwrap();
        for row in [0, rows / 3, rows / 2, rows - 1] {
            let point = places.point(row);
            assert_eq!(point[0], point[1]);
            assert_eq!((point[0] * rows as f64).floor() as u64, row);
        }
    }
}

#[test]
fn a_grid_has_every_combination_once_with_the_last_factor_fastest() {
    let levels = [2_u64, 3, 4];
    let grid = design(Kind::Grid { levels: levels.to_vec() }, 3, 0);
    let level = |point: Vec<f64>| -> Vec<u64> {
        point.iter().zip(levels).map(|(x, n)| (x * n as f64).floor() as u64).collect()
    };
    let found: Vec<Vec<u64>> = beginning(&grid, 24).into_iter().map(level).collect();
    let nested: Vec<Vec<u64>> =
        (0..2).flat_map(|i| (0..3).flat_map(move |j| (0..4).map(move |k| vec![i, j, k]))).collect();
    assert_eq!(found, nested);
    assert_eq!(grid.points(), Some(24));
}

/// A tenth of the points as run: each half of each factor has close to half of them.
#[test]
fn a_grid_broken_off_is_a_fair_sample_of_the_whole() {
    let grid = design(Kind::Grid { levels: vec![10; 4] }, 4, 21);
    let places = grid.places().unwrap();
    for factor in 0..4 {
        let upper = (0..1_000).filter(|at| places.point(grid.order(*at))[factor] > 0.5).count();
        // Drawn without replacement from 10,000: a standard error of 15.
        assert!((425..575).contains(&upper), "factor {factor}: {upper} of 1000 in the upper half");
    }
}

#[test]
fn lists_sequences_and_blocks_are_run_in_their_own_order() {
    let kinds = [
        Kind::List { rows: 9 },
        Kind::Random { points: 9 },
        Kind::LatinHypercube { points: 9 },
        Kind::Sobol { points: 9, scrambled: true },
        Kind::Morris { trajectories: 9, levels: 4 },
        Kind::Saltelli { base: 9, second_order: false },
    ];
    for kind in kinds {
        let design = design(kind, 2, 5);
        assert!((0..9).all(|position| design.order(position) == position));
    }
}

#[test]
fn designs_of_one_seed_and_of_different_kinds_share_no_points() {
    let kinds = [
        Kind::Random { points: 100 },
        Kind::LatinHypercube { points: 100 },
        Kind::Sobol { points: 100, scrambled: true },
        Kind::Saltelli { base: 25, second_order: false },
    ];
    let coordinates: Vec<u64> = kinds
        .into_iter()
        .flat_map(|kind| beginning(&design(kind, 2, 3), 100))
        .map(|point| point[0].to_bits())
        .collect();
    // Rows A and AB_2 of a block share their first coordinate, and so do B and AB_1.
    assert_eq!(coordinates.iter().collect::<HashSet<_>>().len(), 350);
}

/// What a point is belongs to the numerics version: these numbers move only with it.
#[test]
fn the_points_of_a_design_are_frozen() {
    let kinds = [
        Kind::Random { points: 10 },
        Kind::LatinHypercube { points: 10 },
        Kind::Sobol { points: 10, scrambled: false },
        Kind::Sobol { points: 10, scrambled: true },
        Kind::Morris { trajectories: 10, levels: 4 },
        Kind::Saltelli { base: 10, second_order: true },
    ];
    let mut lines: Vec<String> = kinds
        .into_iter()
        .map(|kind| format!("{kind:?} {:?}", design(kind.clone(), 3, 7).places().unwrap().point(5)))
        .collect();
    let grid = design(Kind::Grid { levels: vec![5, 5] }, 2, 7);
    lines.push(format!("{:?}", (0..25).map(|position| grid.order(position)).collect::<Vec<_>>()));
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Random { points: 10 } [0.811113864238267, 0.7230339140455991, 0.3373296944637588]
    LatinHypercube { points: 10 } [0.5017744742607058, 0.029637746492338836, 0.3936853481163801]
    Sobol { points: 10, scrambled: false } [0.8750000000000001, 0.8750000000000001, 0.1250000000000001]
    Sobol { points: 10, scrambled: true } [0.6402902607638493, 0.8713029295084657, 0.9250272318085119]
    Morris { trajectories: 10, levels: 4 } [1.0, 0.3333333333333333, 0.3333333333333333]
    Saltelli { base: 10, second_order: true } [0.9270392036557101, 0.7723632171274427, 0.5075685629026861]
    [7, 21, 1, 2, 8, 5, 14, 18, 6, 22, 11, 13, 9, 20, 3, 10, 23, 24, 0, 4, 12, 19, 16, 15, 17]
    "#);
}

#[test]
fn a_local_design_has_the_steps_of_its_estimator() {
    let found = beginning(&design(Kind::Local, 3, 1), 13);
    let steps = crate::study::sensitivity::local_points(3, 1.0);
    let expected: Vec<Vec<f64>> =
        steps.rows().into_iter().map(|row| row.iter().map(|d| 0.5 + 0.5 * d).collect()).collect();
    assert_eq!(found, expected);
}
