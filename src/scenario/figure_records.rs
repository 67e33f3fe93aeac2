//! Quantities that a `[[figure]]` draws, found among the records or recorded for it.
//! Knows nothing of kinds of figures beyond what a sum and a path need: one window for all.

use crate::diagnostic::{Finding, Findings};
use crate::document::Node;
use crate::engine::Window;
use crate::expression::Syntax;
use crate::stimulus::Micros;

use super::records::{Recorder, Written};
use super::{Plotted, Record, Stat, statistic};

/// Quantities of one figure on their way into the records.
pub(super) struct Request<'a, 'r> {
    pub recorder: &'a mut Recorder<'r>,
    pub node: &'a Node,
    pub arms: &'a [usize],
    pub quantities: Vec<(String, Syntax)>,
    pub kind: &'a str,
}

impl Request<'_, '_> {
    /// All as they stand in the records, in their order.
    pub fn all(&mut self, findings: &mut Findings) -> Option<Vec<Plotted>> {
        let together = self.common_window();
        let mut plotted = Vec::new();
        for at in 0..self.quantities.len() {
            let what = self.quantities[at].0.clone();
            let own = self.recorder.records.iter().find(|record| record.what == what);
            // Panels of their own need no common window; a sum and a path do.
            let window = match own {
                Some(own) if self.kind == "scales" => own.window.clone(),
                _ => together.clone(),
            };
            self.recorded(at, &window, findings)?;
            plotted.push(Plotted { what, window });
        }
        if self.kind == "decomposition" {
            self.add_up(&plotted, findings)?;
        }
        Some(plotted)
    }

    /// The window in which most of the quantities are recorded; else that of another record.
    fn common_window(&self) -> String {
        // The mean of a sum is the sum of the means; extremes do not add up.
        let adds = |record: &&Record| !record.window.starts_with("min") && !record.window.starts_with("max");
        let records = &self.recorder.records;
        let wanted = |record: &Record| self.quantities.iter().any(|(name, _)| *name == record.what);
        let own: Vec<&Record> =
            records.iter().filter(|r| wanted(r) && (self.kind != "decomposition" || adds(r))).collect();
        let count = |window: &str| own.iter().filter(|record| record.window == window).count();
        let most = own.iter().map(|record| count(&record.window)).max();
        let best = own.iter().find(|record| Some(count(&record.window)) == most);
        let usual = |record: &&Record| {
            (record.window.is_empty() || record.window.starts_with("mean")) && self.has_course(record)
        };
        best.copied().or_else(|| records.iter().find(usual)).map_or(String::new(), |r| r.window.clone())
    }

    /// Whether a record has a course of times, not a few moments.
    fn has_course(&self, record: &Record) -> bool {
        self.series_of(record).any(|(_, times, _)| times.len() > 5)
    }

    /// (arm, times, window) of a record in each arm.
    fn series_of<'s>(
        &'s self,
        record: &'s Record,
    ) -> impl Iterator<Item = (usize, &'s Vec<Micros>, Option<(Micros, Window)>)> {
        let all = &self.recorder.series;
        let one = move |(arm, at): (usize, &Option<usize>)| {
            let series = &all[arm][(*at)?];
            Some((arm, &series.times, series.window))
        };
        record.series.iter().enumerate().filter_map(one)
    }

    /// Records a quantity in a window in the arms where nothing does yet, and its mean.
    fn recorded(&mut self, at: usize, window: &str, findings: &mut Findings) -> Option<()> {
        let (name, syntax) = self.quantities[at].clone();
        let own = |record: &Record| record.what == name && record.window == window;
        let has = |records: &[Record], arm: usize| {
            records.iter().any(|record| own(record) && record.series[arm].is_some())
        };
        let missing: Vec<usize> =
            self.arms.iter().copied().filter(|arm| !has(&self.recorder.records, *arm)).collect();
        let some = missing.len() < self.arms.len();
        // Where some arms have it, others may lack it in their models.
        let missing: Vec<usize> = match some {
            true => {
                missing.into_iter().filter(|arm| self.recorder.scopes[*arm].watch(&syntax).is_ok()).collect()
            }
            false => missing,
        };
        if !missing.is_empty() {
            let written = self.written(missing, window, findings)?;
            let before = findings.iter().count();
            self.recorder.quantity(&name, &syntax, &written, findings);
            if findings.iter().count() > before {
                return None;
            }
        }
        if self.node.key("arms").is_some()
            && let Some(arm) = self.arms.iter().find(|arm| !has(&self.recorder.records, **arm))
        {
            let scope = &mut self.recorder.scopes[*arm];
            let what = format!("arm `{}` has no `{name}`", scope.name);
            let why = scope.watch(&syntax).err().map(|finding| finding.what).unwrap_or_default();
            findings.push(Finding::error(what).at(&syntax.at).because(why, None));
            return None;
        }
        for record in self.recorder.records.iter_mut().filter(|record| own(record)) {
            for stat in [Stat::Mean, Stat::Quantile(0.5)] {
                if !record.stats.contains(&stat) {
                    record.stats.push(stat);
                }
            }
        }
        Some(())
    }

    /// A record in some arms, at the times that others have in this window: first those that the figure draws.
    fn written(&mut self, arms: Vec<usize>, window: &str, findings: &mut Findings) -> Option<Written> {
        let count = self.recorder.scopes.len();
        let wanted = |record: &&Record| self.quantities.iter().any(|(name, _)| *name == record.what);
        let same = || self.recorder.records.iter().filter(|record| record.window == window);
        let others = same().filter(|record| !wanted(record) && self.has_course(record));
        let mut times: Vec<Option<Vec<Micros>>> = vec![None; count];
        let mut length = None;
        for record in same().filter(wanted).chain(others) {
            for (arm, own, window) in self.series_of(record) {
                times[arm].get_or_insert_with(|| own.clone());
                length = length.or(window);
            }
        }
        let grid = match arms.iter().any(|arm| times[*arm].is_none()) && window.is_empty() {
            true => self.recorder.grid(self.node, None, &arms, false, self.quantities.len(), findings)?,
            false => vec![Vec::new(); count],
        };
        let times = times.into_iter().zip(grid).map(|(own, grid)| own.unwrap_or(grid)).collect();
        Some(Written {
            doc: String::new(),
            arms,
            times,
            window: length,
            label: window.to_owned(),
            relative: self.node.key("relative").and_then(Node::flag).unwrap_or(false),
            stats: statistic::usual(),
            for_figure: true,
        })
    }

    /// A part in another unit than the total is a finding.
    fn add_up(&self, plotted: &[Plotted], findings: &mut Findings) -> Option<()> {
        let unit = |plotted: &Plotted| {
            let own = |record: &&Record| record.what == plotted.what && record.window == plotted.window;
            self.recorder.records.iter().find(own).map(|record| &record.unit)
        };
        let total = unit(&plotted[0])?;
        let mut fits = Some(());
        for (part, (name, syntax)) in plotted.iter().zip(&self.quantities).skip(1) {
            let own = unit(part)?;
            if !own.fits(total) {
                let what = format!("`{name}` cannot be a part of `{}`", plotted[0].what);
                let why = format!("`{name}` is in {}, and the total is in {}", own.label(), total.label());
                findings.push(Finding::error(what).at(&syntax.at).because(why, None));
                fits = None;
            }
        }
        fits
    }
}
