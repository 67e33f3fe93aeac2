//! Where an output of a gathered study is largest or smallest.
//! Knows the table of points; holds one row at a time.

use std::path::Path;

/// Point and value; `None` where no point has one. `Err` is a sentence.
pub fn extreme(folder: &Path, output: &str, smallest: bool) -> Result<Option<(u64, f64)>, String> {
    let path = folder.join("points.csv");
    let told = |e: csv::Error| format!("`{}` cannot be read: {e}; gather the study first", path.display());
    let mut reader = csv::Reader::from_path(&path).map_err(told)?;
    let headers = reader.headers().map_err(told)?.clone();
    let column = |name: &str| headers.iter().position(|header| header == name);
    let (Some(point), Some(value)) = (column("point"), column(output)) else {
        return Err(format!("`{}` has no column `{output}`", path.display()));
    };
    let mut best: Option<(u64, f64)> = None;
    for record in reader.records() {
        let record = record.map_err(told)?;
        let cells =
            (record.get(point).and_then(|c| c.parse().ok()), record.get(value).and_then(|c| c.parse().ok()));
        let (Some(at), Some(found)) = cells else { continue };
        let found: f64 = found;
        if best.is_none_or(|(_, best)| if smallest { found < best } else { found > best }) {
            best = Some((at, found));
        }
    }
    Ok(best)
}
