//! The pages of the built-in models are those of their files: generated, and compared byte by byte, figures included.
//!
//! `ALLOSTAT_BLESS=1 cargo test --test model_pages` writes them anew.
#![cfg(feature = "cli")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use allostat::diagnostic::Source;
use allostat::handbook::{index, page};
use allostat::model::{Model, builtin};

/// A figure of more bytes would make the repository heavy.
const LARGEST_FIGURE: usize = 60_000;
const COMMAND: &str = "run ALLOSTAT_BLESS=1 cargo test --test model_pages";

/// All files of `docs/models` by path, as they should be; and what cannot be drawn.
fn pages() -> (BTreeMap<String, String>, Vec<String>) {
    let read = |(name, text): &(&str, &str)| Model::read(name, &Source::new(*name, *text));
    let models: Vec<Model> =
        builtin().iter().map(|m| read(m).unwrap_or_else(|error| panic!("{error}"))).collect();
    let files = Mutex::new(BTreeMap::from([("README.md".to_owned(), index(&models))]));
    let faults = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(model) = models.get(next.fetch_add(1, Ordering::Relaxed)) {
            match page(model) {
                Ok(page) => {
                    let mut files = files.lock().unwrap();
                    files.insert(format!("{}.md", model.name), page.text);
                    files.extend(page.figures);
                }
                Err(why) => faults.lock().unwrap().push(format!("{}: {why}", model.name)),
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    (files.into_inner().unwrap(), faults.into_inner().unwrap())
}

/// Files under the folder, by path with `/`.
fn stored(folder: &Path) -> Vec<String> {
    let names = |folder: &Path| -> Vec<String> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.filter(|e| e.path().is_file()).map(|e| e.file_name().to_string_lossy().into_owned()).collect()
    };
    let figures = names(&folder.join("figures")).into_iter().map(|name| format!("figures/{name}"));
    names(folder).into_iter().chain(figures).collect()
}

#[test]
fn model_pages_are_those_of_the_model_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/models");
    let (files, mut faults) = pages();
    let bless = std::env::var_os("ALLOSTAT_BLESS").is_some() && faults.is_empty();
    if bless {
        fs::create_dir_all(folder.join("figures")).unwrap();
    }
    for (path, text) in &files {
        if path.ends_with(".svg") && text.len() > LARGEST_FIGURE {
            faults.push(format!("{path} has {} bytes: show less in the model's [page]", text.len()));
        }
        let place = folder.join(path);
        if bless {
            fs::write(&place, text).unwrap();
        }
        if fs::read_to_string(&place).unwrap_or_default() != *text {
            faults.push(format!("docs/models/{path} is old: {COMMAND}"));
        }
    }
    for path in stored(&folder).into_iter().filter(|path| !files.contains_key(path)) {
        match bless {
            true => fs::remove_file(folder.join(&path)).unwrap(),
            false => faults.push(format!("docs/models/{path} belongs to no model: {COMMAND}")),
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}
