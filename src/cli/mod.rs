//! The command line: arguments in, words out, an exit code.
//! Knows nothing of how anything is computed or written.
//!
//! Exit codes: 0 fine; 1 the run failed, or more agents did than may, or a claim of an unchanged scenario; 2 the input is wrong;
//! 130 the run was stopped by an interrupt.

mod check;
mod compare;
mod failures;
mod figure;
mod forecast;
mod inputs;
mod interrupt;
mod level;
mod list;
mod machine;
mod need;
mod new;
mod page;
mod predict;
mod progress;
mod replay;
mod reproduce;
mod run;
mod schema;
mod show;
mod show_preset;
mod simulate;
mod study;
mod threads;
mod told;
mod trajectories;
mod verify;
mod words;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::diagnostic::{Error, Finding};
use page::Page;

/// Populations of agents whose receptors adapt: simplified, illustrative models.
#[derive(Parser)]
#[command(
    name = "allostat",
    version = concat!(env!("CARGO_PKG_VERSION"), " (commit ", env!("ALLOSTAT_COMMIT"), ")"),
    after_help = "Every model is simplified and illustrative: for education and for exploring hypotheses, never for diagnosis or treatment.",
    arg_required_else_help = true
)]
struct Door {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a preset or a scenario file; its tables and figures go to a folder in outputs/
    Run(run::Arguments),
    /// Show how stored runs differ
    Compare(compare::Arguments),
    /// Draw the figures of a stored run again, without simulating
    Figure(figure::Arguments),
    /// List built-in models and presets
    List(list::Arguments),
    /// Show what is in a model or preset: equations, parameters with sources, arms, claims
    Show(show::Arguments),
    /// Check model and scenario files; models prove their own checks
    Check(check::Arguments),
    /// Test on this machine that models and engine give what they must, bit for bit
    Verify(verify::Arguments),
    /// Run a stored run again from its manifest alone and say where it differs, if it does
    Reproduce(reproduce::Arguments),
    /// Let one agent of a stored run live again, alone, and tell all that it went through
    Replay(replay::Arguments),
    /// Sweep a scenario: plan, run, look after and gather a study
    #[command(subcommand)]
    Study(study::Command),
    /// Write a commented model or scenario that runs, to start from
    New(new::Arguments),
    /// Print the JSON Schema of model or scenario files, for editors
    Schema(schema::Arguments),
    /// Print completions for a shell
    Completions {
        /// Name of the shell
        shell: clap_complete::Shell,
    },
}

/// Why a command did not do what was asked.
#[derive(Debug)]
enum Stop {
    /// The input is wrong: exit code 2.
    Input(Vec<Finding>),
    /// Something failed: a sentence, exit code 1.
    Failed(String),
    /// Somebody stopped it: what became of it, exit code 130.
    Interrupted(Finding),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Input(error.findings)
    }
}

impl From<Finding> for Stop {
    fn from(finding: Finding) -> Stop {
        Stop::Input(vec![finding])
    }
}

/// Whether all that was asked holds; it does not where a claim or check failed.
type Done = Result<bool, Stop>;

/// Reads the arguments of the process and does what they say.
pub fn main() -> ExitCode {
    let door = Door::parse();
    let mut page = Page::stdout();
    let done = level::choose().and_then(|()| act(door.command, &mut page));
    let code = match done {
        Ok(true) => 0,
        Ok(false) => 1,
        Err(Stop::Input(findings)) => {
            page.flush();
            page::tell(&findings);
            2
        }
        Err(Stop::Failed(why)) => {
            page.flush();
            page::tell(&[Finding::error(why)]);
            1
        }
        Err(Stop::Interrupted(finding)) => {
            page.flush();
            page::tell(&[finding]);
            interrupt::CODE
        }
    };
    match page.end() {
        Ok(()) => ExitCode::from(code),
        Err(why) => {
            page::tell(&[Finding::error(why)]);
            ExitCode::from(code.max(1))
        }
    }
}

fn act(command: Command, page: &mut Page) -> Done {
    match command {
        Command::Run(arguments) => run::run(&arguments, page),
        Command::Compare(arguments) => compare::run(&arguments, page),
        Command::Figure(arguments) => figure::run(&arguments, page),
        Command::List(arguments) => list::run(&arguments, page),
        Command::Show(arguments) => show::run(&arguments, page),
        Command::Check(arguments) => check::run(&arguments, page),
        Command::Verify(arguments) => verify::run(&arguments, page),
        Command::Reproduce(arguments) => reproduce::run(&arguments, page),
        Command::Replay(arguments) => replay::run(&arguments, page),
        Command::Study(command) => study::act(command, page),
        Command::New(arguments) => new::run(&arguments, page),
        Command::Schema(arguments) => schema::run(&arguments, page),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Door::command(), "allostat", &mut text);
            page.text(&String::from_utf8_lossy(&text));
            Ok(true)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_well_formed() {
        Door::command().debug_assert();
    }
}
