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
