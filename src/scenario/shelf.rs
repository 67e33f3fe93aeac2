//! Models and series that a scenario names, each read once.
//! Knows nothing of where files lie.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

use crate::diagnostic::{Finding, Findings, Source};
use crate::document::Node;
use crate::model::{Model, builtin};

use super::{Files, Models};

/// Ends the path of a model file.
const SUFFIX: &str = ".toml";

/// Models that were read from the texts of one scenario, for reading it again.
#[derive(Default)]
pub(super) struct Library {
    /// By name as written.
    models: Mutex<Vec<(String, Arc<Model>)>>,
}

impl Library {
    fn known(&self, name: &str) -> Option<Arc<Model>> {
        let models = self.models.lock().unwrap_or_else(PoisonError::into_inner);
        models.iter().find(|(known, _)| known == name).map(|(_, model)| model.clone())
    }

    fn keep(&self, name: &str, model: &Arc<Model>) {
        let mut models = self.models.lock().unwrap_or_else(PoisonError::into_inner);
        if !models.iter().any(|(known, _)| known == name) {
            models.push((name.to_owned(), model.clone()));
        }
    }
}

pub(super) struct Shelf<'a> {
    library: &'a Library,
    files: &'a Files<'a>,
    built_in: &'a Models<'a>,
    /// Path as written, and text.
    read: RefCell<Vec<(String, Source)>>,
    /// By name as written; `None` where it cannot be used, which has been said.
    models: Vec<(String, Option<Arc<Model>>)>,
}

impl<'a> Shelf<'a> {
    pub fn new(library: &'a Library, files: &'a Files<'a>, built_in: &'a Models<'a>) -> Shelf<'a> {
        Shelf { library, files, built_in, read: RefCell::default(), models: Vec::new() }
    }

    /// Text of a file named relative to the scenario.
    pub fn file(&self, path: &str) -> Result<Source, String> {
        if let Some((_, source)) = self.read.borrow().iter().find(|(known, _)| known == path) {
            return Ok(source.clone());
        }
        let source = (self.files)(path)?;
        self.read.borrow_mut().push((path.to_owned(), source.clone()));
        Ok(source)
    }

    /// All texts that were read, in the order of reading.
    pub fn files(self) -> Vec<Source> {
        self.read.into_inner().into_iter().map(|(_, source)| source).collect()
    }

    /// The model of a name or path.
    pub fn model(&mut self, node: &Node, findings: &mut Findings) -> Option<Arc<Model>> {
        let name = node.text()?.trim();
        if let Some((_, model)) = self.models.iter().find(|(known, _)| known == name) {
            return model.clone();
        }
        let model = self.read_model(name, node, findings);
        self.models.push((name.to_owned(), model.clone()));
        model
    }

    fn read_model(&self, name: &str, node: &Node, findings: &mut Findings) -> Option<Arc<Model>> {
        let own = name.ends_with(SUFFIX);
        let source = match own {
            true => self.file(name).map_err(|why| Finding::error(why).at(&node.inside())),
            false => (self.built_in)(name).ok_or_else(|| unknown(name, node)),
        };
        let source = findings.take(source)?;
        let read = || Model::read(stem(name), &source).map(Arc::new);
        match self.library.known(name).map_or_else(read, Ok) {
            Ok(model) => {
                self.library.keep(name, &model);
                if own {
                    findings.append(model.notes.iter().cloned());
                }
                Some(model)
            }
            Err(error) => {
                findings.append(error.findings);
                None
            }
        }
    }
}

/// The text that the program carries.
pub(super) fn embedded(name: &str) -> Option<Source> {
    let (name, text) = builtin().iter().find(|(known, _)| *known == name)?;
    Some(Source::new(format!("{name}{SUFFIX}"), *text))
}

fn unknown(name: &str, node: &Node) -> Finding {
    Finding::error(format!("there is no built-in model `{name}`"))
        .at(&node.inside())
        .because("a model of your own is named by its file, such as `my/model.toml`", None)
        .nearest(name, builtin().iter().map(|(known, _)| *known))
}

/// The file's name without folders and ending.
fn stem(path: &str) -> &str {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    file.strip_suffix(SUFFIX).unwrap_or(file)
}
