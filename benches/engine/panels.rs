//! Small multiples on logarithmic scales as one SVG: cost over error, three curves each.
//! Knows nothing of what was run.

use std::fmt::Write;

/// (error, cost), in the order in which the points are joined.
pub type Curve = Vec<(f64, f64)>;

pub struct Panel {
    pub title: String,
    /// Explicit, implicit, own choice.
    pub curves: [Curve; 3],
}

const COLUMNS: usize = 4;
const WIDTH: f64 = 960.0;
const LEFT: f64 = 30.0;
const TOP: f64 = 52.0;
/// Of a cell, and what of it is around the panel.
const CELL: (f64, f64) = ((WIDTH - LEFT - 8.0) / COLUMNS as f64, 208.0);
const AROUND: (f64, f64, f64, f64) = (60.0, 22.0, 6.0, 34.0);
const BOTTOM: f64 = 40.0;
const FONT: &str = "DejaVu Sans, Verdana, Arial, sans-serif";

const DARK: &str = "#1a1a1a";
const SOFT: &str = "#555555";
const EXPLICIT: &str = "#00568e";
const IMPLICIT: &str = "#c85200";
const OWN: &str = "#8a8a8a";
/// Of the line at the error that the table compares.
const GUIDE: &str = "stroke=\"#777777\" stroke-width=\"0.9\" stroke-dasharray=\"1.5 2.5\"";

/// A document of marks in user units.
struct Drawing(String);

impl Drawing {
    fn line(&mut self, points: &[(f64, f64)], style: &str) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        self.mark(&format!("<polyline points=\"{}\" fill=\"none\" {style}/>", points.join(" ")));
    }

    /// `anchor` is start, middle or end.
    fn text(&mut self, (x, y): (f64, f64), anchor: &str, style: &str, text: &str) {
        self.mark(&format!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" {style}>{text}</text>"));
    }

    fn mark(&mut self, mark: &str) {
        self.0.push_str(mark);
        self.0.push('\n');
    }

    /// One of the three curves, as its index says, through points of the page.
    fn curve(&mut self, which: usize, points: &[(f64, f64)]) {
        let style = [
            format!("stroke=\"{EXPLICIT}\" stroke-width=\"1.8\""),
            format!("stroke=\"{IMPLICIT}\" stroke-width=\"1.8\" stroke-dasharray=\"6 3\""),
            format!("stroke=\"{OWN}\" stroke-width=\"6\" stroke-opacity=\"0.5\" stroke-linecap=\"round\""),
        ];
        self.line(points, &style[which]);
        for (x, y) in points {
            self.mark(&match which {
                0 => format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.9\" fill=\"{EXPLICIT}\"/>"),
                1 => format!(
                    "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"5.6\" height=\"5.6\" fill=\"{IMPLICIT}\"/>",
                    x - 2.8,
                    y - 2.8
                ),
                _ => format!(
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5.6\" fill=\"#ffffff\" stroke=\"{SOFT}\" stroke-width=\"1.3\"/>"
                ),
            });
        }
    }
}

/// A logarithmic scale: values and where they lie on the page.
#[derive(Clone, Copy)]
struct Scale {
    values: (f64, f64),
    places: (f64, f64),
}

impl Scale {
    fn at(self, value: f64) -> f64 {
        let share = (value / self.values.0).ln() / (self.values.1 / self.values.0).ln();
        self.places.0 + share * (self.places.1 - self.places.0)
    }

    fn has(self, value: f64) -> bool {
        value >= 0.999 * self.values.0 && value <= 1.001 * self.values.1
    }
}

fn bounds(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values
        .filter(|x| x.is_finite() && *x > 0.0)
        .fold((f64::MAX, 0.0), |(low, high), x| (low.min(x), high.max(x)))
}

/// 1, 2 and 5 times powers of ten; fewer where the scale spans more.
fn ticks(scale: Scale) -> Vec<f64> {
    let (low, high) = scale.values;
    let span = (high / low).log10();
    let mantissas: &[f64] = match span {
        s if s < 1.7 => &[1.0, 2.0, 5.0],
        s if s < 3.4 => &[1.0, 3.0],
        _ => &[1.0],
    };
    let decades = low.log10().floor() as i32..=high.log10().ceil() as i32;
    let all = decades.flat_map(|decade| mantissas.iter().map(move |m| m * 10f64.powi(decade)));
    all.filter(|tick| scale.has(*tick)).collect()
}

