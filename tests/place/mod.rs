//! A folder with a study, for tests that look at studies from outside.

// Each test takes what it needs.
#![allow(dead_code)]

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// A small study in 24 units of 4 points.
pub const STUDY: &str = r#"
title = "What decides how far receptors fall"
scenario = "down-regulation"
set = ["population.agents=64"]
design = { sobol = { points = 96 } }
unit = 4
claims = true

[vary]
kdeg = {}
kappa = { from = "1", to = "8" }
rest = { path = "arms.stopped.phases.recovery.for", values = ["10 d", "20 d"] }

[outputs]
fall = { value = "median(stopped.fall)", doc = "change of number, of the median agent" }
"#;

/// A folder with a study in `s.toml`, and the program run in it.
pub struct Place {
    pub folder: TempDir,
}

impl Place {
    pub fn with(study: &str) -> Place {
        let place = Place { folder: tempfile::tempdir().unwrap() };
        fs::write(place.path("s.toml"), study).unwrap();
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_allostat"));
        command.current_dir(self.folder.path()).args(["study"]).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn study(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub fn fine(&self, arguments: &[&str]) -> String {
        let output = self.study(arguments);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{arguments:?}: {text}{}", String::from_utf8_lossy(&output.stderr));
        text
    }

    pub fn started(&self, out: &str) -> Child {
        self.command(&["run", "s.toml", "--out", out, "--threads", "1"]).spawn().unwrap()
    }

    /// The digest that `gather` ends with, and the bytes that it stands for.
    pub fn gathered(&self, out: &str) -> (String, Vec<u8>) {
        let text = self.fine(&["gather", "s.toml", "--out", out, "--no-figures"]);
        let digest = text.lines().last().and_then(|line| line.strip_prefix("digest ")).unwrap().to_owned();
        (digest, fs::read(self.path(out).join("points.csv")).unwrap())
    }

    pub fn undisturbed(&self) -> (String, Vec<u8>) {
        self.fine(&["run", "s.toml", "--out", "undisturbed"]);
        self.gathered("undisturbed")
    }
}

/// What was told on standard error.
pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
