//! HTML that stands alone: the look of every page, and text made safe for it.
//! Knows nothing of runs.

/// One look for all pages: no script, nothing from elsewhere, readable in grey and on a telephone.
const STYLE: &str = include_str!("style.css");

/// A whole document.
pub fn document(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"generator\" content=\"{GENERATOR}\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        escaped(title)
    )
}

/// By which a page of ours is known.
pub const GENERATOR: &str = "allostat";

/// Whether a text is a page that `document` wrote.
pub fn is_ours(page: &str) -> bool {
    page.contains(&format!("<meta name=\"generator\" content=\"{GENERATOR}\">"))
}

/// Text inside HTML, attributes included; without characters that it forbids.
pub fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\'' => written.push_str("&#39;"),
            '\n' | '\t' => written.push(c),
            c if c.is_control() => written.push(' '),
            c => written.push(c),
        }
    }
    written
}

/// A path inside a link.
pub fn encoded(path: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./~".contains(&b);
    path.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// Paragraphs, which blank lines part.
pub fn paragraphs(text: &str) -> String {
    let parts = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| format!("<p>{}</p>\n", escaped(part))).collect()
}

/// A table that scrolls by itself where the page is narrow. Cells are HTML.
pub fn table(caption: &str, heads: &[&str], rows: &[Vec<String>]) -> String {
    let heads: String = heads.iter().map(|head| format!("<th scope=\"col\">{head}</th>")).collect();
    let row = |row: &Vec<String>| {
        let cells = row.iter().enumerate().map(|(at, cell)| match at {
            0 => format!("<th scope=\"row\">{cell}</th>"),
            _ => format!("<td>{cell}</td>"),
        });
        format!("<tr>{}</tr>\n", cells.collect::<String>())
    };
    format!(
        "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"{label}\">\n<table>\n<caption>{label}</caption>\n\
         <thead><tr>{heads}</tr></thead>\n<tbody>\n{}</tbody>\n</table>\n</div>\n",
        rows.iter().map(row).collect::<String>(),
        label = escaped(caption),
    )
}

/// Something folded until it is opened; on paper it is open. The heading is text, the body HTML.
pub fn folded(id: &str, level: u8, heading: &str, body: &str) -> String {
    format!(
        "<details id=\"{id}\">\n<summary><h{level}>{}</h{level}></summary>\n{body}</details>\n",
        escaped(heading)
    )
}

/// A section under a heading of the second level.
pub fn section(id: &str, heading: &str, body: &str) -> String {
    format!(
        "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{}</h2>\n{body}</section>\n",
        escaped(heading)
    )
}

/// An `id` for a name of the writer's: no two names have the same.
pub fn id(kind: &str, name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let code = |c: char| if plain(c) { c.to_string() } else { format!("-{:x}-", u32::from(c)) };
    format!("{kind}-{}", name.chars().map(code).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_folders_of_any_name() {
        assert_eq!(encoded("µ a#b-1/figures/x.png"), "%C2%B5%20a%23b-1/figures/x.png");
    }

    #[test]
    fn nothing_that_is_written_becomes_markup() {
        assert_eq!(escaped("<b a='1' c=\"2\">&\u{1b}\n"), "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp; \n");
        assert_eq!(paragraphs("a < b\n\n\n\nc"), "<p>a &lt; b</p>\n<p>c</p>\n");
        assert_ne!(id("claim", "a b"), id("claim", "a_b"));
        assert!(is_ours(&document("x", "")) && !is_ours(&document("x", "").replace("generator", "x")));
    }
}