/// With thousands set apart.
fn counted(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// 10 with its exponent raised.
fn power(exponent: i32) -> String {
    let raised = |c: char| match c {
        '-' => '⁻',
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit => char::from_u32(0x2070 + digit.to_digit(10).unwrap_or(0)).unwrap_or(digit),
    };
    format!("10{}", exponent.to_string().chars().map(raised).collect::<String>())
}

/// The figure; `guide` is the error that a pale line marks in each panel.
pub fn svg(panels: &[Panel], guide: f64) -> String {
    let rows = panels.len().div_ceil(COLUMNS);
    let height = TOP + rows as f64 * CELL.1 + BOTTOM;
    let (low, high) = bounds(panels.iter().flat_map(|p| p.curves.iter().flatten().map(|(error, _)| *error)));
    let errors =
        (10f64.powi((low * 0.8).log10().floor() as i32), 10f64.powi((high * 1.2).log10().ceil() as i32));
    let mut drawing = Drawing(String::new());
    // Writing into a text cannot fail.
    let _ = write!(
        drawing.0,
        "<svg width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" xmlns=\"http://www.w3.org/2000/svg\" \
         role=\"img\" stroke-linejoin=\"round\" font-family=\"{FONT}\">\n<title>Work against precision</title>\n\
         <desc>Evaluations of the rates per agent against the largest error of a state, both logarithmic, one panel per model: \
         the explicit method, the implicit method and each agent's own choice.</desc>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    keys(&mut drawing);
    for (n, panel) in panels.iter().enumerate() {
        let (column, row) = ((n % COLUMNS) as f64, (n / COLUMNS) as f64);
        let corner = (LEFT + column * CELL.0, TOP + row * CELL.1);
        draw(&mut drawing, panel, corner, (errors, guide));
    }
    let free = panels.len() % COLUMNS;
    if free > 0 {
        let corner = (LEFT + free as f64 * CELL.0 + AROUND.0, TOP + (rows as f64 - 1.0) * CELL.1 + AROUND.1);
        note(&mut drawing, corner);
    }
    let axis = format!("font-size=\"13\" fill=\"{DARK}\"");
    let across = (LEFT + WIDTH) / 2.0;
    drawing.text(
        (across, height - 14.0),
        "middle",
        &axis,
        "largest error of a state, as a share of its size (no unit; tolerances fall from right to left)",
    );
    let middle = TOP + rows as f64 * CELL.1 / 2.0;
    let turned = format!("{axis} transform=\"rotate(-90 20 {middle:.1})\"");
    drawing.text((20.0, middle), "middle", &turned, "evaluations of the rates per agent (count)");
    drawing.0.push_str("</svg>\n");
    drawing.0
}

fn keys(drawing: &mut Drawing) {
    let entries = [
        (0, "explicit throughout (Tsitouras 5(4))", 40.0),
        (1, "implicit throughout (Rodas5P)", 334.0),
        (2, "own choice of each agent: what a run does", 602.0),
    ];
    for (which, text, left) in entries {
        let y = 24.0;
        let points = [(left, y), (left + 18.0, y), (left + 36.0, y)];
        drawing.line(&points, "stroke=\"none\"");
        drawing.curve(which, &points[..]);
        drawing.text((left + 48.0, y + 4.5), "start", &format!("font-size=\"12.5\" fill=\"{DARK}\""), text);
    }
}

/// What the dots are, where the last row has room.
fn note(drawing: &mut Drawing, (left, top): (f64, f64)) {
    let style = format!("font-size=\"12\" fill=\"{SOFT}\"");
    drawing.line(&[(left + 18.0, top), (left + 18.0, top + 24.0)], GUIDE);
    drawing.text((left + 48.0, top + 16.0), "start", &style, "the error of the table");
}

fn draw(drawing: &mut Drawing, panel: &Panel, (x, y): (f64, f64), (errors, guide): ((f64, f64), f64)) {
    let (left, top, right, bottom) =
        (x + AROUND.0, y + AROUND.1, x + CELL.0 - AROUND.2, y + CELL.1 - AROUND.3);
    let (low, high) = bounds(panel.curves.iter().flatten().map(|(_, cost)| *cost));
    let across = Scale { values: errors, places: (left, right) };
    let up = Scale { values: (low / 1.25, high * 1.25), places: (bottom, top) };
    drawing.text(
        (left, top - 7.0),
        "start",
        &format!("font-size=\"13\" font-weight=\"bold\" fill=\"{DARK}\""),
        &panel.title,
    );
    let small = format!("font-size=\"11\" fill=\"{SOFT}\"");
    let pale = "stroke=\"#dcdcdc\" stroke-width=\"0.8\"";
    for tick in ticks(up) {
        let y = up.at(tick);
        drawing.line(&[(left, y), (right, y)], pale);
        drawing.text((left - 6.0, y + 4.0), "end", &small, &counted(tick));
    }
    let exponents = errors.0.log10().round() as i32..=errors.1.log10().round() as i32;
    for exponent in exponents {
        let x = across.at(10f64.powi(exponent));
        let long = exponent % 3 == 0;
        drawing.line(
            &[(x, bottom), (x, bottom + if long { 5.0 } else { 3.0 })],
            &format!("stroke=\"{SOFT}\" stroke-width=\"0.8\""),
        );
        if long {
            drawing.text((x, bottom + 18.0), "middle", &small, &power(exponent));
        }
    }
    let x = across.at(guide);
    drawing.line(&[(x, top), (x, bottom)], GUIDE);
    drawing.line(
        &[(left, top), (left, bottom), (right, bottom)],
        &format!("stroke=\"{SOFT}\" stroke-width=\"1\""),
    );
    // What a run does lies beneath: one of the others often covers it.
    for which in [2, 0, 1] {
        let drawable = panel.curves[which].iter().filter(|(error, cost)| *error > 0.0 && *cost > 0.0);
        let points: Vec<_> = drawable.map(|(error, cost)| (across.at(*error), up.at(*cost))).collect();
        drawing.curve(which, &points);
    }
}
