//! `allostat study script`: the script that hands shares to a cluster's own engine.
//! Knows what a share is; the cluster does the rest.

use clap::{Args, ValueEnum};

use super::Which;
use crate::cli::page::Page;
use crate::cli::{Done, Stop};
use crate::diagnostic::{Finding, Source};

#[derive(Clone, Copy, ValueEnum)]
enum Engine {
    /// A job array for sbatch, with requeue
    Slurm,
}

#[derive(Args)]
pub struct Arguments {
    /// For which engine
    engine: Engine,
    #[command(flatten)]
    which: Which,
    /// Jobs of the array
    #[arg(long, value_name = "N", default_value = "100", allow_hyphen_values = true)]
    shares: String,
    /// Cores of each job
    #[arg(long, value_name = "C", default_value = "4", allow_hyphen_values = true)]
    cores: String,
    /// Longest time of each job, as sbatch takes it
    #[arg(long, value_name = "HH:MM:SS", default_value = "12:00:00")]
    time: String,
}

pub fn run(arguments: &Arguments, page: &mut Page) -> Done {
    let study = arguments.which.read()?;
    let shares = count("--shares", &arguments.shares)?.min(study.units());
    let cores = count("--cores", &arguments.cores)?;
    if !arguments.time.bytes().all(|byte| byte.is_ascii_digit() || byte == b':' || byte == b'-') {
        let source = Source::new("--time", arguments.time.as_str());
        let finding = Finding::error("this is no length of time").at(&source.span(0..arguments.time.len()));
        return Err(finding.help("write hours, minutes, seconds: `12:00:00`").into());
    }
    let Engine::Slurm = arguments.engine;
    let folder = arguments.which.folder(&study).display().to_string();
    let (file, out, time, name) =
        (quoted(&arguments.which.study), quoted(&folder), &arguments.time, quoted(&study.name));
    page.text(&format!(
        "#!/bin/sh
#SBATCH --job-name={name}
#SBATCH --array=1-{shares}
#SBATCH --cpus-per-task={cores}
#SBATCH --time={time}
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=%x-%a.log
# Each job computes its share of the units that are missing. Slurm runs a job again whose node failed or that was
# preempted. One that was killed or ran out of time it does not: submit the array again. What is finished is not
# computed a second time. When all is done:
#   allostat study gather {file} --out {out}
exec \"${{ALLOSTAT:-allostat}}\" study run {file} --out {out} \\
    --share \"$SLURM_ARRAY_TASK_ID/{shares}\" --threads \"${{SLURM_CPUS_PER_TASK:-{cores}}}\" --progress json
"
    ));
    Ok(true)
}

fn count(name: &str, argument: &str) -> Result<u64, Stop> {
    match argument.parse::<u64>() {
        Ok(count) if (1..=1_000_000).contains(&count) => Ok(count),
        _ => {
            let source = Source::new(name, argument);
            let finding = Finding::error("this is no number of them").at(&source.span(0..argument.len()));
            Err(finding.help("write a whole number from 1 to 1000000").into())
        }
    }
}

/// As a shell takes it for one word.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}
