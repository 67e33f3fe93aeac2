//! Fans, medians, dots and markers inside a panel.
//! Knows panels and pens; knows nothing of tables. What has more points than the picture has columns is reduced to its extremes.

use super::audience::{Marker, Pen, Theme};
use super::axes::Panel;
use super::canvas::{Ink, Picture};
use super::fan::{Band, Fan};

/// Dash of what belongs to the unchanged run where nothing has to be told apart.
pub fn ghost_dash(theme: &Theme) -> [f64; 2] {
    [3.2 * theme.line, 2.2 * theme.line]
}

/// Dash of the unchanged run of what is drawn without gaps, in widths of the line: no pen has it.
const GHOST_OF_SOLID: &[f64] = &[1.0, 2.4];

/// The pen of the unchanged run of what another pen draws: pale, in the dashes of that pen.
pub fn ghost_pen(theme: &Theme, pen: &Pen) -> Pen {
    let dash = if pen.dash.is_empty() { GHOST_OF_SOLID } else { pen.dash };
    Pen { ink: theme.ghost(), text: theme.soft(), dash, marker: Marker::None }
}

fn dash_of(pen: &Pen, width: f64) -> Vec<f64> {
    pen.dash.iter().map(|d| d * width).collect()
}

/// More lines than this share a panel with their inner bands only: wide bands would cover each other.
pub const MOST_WIDE_BANDS: usize = 3;

/// Unit of dots and markers.
fn dot_unit(theme: &Theme) -> f64 {
    0.155 * theme.size
}

/// Ink of a band: 0 for the wide one, 1 for the narrow one.
pub fn band_ink(pen: &Pen, level: usize) -> Ink {
    pen.ink.faint(if level == 0 { 0.13 } else { 0.24 })
}

/// A short piece of a line as it looks in the panel.
pub fn sample(picture: &mut Picture, theme: &Theme, pen: &Pen, (left, right): (f64, f64), y: f64) {
    picture.line(&[(left, y), (right, y)], pen.ink, theme.line, &dash_of(pen, theme.line));
    marker(picture, theme, pen, ((left + right) / 2.0, y), 0.8);
}

/// The marker of a pen; nothing for pens without one.
pub fn marker(picture: &mut Picture, theme: &Theme, pen: &Pen, (x, y): (f64, f64), size: f64) {
    let r = 1.75 * dot_unit(theme) * size;
    let corners = match pen.marker {
        Marker::None => return,
        Marker::Disc => return picture.disc((x, y), r, pen.ink),
        Marker::Square => vec![(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)],
        Marker::Triangle => {
            vec![(x, y - 1.25 * r), (x + 1.15 * r, y + 0.85 * r), (x - 1.15 * r, y + 0.85 * r)]
        }
        Marker::Diamond => vec![(x, y - 1.35 * r), (x + 1.35 * r, y), (x, y + 1.35 * r), (x - 1.35 * r, y)],
    };
    picture.area(corners, pen.ink);
}

/// A dot that marks a value: the pen's marker, or a disc with a white rim.
pub fn dot(picture: &mut Picture, theme: &Theme, pen: &Pen, at: (f64, f64), size: f64) {
    if pen.marker == Marker::None {
        picture.disc(at, 2.2 * dot_unit(theme) * size, Ink::rgb(255, 255, 255));
        picture.disc(at, 1.75 * dot_unit(theme) * size, pen.ink);
    } else {
        marker(picture, theme, pen, at, 1.1 * size);
    }
}

/// Points with both coordinates drawable, cut where one is missing.
fn pieces(panel: &Panel, x: &[f64], y: &[f64]) -> Vec<Vec<(f64, f64)>> {
    let mut out = vec![Vec::new()];
    for (x, y) in x.iter().zip(y) {
        let at = panel.at(*x, *y);
        match (at.0.is_finite() && at.1.is_finite(), out.last_mut()) {
            (true, Some(piece)) => piece.push(at),
            _ => out.push(Vec::new()),
        }
    }
    out.retain(|piece| !piece.is_empty());
    out
}

/// At most four points for each column of 0.4 units: the first, the extremes and the last.
pub fn thinned(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let column = |p: &(f64, f64)| (p.0 / 0.4).floor();
    let mut out = Vec::with_capacity(points.len());
    for group in points.chunk_by(|a, b| column(a) == column(b)) {
        if group.len() <= 4 {
            out.extend(group);
            continue;
        }
        let by_height = |&a: &usize, &b: &usize| group[a].1.total_cmp(&group[b].1);
        let low = (0..group.len()).min_by(by_height).unwrap_or(0);
        let high = (0..group.len()).max_by(by_height).unwrap_or(0);
        let mut kept = vec![0, low, high, group.len() - 1];
        kept.sort_unstable();
        kept.dedup();
        out.extend(kept.into_iter().map(|i| group[i]));
    }
    out
}

/// A line that rises and falls by this much for each unit to the right, in so many turns, has no gaps: those in its swings would form
/// patterns that mean nothing.
const STEEP: f64 = 1.5;
const MANY: usize = 10;

fn swings(piece: &[(f64, f64)]) -> bool {
    let rise: f64 = piece.windows(2).map(|w| (w[1].1 - w[0].1).abs()).sum();
    let width = piece[piece.len() - 1].0 - piece[0].0;
    let ways: Vec<bool> = piece.windows(2).filter(|w| w[1].1 != w[0].1).map(|w| w[1].1 > w[0].1).collect();
    let turns = ways.windows(2).filter(|w| w[0] != w[1]).count();
    rise > STEEP * width && turns >= MANY
}

