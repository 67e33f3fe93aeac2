//! How far a run is, on a terminal.
//! Knows nothing of what runs.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar on standard error for so many agents; hidden where that is no terminal or `quiet`.
pub fn bar(agents: u64, what: &str, quiet: bool) -> ProgressBar {
    let hidden = quiet || !std::io::stderr().is_terminal();
    let target = if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(Some(agents), target);
    let style = "{msg} [{bar:30}] {human_pos}/{human_len} agents, {per_sec}, {eta} left";
    // The template is a constant; were it wrong, the plain bar would do.
    if let Ok(style) = ProgressStyle::with_template(style) {
        let rate = |state: &indicatif::ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = write!(out, "{} agents/s", crate::report::number::grouped(state.per_sec() as u64));
        };
        bar.set_style(style.progress_chars("=> ").with_key("per_sec", rate));
    }
    bar.set_message(what.to_owned());
    bar
}
