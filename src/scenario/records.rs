//! What is recorded over time: quantities, times and windows become series of each arm that has them.
//! Knows nothing of how series are computed or told.

use crate::diagnostic::{Finding, Findings, Span};
use crate::document::{Node, Table, Value};
use crate::engine::{Phase, Series, Side, Window};
use crate::expression::{Operator, Part, Syntax, parse};
use crate::measure::ArmScope;
use crate::stimulus::Micros;
use crate::unit::Unit;

use super::quantity::{texts, time, words};
use super::room::Room;
use super::{Record, Stat, arms, statistic, times};

/// Series of all arms on their way.
pub(super) struct Recorder<'a> {
    pub scopes: &'a mut [ArmScope],
    room: Room,
    /// Whether all phases could be read, so that a missing moment is the record's fault.
    whole: bool,
    /// By arm.
    pub series: Vec<Vec<Series>>,
    pub records: Vec<Record>,
    /// Records without a window, for the note about periodic stimuli: place, step, arms.
    pub sampled: Vec<(Span, Micros, Vec<usize>)>,
}

/// One `[[record]]` without its quantities.
pub(super) struct Written {
    /// Empty: that of the quantity.
    pub doc: String,
    pub arms: Vec<usize>,
    /// By arm; empty where it is not recorded.
    pub times: Vec<Vec<Micros>>,
    pub window: Option<(Micros, Window)>,
    /// Of the window.
    pub label: String,
    pub relative: bool,
    pub stats: Vec<Stat>,
    /// Recorded because a `[[figure]]` draws it.
    pub for_figure: bool,
}

