//! Lines of one value through a field of cells, by marching squares between the centres of cells (unchecked: Lorensen & Cline 1987, Comput
//! Graph 21:163, in two dimensions).
//! Knows a grid of numbers; knows nothing of pictures.

/// Polylines along which the field has the value. `x` and `y` are the centres of columns and rows, `values` by row; squares with a
/// corner that is not a number are left out.
pub fn contours(x: &[f64], y: &[f64], values: &[f64], level: f64) -> Vec<Vec<(f64, f64)>> {
    let mut pieces = Vec::new();
    for row in 1..y.len() {
        for column in 1..x.len() {
            let corner = |right: usize, up: usize| {
                let (c, r) = (column - 1 + right, row - 1 + up);
                (x[c], y[r], values[r * x.len() + c])
            };
            let square = [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)];
            if square.iter().all(|corner| corner.2.is_finite()) {
                pieces.extend(crossings(square, level));
            }
        }
    }
    joined(pieces)
}

type Corner = (f64, f64, f64);
type Point = (f64, f64);

/// The lines through one square.
fn crossings(square: [Corner; 4], level: f64) -> Vec<(Point, Point)> {
    let above = square.map(|corner| corner.2 >= level);
    let cut = |i: usize| {
        // From the same end in both squares that share an edge, so that their points are the same bits.
        let (mut a, mut b) = (square[i], square[(i + 1) % 4]);
        if (b.0, b.1) < (a.0, a.1) {
            (a, b) = (b, a);
        }
        let share = (level - a.2) / (b.2 - a.2);
        (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share)
    };
    let cuts: Vec<Point> = (0..4).filter(|i| above[*i] != above[(i + 1) % 4]).map(cut).collect();
    match cuts[..] {
        [a, b] => vec![(a, b)],
        [a, b, c, d] => {
            // A saddle: what the middle is parts or joins the corners.
            let middle = square.iter().map(|corner| corner.2).sum::<f64>() / 4.0;
            if (middle >= level) == above[0] { vec![(a, b), (c, d)] } else { vec![(d, a), (b, c)] }
        }
        _ => Vec::new(),
    }
}

/// Pieces put together where they meet.
fn joined(mut pieces: Vec<(Point, Point)>) -> Vec<Vec<Point>> {
    let mut lines = Vec::new();
    while let Some((from, to)) = pieces.pop() {
        let mut line = std::collections::VecDeque::from([from, to]);
        let mut grew = true;
        while grew {
            grew = false;
            let mut n = 0;
            while n < pieces.len() {
                let (a, b) = pieces[n];
                let (first, last) = (line[0], line[line.len() - 1]);
                if last == a {
                    line.push_back(b);
                } else if last == b {
                    line.push_back(a);
                } else if first == a {
                    line.push_front(b);
                } else if first == b {
                    line.push_front(a);
                } else {
                    n += 1;
                    continue;
                }
                pieces.swap_remove(n);
                grew = true;
            }
        }
        lines.push(line.into());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contour_of_a_cone_is_one_closed_ring_of_its_radius() {
        let at: Vec<f64> = (0..21).map(|i| f64::from(i) / 10.0 - 1.0).collect();
        let values: Vec<f64> =
            at.iter().flat_map(|y| at.iter().map(move |x| (x * x + y * y).sqrt())).collect();
        let lines = contours(&at, &at, &values, 0.55);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].first(), lines[0].last());
        assert!(lines[0].iter().all(|(x, y)| ((x * x + y * y).sqrt() - 0.55).abs() < 0.01));
    }

    #[test]
    fn nothing_is_drawn_through_cells_without_a_value_or_beyond_all_values() {
        let at = [0.0, 1.0, 2.0];
        let values = [0.0, 0.0, 0.0, f64::NAN, f64::NAN, f64::NAN, 1.0, 1.0, 1.0];
        assert!(contours(&at, &at, &values, 0.5).is_empty());
        assert!(contours(&at, &at, &[1.0; 9], 0.5).is_empty() && contours(&[], &[], &[], 0.5).is_empty());
    }
}
