//! What a model file says of the model's page: its topic and what the figures show.
//! Knows nothing of pages or figures.

use crate::diagnostic::{Finding, Findings, Span};
use crate::document::Node;

use super::Model;

/// What a model teaches: a heading of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Topic {
    /// As the model file writes it.
    pub name: &'static str,
    pub title: &'static str,
    pub doc: &'static str,
}

const fn topic(name: &'static str, title: &'static str, doc: &'static str) -> Topic {
    Topic { name, title, doc }
}

/// In the order in which a reader who is new to the subject may take them; models that name none come last.
pub const TOPICS: [Topic; 9] = [
    topic(
        "occupancy",
        "From concentration to effect",
        "Binding, efficacy and spare receptors, with nothing that adapts.",
    ),
    topic(
        "number",
        "Receptor number",
        "Synthesis, loss, internalisation, recycling: up- and down-regulation.",
    ),
    topic(
        "desensitisation",
        "Desensitisation",
        "Receptors that are there and answer no more, or answer otherwise.",
    ),
    topic("adaptation", "Adaptation by feedback", "Systems that return to a set point, exactly or almost."),
    topic(
        "tolerance",
        "Tolerance and rebound",
        "Effects that shrink with use, and what follows when use stops.",
    ),
    topic("systems", "Transmitter systems", "Release, uptake and several receptors in one picture."),
    topic("chance", "Chance and small numbers", "Receptors one by one: what means hide."),
    topic("behaviour", "Behaviour and learning", "Loops through choice, cue and company."),
    topic("further", "Further models", "Models that belong under no other heading."),
];

/// Names of topics.
pub(super) const NAMES: [&str; TOPICS.len()] = {
    let mut names = [""; TOPICS.len()];
    let mut at = 0;
    while at < TOPICS.len() {
        names[at] = TOPICS[at].name;
        at += 1;
    }
    names
};

/// The table `[page]`; what it leaves out is `None` or empty.
#[derive(Clone, Debug)]
pub struct Page {
    pub topic: Topic,
    /// The list of phases as written in the file.
    pub phases: Option<Span>,
    /// Names of the phases that do not repeat.
    pub phase_names: Vec<String>,
    pub over_time: Vec<String>,
    pub response: Option<String>,
    pub at: Vec<String>,
}

impl Page {
    /// Reads the table; names in it are judged when all of the model is known.
    pub(super) fn read(root: &Node) -> Page {
        let node = root.key("page");
        let key = |name: &str| node.and_then(|node| node.key(name));
        let texts = |name: &str| {
            let list = key(name).map(|node| node.list().unwrap_or(std::slice::from_ref(node)));
            list.unwrap_or_default().iter().filter_map(Node::text).map(str::to_owned).collect()
        };
        let named = key("topic").and_then(Node::text);
        Page {
            topic: TOPICS
                .into_iter()
                .find(|topic| Some(topic.name) == named)
                .unwrap_or(TOPICS[TOPICS.len() - 1]),
            phases: key("phases").map(|node| node.at.clone()),
            phase_names: {
                let phases = key("phases").and_then(Node::list).unwrap_or_default().iter();
                phases.filter_map(|phase| Some(phase.key("name")?.text()?.to_owned())).collect()
            },
            over_time: texts("over_time"),
            response: key("response").and_then(Node::text).map(str::to_owned),
            at: texts("at"),
        }
    }
}

/// Findings about names that the model does not have.
pub(super) fn judge(model: &Model, root: &Node, findings: &mut Findings) {
    let Some(node) = root.key("page") else { return };
    let mut arena = model.arena.clone();
    let over_time = node.key("over_time").map(|node| node.list().unwrap_or(std::slice::from_ref(node)));
    for name in over_time.unwrap_or_default() {
        if let Some(text) = name.text() {
            let resolved = model.resolve(&mut arena, text, &name.inside());
            findings.take(resolved);
        }
    }
    if let Some((name, response)) = node.key("response").and_then(|node| Some((node, node.text()?))) {
        let known = || model.responses.iter().map(|r| r.name.as_str());
        if known().all(|own| own != response) {
            let what = format!("`{response}` is not a response of this model");
            findings.push(Finding::error(what).at(&name.inside()).nearest(response, known()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;

    fn read(page: &str) -> Result<Model, String> {
        let text = format!("{}\n[page]\n{page}", super::super::template());
        Model::read("m", &Source::new("m.toml", text)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_page_keeps_what_is_written_and_leaves_out_the_rest() {
        let page = read("").unwrap().page;
        assert_eq!((page.topic.name, page.over_time.len()), ("further", 0));
        assert!(page.phases.is_none() && page.response.is_none() && page.at.is_empty());
        let text = "topic = \"number\"\nover_time = [\"theta\", \"rest.R\"]\nresponse = \"acute\"\nat = \"rest\"\n\
                    phases = [{ name = \"on\", for = \"3 h\", L = \"2 nM\" }]";
        let page = read(text).unwrap().page;
        assert_eq!(
            (page.topic.name, &page.over_time[..]),
            ("number", &["theta".to_owned(), "rest.R".to_owned()][..])
        );
        assert!(page.phases.unwrap().text().starts_with("[{ name = \"on\""));
        assert_eq!((page.response.as_deref(), &page.at[..]), (Some("acute"), &["rest".to_owned()][..]));
    }

    #[test]
    fn names_that_the_model_does_not_have_are_findings_with_the_nearest() {
        let said =
            read("topic = \"numbr\"\nover_time = \"thet\"\nresponse = \"acut\"\nphase = 1").unwrap_err();
        for words in ["numbr", "`thet`", "`theta`", "`acut` is not a response", "`acute`", "`phase`"] {
            assert!(said.contains(words), "{words} not in {said}");
        }
    }

    #[test]
    fn topics_have_names_of_their_own() {
        assert!(NAMES.iter().enumerate().all(|(n, name)| !NAMES[..n].contains(name)));
    }
}
