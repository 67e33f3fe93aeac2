//! What is wrong with a design, in sentences.
//! Knows nothing of the text that asked for it: whoever read it knows the place of each part.

use super::{Design, Kind, MOST_DIMENSIONS, MOST_POINTS};

/// The part of a design that a problem is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// How many factors there are.
    Dimensions,
    /// Rows, points, trajectories or base points.
    Size,
    /// Levels of a grid or of Morris trajectories.
    Levels,
    /// Levels of one factor of a grid, counted from 0.
    LevelsOf(usize),
}

/// Why a design cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub about: Part,
    /// One sentence without a full stop: what is wrong.
    pub what: String,
    /// What to write instead.
    pub help: String,
}

impl Problem {
    fn new(about: Part, what: impl Into<String>, help: impl Into<String>) -> Problem {
        Problem { about, what: what.into(), help: help.into() }
    }
}

impl Design {
    /// All that is wrong with the design; nothing if it can be used.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        problems.extend(self.without_factors());
        problems.extend(self.empty());
        problems.extend(self.wrong_levels());
        problems.extend(self.too_wide());
        // The size says nothing while what it is made of is wrong.
        if problems.is_empty() {
            problems.extend(self.too_large());
        }
        problems
    }

    /// What is not wrong but worth knowing: a Sobol' sequence broken off between powers of two is less even than at them.
    pub fn remark(&self) -> Option<Problem> {
        let (Kind::Sobol { points: size, .. } | Kind::Saltelli { base: size, .. }) = self.kind else {
            return None;
        };
        // A larger size has a problem, and no power of two above it.
        if size.is_power_of_two() || size == 0 || size > MOST_POINTS {
            return None;
        }
        let (above, below) = (size.next_power_of_two(), size.next_power_of_two() / 2);
        let what = format!("{size} points of a Sobol' sequence are less even than a power of two of them");
        Some(Problem::new(Part::Size, what, format!("write {below} or {above}")))
    }

    fn without_factors(&self) -> Option<Problem> {
        (self.dimensions == 0)
            .then(|| Problem::new(Part::Dimensions, "a design needs a factor to vary", "name at least one"))
    }

    fn empty(&self) -> Option<Problem> {
        let (size, name) = match self.kind {
            Kind::List { rows } => (rows, "rows"),
            Kind::Grid { .. } | Kind::Local => return None,
            Kind::Random { points } | Kind::LatinHypercube { points } | Kind::Sobol { points, .. } => {
                (points, "points")
            }
            Kind::Morris { trajectories, .. } => (trajectories, "trajectories"),
            Kind::Saltelli { base, .. } => (base, "base points"),
        };
        (size == 0)
            .then(|| Problem::new(Part::Size, format!("a design of 0 {name} is empty"), "write 1 or more"))
    }

    fn wrong_levels(&self) -> Vec<Problem> {
        let levels = |what, help: &str| vec![Problem::new(Part::Levels, what, help)];
        match &self.kind {
            Kind::Grid { levels: of } if of.len() != self.dimensions => levels(
                format!("the grid has levels for {} of its {} factors", of.len(), self.dimensions),
                "give each factor its number of levels",
            ),
            Kind::Grid { levels: of } => {
                let empty = of.iter().enumerate().filter(|(_, n)| **n == 0);
                let problem = |(factor, _)| {
                    let what = "a factor with 0 levels leaves the grid without points";
                    Problem::new(Part::LevelsOf(factor), what, "write 1 or more")
                };
                empty.map(problem).collect()
            }
            Kind::Morris { levels: n, .. } if *n == 0 || n % 2 == 1 => levels(
                format!("{n} levels cannot be halved, and a step of the trajectory is half of them"),
                "write an even number from 2; 4 is usual",
            ),
            Kind::Morris { levels: n, .. } if *n > MOST_POINTS => {
                levels(format!("{n} levels are more than a coordinate can tell apart"), "4 is usual")
            }
            _ => Vec::new(),
        }
    }

    fn too_wide(&self) -> Option<Problem> {
        let (most, of, help) = match self.kind {
            Kind::Sobol { .. } => (MOST_DIMENSIONS, "a Sobol' sequence", "use a Latin hypercube"),
            Kind::Saltelli { .. } => (
                MOST_DIMENSIONS / 2,
                "a Saltelli design, which takes two dimensions of a Sobol' sequence for each",
                "screen them with a Morris design first and keep those that matter",
            ),
            _ => return None,
        };
        let what = || format!("{} factors are more than the {most} of {of}", self.dimensions);
        (self.dimensions > most).then(|| Problem::new(Part::Dimensions, what(), help))
    }

    fn too_large(&self) -> Option<Problem> {
        let points = match self.points() {
            Some(points) if points <= MOST_POINTS => return None,
            Some(points) => format!("{points}"),
            None => "2^64 or more".to_owned(),
        };
        let about = if matches!(self.kind, Kind::Grid { .. }) { Part::Levels } else { Part::Size };
        let help = match self.kind {
            Kind::Grid { .. } => "give fewer levels, or draw from the same ranges with a Sobol' sequence",
            _ => "write a smaller number",
        };
        let what =
            format!("the design has {points} points, and at most {MOST_POINTS} (2^48) can be addressed");
        Some(Problem::new(about, what, help))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: Kind, dimensions: usize) -> String {
        let problems = Design { kind, dimensions, seed: 1 }.problems();
        let lines: Vec<String> =
            problems.iter().map(|p| format!("{:?}: {}; {}", p.about, p.what, p.help)).collect();
        lines.join("\n")
    }

    #[test]
    fn what_cannot_be_used_is_told_with_a_remedy_and_all_at_once() {
        let sobol = |points| Kind::Sobol { points, scrambled: true };
        let morris = |trajectories, levels| Kind::Morris { trajectories, levels };
        let saltelli = |base| Kind::Saltelli { base, second_order: true };
        let all = [
            told(Kind::Random { points: 0 }, 0),
            told(morris(0, 5), 3),
            told(morris(1, 0), 3),
            told(morris(1, u64::MAX - 1), 3),
            told(Kind::Grid { levels: vec![3, 0, 2, 0] }, 4),
            told(Kind::Grid { levels: vec![3] }, 2),
            told(Kind::Grid { levels: vec![1 << 40; 3] }, 3),
            told(Kind::Grid { levels: vec![1 << 30; 2] }, 2),
            told(sobol(8), 1001),
            told(saltelli(8), 501),
            told(saltelli(u64::MAX), 5),
            told(Kind::LatinHypercube { points: MOST_POINTS + 1 }, 5),
            told(Kind::Random { points: 7 }, usize::MAX),
        ];
        insta::assert_snapshot!(all.join("\n"), @r#"
    Dimensions: a design needs a factor to vary; name at least one
    Size: a design of 0 points is empty; write 1 or more
    Size: a design of 0 trajectories is empty; write 1 or more
    Levels: 5 levels cannot be halved, and a step of the trajectory is half of them; write an even number from 2; 4 is usual
    Levels: 0 levels cannot be halved, and a step of the trajectory is half of them; write an even number from 2; 4 is usual
    Levels: 18446744073709551614 levels are more than a coordinate can tell apart; 4 is usual
    LevelsOf(1): a factor with 0 levels leaves the grid without points; write 1 or more
    LevelsOf(3): a factor with 0 levels leaves the grid without points; write 1 or more
    Levels: the grid has levels for 1 of its 2 factors; give each factor its number of levels
    Levels: the design has 2^64 or more points, and at most 281474976710656 (2^48) can be addressed; give fewer levels, or draw from the same ranges with a Sobol' sequence
    Levels: the design has 1152921504606846976 points, and at most 281474976710656 (2^48) can be addressed; give fewer levels, or draw from the same ranges with a Sobol' sequence
    Dimensions: 1001 factors are more than the 1000 of a Sobol' sequence; use a Latin hypercube
    Dimensions: 501 factors are more than the 500 of a Saltelli design, which takes two dimensions of a Sobol' sequence for each; screen them with a Morris design first and keep those that matter
    Size: the design has 2^64 or more points, and at most 281474976710656 (2^48) can be addressed; write a smaller number
    Size: the design has 281474976710657 points, and at most 281474976710656 (2^48) can be addressed; write a smaller number
    "#);
    }

    #[test]
    fn sizes_between_powers_of_two_are_remarked_on_where_that_matters() {
        let remark = |kind| {
            Design { kind, dimensions: 3, seed: 1 }.remark().map(|r| format!("{}; {}", r.what, r.help))
        };
        insta::assert_snapshot!(
            remark(Kind::Sobol { points: 1000, scrambled: true }).unwrap(),
            @"1000 points of a Sobol' sequence are less even than a power of two of them; write 512 or 1024"
        );
        assert!(remark(Kind::Saltelli { base: 3, second_order: true }).is_some());
        for size in [0, 1, 2, 1024, MOST_POINTS, u64::MAX] {
            assert_eq!(remark(Kind::Sobol { points: size, scrambled: false }), None);
        }
        assert_eq!(remark(Kind::Random { points: 1000 }), None);
    }

    #[test]
    fn designs_at_their_limits_can_be_used() {
        assert_eq!(told(Kind::Sobol { points: MOST_POINTS, scrambled: false }, MOST_DIMENSIONS), "");
        assert_eq!(told(Kind::Saltelli { base: 1, second_order: false }, MOST_DIMENSIONS / 2), "");
        assert_eq!(told(Kind::Morris { trajectories: 1, levels: 2 }, 1), "");
        assert_eq!(told(Kind::Grid { levels: vec![1, 1] }, 2), "");
        assert_eq!(told(Kind::List { rows: 1 }, 1), "");
    }
}
