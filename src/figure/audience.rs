//! For whom a figure is drawn: its size, its type, its colours.
//! Knows nothing of what is drawn.
//!
//! Colours derive from the palette of Okabe and Ito (unchecked: "Color Universal Design", 2008), with lightness spread so that neighbours
//! differ in grey; dashes differ as well.

use super::canvas::Ink;

/// Where a figure will be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// On a screen: 960 units wide, PNG at twice that.
    Screen,
    /// A slide of 16:9 with type of 20 pt and more: one message.
    Slide,
    /// One column of a journal, 85 mm.
    Paper85,
    /// Two columns of a journal, 180 mm.
    Paper180,
    /// A printed page of A5 across, black on white.
    Handout,
    /// Greys only, told apart by lightness, dash and marker.
    Grey,
}

impl Audience {
    pub const ALL: [Audience; 6] = [
        Audience::Screen,
        Audience::Slide,
        Audience::Paper85,
        Audience::Paper180,
        Audience::Handout,
        Audience::Grey,
    ];

    /// The audience of a name (`paper` is the column of 85 mm); `None` for an unknown one.
    pub fn named(name: &str) -> Option<Audience> {
        Some(match name {
            "screen" => Audience::Screen,
            "slide" => Audience::Slide,
            "paper" | "paper85" => Audience::Paper85,
            "paper180" => Audience::Paper180,
            "handout" => Audience::Handout,
            "grey" => Audience::Grey,
            _ => return None,
        })
    }

    /// The name that `named` understands.
    pub fn name(self) -> &'static str {
        match self {
            Audience::Screen => "screen",
            Audience::Slide => "slide",
            Audience::Paper85 => "paper85",
            Audience::Paper180 => "paper180",
            Audience::Handout => "handout",
            Audience::Grey => "grey",
        }
    }

    /// Width of the PNG in pixels.
    pub(super) fn pixels(self) -> u32 {
        match self {
            Audience::Screen | Audience::Grey | Audience::Slide => 1920,
            Audience::Paper85 => 1004,
            Audience::Paper180 => 2126,
            Audience::Handout => 2480,
        }
    }

    /// Pixels per metre of what will be printed (300 dots per inch).
    pub(super) fn pixels_per_metre(self) -> Option<u32> {
        matches!(self, Audience::Paper85 | Audience::Paper180 | Audience::Handout).then_some(11811)
    }

    pub(super) fn theme(self) -> Theme {
        let (width, height, size, title, small, line) = match self {
            Audience::Screen | Audience::Grey => (960.0, 600.0, 13.5, 18.0, 11.0, 2.2),
            Audience::Slide => (1280.0, 720.0, 27.0, 36.0, 16.0, 5.0),
            Audience::Paper85 => (241.0, 175.0, 7.0, 8.0, 6.0, 1.1),
            Audience::Paper180 => (510.0, 300.0, 8.0, 9.5, 6.5, 1.3),
            Audience::Handout => (595.0, 420.0, 10.0, 13.5, 7.5, 2.2),
        };
        Theme { audience: self, width, height, size, title, small, line }
    }
}

/// Sizes in user units (points on paper) and inks of one audience.
#[derive(Clone, Copy, Debug)]
pub(super) struct Theme {
    pub audience: Audience,
    pub width: f64,
    /// Usual height, which content may exceed or fall short of by two fifths; that of a slide is fixed.
    pub height: f64,
    /// Type of axes and labels, of the title, of the footer.
    pub size: f64,
    pub title: f64,
    pub small: f64,
    /// Width of a median line.
    pub line: f64,
}

/// What a line's points may carry beside colour and dash.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Marker {
    None,
    Disc,
    Square,
    Triangle,
    Diamond,
}

/// How one arm or moment is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pen {
    pub ink: Ink,
    /// The same hue, dark enough to be read as text.
    pub text: Ink,
    /// In widths of the line.
    pub dash: &'static [f64],
    pub marker: Marker,
}

const ARMS: [(u8, u8, u8); 8] = [
    (0, 86, 142),
    (213, 94, 0),
    (0, 110, 80),
    (230, 159, 0),
    (140, 60, 120),
    (86, 180, 233),
    (40, 40, 40),
    (150, 130, 20),
];
const MOMENTS: [(u8, u8, u8); 6] =
    [(105, 105, 105), (136, 34, 85), (40, 160, 140), (51, 34, 136), (214, 110, 100), (140, 140, 30)];
const GREYS: [u8; 6] = [20, 120, 70, 150, 45, 100];
const DASHES: [&[f64]; 8] = [
    &[],
    &[7.0, 1.6],
    &[3.0, 1.4],
    &[7.0, 1.5, 1.5, 1.5],
    &[1.5, 1.2],
    &[11.0, 2.0],
    &[4.0, 1.2, 1.2, 1.2],
    &[2.2, 2.2],
];
const MARKERS: [Marker; 4] = [Marker::Disc, Marker::Square, Marker::Triangle, Marker::Diamond];