impl<'a> Recorder<'a> {
    pub fn new(scopes: &'a mut [ArmScope], whole: bool, room: Room) -> Recorder<'a> {
        let series = vec![Vec::new(); scopes.len()];
        Recorder { scopes, room, whole, series, records: Vec::new(), sampled: Vec::new() }
    }

    pub fn all(&mut self, root: &Node, findings: &mut Findings) {
        let Some(list) = root.key("record") else { return self.states(root, findings) };
        for node in list.list().unwrap_or_default() {
            self.record(node, findings);
        }
    }

    /// All states, where nothing says what is recorded.
    fn states(&mut self, root: &Node, findings: &mut Findings) {
        let mut names: Vec<String> = Vec::new();
        for state in self.scopes.iter().flat_map(|scope| &scope.model.states) {
            if !names.contains(&state.name) {
                names.push(state.name.clone());
            }
        }
        let what = names.into_iter().map(|name| (name, root.at.clone())).collect();
        let nothing = Node { value: Value::Table(Table::new()), at: root.at.clone() };
        self.record_of(&nothing, what, findings);
    }

    fn record(&mut self, node: &Node, findings: &mut Findings) {
        let what = texts(node, "what", findings);
        if node.key("what").and_then(Node::list).is_some_and(<[Node]>::is_empty) {
            findings.push(
                Finding::error("nothing is recorded here")
                    .at(&node.at)
                    .help("name quantities: `what = [\"R\"]`"),
            );
        }
        self.record_of(node, what, findings);
    }

    fn record_of(&mut self, node: &Node, what: Vec<(String, Span)>, findings: &mut Findings) {
        let Some(written) = self.written(node, what.len(), findings) else { return };
        for (text, at) in what {
            let Some(syntax) = findings.take(parse(&text, &at)) else { continue };
            let Some((name, syntax)) = findings.take(named(text.trim(), syntax, written.relative)) else {
                continue;
            };
            self.quantity(&name, &syntax, &written, findings);
        }
    }

    fn written(&mut self, node: &Node, quantities: usize, findings: &mut Findings) -> Option<Written> {
        let names: Vec<String> = self.scopes.iter().map(|scope| scope.name.clone()).collect();
        let arms = arms::filter(node, &names, findings);
        let stats = statistic::read(node, findings);
        if let Some(doc) = node.key("doc").filter(|_| quantities > 1) {
            let what = format!("one `doc` cannot say what {quantities} quantities are");
            findings.push(Finding::error(what).at(&doc.at).help("write a `[[record]]` for each"));
        }
        let (window, label) = window(node, findings)?;
        let times = self.times(node, &arms, window, quantities, findings)?;
        let relative = node.key("relative").and_then(Node::flag).unwrap_or(false);
        let doc = words(node, "doc");
        Some(Written { doc, arms, times, window, label, relative, stats, for_figure: false })
    }

    /// Times of each arm that has whole windows.
    fn times(
        &mut self,
        node: &Node,
        arms: &[usize],
        window: Option<(Micros, Window)>,
        quantities: usize,
        findings: &mut Findings,
    ) -> Option<Vec<Vec<Micros>>> {
        let mut all = match (node.key("every"), node.key("at")) {
            (Some(_), Some(at)) => {
                let finding = Finding::error("a record has `every` or `at`, not both").at(&at.at);
                findings.push(finding.help("write two records"));
                return None;
            }
            (every, None) => self.grid(node, every, arms, window.is_some(), quantities, findings)?,
            (None, Some(_)) if !self.whole => return None,
            (None, Some(_)) => self.moments(node, arms, findings),
        };
        let Some((over, _)) = window else { return Some(all) };
        let none_before = all.iter().all(Vec::is_empty);
        all.iter_mut().for_each(|times| times.retain(|at| *at >= over));
        if all.iter().all(Vec::is_empty) && !none_before {
            let at = node.key("over").map_or(&node.at, |node| &node.at);
            let finding = Finding::error("no time of this record has a whole window before it").at(at);
            findings.push(finding.help("make `over` shorter"));
            return None;
        }
        Some(all)
    }

    pub fn grid(
        &mut self,
        node: &Node,
        every: Option<&Node>,
        arms: &[usize],
        windowed: bool,
        quantities: usize,
        findings: &mut Findings,
    ) -> Option<Vec<Vec<Micros>>> {
        let ends: Vec<Micros> =
            self.scopes.iter().map(|scope| scope.phases.last().map_or(0, |(_, when)| when.end)).collect();
        let longest = ends.iter().copied().max().unwrap_or(0);
        let step = match every {
            Some(every) => time(every, findings)?,
            None => times::pleasant(longest),
        };
        let at = every.map_or(&node.at, |every| &every.at);
        let known: usize = self.series.iter().flatten().map(|series| series.times.len()).sum();
        let new = arms.iter().map(|arm| times::count(ends[*arm], step).saturating_mul(quantities.max(1)));
        let all = new.fold(known, usize::saturating_add);
        let what = "record times are too many, over all quantities and arms";
        if let Some(finding) = self.room.refused(all, what, "make `every` longer") {
            findings.push(finding.at(at));
            return None;
        }
        if !windowed {
            self.sampled.push((at.clone(), step, arms.to_vec()));
        }
        let of_arm = |arm: usize| match arms.contains(&arm) && ends[arm] > 0 {
            true => times::from_start(ends[arm], step),
            false => Vec::new(),
        };
        Some((0..ends.len()).map(of_arm).collect())
    }

    /// Moments by arm; each must be in one arm at least.
    fn moments(&mut self, node: &Node, arms: &[usize], findings: &mut Findings) -> Vec<Vec<Micros>> {
        let mut all = vec![Vec::new(); self.scopes.len()];
        for (text, at) in texts(node, "at", findings) {
            let mut missing = None;
            let mut found = false;
            for arm in arms {
                match self.scopes[*arm].moment(&text, &at) {
                    Ok(moment) => {
                        found = true;
                        all[*arm].push(moment.at);
                        if moment.side == Side::After && moment.at > 0 {
                            let note = Finding::note("a record shows the value just before a change").at(&at);
                            findings.push(
                                note.because("a measure of this moment shows the value just after it", None),
                            );
                        }
                    }
                    Err(finding) => missing = missing.or(Some(finding)),
                }
            }
            findings.append(missing.filter(|_| !found));
        }
        for times in &mut all {
            times.sort_unstable();
            times.dedup();
        }
        all
    }

    /// A quantity in all arms that have it; a finding where none has.
    pub fn quantity(&mut self, name: &str, syntax: &Syntax, written: &Written, findings: &mut Findings) {
        let (mut missing, mut found) = (None, false);
        let earlier = self.records.len();
        for arm in written.arms.iter().copied() {
            if written.times[arm].is_empty() {
                continue;
            }
            match self.scopes[arm].watch(syntax) {
                Err(finding) => missing = missing.or(Some(finding)),
                Ok((watched, unit)) => {
                    found = true;
                    if matches!(written.window, Some((_, window)) if window != Window::Last)
                        && let Err(finding) = self.flowing(arm, watched, &syntax.at)
                    {
                        findings.push(finding);
                        return;
                    }
                    if !self.column(arm, watched, &unit, name, syntax, written, earlier) {
                        let window = if written.label.is_empty() {
                            String::new()
                        } else {
                            format!(" ({})", written.label)
                        };
                        let finding =
                            Finding::error(format!("`{name}`{window} is recorded twice")).at(&syntax.at);
                        findings.push(finding.help("leave one of them out"));
                        return;
                    }
                }
            }
        }
        findings.append(missing.filter(|_| !found));
    }

    fn flowing(&self, arm: usize, watched: usize, at: &Span) -> Result<(), Finding> {
        let scope = &self.scopes[arm];
        scope.flowing(scope.system.watched[watched], "a window", at)
    }

    /// Adds a series to its column; false where an earlier record has that column in this arm.
    #[allow(clippy::too_many_arguments)]
    fn column(
        &mut self,
        arm: usize,
        watched: usize,
        unit: &Unit,
        name: &str,
        syntax: &Syntax,
        written: &Written,
        earlier: usize,
    ) -> bool {
        let same = |record: &Record| record.what == name && record.window == written.label;
        if self.records[..earlier].iter().any(|record| same(record) && record.series[arm].is_some()) {
            return false;
        }
        let unit = self.shown(arm, unit, written);
        let made = &mut self.records;
        let column = match made.iter().position(|r| {
            same(r) && r.unit.fits(&unit) && r.stats == written.stats && r.for_figure == written.for_figure
        }) {
            Some(column) => column,
            None => {
                made.push(Record {
                    what: name.to_owned(),
                    doc: String::new(),
                    unit,
                    window: written.label.clone(),
                    stats: written.stats.clone(),
                    for_figure: written.for_figure,
                    series: vec![None; self.scopes.len()],
                });
                made.len() - 1
            }
        };
        if made[column].series[arm].is_some() {
            return false;
        }
        if made[column].doc.is_empty() {
            made[column].doc = match written.doc.as_str() {
                "" => doc(&mut self.scopes[arm], syntax, written.relative),
                own => own.to_owned(),
            };
        }
        let against = if arm > 0 { made[column].series[0] } else { None };
        let series = Series { watched, window: written.window, times: written.times[arm].clone(), against };
        made[column].series[arm] = Some(self.series[arm].len());
        self.series[arm].push(series);
        true
    }

    /// The unit in which the engine's values come out.
    fn shown(&self, arm: usize, unit: &Unit, written: &Written) -> Unit {
        let percent = Unit::parse("%").ok().filter(|_| written.relative);
        let unit = percent.unwrap_or_else(|| unit.clone());
        match written.window {
            Some((_, Window::Area)) => unit.times(&self.scopes[arm].model.time),
            _ => unit,
        }
    }
}

/// Length and kind of the window, and how it is told.
fn window(node: &Node, findings: &mut Findings) -> Option<(Option<(Micros, Window)>, String)> {
    let word = node.key("window").and_then(Node::text);
    let Some(over) = node.key("over") else {
        if let Some(window) = node.key("window") {
            let finding = Finding::error("`window` needs to know over which time").at(&window.at);
            findings.push(finding.help("add `over = \"1 d\"`"));
            return None;
        }
        return Some((None, String::new()));
    };
    let length = time(over, findings)?;
    let (kind, word) = match word {
        None | Some("mean") => (Window::Mean, "mean"),
        Some("min") => (Window::Min, "min"),
        Some("max") => (Window::Max, "max"),
        Some("area") => (Window::Area, "area"),
        Some("last") => (Window::Last, "last"),
        Some(_) => return None,
    };
    Some((Some((length, kind)), format!("{word} over {}", over.text().unwrap_or_default().trim())))
}

/// What is watched and how it is called: `x`, or 100*x/rest.x where relative.
pub(super) fn named(text: &str, syntax: Syntax, relative: bool) -> Result<(String, Syntax), Finding> {
    if !relative {
        return Ok((text.to_owned(), syntax));
    }
    let Part::Name(name) = &syntax.part else {
        return Err(Finding::error("`relative` belongs to a name, and this is an expression")
            .at(&syntax.at)
            .help("write the quotient itself: `100*(a + b)/(rest.a + rest.b)`"));
    };
    let at = syntax.at.clone();
    let part = |part: Part| Box::new(Syntax { part, at: at.clone() });
    let rest = format!("rest.{name}");
    let percent = Part::Binary(Operator::Mul, part(Part::Number(100.0)), part(Part::Name(name.clone())));
    let told = format!("{name} / {rest}");
    let quotient = Part::Binary(Operator::Div, part(percent), part(Part::Name(rest)));
    Ok((told, *part(quotient)))
}

/// What the model says of a name; empty for an expression.
fn doc(scope: &mut ArmScope, syntax: &Syntax, relative: bool) -> String {
    let name = match &syntax.part {
        Part::Name(name) => name,
        Part::Binary(_, _, rest) if relative => match &rest.part {
            Part::Name(rest) => rest.trim_start_matches("rest."),
            _ => return String::new(),
        },
        _ => return String::new(),
    };
    if let Some(doc) = scope.instrument_doc(name) {
        return doc;
    }
    let (views, base) = name.rsplit_once('.').map_or(("", name), |(views, base)| (views, base));
    let real = scope.alias.iter().find(|(common, _)| common == base).map_or(base, |(_, real)| real);
    let name = if views.is_empty() { real.to_owned() } else { format!("{views}.{real}") };
    let model = scope.model.clone();
    model.resolve(&mut scope.system.arena, &name, &syntax.at).map(|named| named.doc).unwrap_or_default()
}

/// Notes where a record looks at a periodic stimulus always in the same moment of its period.
pub(super) fn same_moment(
    sampled: &[(Span, Micros, Vec<usize>)],
    scopes: &[ArmScope],
    phases: &[Vec<Phase>],
    findings: &mut Findings,
) {
    for (at, every, arms) in sampled {
        let periodic = arms.iter().find_map(|arm| {
            phases[*arm].iter().find_map(|phase| {
                let of = |schedule: &Option<_>| {
                    Option::and_then(schedule.as_ref(), crate::stimulus::Schedule::period)
                };
                let input = phase.inputs.iter().position(|schedule| {
                    of(schedule).is_some_and(|period| period > 0 && every % period == 0)
                })?;
                Some(scopes[*arm].model.inputs[input].name.clone())
            })
        });
        if let Some(input) = periodic {
            let what = format!("this record sees `{input}` always in the same moment of its period");
            let note = Finding::note(what).at(at);
            findings.push(
                note.help("add `over` with the period to record the mean over it, or record more often"),
            );
        }
    }
}
