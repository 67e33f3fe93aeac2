//! Time panels above each other on one time axis, with phases on top, inputs below, and small panels for groups.
//! Knows fans, phases and strips; does not know which quantities are shown or why.

use super::audience::{Pen, Theme};
use super::axes::{self, Panel};
use super::canvas::{Anchor, Ink, Picture, Rect};
use super::fan::Fan;
use super::labels::{self, Named};
use super::page::{Head, Key, Page, Sample};
use super::phases::{self, PhaseRow};
use super::reading::Reading;
use super::scale::Scale;
use super::strips::{self, Strip};
use super::{font, naming, strokes};

/// One arm in a panel.
pub struct Line<'a> {
    pub arm: &'a str,
    pub label: String,
    pub fan: Fan,
    pub ghost: Option<Fan>,
    /// Times at which a state is set: a change there is a step.
    pub jumps: Vec<f64>,
}

impl Line<'_> {
    /// Whether the unchanged run differs.
    pub fn moved(&self) -> bool {
        self.ghost.as_ref().is_some_and(|ghost| ghost.differs(&self.fan))
    }

    /// The fan as it is drawn.
    pub fn drawn(&self) -> Fan {
        self.fan.stepped(&self.jumps)
    }
}

/// One panel: its axis in words, its lines, a level drawn as a reference.
pub struct Section<'a> {
    pub title: String,
    /// The quantity where each of its values is shown, so that it need not be shown again as an input; else empty.
    pub whole: &'a str,
    pub lines: Vec<Line<'a>>,
    pub level: Option<f64>,
    /// What its axis spans at least, lest noise look like an effect.
    pub least: f64,
    /// The scale that the quantity has; where the values fill little of it, a part is shown.
    pub show: Option<[f64; 2]>,
}

/// All that shares the time axis.
pub struct Stack<'a> {
    pub sections: Vec<Section<'a>>,
    /// Small panels on the scale of the first section, by title.
    pub facets: Vec<(String, Vec<Line<'a>>)>,
    /// Arms whose phases and inputs are shown.
    pub arms: Vec<&'a str>,
    /// What is not shown here, or shown wider than it is; empty where there is nothing to say.
    pub remark: String,
}

/// Heights, widths and scales, decided before anything is drawn.
struct Plan<'a> {
    phases: Vec<PhaseRow<'a>>,
    strips: Vec<Strip<'a>>,
    x: Scale,
    y: Vec<Scale>,
    titles: Vec<Vec<String>>,
    /// Room right of the panels for labels.
    right: f64,
    /// Lines of each label there at most; 0 where there is no room for all, and whether all stand there in full.
    label_lines: usize,
    spelled: bool,
    left: f64,
    facet_columns: usize,
    /// Whether unchanged runs of several arms have to be told apart.
    several_ghosts: bool,
}

const FACET_PANEL: f64 = 8.5;
const FACET_TITLE: f64 = 1.9;

/// The pen of a line's arm.
fn pen_of(theme: &Theme, reading: &Reading, line: &Line) -> Pen {
    theme.arm(reading.arm_place(line.arm))
}

/// A line of each arm that the change moved in any panel.
fn moved<'s>(stack: &'s Stack) -> Vec<&'s Line<'s>> {
    let facets = stack.facets.iter().flat_map(|(_, lines)| lines);
    let all = stack.sections.iter().flat_map(|s| &s.lines).chain(facets).filter(|l| l.moved());
    all.fold(Vec::new(), |mut seen: Vec<&Line>, line| {
        if seen.iter().all(|other| other.arm != line.arm) {
            seen.push(line);
        }
        seen
    })
}

/// What a panel's axis shows, and whether that is a part of its own scale.
fn scale_of(section: &Section, more: &[&Vec<Line>]) -> (Scale, bool) {
    let lines = section.lines.iter().chain(more.iter().flat_map(|l| l.iter()));
    let values = lines.flat_map(|l| l.fan.values().chain(l.ghost.iter().flat_map(|g| g.values())));
    let zero = section.level.filter(|l| *l == 0.0);
    match section.show {
        Some(show) => Scale::on(values, show),
        None => (Scale::around(values.chain(zero)).spanning(section.least), false),
    }
}

