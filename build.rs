//! Embeds `models/*.toml` and `scenarios/*.toml`, and names the commit that the program is built from.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    for folder in ["models", "scenarios"] {
        fs::write(out.join(format!("{folder}.rs")), embedded(&root.join(folder))?)?;
    }
    println!("cargo:rustc-env=ALLOSTAT_COMMIT={}", commit(&root).unwrap_or_else(|| "unknown".to_owned()));
    Ok(())
}

/// Rust text of a slice of names and texts, sorted by name; empty where there is no folder.
fn embedded(folder: &Path) -> io::Result<String> {
    let mut files: Vec<(String, PathBuf)> = Vec::new();
    // Watching a folder that is not there would make cargo build everything anew each time.
    if folder.is_dir() {
        println!("cargo:rerun-if-changed={}", folder.display());
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == "toml")
                && let Some(stem) = path.file_stem().and_then(|s| s.to_str())
            {
                println!("cargo:rerun-if-changed={}", path.display());
                files.push((stem.to_owned(), path));
            }
        }
    }
    files.sort();
    // `{:?}` writes a backslash as two, so that paths of Windows stay paths.
    let rows: Vec<String> = files
        .iter()
        .map(|(stem, path)| format!("    ({stem:?}, include_str!({:?})),\n", path.display().to_string()))
        .collect();
    Ok(format!("&[\n{}]\n", rows.concat()))
}

/// Short name of the commit; `None` without git.
fn commit(root: &Path) -> Option<String> {
    let git = |arguments: &[&str]| -> Option<String> {
        let output = Command::new("git").current_dir(root).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    // A package unpacked inside someone else's repository has no commit of its own.
    let top = PathBuf::from(git(&["rev-parse", "--show-toplevel"])?);
    if fs::canonicalize(top).ok()? != fs::canonicalize(root).ok()? {
        return None;
    }
    let head = git(&["rev-parse", "--git-path", "logs/HEAD"])?;
    println!("cargo:rerun-if-changed={}", root.join(head).display());
    let name = git(&["rev-parse", "--short=12", "HEAD"])?;
    (!name.is_empty()).then_some(name)
}
