//! What is printed: words on standard output, findings on standard error.
//! Knows nothing of what is said.

use std::io::{self, ErrorKind, IsTerminal, StdoutLock, Write};

use crate::diagnostic::{Finding, render};

/// Standard output. A reader who closes it early (`| head`) ends the printing, not the command.
pub struct Page {
    out: StdoutLock<'static>,
    broken: Option<io::Error>,
}

impl Page {
    pub fn stdout() -> Page {
        Page { out: io::stdout().lock(), broken: None }
    }

    pub fn text(&mut self, text: &str) {
        if self.broken.is_none() {
            self.broken = self.out.write_all(text.as_bytes()).err();
        }
    }

    pub fn line(&mut self, text: impl AsRef<str>) {
        self.text(text.as_ref());
        self.text("\n");
    }

    /// Before something is said on standard error, so that the two stand in order.
    pub fn flush(&mut self) {
        if self.broken.is_none() {
            self.broken = self.out.flush().err();
        }
    }

    /// `Err` says what became of the output, unless its reader closed it.
    pub fn end(mut self) -> Result<(), String> {
        self.flush();
        match self.broken {
            Some(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(format!("cannot write to standard output: {error}"))
            }
            _ => Ok(()),
        }
    }

    /// Width and height in characters, where it is a terminal.
    pub fn size(&self) -> Option<(usize, usize)> {
        if !self.out.is_terminal() {
            return None;
        }
        let size = terminal_size::terminal_size_of(io::stdout());
        Some(size.map_or((80, 24), |(width, height)| (width.0.into(), height.0.into())))
    }
}

/// Prints findings on standard error, each once, in colour where that is a terminal that shows it.
pub fn tell(findings: &[Finding]) {
    if findings.is_empty() {
        return;
    }
    let findings = &once(findings);
    // The stream drops colours where they are not wanted (NO_COLOR, a file) and translates them for old consoles. If standard
    // error is gone there is nobody left to tell.
    let _ = writeln!(anstream::stderr(), "{}\n", render(findings, true));
}

/// Words on standard error that somebody is to answer, without a line break behind them.
pub fn ask(text: &str) {
    let mut out = anstream::stderr();
    // If standard error is gone there is nobody left to ask; the answer is read all the same.
    let _ = write!(out, "{text}").and_then(|()| out.flush());
}

/// Findings about a file that several others name stand once.
fn once(findings: &[Finding]) -> Vec<Finding> {
    let mut told: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        if !told.contains(finding) {
            told.push(finding.clone());
        }
    }
    told
}

/// Sentences that are worth knowing and stop nothing.
pub fn note(sentences: &[String]) {
    let findings: Vec<Finding> = sentences.iter().map(Finding::note).collect();
    tell(&findings);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_not_said_again() {
        let [one, other] = ["one", "other"].map(Finding::error);
        assert_eq!(once(&[one.clone(), other.clone(), one.clone()]), [one, other]);
    }
}
