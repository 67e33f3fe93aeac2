//! Texts that show what they hold: no control characters, nothing that turns the direction of what follows.
//! Knows nothing of where a text will be printed; terminals, SVG and HTML all take some of these for commands.

use super::{Node, Value};
use crate::diagnostic::{Finding, Findings, Span};

/// Refuses keys and texts of a tree that hold what cannot be seen.
pub(super) fn tree(node: &Node, findings: &mut Findings) {
    match &node.value {
        Value::Text(text) => findings.append(refused(text, &node.at)),
        Value::List(list) => list.iter().for_each(|item| tree(item, findings)),
        Value::Table(table) => {
            for (key, entry) in table {
                findings.append(refused(key, &entry.key));
                tree(&entry.node, findings);
            }
        }
        _ => {}
    }
}

fn refused(text: &str, at: &Span) -> Option<Finding> {
    let hidden = text.chars().find(|c| is_hidden(*c))?;
    let what = format!("this text holds the character U+{:04X}, which cannot be seen", u32::from(hidden));
    Some(Finding::error(what).at(at).help("leave it out"))
}

fn is_hidden(c: char) -> bool {
    let turns = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    turns || c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;

    fn refused(text: &str) -> usize {
        let mut findings = Findings::new();
        let _ = Node::parse(&Source::new("x.toml", text), &mut findings);
        findings.iter().count()
    }

    #[test]
    fn characters_that_cannot_be_seen_are_refused_in_texts_lists_and_keys() {
        assert_eq!(refused(r#"a = "\u001b[31m" "#), 1);
        assert_eq!(refused("a = [\"\\u0000\", { b = \"\\u009b\" }]\n\"\\u202e\" = 1"), 3);
        assert_eq!(refused("a = \"tab\\t, line\\r\\n, ä, 日本, 😀, <b>\"\nb = '''\nx\n'''"), 0);
    }

    #[test]
    fn an_argument_sets_no_such_text() {
        let source = Source::new("x.toml", "title = \"a\"");
        let mut root = Node::parse(&source, &mut Findings::new()).unwrap();
        for (value, fine) in [("b", true), ("\x1b[31m", false), ("\"\\u001b\"", false)] {
            let argument = Source::new("--set", format!("title={value}"));
            assert_eq!(crate::document::set(&mut root, "title", value, &argument).is_ok(), fine, "{value:?}");
        }
    }
}
