//! A picture as a list of marks in user units, and its SVG.
//! Knows nothing of axes, tables or receptors; only `svg` below knows the library that writes the file, so that a swap stays cheap.
//!
//! The SVG backend of `plotters` rounds to whole coordinates and has no dashes, so a picture is written at `SCALE` times its size under
//! a `viewBox`, and dashes are cut here.

use plotters::prelude::{
    DrawingBackend, FontFamily, FontStyle, IntoFont, RGBAColor, SVGBackend, ShapeStyle, TextStyle,
};
use plotters::style::Color;

#[cfg(test)]
use super::font;

/// Coordinates of the file per user unit.
const SCALE: f64 = 20.0;
/// Families named in the SVG, the one that the PNG uses first.
const FAMILY: &str = "DejaVu Sans, Verdana, Arial, sans-serif";

/// A colour with its opacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ink {
    pub rgb: (u8, u8, u8),
    pub alpha: f64,
}

impl Ink {
    pub const fn rgb(r: u8, g: u8, b: u8) -> Ink {
        Ink { rgb: (r, g, b), alpha: 1.0 }
    }

    pub fn faint(self, alpha: f64) -> Ink {
        Ink { alpha: self.alpha * alpha, ..self }
    }

    fn plotters(self) -> RGBAColor {
        plotters::style::RGBColor(self.rgb.0, self.rgb.1, self.rgb.2).mix(self.alpha)
    }
}

/// Where a text stands beside its point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// What can be drawn. Points are (right, down) in user units; texts stand on their baseline.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    Line { points: Vec<(f64, f64)>, ink: Ink, width: f64 },
    Area { points: Vec<(f64, f64)>, ink: Ink },
    Disc { at: (f64, f64), radius: f64, ink: Ink },
    Text { at: (f64, f64), text: String, size: f64, bold: bool, ink: Ink, anchor: Anchor },
}

/// A rectangle: left, top, right, bottom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Rect {
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }
}

/// Marks in the order in which they are painted.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    pub width: f64,
    pub height: f64,
    pub marks: Vec<Mark>,
}

impl Picture {
    pub fn new(width: f64, height: f64) -> Picture {
        Picture { width, height, marks: Vec::new() }
    }

    /// A line; `dash` gives lengths on and off in user units, empty for an unbroken line.
    pub fn line(&mut self, points: &[(f64, f64)], ink: Ink, width: f64, dash: &[f64]) {
        for points in dashed(points, dash) {
            self.marks.push(Mark::Line { points, ink, width });
        }
    }

    pub fn area(&mut self, points: Vec<(f64, f64)>, ink: Ink) {
        self.marks.push(Mark::Area { points, ink });
    }

    pub fn block(&mut self, r: Rect, ink: Ink) {
        self.area(vec![(r.left, r.top), (r.right, r.top), (r.right, r.bottom), (r.left, r.bottom)], ink);
    }

    pub fn disc(&mut self, at: (f64, f64), radius: f64, ink: Ink) {
        self.marks.push(Mark::Disc { at, radius, ink });
    }

    pub fn text(&mut self, at: (f64, f64), text: &str, size: f64, bold: bool, ink: Ink, anchor: Anchor) {
        let text: String = text.chars().map(printable).collect();
        if !text.trim().is_empty() {
            self.marks.push(Mark::Text { at, text, size, bold, ink, anchor });
        }
    }

    /// The picture as an SVG document of `size` (width and height with their unit), with a title and a description for screen readers.
    pub fn svg(&self, size: (&str, &str), title: &str, description: &str) -> String {
        let (wide, high) = ((self.width * SCALE).round() as u32, (self.height * SCALE).round() as u32);
        let mut body = String::new();
        {
            let mut backend = SVGBackend::with_string(&mut body, (wide, high));
            for mark in &self.marks {
                // Writing into a string cannot fail.
                let _ = paint(&mut backend, mark);
            }
            let _ = backend.present();
        }
        let body: String = body.lines().skip(1).map(tidied).collect();
        format!(
            "<svg width=\"{}\" height=\"{}\" viewBox=\"0 0 {wide} {high}\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" \
             stroke-linejoin=\"round\" text-rendering=\"geometricPrecision\">\n<title>{}</title>\n<desc>{}</desc>\n{body}",
            size.0,
            size.1,
            escaped(title),
            escaped(description)
        )
    }
}

/// A line of the backend's file with the opacity moved from the element, which costs a layer each, to its fill or stroke.
/// Lines that hold a text's words never begin with `<`, because it is escaped.
fn tidied(line: &str) -> String {
    let own = match line {
        shape if shape.starts_with("<polygon") || shape.starts_with("<circle") => " fill-opacity=\"",
        shape if shape.starts_with("<polyline") => " stroke-opacity=\"",
        text if text.starts_with("<text") => " fill-opacity=\"",
        other => return format!("{other}\n"),
    };
    line.replacen(" opacity=\"1\"", "", 1).replacen(" opacity=\"", own, 1) + "\n"
}

