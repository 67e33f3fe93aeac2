//! Which figures of a run tell most: those that its scenario asks for, then of each kind the first, then of each kind the second.
//! Knows nothing of what is drawn; within a kind the scenario's own order says what comes first.

/// Figures of a run where not all are wanted; those that its scenario asks for are always among them.
const MOST: usize = 12;

/// How many of each kind are among those that tell most, given how many were `asked` for and how many there are of each kind, in the
/// order in which kinds take turns.
pub fn telling(asked: usize, kinds: &[usize]) -> Vec<usize> {
    let mut taken = vec![0; kinds.len()];
    let mut room = MOST.saturating_sub(asked);
    for turn in 0..kinds.iter().copied().max().unwrap_or(0) {
        for (taken, all) in taken.iter_mut().zip(kinds) {
            if turn < *all && room > 0 {
                *taken += 1;
                room -= 1;
            }
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_take_turns_until_there_are_twelve() {
        assert_eq!(telling(0, &[10, 2, 9, 8, 9, 2]), [2, 2, 2, 2, 2, 2]);
        assert_eq!(telling(5, &[10, 2, 0, 8, 9]), [2, 2, 0, 2, 1]);
        assert_eq!(telling(20, &[3, 1]), [0, 0]);
    }

    #[test]
    fn a_few_are_all_drawn() {
        assert_eq!(telling(1, &[3, 1, 0, 4]), [3, 1, 0, 4]);
    }
}
