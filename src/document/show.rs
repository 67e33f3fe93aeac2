//! A value as a short TOML text.
//! Knows nothing of key tables and paths.

use super::{Node, Value};

/// Characters of a shown value.
const SHOWN: usize = 60;

pub(super) fn shown(node: &Node) -> String {
    let mut text = String::new();
    write(node, &mut text);
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

fn write(node: &Node, text: &mut String) {
    // A character is at most four bytes; what lies beyond will be cut.
    if text.len() > 4 * SHOWN {
        return;
    }
    match &node.value {
        Value::Text(content) => write_text(content, text),
        Value::Whole(whole) => text.push_str(&whole.to_string()),
        Value::Number(number) => text.push_str(&format!("{number:?}")),
        Value::Flag(flag) => text.push_str(&flag.to_string()),
        Value::List(list) => {
            text.push('[');
            for (at, item) in list.iter().enumerate().take(SHOWN) {
                text.push_str(if at == 0 { "" } else { ", " });
                write(item, text);
            }
            text.push(']');
        }
        Value::Table(table) if table.is_empty() => text.push_str("{}"),
        Value::Table(table) => {
            text.push('{');
            for (at, (name, entry)) in table.iter().enumerate().take(SHOWN) {
                text.push_str(if at == 0 { " " } else { ", " });
                let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
                if !name.is_empty() && name.chars().all(bare) {
                    text.push_str(name);
                } else {
                    write_text(name, text);
                }
                text.push_str(" = ");
                write(&entry.node, text);
            }
            text.push_str(" }");
        }
    }
}

fn write_text(content: &str, text: &mut String) {
    text.push('"');
    for c in content.chars().take(SHOWN + 1) {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            c if c.is_control() => text.push_str(&format!("\\u{:04X}", c as u32)),
            c => text.push(c),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Findings, Source};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_shown_scalar_reads_back(text in "\\PC{0,20}|[\"\\\\\n\t\u{1}]{0,5}", number in any::<f64>().prop_filter("finite", |n| n.is_finite())) {
            let source = Source::new("x", "");
            for value in [Value::Text(text.clone()), Value::Number(number)] {
                let node = Node { value, at: source.span(0..0) };
                let again = Node::parse(&Source::new("y", format!("x = {}", shown(&node))), &mut Findings::new()).unwrap();
                prop_assert_eq!(again.key("x").unwrap().text(), node.text());
                prop_assert_eq!(again.key("x").unwrap().number(), node.number());
            }
        }
    }
}