impl Theme {
    /// A slide keeps its shape whatever is drawn; every other picture may grow downwards.
    pub fn slide(&self) -> bool {
        self.audience == Audience::Slide
    }

    fn grey(&self) -> bool {
        self.audience == Audience::Grey
    }

    fn pen(&self, colours: &[(u8, u8, u8)], index: usize) -> Pen {
        let marked = self.grey() || self.audience == Audience::Handout;
        let (r, g, b) = match self.grey() {
            true => [GREYS[index % GREYS.len()]; 3].into(),
            false => colours[index % colours.len()],
        };
        let light = 0.2126 * f64::from(r) + 0.7152 * f64::from(g) + 0.0722 * f64::from(b);
        let darker = (105.0 / light.max(1.0)).min(1.0);
        let dark = |c: u8| (f64::from(c) * darker) as u8;
        Pen {
            ink: Ink::rgb(r, g, b),
            text: Ink::rgb(dark(r), dark(g), dark(b)),
            dash: DASHES[index % DASHES.len()],
            marker: if marked { MARKERS[index % MARKERS.len()] } else { Marker::None },
        }
    }

    /// The pen of the arm at this place.
    pub fn arm(&self, index: usize) -> Pen {
        self.pen(&ARMS, index)
    }

    /// The pen of the moment at this place: other hues than the arms have.
    pub fn moment(&self, index: usize) -> Pen {
        self.pen(&MOMENTS, index)
    }

    /// The pen of what belongs to no arm.
    pub fn neutral(&self) -> Pen {
        Pen { ink: Ink::rgb(85, 85, 85), text: self.ink(), dash: DASHES[0], marker: Marker::None }
    }

    /// The usual type and one somewhat smaller, for names that would else be cut: never below what the audience can read.
    pub fn sizes(&self) -> [f64; 2] {
        [self.size, self.small.max(0.8 * self.size)]
    }

    /// Text and axes.
    pub fn ink(&self) -> Ink {
        match self.audience {
            Audience::Handout => Ink::rgb(0, 0, 0),
            _ => Ink::rgb(34, 34, 34),
        }
    }

    /// Text that stands back: footer, tick labels.
    pub fn soft(&self) -> Ink {
        match self.audience {
            Audience::Handout => Ink::rgb(0, 0, 0),
            _ => Ink::rgb(89, 89, 89),
        }
    }

    pub fn grid(&self) -> Ink {
        Ink::rgb(226, 226, 226)
    }

    /// Alternate phases.
    pub fn shade(&self) -> Ink {
        Ink::rgb(243, 243, 243)
    }

    /// The unchanged run behind a changed one.
    pub fn ghost(&self) -> Ink {
        match self.grey() {
            true => Ink::rgb(178, 178, 178),
            false => Ink::rgb(150, 150, 150),
        }
    }

    /// Width of axes and ticks.
    pub fn hair(&self) -> f64 {
        self.line * 0.42
    }

    /// Free space at the edges.
    pub fn margin(&self) -> f64 {
        self.size * if self.slide() { 1.3 } else { 1.1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_audience_is_found_by_its_name() {
        for audience in Audience::ALL {
            assert_eq!(Audience::named(audience.name()), Some(audience));
        }
        assert_eq!(Audience::named("paper"), Some(Audience::Paper85));
        assert_eq!(Audience::named("poster"), None);
    }

    #[test]
    fn type_is_at_least_20_on_slides_and_6_on_paper() {
        for audience in Audience::ALL {
            let theme = audience.theme();
            let least = match audience {
                Audience::Slide => 20.0,
                _ => 6.0,
            };
            assert!(theme.sizes().iter().all(|size| *size >= least), "{audience:?}");
            assert!(theme.small >= 6.0);
        }
    }

    #[test]
    fn neighbouring_arms_differ_in_lightness_and_no_two_share_colour_and_dash() {
        let grey = |pen: Pen| {
            0.2126 * f64::from(pen.ink.rgb.0)
                + 0.7152 * f64::from(pen.ink.rgb.1)
                + 0.0722 * f64::from(pen.ink.rgb.2)
        };
        for audience in Audience::ALL {
            let theme = audience.theme();
            for i in 0..7 {
                assert!((grey(theme.arm(i)) - grey(theme.arm(i + 1))).abs() > 12.0, "{audience:?} {i}");
                for j in 0..i {
                    assert!(theme.arm(i).ink != theme.arm(j).ink || theme.arm(i).dash != theme.arm(j).dash);
                }
            }
        }
    }

    #[test]
    fn label_colours_have_at_least_4_to_1_contrast_on_white() {
        let linear = |c: u8| (f64::from(c) / 255.0).powf(2.2);
        for i in 0..8 {
            for pen in [Audience::Screen.theme().arm(i), Audience::Screen.theme().moment(i)] {
                let (r, g, b) = pen.text.rgb;
                let light = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
                assert!(1.05 / (light + 0.05) > 4.0, "{i}: {}", 1.05 / (light + 0.05));
            }
        }
    }
}
