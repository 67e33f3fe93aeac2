//! Key tables as a page of Markdown.
//! Knows nothing of trees.

use super::kind::expected;
use super::{Kind, Need, Shape};

pub(super) fn page(shape: &'static Shape) -> String {
    let mut shapes: Vec<&'static Shape> = vec![shape];
    let mut sections = Vec::new();
    let mut next = 0;
    // Shapes are appended while the list is walked: each once, in the order in which a reader meets them.
    while let Some(&shape) = shapes.get(next) {
        next += 1;
        for key in shape.keys {
            gather(key.kind, &mut shapes);
        }
        sections.push(section(shape));
    }
    sections.join("\n")
}

fn gather(kind: Kind, shapes: &mut Vec<&'static Shape>) {
    match kind.resolved() {
        Kind::Table(shape) | Kind::Tagged(shape) => remember(shape, shapes),
        Kind::Open(shape, further) => {
            remember(shape, shapes);
            gather(*further, shapes);
        }
        Kind::List(kind) | Kind::Named(kind) => gather(*kind, shapes),
        Kind::Either(kinds) => kinds.iter().for_each(|kind| gather(*kind, shapes)),
        _ => {}
    }
}

fn remember(shape: &'static Shape, shapes: &mut Vec<&'static Shape>) {
    if !shapes.iter().any(|known| std::ptr::eq(*known, shape)) {
        shapes.push(shape);
    }
}

fn section(shape: &'static Shape) -> String {
    let mut text = format!("## {}\n\n{}\n", shape.name, shape.doc);
    if shape.keys.is_empty() {
        return text;
    }
    text.push_str("\n| key | value | left out | meaning |\n|---|---|---|---|\n");
    for key in shape.keys {
        let left_out = match key.need {
            Need::Required => "*required*",
            Need::Default(default) => default,
        };
        let cells =
            [words(key.kind), left_out.to_owned(), key.doc.to_owned()].map(|cell| cell.replace('|', "\\|"));
        text.push_str(&format!("| `{}` | {} | {} | {} |\n", key.name, cells[0], cells[1], cells[2]));
    }
    text
}

/// Where a heading is reached: small letters, no other signs than digits and hyphens.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -".contains(*c));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// A kind in words, with links to the sections of shapes.
fn words(kind: Kind) -> String {
    let link = |shape: &Shape| format!("[{}](#{})", shape.name, anchor(shape.name));
    match kind.resolved() {
        Kind::Table(shape) => format!("table {}", link(shape)),
        Kind::Open(shape, further) => {
            format!("table {}, and further keys of your choice, each {}", link(shape), words(*further))
        }
        Kind::Tagged(shape) => format!("one of {}", link(shape)),
        Kind::Named(kind) => format!("table with names of your choice, each {}", words(*kind)),
        Kind::List(kind) => format!("list, each {}", words(*kind)),
        Kind::Either(kinds) => kinds.iter().map(|kind| words(*kind)).collect::<Vec<_>>().join(", or "),
        Kind::OneOf(words) => words.iter().map(|word| format!("`\"{word}\"`")).collect::<Vec<_>>().join(", "),
        kind => expected(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::ARM_FILE;
    use super::page;

    #[test]
    fn every_shape_has_one_section_and_every_link_leads_to_one() {
        let page = page(&ARM_FILE);
        let titles: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(
            titles,
            ["scenario", "spread", "arm", "lognormal", "phase", "stimulus", "repeat", "pulse", "ramp"]
        );
        for link in page.split("](#").skip(1) {
            let target = link.split(')').next().unwrap().replace('-', " ");
            assert!(titles.contains(&target.as_str()), "{target}");
        }
    }

    #[test]
    fn headings_are_reached_as_pages_of_markdown_name_them() {
        let named = ["phase", "Latin hypercube", "Sobol' sequence"].map(super::anchor);
        assert_eq!(named, ["phase", "latin-hypercube", "sobol-sequence"]);
    }

    #[test]
    fn a_section_is_a_table_of_keys() {
        let page = page(&ARM_FILE);
        let scenario = page.split("\n## ").next().unwrap();
        insta::assert_snapshot!(scenario, @r#"
        ## scenario

        What happens to whom.

        | key | value | left out | meaning |
        |---|---|---|---|
        | `title` | a text | *required* | one line |
        | `agents` | a whole number | 1000 | size of the population |
        | `strict` | `true` or `false` | false | stop at a broken claim |
        | `share` | a number | 1 | share of agents |
        | `window` | `"mean"`, `"min"`, `"max"` | mean | how a window is reduced |
        | `what` | a text or a list of texts | all | what is recorded |
        | `every` | a text with a unit such as "20 min" (time) | 1 d | distance of records |
        | `level` | a number, or a text with a unit such as "20 nM" (level) | 1 | strength |
        | `vary` | table with names of your choice, each one of [spread](#spread) | no change | differences between agents |
        | `arms` | table with names of your choice, each table [arm](#arm) | none | histories |
        "#);
        assert!(page.contains("sd\\|mean"), "a bar inside a cell is escaped");
    }
}
