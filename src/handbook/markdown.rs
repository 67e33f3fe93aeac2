//! Pieces of GitHub's Markdown: prose, code, mathematics, tables.
//! Knows nothing of models.

/// Prose whose signs mean nothing to Markdown; what stands in backticks stays as it is.
pub fn prose(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut written = String::new();
    // An odd backtick is one of the text.
    let pairs = text.matches('`').count() / 2 * 2;
    let (mut seen, mut code) = (0, false);
    for c in text.chars() {
        match c {
            '`' if seen < pairs => {
                seen += 1;
                code = !code;
            }
            '|' => written.push('\\'),
            '*' | '_' | '<' | '>' | '[' | ']' | '$' | '#' | '~' | '`' | '\\' if !code => written.push('\\'),
            _ => {}
        }
        written.push(c);
    }
    written
}

/// Text of the program's languages; whatever is in it.
pub fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("`{}`", text.replace('`', "'").replace('|', "\\|"))
}

/// Mathematics in a line of text.
pub fn inline(latex: &str) -> String {
    format!("$`{latex}`$")
}

/// Mathematics in lines of their own: each row has a left side and the lines of its right side.
pub fn display(rows: &[(String, Vec<String>)]) -> String {
    let row = |(left, right): &(String, Vec<String>)| {
        let mut lines = right.iter();
        let first = format!("{left} &= {}", lines.next().map_or("", String::as_str));
        let more = lines.map(|line| format!(r"&\quad {{}} {line}"));
        [first].into_iter().chain(more).collect::<Vec<_>>().join(" \\\\\n")
    };
    let rows: Vec<String> = rows.iter().map(row).collect();
    // Fractions above each other need more room than lines of text have.
    format!("```math\n\\begin{{aligned}}\n{}\n\\end{{aligned}}\n```\n", rows.join(" \\\\[0.6em]\n"))
}

/// A table; nothing where it has no rows. Columns that are empty in every row are left out.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let kept: Vec<usize> = (0..head.len())
        .filter(|n| rows.iter().any(|row| row.get(*n).is_some_and(|c| !c.is_empty())))
        .collect();
    let line = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
    let mut text = line(kept.iter().map(|n| head[*n]).collect());
    text.push_str(&format!("|{}\n", "---|".repeat(kept.len())));
    for row in rows {
        text.push_str(&line(kept.iter().map(|n| row.get(*n).map_or("", String::as_str)).collect()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_says_what_it_said_whatever_its_signs() {
        assert_eq!(prose("a*b*c_d_e  <x>\n| y"), r"a\*b\*c\_d\_e \<x\> \| y");
        assert_eq!(prose("see `a_b*c` and a_b"), r"see `a_b*c` and a\_b");
        assert_eq!(prose("an odd ` one"), r"an odd \` one");
    }

    #[test]
    fn a_table_leaves_out_what_no_row_has() {
        let rows = [vec!["a".to_owned(), String::new(), "c".to_owned()]];
        assert_eq!(table(&["x", "y", "z"], &rows), "| x | z |\n|---|---|\n| a | c |\n");
        assert_eq!(table(&["x"], &[]), "");
    }

    #[test]
    fn broken_lines_stand_under_the_first() {
        let rows = [
            ("x".to_owned(), vec!["a".to_owned(), "+ b".to_owned()]),
            ("y".to_owned(), vec!["c".to_owned()]),
        ];
        let expected = "```math\n\\begin{aligned}\nx &= a \\\\\n&\\quad {} + b \\\\[0.6em]\ny &= c\n\\end{aligned}\n```\n";
        assert_eq!(display(&rows), expected);
    }
}
