//! What an output does along a factor: medians and quartiles in bins of equal count.
//! Knows two columns of numbers; knows nothing of pictures.

use super::super::scale::drawable;

/// Points that lie beside each other along a factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Bin {
    /// Median place.
    pub x: f64,
    pub n: usize,
    pub mean: f64,
    /// Lower quartile, median, upper quartile.
    pub quartiles: [f64; 3],
}

/// Points that a bin has at least, on average.
const ROWS: usize = 20;
const MOST: usize = 16;

/// Bins from the lowest to the highest place: one for each place where there are few, else some of nearly equal count, none of which
/// parts points of the same place. None where there are too few points.
pub fn bins(x: &[f64], y: &[f64]) -> Vec<Bin> {
    let known = |(x, y): (&f64, &f64)| (drawable(*x) && drawable(*y)).then_some((*x, *y));
    let mut points: Vec<(f64, f64)> = x.iter().zip(y).filter_map(known).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let places: Vec<&[(f64, f64)]> = points.chunk_by(|a, b| a.0 == b.0).collect();
    let most = (points.len() / ROWS).clamp(1, MOST);
    let each = places.len() <= MOST && points.len() >= 3 * places.len();
    if !each && most < 3 {
        return Vec::new();
    }
    let mut cut: Vec<Vec<(f64, f64)>> = Vec::new();
    let (mut before, mut last) = (0, None);
    for place in places {
        let bin = (2 * before + place.len()) * most / (2 * points.len());
        match cut.last_mut() {
            Some(open) if !each && last == Some(bin) => open.extend_from_slice(place),
            _ => cut.push(place.to_vec()),
        }
        (before, last) = (before + place.len(), Some(bin));
    }
    cut.iter().map(|points| bin(points)).collect()
}

fn bin(points: &[(f64, f64)]) -> Bin {
    let places: Vec<f64> = points.iter().map(|point| point.0).collect();
    let mut values: Vec<f64> = points.iter().map(|point| point.1).collect();
    values.sort_by(f64::total_cmp);
    Bin {
        x: quantile(&places, 0.5),
        n: points.len(),
        mean: values.iter().sum::<f64>() / values.len() as f64,
        quartiles: [0.25, 0.5, 0.75].map(|share| quantile(&values, share)),
    }
}

/// Of ascending values, interpolated between neighbours (unchecked: type 7 of Hyndman & Fan 1996, Am Stat 50:361); NaN of none.
pub fn quantile(ascending: &[f64], share: f64) -> f64 {
    let Some(last) = ascending.len().checked_sub(1) else { return f64::NAN };
    let at = share * last as f64;
    let (low, high) = (ascending[at.floor() as usize], ascending[at.ceil() as usize]);
    low + (high - low) * (at - at.floor())
}

/// Share of the variance of `y` that lies between bins of `x`; NaN where there are too few points or nothing varies.
pub fn ratio(x: &[f64], y: &[f64]) -> f64 {
    let bins = bins(x, y);
    let n: f64 = bins.iter().map(|bin| bin.n as f64).sum();
    let mean = bins.iter().map(|bin| bin.mean * bin.n as f64).sum::<f64>() / n;
    let between: f64 = bins.iter().map(|bin| bin.n as f64 * (bin.mean - mean) * (bin.mean - mean)).sum();
    let known = x.iter().zip(y).filter(|(x, y)| drawable(**x) && drawable(**y));
    let all: f64 = known.map(|(_, y)| (y - mean) * (y - mean)).sum();
    between / all
}

/// Lower end, share, upper end in per cent (unchecked: Wilson 1927, J Am Stat Assoc 22:209).
pub fn wilson(percent: f64, n: usize) -> [f64; 3] {
    const Z: f64 = 1.96;
    let (p, n) = (percent / 100.0, n as f64);
    let (middle, whole) = (p + Z * Z / (2.0 * n), 1.0 + Z * Z / n);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    [100.0 * (middle - half) / whole, percent, 100.0 * (middle + half) / whole]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_part_no_place_and_hold_all_points() {
        let x: Vec<f64> = (0..400).map(|i| f64::from((i * 7) % 40)).collect();
        let y: Vec<f64> = (0..400).map(|i| if i == 3 { f64::NAN } else { f64::from(i) }).collect();
        let bins = bins(&x, &y);
        assert!(bins.len() <= MOST && bins.iter().map(|bin| bin.n).sum::<usize>() == 399);
        assert!(bins.iter().all(|bin| bin.n % 10 == 0 || bin.n % 10 == 9), "{bins:?}");
        assert!(bins.windows(2).all(|pair| pair[0].x < pair[1].x));
    }

    #[test]
    fn a_median_needs_some_points() {
        assert!(bins(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]).is_empty());
        assert!(bins(&[], &[]).is_empty() && ratio(&[], &[]).is_nan());
        let two = bins(&[1.0, 1.0, 1.0, 2.0, 2.0, 2.0], &[1.0, 2.0, 9.0, 4.0, 4.0, 4.0]);
        assert_eq!(two.iter().map(|bin| bin.quartiles[1]).collect::<Vec<_>>(), [2.0, 4.0]);
    }

    #[test]
    fn the_ratio_is_one_where_a_factor_decides_and_small_where_it_does_not() {
        let x: Vec<f64> = (0..1000).map(f64::from).collect();
        let noise: Vec<f64> = (0..1000).map(|i| f64::from((i * 617) % 1000)).collect();
        assert!(ratio(&x, &x) > 0.95 && ratio(&x, &noise) < 0.1);
    }

    /// Ends by statsmodels 0.14, `proportion_confint(8, 10, method="wilson")`.
    #[test]
    fn eight_of_ten_is_49_to_94_per_cent() {
        let [low, _, high] = wilson(80.0, 10);
        assert!((low - 49.016).abs() < 0.01 && (high - 94.332).abs() < 0.01, "{low} {high}");
        assert!(wilson(0.0, 5)[0].abs() < 1e-9 && (wilson(100.0, 5)[2] - 100.0).abs() < 1e-9);
    }
}
