//! The list of all models, by what they teach.
//! Knows nothing of files.

use super::markdown::{prose, table};
use super::page::GENERATED;
use crate::model::{Model, TOPICS};
use crate::report::{LABEL, Origins};

/// The index of the pages of these models.
pub fn index(models: &[Model]) -> String {
    let label: Vec<&str> = LABEL[..3].to_vec();
    let mut text = format!(
        "{GENERATED}\n# Models\n\n> {}\n\n{} models come with the program. Each page has the equations, where every number comes from, what the \
         model shows and what it does not, and two figures.\n",
        label.join("\n> "),
        models.len()
    );
    for topic in TOPICS {
        let own = models.iter().filter(|model| model.page.topic == topic);
        let rows: Vec<Vec<String>> = own.map(row).collect();
        if !rows.is_empty() {
            text.push_str(&format!("\n## {}\n\n{}\n\n", topic.title, topic.doc));
            text.push_str(&table(&["model", "what it is", "states", "parameters (assumed)"], &rows));
        }
    }
    text
}

fn row(model: &Model) -> Vec<String> {
    let assumed = Origins::of([model]).assumed;
    vec![
        format!("[{0}]({0}.md)", model.name),
        prose(&model.title),
        model.states.len().to_string(),
        format!("{} ({assumed})", model.parameters.len()),
    ]
}