/// The character, or a space for what XML 1.0 forbids.
fn printable(c: char) -> char {
    if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') { ' ' } else { c }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c => out.push(printable(c)),
        }
    }
    out
}

fn whole(points: &[(f64, f64)]) -> Vec<(i32, i32)> {
    points.iter().map(|&(x, y)| ((x * SCALE).round() as i32, (y * SCALE).round() as i32)).collect()
}

fn paint(backend: &mut SVGBackend, mark: &Mark) -> Result<(), String> {
    let stroke = |ink: &Ink, width: f64| ShapeStyle {
        color: ink.plotters(),
        filled: true,
        stroke_width: (width * SCALE).round().max(1.0) as u32,
    };
    match mark {
        Mark::Line { points, ink, width } => backend.draw_path(whole(points), &stroke(ink, *width)),
        Mark::Area { points, ink } => backend.fill_polygon(whole(points), &stroke(ink, 0.0)),
        Mark::Disc { at, radius, ink } => {
            backend.draw_circle(whole(&[*at])[0], (radius * SCALE).round() as u32, &stroke(ink, 0.0), true)
        }
        Mark::Text { at, text, size, bold, ink, anchor } => {
            use plotters::style::text_anchor::{HPos, Pos, VPos};
            let weight = if *bold { FontStyle::Bold } else { FontStyle::Normal };
            let across = match anchor {
                Anchor::Start => HPos::Left,
                Anchor::Middle => HPos::Center,
                Anchor::End => HPos::Right,
            };
            // The backend divides sizes by 1.24 and puts the baseline of `Top` 0.76 em below the point.
            let font = (FontFamily::Name(FAMILY), size * SCALE * 1.24, weight).into_font();
            let colour = ink.plotters();
            let style = TextStyle::from(font).color(&colour).pos(Pos::new(across, VPos::Top));
            backend.draw_text(text, &style, whole(&[(at.0, at.1 - 0.76 * size)])[0])
        }
    }
    .map_err(|e| e.to_string())
}

/// A line cut into its dashes.
fn dashed(points: &[(f64, f64)], dash: &[f64]) -> Vec<Vec<(f64, f64)>> {
    let points: Vec<_> = points.iter().copied().filter(|p| p.0.is_finite() && p.1.is_finite()).collect();
    if points.len() < 2 {
        return Vec::new();
    }
    if dash.is_empty() || dash.iter().sum::<f64>() < 0.2 {
        return vec![points];
    }
    let mut out = Vec::new();
    let (mut piece, mut index, mut left) = (vec![points[0]], 0, dash[0]);
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        let mut length = ((to.0 - from.0).powi(2) + (to.1 - from.1).powi(2)).sqrt();
        while length > left {
            let share = left / length;
            from = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            length -= left;
            if index % 2 == 0 {
                piece.push(from);
                out.push(std::mem::take(&mut piece));
            } else {
                piece = vec![from];
            }
            index = (index + 1) % (dash.len() + dash.len() % 2);
            left = dash[index % dash.len()].max(0.05);
        }
        left -= length;
        if index % 2 == 0 {
            piece.push(to);
        }
    }
    if index % 2 == 0 && piece.len() > 1 {
        out.push(piece);
    }
    out
}

#[cfg(test)]
impl Mark {
    /// The rectangle that a text covers; `None` for other marks.
    pub fn text_box(&self) -> Option<Rect> {
        let Mark::Text { at, text, size, bold, anchor, .. } = self else { return None };
        let width = font::width(text, *size, *bold);
        let left = match anchor {
            Anchor::Start => at.0,
            Anchor::Middle => at.0 - width / 2.0,
            Anchor::End => at.0 - width,
        };
        Some(Rect {
            left,
            top: at.1 - font::CAPITAL * size,
            right: left + width,
            bottom: at.1 + font::DESCENT * size,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_cover_their_share_of_a_line() {
        let pieces = dashed(&[(0.0, 0.0), (30.0, 0.0), (100.0, 0.0)], &[3.0, 1.0]);
        let drawn: f64 =
            pieces.iter().flat_map(|p| p.windows(2).map(|w| w[1].0 - w[0].0).collect::<Vec<_>>()).sum();
        assert!((drawn - 75.0).abs() < 1e-9, "{drawn}");
        assert_eq!(pieces.len(), 25);
    }

    #[test]
    fn a_document_keeps_its_texts_escaped_and_its_size() {
        let mut picture = Picture::new(100.0, 50.0);
        picture.text((5.0, 20.0), "R < 5 & \"L\"", 10.0, true, Ink::rgb(0, 0, 0), Anchor::Start);
        let svg = picture.svg(("85mm", "42mm"), "a <b>", "c");
        assert!(svg.starts_with("<svg width=\"85mm\" height=\"42mm\" viewBox=\"0 0 2000 1000\""));
        assert!(
            svg.contains("R &lt; 5 &amp; &quot;L&quot;") && svg.contains("<title>a &lt;b&gt;</title>"),
            "{svg}"
        );
        assert!(svg.contains("font-size=\"200\"") && svg.contains("DejaVu Sans, Verdana"), "{svg}");
    }
}
