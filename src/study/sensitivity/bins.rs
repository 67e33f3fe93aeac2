//! A sample cut along one factor into bins of equal count, and what samples have to be.
//! Knows nothing of outputs.

use ndarray::{ArrayView1, ArrayView2};

/// The bin of each row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bins {
    pub of: Vec<usize>,
    pub count: usize,
}

impl Bins {
    /// At most `most` bins of nearly equal count, ascending; a bin for each value where there are no more values than that.
    /// Rows of the same value share a bin: in a grid their order is that of the other factors, which would leak into the bins.
    pub fn new(column: ArrayView1<f64>, most: usize) -> Bins {
        let n = column.len();
        let order = ascending(column);
        let by_value = levels(column, &order) <= most;
        let mut of = vec![0; n];
        let (mut from, mut count, mut last) = (0, 0, None);
        while from < n {
            let ties = order[from..].iter().take_while(|&&row| column[row] == column[order[from]]).count();
            let place = (2 * from + ties) * most / (2 * n);
            if by_value || last != Some(place) {
                (count, last) = (count + 1, Some(place));
            }
            for &row in &order[from..from + ties] {
                of[row] = count - 1;
            }
            from += ties;
        }
        Bins { of, count }
    }

    /// Half as many bins of the same column; the same bins where each value has its own, which leave nothing to resolve.
    pub fn coarser(&self, column: ArrayView1<f64>) -> Bins {
        match levels(column, &ascending(column)) == self.count {
            true => self.clone(),
            false => Bins::new(column, self.count.div_ceil(2)),
        }
    }
}

/// Rows from the lowest to the highest value.
pub(super) fn ascending(column: ArrayView1<f64>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..column.len()).collect();
    order.sort_by(|&a, &b| column[a].total_cmp(&column[b]));
    order
}

/// How many different values a column has, whose ascending order is given.
fn levels(column: ArrayView1<f64>, order: &[usize]) -> usize {
    order.len().min(1) + order.windows(2).filter(|pair| column[pair[0]] != column[pair[1]]).count()
}

/// # Errors
/// Where outputs are not as many as points, or a coordinate is not finite.
pub(super) fn same_length(points: ArrayView2<f64>, outputs: ArrayView1<f64>) -> Result<(), String> {
    if points.nrows() != outputs.len() {
        return Err(format!("{} points have {} outputs", points.nrows(), outputs.len()));
    }
    match points.indexed_iter().find(|(_, x)| !x.is_finite()) {
        Some(((row, factor), x)) => Err(format!("coordinate {factor} of point {row} is {x}")),
        None => Ok(()),
    }
}

/// Rows with a value.
pub(super) fn usable(outputs: ArrayView1<f64>) -> Vec<usize> {
    (0..outputs.len()).filter(|&row| outputs[row].is_finite()).collect()
}

#[cfg(test)]
mod tests {
    use ndarray::Array1;

    use super::*;

    #[test]
    fn bins_have_equal_counts_in_ascending_order() {
        let column = Array1::from_shape_fn(20, |row| (row * 7 % 20) as f64);
        let bins = Bins::new(column.view(), 5);
        assert_eq!(bins.count, 5);
        assert!(column.iter().zip(&bins.of).all(|(x, bin)| *bin == *x as usize / 4));
        assert_eq!(bins.coarser(column.view()).count, 3);
    }

    #[test]
    fn few_values_have_a_bin_each_however_rare() {
        let column = Array1::from_shape_fn(63, |row| row.saturating_sub(59) as f64);
        let bins = Bins::new(column.view(), 8);
        assert_eq!((bins.count, &bins.of[58..]), (4, &[0, 0, 1, 2, 3][..]));
        assert_eq!(bins.coarser(column.view()), bins);
    }

    #[test]
    fn rows_of_the_same_value_share_a_bin() {
        let column = Array1::from_shape_fn(40, |row| (row / 4) as f64);
        let bins = Bins::new(column.view(), 4);
        assert!(bins.of.chunks(4).all(|four| four.iter().all(|bin| *bin == four[0])));
        assert_eq!(bins.count, 4);
    }
}