/// A polyline through values, with its pen's dash and markers.
pub fn curve(
    picture: &mut Picture,
    theme: &Theme,
    panel: &Panel,
    (x, y): (&[f64], &[f64]),
    pen: &Pen,
    place: usize,
) {
    for piece in pieces(panel, x, y) {
        if piece.len() == 1 {
            dot(picture, theme, pen, piece[0], 1.0);
            continue;
        }
        let stride = (piece.len() / 8).max(1);
        let markers: Vec<_> =
            piece.iter().skip((stride * (place % 4)) / 4).step_by(stride).copied().collect();
        let dash = if swings(&piece) { Vec::new() } else { dash_of(pen, theme.line) };
        picture.line(&thinned(piece), pen.ink, theme.line, &dash);
        for at in markers {
            marker(picture, theme, pen, at, 0.9);
        }
    }
}

/// A pale margin along a curve that another one will lie upon, so that both are seen.
pub fn halo(picture: &mut Picture, theme: &Theme, panel: &Panel, (x, y): (&[f64], &[f64]), pen: &Pen) {
    for piece in pieces(panel, x, y) {
        picture.line(&thinned(piece), pen.ink.faint(0.5), 2.0 * theme.line, &[]);
    }
}

/// The bands of one of `of` fans in a panel, the paler the more there are.
pub fn bands(picture: &mut Picture, panel: &Panel, theme: &Theme, fan: &Fan, pen: &Pen, of: usize) {
    for (level, band) in fan.bands.iter().enumerate() {
        let ink = band_ink(pen, level + 2 - fan.bands.len()).faint((3.0 / of as f64).min(1.0));
        for (low, high) in outline(panel, &fan.x, band) {
            if low.len() == 1 {
                let ((x, y0), y1) = (low[0], high[0].1);
                let half = theme.line * if level == 0 { 1.0 } else { 2.0 };
                picture.area(
                    vec![(x - half, y0), (x + half, y0), (x + half, y1), (x - half, y1)],
                    ink.faint(2.5),
                );
            } else {
                picture.area(thinned(low).into_iter().chain(thinned(high).into_iter().rev()).collect(), ink);
            }
        }
    }
}

/// Lower and upper edge of a piece of a band.
type Edges = (Vec<(f64, f64)>, Vec<(f64, f64)>);

/// Lower and upper edge, cut where one of them is missing.
fn outline(panel: &Panel, x: &[f64], band: &Band) -> Vec<Edges> {
    let mut out: Vec<Edges> = vec![Default::default()];
    for ((x, low), high) in x.iter().zip(&band.low).zip(&band.high) {
        let (low, high) = (panel.at(*x, *low), panel.at(*x, *high));
        match (low.0.is_finite() && low.1.is_finite() && high.1.is_finite(), out.last_mut()) {
            (true, Some(piece)) => {
                piece.0.push(low);
                piece.1.push(high);
            }
            _ => out.push(Default::default()),
        }
    }
    out.retain(|piece| !piece.0.is_empty());
    out
}

/// The unchanged run behind what was changed, each with the pen of what it became. Several are told apart by the dashes of these pens;
/// edges of bands are drawn of at most two.
pub fn ghosts(picture: &mut Picture, theme: &Theme, panel: &Panel, ghosts: &[(&Fan, Pen)], several: bool) {
    let edges = !theme.slide() && ghosts.len() <= 2;
    for (unchanged, pen) in ghosts {
        let dash = match several {
            true => dash_of(&ghost_pen(theme, pen), 0.8 * theme.line),
            false => ghost_dash(theme).to_vec(),
        };
        ghost(picture, theme, panel, unchanged, (&dash, edges));
    }
}

/// Its median and, where `edges`, those of its wider band, pale and dashed.
fn ghost(picture: &mut Picture, theme: &Theme, panel: &Panel, fan: &Fan, (dash, edges): (&[f64], bool)) {
    let mut stroke = |y: &[f64], width: f64, ink: Ink| {
        for piece in pieces(panel, &fan.x, y) {
            picture.line(&thinned(piece), ink, width, dash);
        }
    };
    if let Some(band) = fan.bands.first().filter(|_| edges) {
        stroke(&band.low, theme.hair(), theme.ghost());
        stroke(&band.high, theme.hair(), theme.ghost());
    }
    stroke(&fan.middle, theme.line * 0.8, theme.ghost());
}

#[cfg(test)]
mod tests {
    use super::super::Audience;
    use super::*;

    #[test]
    fn a_line_of_many_steep_swings_has_no_gaps() {
        let line = |height: f64| -> Vec<(f64, f64)> {
            (0..40).map(|i| (10.0 * f64::from(i), height * f64::from(i % 2))).collect()
        };
        assert!(swings(&line(60.0)) && !swings(&line(6.0)) && !swings(&line(60.0)[..9]));
    }

    #[test]
    fn no_two_unchanged_runs_share_their_dashes() {
        for audience in Audience::ALL {
            let theme = audience.theme();
            let dash = |place: usize| ghost_pen(&theme, &theme.moment(place)).dash;
            for i in 0..8 {
                assert!(!dash(i).is_empty(), "what is unchanged is never drawn like what is changed");
                assert!((0..i).all(|j| dash(i) != dash(j)), "{audience:?} {i}");
            }
        }
    }
}