/// Lines that each label at the end of a line may take: as few as hold all labels in full; where these do not fit above each other
/// two, one or none.
fn label_lines(theme: &Theme, stack: &Stack, room: f64) -> usize {
    let height = match (theme.slide(), stack.sections.len()) {
        (true, _) => 7.0,
        (_, 1) => 15.0,
        _ => 11.0,
    };
    let wrapped = |line: &Line, most: usize| font::wrap(&line.label, theme.size, false, room, most);
    let fits = |most: &usize| {
        let high = |s: &Section| s.lines.iter().map(|l| wrapped(l, *most).len()).sum::<usize>();
        let tallest = stack.sections.iter().map(high).max().unwrap_or(0);
        tallest > 0 && axes::labels_height(theme, tallest) <= height * theme.size
    };
    let full = |most: &usize| {
        stack.sections.iter().flat_map(|s| &s.lines).all(|l| wrapped(l, *most).join(" ") == l.label)
    };
    // On a slide the key is enough for names that do not fit.
    let cut: &[usize] = if theme.slide() { &[] } else { &[2, 1] };
    (1..=5).find(full).into_iter().chain(cut.iter().copied()).find(fits).unwrap_or(0)
}

impl<'a> Plan<'a> {
    fn of(theme: &Theme, reading: &Reading<'a>, stack: &Stack) -> Plan<'a> {
        let em = theme.size;
        let width = theme.width - 2.0 * theme.margin();
        let mut phases = phases::rows(reading, &stack.arms);
        let recorded: Vec<&str> = stack.sections.iter().map(|s| s.whole).collect();
        let mut strips = strips::strips(reading, &stack.arms, &recorded);
        if theme.slide() {
            phases.truncate(if phases.len() > 3 { 0 } else { 3 });
            let room = if stack.sections.len() > 1 || phases.len() > 1 { 0.0 } else { 6.5 };
            // Some inputs without the others would tell another story.
            if strips.len() > 1 || strips.iter().any(|s| s.height() > room) {
                strips.clear();
            }
        }
        let lines = || stack.sections.iter().flat_map(|s| &s.lines);
        let spans = phases.iter().flat_map(|r| r.phases).flat_map(|p| [p.start, p.end]);
        let x = Scale::span(lines().flat_map(|l| l.fan.x.iter().copied()).chain(spans));
        let facets: Vec<&Vec<Line>> = stack.facets.iter().map(|(_, lines)| lines).collect();
        let scales: Vec<(Scale, bool)> = stack
            .sections
            .iter()
            .enumerate()
            .map(|(i, s)| scale_of(s, if i == 0 { &facets } else { &[] }))
            .collect();
        let y: Vec<Scale> = scales.iter().map(|(scale, _)| *scale).collect();
        let widest = lines()
            .flat_map(|l| l.label.split_whitespace().map(|w| font::width(w, em, false)))
            .fold(0.0, f64::max);
        let whole = lines().map(|l| font::width(&l.label, em, false)).fold(0.0, f64::max);
        let room = (0.2 * width).max(widest.min(0.26 * width)).min(whole + 1.0);
        let named = lines().any(|l| !l.label.is_empty());
        let label_lines = label_lines(theme, stack, room);
        let labelled = label_lines > 0;
        let wrapped = |label: &str| font::wrap(label, em, false, room, label_lines).join(" ");
        let spelled = labelled && lines().all(|l| wrapped(&l.label) == l.label);
        let title = |(section, (_, part)): (&Section, &(Scale, bool))| {
            let told =
                if *part { naming::zoomed(&section.title, !theme.slide()) } else { section.title.clone() };
            font::wrap_evenly(&told, em, false, width, 3)
        };
        let titles = stack.sections.iter().zip(&scales).map(title).collect();
        let numbers = y.iter().map(|s| axes::y_labels_width(theme, s)).fold(0.0, f64::max);
        let marks = strips
            .iter()
            .flat_map(Strip::labels)
            .map(|l| font::width(&l, theme.sizes()[1], false) + 0.5 * em);
        Plan {
            left: marks.fold(numbers, f64::max),
            right: if labelled && named { room + 1.3 * em } else { 0.8 * em },
            facet_columns: ((width / (13.0 * em)) as usize).clamp(1, 4).min(stack.facets.len().max(1)),
            phases,
            strips,
            x,
            y,
            titles,
            label_lines,
            spelled,
            several_ghosts: moved(stack).len() > 1,
        }
    }

    fn phases_height(&self) -> f64 {
        self.phases.len() as f64 * phases::ROW + 0.2
    }

    /// Height of all but the main panels, in type sizes.
    fn fixed(&self, facets: usize) -> f64 {
        let titles: f64 = self.titles.iter().map(|t| 1.28 * t.len() as f64 + 0.7).sum();
        let strips: f64 = self.strips.iter().map(Strip::height).sum();
        let rows = facets.div_ceil(self.facet_columns) as f64;
        let facets = if facets > 0 { 0.8 + rows * (FACET_PANEL + FACET_TITLE + 1.8) + 1.4 } else { 0.0 };
        titles + self.phases_height() + (self.titles.len() as f64 - 1.0) * 0.9 + strips + 3.2 + facets
    }
}

/// The whole figure. `reading` gives phases, inputs and the order of arms.
pub fn picture(theme: &Theme, reading: &Reading, title: &str, stack: &Stack) -> Picture {
    let plan = Plan::of(theme, reading, stack);
    let count = stack.sections.len().max(1) as f64;
    let facets = if theme.slide() { 0 } else { stack.facets.len() };
    let preferred = if count > 1.0 { 11.0 } else { 17.0 };
    let mut keys = keys(theme, reading, stack, plan.spelled);
    if !theme.slide() {
        let rect = Rect {
            left: theme.margin() + plan.left,
            top: 0.0,
            right: theme.width - theme.margin() - plan.right,
            bottom: 1.0,
        };
        let panel = Panel { rect, x: plan.x, y: Scale::Linear { low: 0.0, high: 1.0 } };
        keys.extend(phases::key(theme, &panel, &plan.phases, plan.left, &reading.subject.time_unit));
    }
    let head = Head { title, subtitle: &reading.subject.question, keys };
    let content = (plan.fixed(facets) + preferred * count) * theme.size;
    let Page { mut picture, area } = Page::new(theme, reading.subject, &head, content);
    let height = ((area.height() - plan.fixed(facets) * theme.size) / count).max(3.0 * theme.size);
    let mut y = area.top;
    let (left, right) = (area.left + plan.left, area.right - plan.right);
    let column = |top: f64, height: f64, y: Scale| Panel {
        rect: Rect { left, top, right, bottom: top + height },
        x: plan.x,
        y,
    };
    for (i, section) in stack.sections.iter().enumerate() {
        y += (1.28 * plan.titles[i].len() as f64 + 0.7) * theme.size;
        axes::above(&mut picture, theme, &plan.titles[i], area.left, y);
        if i == 0 {
            phase_strips(&mut picture, theme, reading, &column(y, height, plan.y[i]), &plan);
            y += plan.phases_height() * theme.size;
        }
        let panel = column(y, height, plan.y[i]);
        main_panel(&mut picture, theme, reading, &panel, section, &plan);
        let ticks = axes::x_ticks(theme, &plan.x, panel.rect.width(), Some(&reading.subject.time_unit));
        axes::x_axis(&mut picture, theme, &panel, &ticks, false, &[]);
        y += height + 0.9 * theme.size;
    }
    y -= 0.9 * theme.size;
    for strip in &plan.strips {
        y = input_strip(&mut picture, theme, reading, &column(y, 1.0, strip.y), strip, plan.label_lines > 0);
    }
    let base = column(y, 0.0, Scale::Linear { low: 0.0, high: 1.0 });
    let ticks = axes::x_ticks(theme, &plan.x, base.rect.width(), Some(&reading.subject.time_unit));
    let title = vec![time_title(reading)];
    axes::x_axis(&mut picture, theme, &base, &ticks, true, &title);
    if facets > 0 {
        let top = y + 4.0 * theme.size;
        small_panels(&mut picture, theme, reading, stack, &plan, Rect { top, ..area });
    }
    picture
}

fn time_title(reading: &Reading) -> String {
    match naming::time_unit(&reading.subject.time_unit) {
        "" => "time".to_owned(),
        unit => format!("time ({unit})"),
    }
}

fn keys(theme: &Theme, reading: &Reading, stack: &Stack, spelled: bool) -> Vec<Key> {
    let lines: Vec<&Line> = stack.sections.iter().flat_map(|s| &s.lines).collect();
    let mut keys = Vec::new();
    if !spelled && let Some(section) = stack.sections.first() {
        let arm = |l: &Line| Key::new(Sample::Line(pen_of(theme, reading, l)), l.label.clone());
        keys.extend(section.lines.iter().filter(|l| !l.label.is_empty()).map(arm));
    }
    if lines.iter().any(|l| l.ghost.is_some()) {
        let moved = moved(stack).into_iter().map(|l| (l.label.clone(), pen_of(theme, reading, l)));
        keys.extend(Key::unchanged(theme, &moved.collect::<Vec<_>>()));
    }
    if let Some(line) = lines.iter().max_by_key(|l| l.fan.bands.len()) {
        keys.push(Key::fan(theme.neutral(), &line.fan));
    }
    if !stack.remark.is_empty() {
        keys.push(Key::new(Sample::Nothing, stack.remark.clone()));
    }
    keys
}

fn phase_strips(picture: &mut Picture, theme: &Theme, reading: &Reading, panel: &Panel, plan: &Plan) {
    let mut top = panel.rect.top;
    for row in &plan.phases {
        let bottom = top + (phases::ROW - 0.15) * theme.size;
        let pen = row.arm.map(|arm| theme.arm(reading.arm_place(arm)));
        let tint = pen.map_or(Ink::rgb(120, 120, 120), |pen| pen.ink);
        let outside = panel.rect.left - theme.margin();
        phases::strip(picture, theme, panel, row.phases, (top, bottom), (tint, outside));
        if let (Some(arm), Some(pen), true) = (row.arm, pen, plan.label_lines > 0) {
            let room = plan.right - 1.2 * theme.size;
            let (name, size) = font::fitted(&reading.arm_title(arm), theme.sizes(), room);
            let at = (panel.rect.right + 1.15 * theme.size, bottom - 0.3 * theme.size);
            picture.text(at, &name, size, false, pen.text, Anchor::Start);
        }
        top += phases::ROW * theme.size;
    }
}

/// Shading, grid, reference level, and all lines: bands of all arms below the medians of all arms.
fn lines_of(
    picture: &mut Picture,
    theme: &Theme,
    reading: &Reading,
    panel: &Panel,
    lines: &[Line],
    (level, several_ghosts): (Option<f64>, bool),
) {
    if let Some(level) = level.filter(|l| (0.001..0.999).contains(&panel.y.place(*l)) || *l == 0.0) {
        let y = panel.y_at(level);
        picture.line(
            &[(panel.rect.left, y), (panel.rect.right, y)],
            Ink::rgb(120, 120, 120),
            theme.hair(),
            &[],
        );
    }
    let fans: Vec<Fan> = lines.iter().map(Line::drawn).collect();
    for (line, fan) in lines.iter().zip(&fans) {
        strokes::bands(picture, panel, theme, fan, &pen_of(theme, reading, line), lines.len());
    }
    let ghosts = lines.iter().filter(|l| l.moved());
    let ghosts: Vec<_> =
        ghosts.filter_map(|l| Some((l.ghost.as_ref()?, pen_of(theme, reading, l)))).collect();
    strokes::ghosts(picture, theme, panel, &ghosts, several_ghosts);
    for (place, (line, fan)) in lines.iter().zip(&fans).enumerate() {
        let pen = pen_of(theme, reading, line);
        strokes::curve(picture, theme, panel, (&fan.x, &fan.middle), &pen, place);
    }
}

fn shading(picture: &mut Picture, theme: &Theme, panel: &Panel, plan: &Plan) {
    if let [PhaseRow { arm: None, phases }] = plan.phases[..] {
        phases::shade(picture, theme, panel, phases);
    }
}

fn main_panel(
    picture: &mut Picture,
    theme: &Theme,
    reading: &Reading,
    panel: &Panel,
    section: &Section,
    plan: &Plan,
) {
    shading(picture, theme, panel, plan);
    axes::y_axis(picture, theme, panel, true);
    lines_of(picture, theme, reading, panel, &section.lines, (section.level, plan.several_ghosts));
    if plan.label_lines > 0 {
        let room = (plan.right - 1.2 * theme.size, plan.label_lines);
        // One line that the legend names in full needs no shortened name beside it.
        let named = plan.spelled || section.lines.len() > 1;
        let lines = section.lines.iter().filter(|l| named && !l.label.is_empty());
        let lines = lines.map(|l| Named { label: &l.label, fan: &l.fan, pen: pen_of(theme, reading, l) });
        labels::at_ends(picture, theme, panel, &lines.collect::<Vec<_>>(), room);
    }
}

/// Draws an input below `panel.rect.top` and gives the height at which it ends.
fn input_strip(
    picture: &mut Picture,
    theme: &Theme,
    reading: &Reading,
    panel: &Panel,
    strip: &Strip,
    labelled: bool,
) -> f64 {
    let em = theme.size;
    let mut y = panel.rect.top + strips::TITLE * em;
    let left = theme.margin();
    let title = font::shorten(&strip.title, em, false, picture.width - 2.0 * left);
    axes::above(picture, theme, &[title], left, y);
    for row in &strip.rows {
        let rect = Rect { top: y, bottom: y + strips::ROW * em, ..panel.rect };
        strips::row(picture, theme, reading, &Panel { rect, ..*panel }, row, &strip.labels());
        if let ([(arm, _)], false, true) = (&row.arms[..], row.shared, labelled) {
            let room = picture.width - theme.margin() - rect.right - 1.15 * em;
            let pen = theme.arm(reading.arm_place(arm));
            let size = theme.sizes()[1];
            let title = reading.arm_title(arm);
            let (lines, size) = match font::width(&title, em, false) <= room {
                true => (vec![title], em),
                false => (font::wrap(&title, size, false, room, 2), size),
            };
            let first = rect.top + 0.5 * rect.height() + (0.36 - 0.56 * (lines.len() as f64 - 1.0)) * size;
            for (i, line) in lines.iter().enumerate() {
                let at = (rect.right + 1.15 * em, first + 1.12 * size * i as f64);
                picture.text(at, line, size, false, pen.text, Anchor::Start);
            }
        }
        y = rect.bottom + strips::GAP * em;
    }
    y + (0.3 - strips::GAP) * em
}

fn small_panels(
    picture: &mut Picture,
    theme: &Theme,
    reading: &Reading,
    stack: &Stack,
    plan: &Plan,
    area: Rect,
) {
    let em = theme.size;
    let gap = 2.2 * em;
    let columns = plan.facet_columns as f64;
    let width = (area.width() - plan.left - 1.0 * em - gap * (columns - 1.0)) / columns;
    for (i, (title, lines)) in stack.facets.iter().enumerate() {
        let (row, column) = ((i / plan.facet_columns) as f64, (i % plan.facet_columns) as f64);
        let left = area.left + plan.left + column * (width + gap);
        let top = area.top + row * (FACET_PANEL + FACET_TITLE + 1.8) * em + FACET_TITLE * em;
        let rect = Rect { left, top, right: left + width, bottom: top + FACET_PANEL * em };
        let panel = Panel { rect, x: plan.x, y: plan.y[0] };
        let title = font::shorten(title, em, true, width);
        picture.text((left, top - 0.45 * em), &title, em, true, theme.ink(), Anchor::Start);
        shading(picture, theme, &panel, plan);
        axes::y_axis(picture, theme, &panel, column == 0.0);
        let level = stack.sections.first().and_then(|s| s.level);
        lines_of(picture, theme, reading, &panel, lines, (level, plan.several_ghosts));
        let ticks = axes::x_ticks(theme, &plan.x, width, Some(&reading.subject.time_unit));
        let last = i + plan.facet_columns >= stack.facets.len();
        let title = if last { vec![time_title(reading)] } else { Vec::new() };
        axes::x_axis(picture, theme, &panel, &ticks, true, &title);
    }
}
